// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies that are legal and larger than what the kernel takes in one piece.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include "policy/block.h"
#include "policy/memory.h"

#define HEAD                                                      \
	"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n" \
	"metadata: {name: p, namespace: x}\nspec:\n"

/* Two lists of values whose FNV-1a hashes are equal, and so are the first
 * PODWALL_NAME_MAX characters of the names.
 */
static void add_twin(FILE *stream, const char *last)
{
	size_t i;

	fputs("    - podSelector:\n        matchExpressions:\n"
	      "        - key: a\n          operator: In\n          values:\n",
	      stream);
	for (i = 0; i < 60; i++)
		fprintf(stream, "          - value-%02zu\n", i);
	fprintf(stream, "          - %s\n", last);
}

static void test_twins(void **state)
{
	static const char *const last[] = { "zVFw_Sk5ELX2", "zfnnAqHTNgY2" };
	struct objects objects, again;
	struct cluster cluster = {};
	char *text, *first, *second;
	size_t length, i;
	FILE *stream;

	(void)state;
	add_pod(&cluster, "x/a", "app=a", "10.0.0.1", "");
	add_pod(&cluster, "x/b", "a=zVFw_Sk5ELX2", "10.0.0.2", "");
	add_pod(&cluster, "x/c", "a=zfnnAqHTNgY2", "10.0.0.3", "");
	stream = xopen_memstream(&text, &length);
	fputs(HEAD "  podSelector: {matchLabels: {app: a}}\n  ingress:\n",
	      stream);
	for (i = 0; i < COUNT(last); i++) {
		fprintf(stream, "  - ports: [{port: %zu}]\n    from:\n",
			80 + i);
		add_twin(stream, last[i]);
	}
	fclose(stream);
	add_manifests(&cluster, text);
	free(text);
	expect(&cluster, "x/b x/a TCP 80 +\nx/b x/a TCP 81 -\n"
			 "x/c x/a TCP 80 -\nx/c x/a TCP 81 +");

	compile_fine(&cluster, NULL, NULL, &objects);
	assert_int_equal(objects.peer_set_count, 2);
	first = objects.peer_sets[0].name;
	second = objects.peer_sets[1].name;
	assert_int_equal(strlen(first), PODWALL_NAME_MAX);
	assert_int_equal(strlen(second), PODWALL_NAME_MAX);
	assert_int_equal(first[PODWALL_NAME_MAX - 17], '#');
	assert_memory_equal(second + PODWALL_NAME_MAX - 19,
			    first + PODWALL_NAME_MAX - 17, 17);
	assert_string_equal(second + PODWALL_NAME_MAX - 2, "-2");

	/* Ids stay with their names, whatever the order of the ids. */
	objects.peer_sets[0].id = 7;
	objects.peer_sets[1].id = 5;
	compile_fine(&cluster, NULL, &objects, &again);
	assert_int_equal(again.peer_sets[0].id, 5);
	assert_string_equal(again.peer_sets[0].name, second);
	assert_int_equal(again.peer_sets[1].id, 7);
	assert_string_equal(again.peer_sets[1].name, first);
	objects_clear(&again);
	objects_clear(&objects);
	cluster_clear(&cluster);
}

static void test_ports(void **state)
{
	struct cluster cluster = {};
	struct objects objects;
	size_t length, i;
	FILE *stream;
	char *text;

	(void)state;
	add_pod(&cluster, "x/a", "", "10.0.0.1", "");
	stream = xopen_memstream(&text, &length);
	fputs(HEAD "  ingress:\n  - ports:\n", stream);
	for (i = 0; i < 1100; i++)
		fprintf(stream, "    - port: %zu\n", 1000 + i * 2);
	fputs("    - {port: 10000, endPort: 10010}\n    - port: 10011\n",
	      stream);
	fclose(stream);
	add_manifests(&cluster, text);
	free(text);
	compile_fine(&cluster, NULL, NULL, &objects);
	assert_int_equal(objects.rule_sets[0].rule_count, 3);
	for (i = 0; i < 3; i++)
		assert_string_equal(objects.rule_sets[0].rules[i].origin,
				    "NetworkPolicy x/p ingress[0]");
	assert_int_equal(objects.rule_sets[0].rules[2].port_range_count,
			 1101 - 1024);
	objects_clear(&objects);
	expect(&cluster, "9.9.9.9 x/a TCP 999 -\n9.9.9.9 x/a TCP 1000 +\n"
			 "9.9.9.9 x/a TCP 2022 +\n9.9.9.9 x/a TCP 2023 -\n"
			 "9.9.9.9 x/a TCP 2024 +\n9.9.9.9 x/a TCP 3198 +\n"
			 "9.9.9.9 x/a TCP 10011 +\n9.9.9.9 x/a TCP 10012 -");
	cluster_clear(&cluster);
}

static void test_peers(void **state)
{
	struct cluster cluster = {};
	struct objects objects;
	size_t length, i;
	FILE *stream;
	char *text;

	(void)state;
	add_pod(&cluster, "x/a", "", "10.0.0.1", "");
	stream = xopen_memstream(&text, &length);
	fputs(HEAD "  ingress:\n  - ports:\n", stream);
	for (i = 0; i < 513; i++)
		fprintf(stream, "    - port: %zu\n", 1000 + i * 2);
	fputs("    from:\n", stream);
	for (i = 0; i < 1100; i++)
		fprintf(stream, "    - ipBlock: {cidr: 11.0.%zu.%zu/32}\n",
			i / 256, i % 256);
	fclose(stream);
	add_manifests(&cluster, text);
	free(text);
	compile_fine(&cluster, NULL, NULL, &objects);
	assert_int_equal(objects.peer_set_count, 1100);
	assert_int_equal(objects.rule_sets[0].rule_count, 4);
	objects_clear(&objects);
	expect(&cluster, "11.0.0.0 x/a TCP 1000 +\n11.0.4.75 x/a TCP 2024 +\n"
			 "11.0.4.76 x/a TCP 1000 -\n11.0.0.0 x/a TCP 2024 +\n"
			 "11.0.4.75 x/a TCP 1000 +\n11.0.4.75 x/a TCP 1001 -");
	cluster_clear(&cluster);
}

static void test_excepts(void **state)
{
	struct cluster cluster = {};
	struct objects objects;
	size_t length, i;
	FILE *stream;
	char *text;

	(void)state;
	add_pod(&cluster, "x/a", "", "10.0.0.1", "");
	stream = xopen_memstream(&text, &length);
	fputs(HEAD "  ingress:\n  - from:\n    - ipBlock:\n"
		   "        cidr: 11.0.0.0/8\n        except:\n"
		   "        - 11.128.0.0/9\n",
	      stream);
	for (i = 0; i < 2000; i++)
		fprintf(stream, "        - 11.0.%zu.%zu/32\n", i / 128,
			i % 128 * 2);
	fclose(stream);
	add_manifests(&cluster, text);
	free(text);
	compile_fine(&cluster, NULL, NULL, &objects);
	assert_int_equal(objects.peer_set_count, 1);
	assert_true(objects.peer_sets[0].block_count > 4);
	objects_clear(&objects);
	expect(&cluster, "11.0.0.0 x/a TCP 80 -\n11.0.0.1 x/a TCP 80 +\n"
			 "11.0.15.158 x/a TCP 80 -\n11.0.15.159 x/a TCP 80 +\n"
			 "11.0.15.160 x/a TCP 80 +\n11.128.0.0 x/a TCP 80 -\n"
			 "11.127.255.255 x/a TCP 80 +\n12.0.0.0 x/a TCP 80 -\n"
			 "11.64.0.0 x/a TCP 80 +\n10.255.255.255 x/a TCP 80 -");
	cluster_clear(&cluster);
}

struct copy_row {
	const char *name;
	const char *block; /* the network, then its exceptions */
	const char *copy;
};

static const struct copy_row copy_rows[] = {
	{ "nothing", "10.0.0.0/8", "10.0.0.0/8" },
	{ "order and repetition",
	  "10.0.0.0/8 10.2.0.0/16 10.0.0.0/16 10.2.0.0/16",
	  "10.0.0.0/8 10.0.0.0/16 10.2.0.0/16" },
	{ "inside another", "10.0.0.0/8 10.1.2.0/24 10.1.0.0/16 10.1.2.3/32",
	  "10.0.0.0/8 10.1.0.0/16" },
	{ "halves", "10.0.0.0/8 10.0.0.4/31 10.0.0.6/31",
	  "10.0.0.0/8 10.0.0.4/30" },
	{ "halves of halves",
	  "10.0.0.0/8 10.0.0.7/32 10.0.0.6/32 10.0.0.4/31 10.0.0.0/30",
	  "10.0.0.0/8 10.0.0.0/29" },
	{ "neighbours that are no halves", "10.0.0.0/8 10.0.0.6/31 10.0.0.8/31",
	  "10.0.0.0/8 10.0.0.6/31 10.0.0.8/31" },
	{ "all of it stays two", "10.0.0.0/8 10.0.0.0/9 10.128.0.0/9",
	  "10.0.0.0/8 10.0.0.0/9 10.128.0.0/9" },
	{ "of everything", "0.0.0.0/0 0.0.0.0/1 128.0.0.0/1",
	  "0.0.0.0/0 0.0.0.0/1 128.0.0.0/1" },
	{ "IPv6", "fd00::/8 fd00::1/128 fd00::/128 fd00:1::/64",
	  "fd00::/8 fd00::/127 fd00:1::/64" },
};

static void test_copy(void **state)
{
	const struct copy_row *row = *state;
	char *words = xstrdup(row->block), *rest = words, *word, *text;
	char number[NETWORK_TEXT_MAX];
	struct block block = {}, copy;
	size_t length, i;
	FILE *stream;

	assert_true(network_parse(strsep(&rest, " "), &block.network));
	while ((word = strsep(&rest, " ")))
		assert_true(network_parse(word, array_add(block.except,
							  block.except_count)));
	copy = block_copy(&block);
	stream = xopen_memstream(&text, &length);
	fputs(network_text(&copy.network, number), stream);
	for (i = 0; i < copy.except_count; i++)
		fprintf(stream, " %s", network_text(&copy.except[i], number));
	fclose(stream);
	assert_string_equal(text, row->copy);
	free(text);
	free(copy.except);
	free(block.except);
	free(words);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_twins),
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_peers),
		cmocka_unit_test(test_excepts),
	};
	int failed = 0;

	failed += table_tests("exceptions", copy_rows, COUNT(copy_rows),
			      sizeof(*copy_rows), test_copy);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return !!failed;
}
