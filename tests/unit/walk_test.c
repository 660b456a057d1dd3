// SPDX-License-Identifier: GPL-2.0-only
/*
 * The walk through rule sets, and near misses: tables of special cases.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "near_miss.h"
#include "policy/memory.h"
#include "walk.h"
#include "walk_scene.h"

static const char *ending_letters = "usnpdi";

static void print_set(const struct walk_rule_set *set, FILE *stream)
{
	size_t i;

	fputc(' ', stream);
	for (i = 0; i < WALK_TIERS; i++)
		fputc(ending_letters[set->tiers[i].ending], stream);
}

/* "VERDICT REASON TIER RULE ENDINGS MODE", then near misses. */
static char *walk_text(const struct walk_question *question,
		       const struct walk_direction *walk)
{
	static const char *const reasons[] = {
		[PODWALL_REASON_NO_POLICY] = "no-policy",
		[PODWALL_REASON_RULE] = "rule",
		[PODWALL_REASON_ISOLATED] = "isolated",
		[PODWALL_REASON_DEFAULT] = "default",
		[PODWALL_REASON_UNREGISTERED] = "unregistered",
		[PODWALL_REASON_NODE] = "node",
	};
	struct near_misses misses;
	char *text;
	size_t length, i;
	FILE *stream = xopen_memstream(&text, &length);

	fprintf(stream, "%c %s",
		walk->verdict == PODWALL_VERDICT_ACCEPT ? '+' : '-',
		reasons[walk->reason]);
	if (walk->mode == PODWALL_MODE_AUDIT)
		fputs(" audit", stream);
	if (walk->all.rule_set)
		print_set(&walk->all, stream);
	if (walk->enforced.rule_set)
		print_set(&walk->enforced, stream);
	if (walk->decisive && walk->decisive->rule)
		fprintf(stream, " %zu", walk->decisive->rule->index);
	near_misses_find(question, walk, &misses);
	for (i = 0; i < misses.count; i++)
		fprintf(stream, "%s%zu%s", i ? " " : " | ",
			misses.list[i].rule->index,
			misses.list[i].but_for_port ? "port" :
			misses.list[i].except	    ? "except" :
						      "peer");
	near_misses_clear(&misses);
	fclose(stream);
	return text;
}

struct row {
	const char *name;
	/* Client, server, family, protocol letter and port; then "judge", when
	 * pods are judged for their node, "audit", when they are in audit mode,
	 * or "unregistered", when there are none.
	 */
	const char *connection;
	const char *all; /* of the direction that is looked at */
	const char *enforced; /* or NULL */
	const char *expected;
};

static void test_row(void **state, enum podwall_direction direction)
{
	bool ingress = direction == PODWALL_DIRECTION_INGRESS;
	const struct row *row = *state;
	struct walk_scene scene;
	struct walk walk;
	char *text;
	size_t i;

	walk_scene_set(&scene);
	for (i = 0; i < 2; i++) {
		struct pod *pod = &scene.pods[i];

		if (strstr(row->connection, " audit"))
			pod->mode = PODWALL_MODE_AUDIT;
		*(ingress ? &pod->ingress_rule_set : &pod->egress_rule_set) =
			row->all ? 1 : 0;
		*(ingress ? &pod->ingress_enforced_rule_set :
			    &pod->egress_enforced_rule_set) =
			row->enforced ? 2 : 0;
	}
	if (row->all)
		walk_scene_add(&scene, 1, direction, row->all);
	if (row->enforced)
		walk_scene_add(&scene, 2, direction, row->enforced);
	if (strstr(row->connection, " judge"))
		scene.settings.node_access = PODWALL_NODE_ACCESS_JUDGE;
	if (strstr(row->connection, " unregistered"))
		scene.objects.pod_count = 0;
	walk_scene_ask(&scene, row->connection);
	walk_connection(&scene.question, &walk);
	text = walk_text(&scene.question,
			 ingress ? &walk.ingress : &walk.egress);
	assert_string_equal(text, row->expected);
	free(text);
	walk_clear(&walk);
	walk_scene_clear(&scene);
}

static void test_ingress(void **state)
{
	test_row(state, PODWALL_DIRECTION_INGRESS);
}

static void test_egress(void **state)
{
	test_row(state, PODWALL_DIRECTION_EGRESS);
}

/* Endings: u unreached, s skipped, n none matches, p passed, d decided, i
 * isolated.
 */
static const struct row ingress_rows[] = {
	{ "no rule set", "ab4t80", NULL, NULL, "+ no-policy" },
	{ "no pod", "ao4t80", "I", NULL, "+ no-policy" },
	{ "nothing decides", "ab4t80", "A1- 3 *", NULL,
	  "+ default nnn | 0peer" },
	{ "isolated without a rule", "ab4t80", "I", NULL, "- isolated niu" },
	{ "a policy accepts", "ab4t80", "I;P0+ 1 t80", NULL, "+ rule ndu 0" },
	{ "but for the port", "ab4t81", "I;P0+ 1 t80", NULL,
	  "- isolated niu | 0port" },
	{ "but for the protocol", "ab4u80", "I;P0+ 1 t80", NULL,
	  "- isolated niu | 0port" },
	{ "but for the peer", "ob4t80", "I;P0+ 1 t80", NULL,
	  "- isolated niu | 0peer" },
	{ "but for an exception", "xb4t80", "I;P0+ 2 t80", NULL,
	  "- isolated niu | 0except" },
	{ "but for an exception of the other family", "xb6t80", "I;P0+ 2 t80",
	  NULL, "- isolated niu | 0except" },
	{ "a block", "ob6t80", "I;P0+ 2 t80", NULL, "+ rule ndu 0" },
	{ "neither is no near miss", "ob4t81", "I;P0+ 1 t80", NULL,
	  "- isolated niu" },
	{ "one of several peers", "rb4t80", "I;P0+ 1,3 t80", NULL,
	  "+ rule ndu 0" },
	{ "the last port of a range", "ab4t90", "I;P0+ 1 t80-90", NULL,
	  "+ rule ndu 0" },
	{ "the port behind a range", "ab4t91", "I;P0+ 1 t80-90", NULL,
	  "- isolated niu | 0port" },
	{ "the order of near misses: what is named first, then the port",
	  "ab4t80", "I;P0+ * t81;P0+ 3 *;P0+ 3 t80;P0+ 1 t81", NULL,
	  "- isolated niu | 3port 2peer 0port 1peer" },
	{ "the tier that decides has the first near misses", "ab4t80",
	  "I;A1+ 1 t81;P0+ 1 t82", NULL, "- isolated niu | 1port 0port" },
	{ "admin denies before policy", "ab4t80", "I;A5- 1 *;P0+ 1 t80", NULL,
	  "- rule duu 0" },
	{ "rules behind what decided are no near misses", "ab4t80",
	  "A5+ 1 t81;A6- 1 *;A7+ 1 t82", NULL, "- rule duu 1 | 0port" },
	{ "pass ends the admin tier", "ab4t80", "I;A5> 1 *;A6+ 1 t80;P0+ 3 *",
	  NULL, "- isolated piu | 2peer" },
	{ "rules behind a pass are no near misses", "ab4t80",
	  "I;A5> 1 *;A6+ 1 t81", NULL, "- isolated piu" },
	{ "pass to the baseline", "ab4t80", "A5> 1 *;B1- 1 *", NULL,
	  "- rule pnd 1" },
	{ "pass of the baseline", "ab4t80", "B1> 1 *;B2- 1 *", NULL,
	  "+ default nnp" },
	{ "isolation keeps the baseline out", "ab4t80", "I;B1+ 1 *", NULL,
	  "- isolated niu" },
	{ "a denial that came near", "ab4t80", "A1- 1 t81;A2+ 1 *;A3- 1 t82",
	  NULL, "+ rule duu 1 | 0port" },
	{ "ICMP has no ports", "ab4i", "I;P0+ 1 t80", NULL,
	  "- isolated niu | 0port" },
	{ "ICMP, and any port", "ab4i", "I;P0+ 1 *", NULL, "+ rule ndu 0" },
	{ "a later fragment is accepted by no port", "ab4t0",
	  "I;P0+ 1 t0-65535", NULL, "- isolated niu | 0port" },
	{ "a later fragment is denied by any port", "ab4u0", "A1- 1 u53", NULL,
	  "- rule duu 0" },
	{ "but by none of another protocol", "ab4u0", "A1- 1 t53", NULL,
	  "+ default nnn | 0port" },
	{ "a later fragment is not passed", "ab4u0", "A1> 1 u53;A2- 1 *", NULL,
	  "- rule duu 1" },
	{ "the node reaches its pods", "nb4t80", "I;P0+ 1 t80", NULL,
	  "+ node niu" },
	{ "a rule that denies the node", "nb4t80", "A1- * *", NULL,
	  "+ node duu 0" },
	{ "the node, where nothing denies it", "nb4t80", "I;P0+ * t80", NULL,
	  "+ rule ndu 0" },
	{ "what another address does is denied", "ob4t80", "I", NULL,
	  "- isolated niu" },
	{ "itself by way of a Service", "bb4t80", "I", NULL, "+ default nsn" },
	{ "itself, denied by admin", "bb4t80", "I;A1- 3 *", NULL,
	  "- rule duu 0" },
	{ "itself, and rules of the policy tier", "bb4t80", "I;A1+ 1 *;P0+ 1 *",
	  NULL, "+ default nsn" },
	{ "a guarded address", "ag4t80", NULL, NULL, "- unregistered" },
	{ "a guarded address of IPv6", "og6t80", NULL, NULL, "- unregistered" },
	{ "registered nowhere, though it has an identity", "ar4t80", NULL, NULL,
	  "- unregistered" },
	{ "no pod is registered", "ab4t80 unregistered", "I", NULL,
	  "- unregistered" },
	{ "a pod in audit mode", "ob4t80 audit", "I;P0+ 1 t80", NULL,
	  "- isolated audit niu | 0peer" },
	{ "a pod in audit mode accepts", "ab4t80 audit", "I;P0+ 1 t80", NULL,
	  "+ rule audit ndu 0" },
	{ "policies in audit mode alone deny", "ob4t80", "I;P0+ 1 t80",
	  "P0+ 1 t80", "- isolated audit niu nnn | 0peer" },
	{ "what is enforced denies too", "ab4t80", "I;A1- 1 *;P0+ 1 t81",
	  "I;P0+ 1 t81", "- isolated duu niu | 0port" },
	{ "what all accept is not asked again", "ab4t80", "I;P0+ 1 t80",
	  "A1- * *", "+ rule ndu 0" },
	{ "the node, and audit", "nb4t80", "I", "A1+ 1 *", "+ node niu nnn" },
};

static const struct row egress_rows[] = {
	{ "isolated", "ao4t80", "I", NULL, "- isolated niu" },
	{ "no pod at this end", "oa4t80", "I", NULL, "+ no-policy" },
	{ "a guarded client", "ga4t80", NULL, NULL, "- unregistered" },
	{ "the node is not guarded", "na4t80", NULL, NULL, "+ no-policy" },
	{ "a pod reaches its node", "an4t80", "I;P0+ 1 t80", NULL,
	  "+ default nsn" },
	{ "admin rules hold for it", "an4t80", "I;A1- * t80", NULL,
	  "- rule duu 0" },
	{ "baseline rules hold for it", "an6t80", "I;B1- * t80", NULL,
	  "- rule nsd 0" },
	{ "unless settings say judge", "an4t80 judge", "I;P0+ 1 t80", NULL,
	  "- isolated niu | 0peer" },
	{ "itself whatever settings say", "aa4t80 judge", "I", NULL,
	  "+ default nsn" },
	{ "the server is asked for, not the client", "ab4t80",
	  "I;P0+ 1 *;P0+ 3 t80", NULL, "+ rule ndu 1" },
};

/* Where the ends are, as told to people. */
static void test_places(void **state)
{
	static const struct {
		char name;
		enum walk_place place;
	} rows[] = {
		{ 'a', WALK_PLACE_POD },     { 'r', WALK_PLACE_GUARDED },
		{ 'n', WALK_PLACE_NODE },    { 'g', WALK_PLACE_GUARDED },
		{ 'o', WALK_PLACE_OUTSIDE },
	};
	struct walk_scene scene;
	struct walk walk;
	size_t i;

	(void)state;
	walk_scene_set(&scene);
	for (i = 0; i < COUNT(rows); i++) {
		const char text[] = { 'o', rows[i].name, '4', 't', '8', '0', 0 };

		walk_scene_ask(&scene, text);
		walk_connection(&scene.question, &walk);
		assert_int_equal(walk.server.place, rows[i].place);
		assert_int_equal(!!walk.server.guarded,
				 rows[i].place == WALK_PLACE_GUARDED);
		walk_clear(&walk);
	}
	scene.settings.guarded_count = 0;
	walk_scene_ask(&scene, "or4t80");
	walk_connection(&scene.question, &walk);
	assert_int_equal(walk.server.place, WALK_PLACE_CLUSTER);
	assert_int_equal(walk.server.identity, 3);
	walk_clear(&walk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
	};
	int failed = 0;

	failed += table_tests("ingress", ingress_rows, COUNT(ingress_rows),
			      sizeof(*ingress_rows), test_ingress);
	failed += table_tests("egress", egress_rows, COUNT(egress_rows),
			      sizeof(*egress_rows), test_egress);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return !!failed;
}
