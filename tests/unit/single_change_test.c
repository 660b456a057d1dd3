// SPDX-License-Identifier: GPL-2.0-only
/*
 * One event after the other, and what a compiler tells of each.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "agent/object.h"
#include "policy/difference.h"
#include "policy/memory.h"
#include "policy/numbers.h"

#define NAMESPACE(name, labels)                                        \
	"---\napiVersion: v1\nkind: Namespace\nmetadata: {name: " name \
	", labels: {" labels "}}\n"
#define NODE(name, ip)                                            \
	"---\napiVersion: v1\nkind: Node\nmetadata: {name: " name \
	"}\nstatus: {addresses: [{type: InternalIP, address: " ip "}]}\n"
#define PHASED_POD(key_name, labels, node, ip, phase)                              \
	"---\napiVersion: v1\nkind: Pod\nmetadata: {namespace: x, name: " key_name \
	", uid: u-" key_name ", labels: {" labels "}}\nspec: {nodeName: " node     \
	", containers: [{name: c, ports: [{name: http, containerPort: 80}]}]"      \
	"}\nstatus: {phase: " phase ", podIPs: [{ip: " ip "}]}\n"
#define POD(name, labels, node, ip) \
	PHASED_POD(name, labels, node, ip, "Running")
#define POLICY(name, spec)                                             \
	"---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n" \
	"metadata: {namespace: x, name: " name "}\nspec: " spec "\n"
#define FROM(peer)                                                \
	POLICY("web", "{podSelector: {matchLabels: {app: web}}, " \
		      "ingress: [{from: [" peer "]}]}")
#define FROM_DB FROM("{podSelector: {matchLabels: {app: db}}}")
#define IN_X " in namespaces{kubernetes.io/metadata.name=x}"
#define TO_BLOCK                                                           \
	POLICY("block",                                                    \
	       "{podSelector: {matchLabels: {app: web}}, policyTypes: "    \
	       "[Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}], " \
	       "ports: [{port: http}]}]}")

#define TO_BLOCK_SET "10.0.0.0/8 serving http/TCP at 80"

/* x/web is on this node; x/db, which it accepts, on another; x/other is on
 * another too, and no rule has it.
 */
static const char begin[] = NAMESPACE("x", "team: a") NODE("one", "192.168.0.1")
	POD("web", "app: web", "one", "10.0.0.1")
		POD("db", "app: db", "two", "10.0.0.2")
			POD("other", "app: other", "two", "10.0.0.3") FROM_DB;

#define POD_AT(namespace, name, labels, ip, port)                                                                                                   \
	"---\napiVersion: v1\nkind: Pod\nmetadata: {namespace: " namespace ", name: " name                                                          \
									   ", uid: u, labels: {" labels                                             \
									   "}}\nspec: {nodeName: two, containers: [{name: c, ports: [{name: http, " \
									   "containerPort: " port                                                   \
									   "}]}]}\nstatus: {phase: Running, podIPs: [{ip: " ip                      \
									   "}]}\n"

struct event_row {
	const char *name;
	const char *puts;
	const char *removes; /* "KIND KEY", or NULL */
	const char *difference;
};

static const struct event_row rows[] = {
	{ "a pod that no rule has", POD("far", "app: z", "two", "10.0.0.8"),
	  NULL, "" },
	{ "one more of a peer", POD("db2", "app: db", "two", "10.0.0.8"), NULL,
	  "+ address 10.0.0.8: identity 1\n" },
	{ "another of a peer", POD("db2", "app: db, v: b", "two", "10.0.0.8"),
	  NULL,
	  "+ address 10.0.0.8: identity 2\n"
	  "~ peer-set 1 (pods{app=db}" IN_X "): 2 identities, was 1\n" },
	{ "the last of a peer goes", "", "Pod x/db",
	  "- address 10.0.0.2: identity 1\n"
	  "~ peer-set 1 (pods{app=db}" IN_X "): 0 identities, was 1\n" },
	{ "a pod ends",
	  PHASED_POD("db", "app: db", "two", "10.0.0.2", "Succeeded"), NULL,
	  "- address 10.0.0.2: identity 1\n"
	  "~ peer-set 1 (pods{app=db}" IN_X "): 0 identities, was 1\n" },
	{ "a pod loses the label", POD("db", "app: z", "two", "10.0.0.2"), NULL,
	  "- address 10.0.0.2: identity 1\n"
	  "~ peer-set 1 (pods{app=db}" IN_X "): 0 identities, was 1\n" },
	{ "an address goes on", POD("other", "app: other", "two", "10.0.0.2"),
	  "Pod x/db",
	  "- address 10.0.0.2: identity 1\n"
	  "~ peer-set 1 (pods{app=db}" IN_X "): 0 identities, was 1\n" },
	{ "the owner is pending",
	  PHASED_POD("db", "app: db", "two", "10.0.0.2", "Pending")
		  POD("late", "app: z", "two", "10.0.0.2"),
	  NULL,
	  "- address 10.0.0.2: identity 1\n"
	  "~ peer-set 1 (pods{app=db}" IN_X "): 0 identities, was 1\n" },
	{ "this node claims it", POD("late", "app: z", "one", "10.0.0.2"), NULL,
	  "- address 10.0.0.2: identity 1\n"
	  "~ peer-set 1 (pods{app=db}" IN_X "): 0 identities, was 1\n"
	  "+ pod x/late: 10.0.0.2, no ingress rule-set, no egress rule-set\n" },
	{ "a pod moves here", POD("db", "app: db", "one", "10.0.0.2"), NULL,
	  "+ pod x/db: 10.0.0.2, no ingress rule-set, no egress rule-set\n" },
	{ "a pod moves away", POD("web", "app: web", "two", "10.0.0.1"), NULL,
	  "- address 10.0.0.2: identity 1\n"
	  "- peer-set 1 (pods{app=db}" IN_X "): 1 identity\n"
	  "- rule-set 1 (ingress: NetworkPolicy x/web): 1 rule\n"
	  "- pod x/web: 10.0.0.1, ingress rule-set 1, no egress rule-set\n" },
	{ "a node has the address", NODE("two", "10.0.0.2"), NULL,
	  "- address 10.0.0.2: identity 1\n"
	  "~ peer-set 1 (pods{app=db}" IN_X "): 0 identities, was 1\n" },
	{ "a node has it here", NODE("two", "10.0.0.1"), NULL,
	  "- address 10.0.0.2: identity 1\n"
	  "- peer-set 1 (pods{app=db}" IN_X "): 1 identity\n"
	  "- rule-set 1 (ingress: NetworkPolicy x/web): 1 rule\n"
	  "- pod x/web: 10.0.0.1, ingress rule-set 1, no egress rule-set\n" },
	{ "a policy again", FROM_DB, NULL, "" },
	{ "a policy changes",
	  FROM("{podSelector: {matchLabels: {app: other}}}"), NULL,
	  "- address 10.0.0.2: identity 1\n"
	  "+ address 10.0.0.3: identity 2\n"
	  "- peer-set 1 (pods{app=db}" IN_X "): 1 identity\n"
	  "+ peer-set 2 (pods{app=other}" IN_X "): 1 identity\n"
	  "~ rule-set 1 (ingress: NetworkPolicy x/web): 1 rule\n" },
	{ "a policy goes", "", "NetworkPolicy x/web",
	  "- address 10.0.0.2: identity 1\n"
	  "- peer-set 1 (pods{app=db}" IN_X "): 1 identity\n"
	  "- rule-set 1 (ingress: NetworkPolicy x/web): 1 rule\n"
	  "~ pod x/web: 10.0.0.1, no ingress rule-set (was 1), no egress rule-set\n" },
	{ "other labels of the namespace", NAMESPACE("x", "team: b"), NULL,
	  "" },
	{ "the namespace goes", "", "Namespace x",
	  "- address 10.0.0.2: identity 1\n"
	  "- peer-set 1 (pods{app=db}" IN_X "): 1 identity\n"
	  "- rule-set 1 (ingress: NetworkPolicy x/web): 1 rule\n"
	  "- pod x/web: 10.0.0.1, ingress rule-set 1, no egress rule-set\n" },
	{ "a pod of a namespace that is not known",
	  "---\napiVersion: v1\nkind: Pod\nmetadata: {namespace: late, name: p, uid: u, labels: {app: db}}\nspec: {nodeName: one}\nstatus: {phase: Running, podIPs: [{ip: 10.0.0.7}]}\n",
	  NULL, "" },
	{ "a block with a named port", TO_BLOCK, NULL,
	  "+ peer-set 2 (10.0.0.0/8 serving http/TCP at 80): 3 blocks\n"
	  "+ rule-set 2 (egress: NetworkPolicy x/block): 1 rule\n"
	  "~ pod x/web: 10.0.0.1, ingress rule-set 1, egress rule-set 2 (had none)\n" },
	{ "and who serves it is gone", TO_BLOCK, "Pod x/other",
	  "+ peer-set 2 (10.0.0.0/8 serving http/TCP at 80): 2 blocks\n"
	  "+ rule-set 2 (egress: NetworkPolicy x/block): 1 rule\n"
	  "~ pod x/web: 10.0.0.1, ingress rule-set 1, egress rule-set 2 (had none)\n" },
};

static void put_all(struct compiler *compiler, const char *text)
{
	struct cluster cluster = {};

	if (*text)
		add_manifests(&cluster, text);
	object_put(&cluster, compiler);
}

static void remove_one(struct compiler *compiler, const char *name)
{
	const char *key = strchr(name, ' ') + 1;

	if (!strncmp(name, "Pod ", 4))
		assert_true(compiler_remove_pod(compiler, key));
	else if (!strncmp(name, "Namespace ", 10))
		assert_true(compiler_remove_namespace(compiler, key));
	else if (!strncmp(name, "Node ", 5))
		assert_true(compiler_remove_node(compiler, key));
	else
		assert_true(compiler_remove_policy(compiler, key));
}

static char *collect(struct compiler *compiler)
{
	struct difference difference;
	size_t length;
	char *text;
	FILE *stream = xopen_memstream(&text, &length);

	compiler_changes(compiler, &difference);
	difference_print(&difference, stream);
	fclose(stream);
	difference_clear(&difference);
	return text;
}

static struct compiler *compiler_begin(void)
{
	struct compiler *compiler = compiler_new("one");

	put_all(compiler, begin);
	free(collect(compiler));
	assert_false(compiler_changed(compiler));
	return compiler;
}

/* What is told of an event; nothing more when it is told again. */
static void test_event(void **state)
{
	const struct event_row *row = *state;
	struct compiler *compiler = compiler_begin();
	char *text;

	put_all(compiler, row->puts);
	if (row->removes)
		remove_one(compiler, row->removes);
	text = collect(compiler);
	assert_string_equal(text, row->difference);
	free(text);
	if (!row->removes) {
		put_all(compiler, row->puts);
		text = collect(compiler);
		assert_string_equal(text, "");
		free(text);
	}
	compiler_free(compiler);
}

/* The number that one identity leaves is another's only in the next changes. */
static void test_number_again(void **state)
{
	struct compiler *compiler = compiler_begin();
	struct objects objects;
	char *text;

	(void)state;
	assert_true(compiler_remove_pod(compiler, "x/db"));
	put_all(compiler, POD("db2", "app: db, new: a", "two", "10.0.0.4"));
	free(collect(compiler));
	compiler_objects(compiler, NULL, &objects);
	assert_int_equal(objects.address_count, 1);
	assert_int_equal(objects.addresses[0].identity, 2);
	objects_clear(&objects);
	put_all(compiler, POD("db3", "app: db, new: b", "two", "10.0.0.5"));
	text = collect(compiler);
	compiler_objects(compiler, NULL, &objects);
	assert_int_equal(objects.address_count, 2);
	assert_int_equal(objects.addresses[1].identity, 1);
	objects_clear(&objects);
	free(text);
	compiler_free(compiler);
}

static size_t warnings(struct compiler *compiler, const char *part)
{
	struct problems problems = {};
	size_t length, count;
	char *text;
	FILE *stream = xopen_memstream(&text, &length);

	compiler_problems(compiler, &problems);
	problems_print(&problems, stream);
	fclose(stream);
	count = problems.count;
	if (count)
		assert_non_null(strstr(text, part));
	free(text);
	problems_clear(&problems);
	return count;
}

/* Each is told once, and again when it had gone and came back. */
static void test_problems(void **state)
{
	static const char second[] = POD("late", "app: z", "two", "10.0.0.2");
	struct compiler *compiler = compiler_begin();

	(void)state;
	assert_int_equal(warnings(compiler, ""), 0);
	put_all(compiler, second);
	assert_int_equal(warnings(compiler, "belong to Pod x/db"), 1);
	assert_int_equal(warnings(compiler, ""), 0);
	put_all(compiler, second);
	assert_int_equal(warnings(compiler, ""), 0);
	put_all(compiler, NODE("two", "10.0.0.2"));
	assert_int_equal(warnings(compiler, "address of a node"), 2);
	assert_true(compiler_remove_node(compiler, "two"));
	assert_int_equal(warnings(compiler, "belong to Pod x/db"), 1);
	assert_true(compiler_remove_pod(compiler, "x/late"));
	assert_int_equal(warnings(compiler, ""), 0);
	put_all(compiler, second);
	assert_int_equal(warnings(compiler, "belong to Pod x/db"), 1);
	compiler_free(compiler);
}

/* What only the kernel knows stays while the pod is the same. */
static void test_interface(void **state)
{
	static const char again[] = POD("web", "app: web", "one", "10.0.0.9");
	struct compiler *compiler = compiler_begin();
	struct pod pod = { .key = "x/web",
			   .uid = "u-web",
			   .interface = "veth7" };
	struct objects live = { .pods = &pod, .pod_count = 1 };
	struct objects objects;

	(void)state;
	compiler_objects(compiler, &live, &objects);
	assert_string_equal(objects.pods[0].interface, "veth7");
	objects_clear(&objects);
	put_all(compiler, again);
	free(collect(compiler));
	assert_string_equal(compiler_find_pod(compiler, "x/web")->interface,
			    "veth7");
	assert_true(compiler_remove_pod(compiler, "x/web"));
	free(collect(compiler));
	assert_null(compiler_find_pod(compiler, "x/web"));
	put_all(compiler, again);
	free(collect(compiler));
	assert_null(compiler_find_pod(compiler, "x/web")->interface);
	compiler_free(compiler);
}

/* One after the other, and which addresses serve the port then; "" for no change. */
static const struct serving_step {
	const char *puts;
	const char *removes;
	const char *blocks;
} serving_steps[] = {
	{ TO_BLOCK, NULL, "10.0.0.1 10.0.0.2 10.0.0.3" },
	{ "", "Pod x/other", "10.0.0.1 10.0.0.2" },
	{ NAMESPACE("late", "") POD_AT("late", "p", "a: b", "10.0.0.7", "80"),
	  NULL, "10.0.0.1 10.0.0.2 10.0.0.7" },
	/* The address has the same owner all the time. */
	{ "", "Namespace late", "10.0.0.1 10.0.0.2" },
	{ NAMESPACE("late", ""), NULL, "10.0.0.1 10.0.0.2 10.0.0.7" },
	/* Several at once, not in order; one lies outside. */
	{ POD_AT("x", "q", "app: q", "10.0.0.9", "80")
		  POD_AT("x", "p", "app: q", "10.0.0.5", "80")
			  POD_AT("x", "o", "app: q", "11.0.0.1", "80"),
	  NULL, "10.0.0.1 10.0.0.2 10.0.0.5 10.0.0.7 10.0.0.9" },
	/* From one identity to another, both of which live on. */
	{ POD_AT("x", "r", "app: q", "10.0.0.4", "8080"), NULL, "" },
	{ POD_AT("x", "p", "app: q", "10.0.0.5", "8080"), NULL,
	  "10.0.0.1 10.0.0.2 10.0.0.7 10.0.0.9" },
	{ POD_AT("x", "p", "app: q", "10.0.0.5", "80"), NULL,
	  "10.0.0.1 10.0.0.2 10.0.0.5 10.0.0.7 10.0.0.9" },
	/* An address comes and one goes. */
	{ POD_AT("x", "q", "app: q", "10.0.0.3", "80"), NULL,
	  "10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.5 10.0.0.7" },
	{ NODE("three", "10.0.0.5"), NULL,
	  "10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.7" },
};

/* The blocks of the peer set that serves port 80, as they are told. */
static char *collect_blocks(struct compiler *compiler)
{
	struct difference difference;
	char *text, buffer[INET6_ADDRSTRLEN];
	size_t length, i, j;
	FILE *stream = xopen_memstream(&text, &length);

	compiler_changes(compiler, &difference);
	for (i = 0; i < difference.peer_set_count; i++) {
		const struct peer_set *set = difference.peer_sets[i].after;

		if (!set || strcmp(set->name, TO_BLOCK_SET) != 0)
			continue;
		for (j = 0; j < set->block_count; j++)
			fprintf(stream, "%s%s", j ? " " : "",
				ip_text(&set->blocks[j].network.base, buffer));
	}
	difference_clear(&difference);
	fclose(stream);
	return text;
}

/* A peer that is there already is kept up to date, not filled anew. */
static void test_serving(void **state)
{
	struct compiler *compiler = compiler_begin();
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(serving_steps); i++) {
		const struct serving_step *step = &serving_steps[i];
		char *blocks;

		put_all(compiler, step->puts);
		if (step->removes)
			remove_one(compiler, step->removes);
		blocks = collect_blocks(compiler);
		assert_string_equal(blocks, step->blocks);
		free(blocks);
	}
	compiler_free(compiler);
}

static void test_numbers(void **state)
{
	struct numbers numbers = {};
	uint32_t i;

	(void)state;
	for (i = 1; i <= 100; i++)
		assert_int_equal(numbers_allot(&numbers), i);
	for (i = 100; i; i -= 2)
		numbers_release(&numbers, i);
	numbers_release(&numbers, 100); /* once more: no member */
	assert_int_equal(numbers_count(&numbers), 50);
	assert_true(numbers_take(&numbers, 4)); /* out of the middle */
	assert_false(numbers_take(&numbers, 4));
	assert_false(numbers_take(&numbers, 0));
	for (i = 2; i <= 100; i += 2)
		if (i != 4)
			assert_int_equal(numbers_allot(&numbers), i);
	assert_true(numbers_take(&numbers, 102)); /* ahead */
	assert_int_equal(numbers_allot(&numbers), 101);
	assert_int_equal(numbers_allot(&numbers), 103);
	numbers_release(&numbers, 102);
	assert_int_equal(numbers_allot(&numbers), 102);
	numbers_clear(&numbers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_number_again),
		cmocka_unit_test(test_problems),
		cmocka_unit_test(test_interface),
		cmocka_unit_test(test_serving),
		cmocka_unit_test(test_numbers),
	};

	return table_tests("events", rows, COUNT(rows), sizeof(*rows),
			   test_event) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
