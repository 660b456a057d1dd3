// SPDX-License-Identifier: GPL-2.0-only
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"

struct network_row {
	const char *text;
	const char *masked; /* NULL when it is no network */
	bool host_bits;
};

static const struct network_row network_rows[] = {
	{ "10.0.0.0/8", "10.0.0.0/8", false },
	{ "10.1.2.3/8", "10.0.0.0/8", true },
	{ "10.1.2.3/32", "10.1.2.3/32", false },
	{ "255.255.255.255/31", "255.255.255.254/31", true },
	{ "0.0.0.0/0", "0.0.0.0/0", false },
	{ "1.2.3.4/0", "0.0.0.0/0", true },
	{ "::/0", "::/0", false },
	{ "fd00::1/64", "fd00::/64", true },
	{ "fd00::1/127", "fd00::/127", true },
	{ "fd00::1/128", "fd00::1/128", false },
	{ "fd00:0:0:1234::/60", "fd00:0:0:1230::/60", true },
	{ "10.0.0.0", NULL, false },
	{ "10.0.0.0/", NULL, false },
	{ "10.0.0.0/33", NULL, false },
	{ "10.0.0.0/08", NULL, false },
	{ "10.0.0.0/-1", NULL, false },
	{ "10.0.0.0/ 8", NULL, false },
	{ "10.0.0.0/8 ", NULL, false },
	{ "10.0.0.0/8/8", NULL, false },
	{ "10.0.0/8", NULL, false },
	{ "010.0.0.0/8", NULL, false },
	{ "::/129", NULL, false },
	{ "/8", NULL, false },
	{ "", NULL, false },
};

static void test_network(void **state)
{
	const struct network_row *row = *state;
	char text[NETWORK_TEXT_MAX];
	struct network network;

	if (!row->masked) {
		assert_false(network_parse(row->text, &network));
		return;
	}
	assert_true(network_parse(row->text, &network));
	assert_int_equal(network_mask(&network), row->host_bits);
	assert_string_equal(network_text(&network, text), row->masked);
	assert_false(network_mask(&network));
}

struct contains_row {
	const char *network;
	const char *inside;
	const char *outside;
};

static const struct contains_row contains_rows[] = {
	{ "10.0.0.0/8", "10.255.255.255", "11.0.0.0" },
	{ "10.128.0.0/9", "10.128.0.0", "10.127.255.255" },
	{ "10.0.0.4/30", "10.0.0.7", "10.0.0.8" },
	{ "10.0.0.4/32", "10.0.0.4", "10.0.0.5" },
	{ "0.0.0.0/0", "255.255.255.255", "::" },
	{ "::/0", "ffff::", "0.0.0.0" },
	{ "fd00::/63", "fd00:0:0:1::9", "fd00:0:0:2::" },
	{ "fd00::1/128", "fd00::1", "fd00::2" },
};

static void test_contains(void **state)
{
	const struct contains_row *row = *state;
	struct network network;
	struct ip ip;

	assert_true(network_parse(row->network, &network));
	assert_true(ip_parse(row->inside, &ip));
	assert_true(network_contains(&network, &ip));
	assert_true(ip_parse(row->outside, &ip));
	assert_false(network_contains(&network, &ip));
}

struct block_row {
	const char *network;
	const char *except[2];
	const char *ip;
	bool contains;
};

static const struct block_row block_rows[] = {
	{ "10.0.0.0/8", {}, "10.1.2.3", true },
	{ "10.0.0.0/8", {}, "11.1.2.3", false },
	{ "10.0.0.0/8", { "10.1.0.0/16" }, "10.1.2.3", false },
	{ "10.0.0.0/8", { "10.1.0.0/16" }, "10.2.0.0", true },
	{ "10.0.0.0/8", { "10.1.0.0/16", "10.3.0.0/16" }, "10.2.0.0", true },
	{ "10.0.0.0/8", { "10.1.0.0/16", "10.2.0.0/15" }, "10.3.0.1", false },
	{ "10.0.0.0/8", { "10.0.0.0/9", "10.128.0.0/9" }, "10.9.9.9", false },
	{ "0.0.0.0/0", { "10.0.0.0/8" }, "fd00::1", false },
	{ "fd00::/8", { "fd00::/16" }, "fd00::1", false },
	{ "fd00::/8", { "fd00::/16" }, "fd01::1", true },
	{ "fd00::/8", { "fd01::1/128" }, "10.0.0.1", false },
};

static void test_block(void **state)
{
	const struct block_row *row = *state;
	struct network except[COUNT(row->except)];
	struct block block = { .except = except };
	struct ip ip;

	assert_true(network_parse(row->network, &block.network));
	assert_true(ip_parse(row->ip, &ip));
	while (block.except_count < COUNT(except) &&
	       row->except[block.except_count]) {
		assert_true(network_parse(row->except[block.except_count],
					  &except[block.except_count]));
		block.except_count++;
	}
	assert_int_equal(block_contains(&block, &ip), row->contains);
}

static void test_ip_order(void **state)
{
	static const char *const ordered[] = {
		"0.0.0.0", "9.0.0.0", "10.0.0.1", "255.0.0.0",
		"::",	   "::1",     "fd00::",	  "fd00::1:0",
	};
	char text[INET6_ADDRSTRLEN];
	struct ip a, b;
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(ordered); i++) {
		assert_true(ip_parse(ordered[i], &a));
		assert_string_equal(ip_text(&a, text), ordered[i]);
		for (j = 0; j < COUNT(ordered); j++) {
			assert_true(ip_parse(ordered[j], &b));
			assert_int_equal(ip_compare(&a, &b) < 0, i < j);
			assert_int_equal(ip_equal(&a, &b), i == j);
		}
	}
	assert_false(ip_parse("10.0.0.1/32", &a));
	assert_false(ip_parse(" 10.0.0.1", &a));
	assert_false(ip_parse("fd00::1%eth0", &a));
	assert_false(ip_parse("", &a));
}

struct guard_row {
	const char *guarded; /* separated by spaces */
	const char *block;
	const char *after;
};

static const struct guard_row guard_rows[] = {
	{ "", "10.0.0.0/8", "10.0.0.0/8" },
	{ "10.0.0.0/8", "10.0.0.0/8", "10.0.0.0/8" },
	{ "10.0.0.0/8", "10.1.0.0/16", "10.0.0.0/8" },
	{ "10.1.0.0/16", "10.0.0.0/8", "10.1.0.0/16 10.0.0.0/8" },
	{ "10.1.0.0/16", "10.2.0.0/16", "10.1.0.0/16 10.2.0.0/16" },
	{ "0.0.0.0/0", "::/0", "0.0.0.0/0 ::/0" },
	{ "10.0.0.0/8 fd00::/8", "fd00::/16", "10.0.0.0/8 fd00::/8" },
};

static void test_guard(void **state)
{
	const struct guard_row *row = *state;
	struct settings settings = {};
	char text[NETWORK_TEXT_MAX];
	struct network block;
	char *words = xstrdup(row->guarded);
	char *after = xstrdup("");
	char *rest = words;
	char *word;
	size_t i;

	while ((word = strtok_r(rest, " ", &rest))) {
		assert_true(network_parse(word, &block));
		*array_add(settings.guarded, settings.guarded_count) = block;
	}
	assert_true(network_parse(row->block, &block));
	settings_guard(&settings, &block);
	for (i = 0; i < settings.guarded_count; i++) {
		word = xasprintf("%s%s%s", after, i ? " " : "",
				 network_text(&settings.guarded[i], text));
		free(after);
		after = word;
	}
	assert_string_equal(after, row->after);
	free(after);
	free(words);
	settings_clear(&settings);
}

static void test_sort(void **state)
{
	struct objects objects = {};
	struct peer_set *peer_set;
	struct rule_set *rule_set;
	struct rule *rule;
	struct pod *pod;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		static const char *const ips[] = { "fd00::1", "10.0.0.2",
						   "10.0.0.1" };
		struct address *address =
			array_add(objects.addresses, objects.address_count);

		assert_true(ip_parse(ips[i], &address->ip));
		address->identity = i + 1;
		peer_set = array_add(objects.peer_sets, objects.peer_set_count);
		peer_set->id = 3 - i;
		rule_set = array_add(objects.rule_sets, objects.rule_set_count);
		rule_set->id = 3 - i;
		pod = array_add(objects.pods, objects.pod_count);
		pod->key = xasprintf("x/%c", (char)('c' - i));
	}
	peer_set = &objects.peer_sets[0];
	for (i = 0; i < 5; i++)
		*array_add(peer_set->identities, peer_set->identity_count) =
			5 - i / 2;
	rule_set = &objects.rule_sets[0];
	rule = array_add(rule_set->rules, rule_set->rule_count);
	for (i = 0; i < 3; i++)
		*array_add(rule->port_ranges, rule->port_range_count) =
			(struct port_range){ IPPROTO_UDP - 11 * (i == 2),
					     90 - i, 90 };
	objects_sort(&objects);

	assert_int_equal(objects.addresses[0].identity, 3);
	assert_int_equal(objects.addresses[1].identity, 2);
	assert_int_equal(objects.addresses[2].identity, 1);
	assert_string_equal(objects.pods[0].key, "x/a");
	assert_string_equal(objects.pods[2].key, "x/c");
	assert_int_equal(objects.peer_sets[0].id, 1);
	assert_int_equal(objects.rule_sets[0].id, 1);
	peer_set = &objects.peer_sets[2];
	assert_int_equal(peer_set->identity_count, 3);
	assert_int_equal(peer_set->identities[0], 3);
	assert_int_equal(peer_set->identities[2], 5);
	rule = &objects.rule_sets[2].rules[0];
	assert_int_equal(rule->port_ranges[0].protocol, IPPROTO_TCP);
	assert_int_equal(rule->port_ranges[1].first, 89);
	assert_int_equal(rule->port_ranges[2].first, 90);
	objects_clear(&objects);
	assert_null(objects.pods);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ip_order),
		cmocka_unit_test(test_sort),
	};
	int failed = 0;

	failed += table_tests("network", network_rows, COUNT(network_rows),
			      sizeof(*network_rows), test_network);
	failed += table_tests("contains", contains_rows, COUNT(contains_rows),
			      sizeof(*contains_rows), test_contains);
	failed += table_tests("block", block_rows, COUNT(block_rows),
			      sizeof(*block_rows), test_block);
	failed += table_tests("guard", guard_rows, COUNT(guard_rows),
			      sizeof(*guard_rows), test_guard);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return !!failed;
}
