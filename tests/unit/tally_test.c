// SPDX-License-Identifier: GPL-2.0-only
/*
 * Readings of the counters: rows of what was read, what was counted between two
 * readings, and the order of rows.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include "names.h"
#include "policy/memory.h"
#include "tally.h"
#include "tally_difference.h"
#include "tally_order.h"
#include "tally_output.h"

#define SECOND 1000000000ull

static struct rule_set *add_set(struct objects *objects, uint32_t id,
				enum podwall_direction direction)
{
	struct rule_set *set =
		array_add(objects->rule_sets, objects->rule_set_count);

	set->id = id;
	set->direction = direction;
	return set;
}

static struct rule *add_rule(struct rule_set *set, const char *origin,
			     uint64_t cookie, uint64_t packets)
{
	struct rule *rule = array_add(set->rules, set->rule_count);

	rule->tier = PODWALL_TIER_POLICY;
	rule->action = PODWALL_ACTION_ACCEPT;
	rule->any_peer = true;
	rule->any_port = true;
	rule->origin = xstrdup(origin);
	rule->cookie = cookie;
	rule->count = (struct count){ packets / 2, packets, packets * 60 };
	return rule;
}

static struct pod *add_object_pod(struct objects *objects, const char *key,
				  uint32_t ingress, uint32_t enforced)
{
	struct pod *pod = array_add(objects->pods, objects->pod_count);

	pod->key = xstrdup(key);
	pod->uid = xstrdup("");
	pod->ingress_rule_set = ingress;
	pod->ingress_enforced_rule_set = enforced;
	pod->mode = PODWALL_MODE_ENFORCE;
	return pod;
}

static void add_traffic(struct traffic **traffic, size_t *count,
			const struct traffic *row)
{
	*array_add(*traffic, *count) = *row;
}

static void isolate(struct rule_set *set, const char *origin, uint64_t packets)
{
	set->isolated = true;
	set->isolation_origin = xstrdup(origin);
	set->isolation_count = (struct count){ packets, packets, packets * 40 };
}

/* A reading of two pods that share a rule set, and one with two policies. */
static void read_example(struct tally *tally, uint64_t time, uint64_t packets)
{
	struct objects objects = { .generation = 7 };
	struct status status = { .version = xstrdup("1") };
	struct rule_set *set;
	struct pod *pod;

	set = add_set(&objects, 1, PODWALL_DIRECTION_INGRESS);
	add_rule(set, "NetworkPolicy x/web ingress[0]", 11, packets);
	add_rule(set, "NetworkPolicy x/web ingress[1]", 12, 0);
	isolate(set, "NetworkPolicy x/web", 3);
	set = add_set(&objects, 2, PODWALL_DIRECTION_INGRESS);
	add_rule(set, "ClusterNetworkPolicy skip ingress[0]", 21, 0)->action =
		PODWALL_ACTION_PASS;
	set->rules[0].tier = PODWALL_TIER_ADMIN;
	add_rule(set, "NetworkPolicy x/web ingress[0]", 11, 2 * packets);
	add_rule(set, "NetworkPolicy x/web ingress[0]", 11, 1);
	add_rule(set, "NetworkPolicy x/web ingress[1]", 12, 0);
	isolate(set, "NetworkPolicy x/web", 4);
	set = add_set(&objects, 3, PODWALL_DIRECTION_EGRESS);
	add_rule(set, "NetworkPolicy x/web ingress[1]", 12, 0);
	set->default_count = (struct count){ 1, 9, 90 };
	add_object_pod(&objects, "x/b", 1, 0);
	pod = add_object_pod(&objects, "x/a", 1, 2);
	pod->events_lost = 5;
	add_traffic(&pod->traffic, &pod->traffic_count,
		    &(struct traffic){ PODWALL_DIRECTION_INGRESS,
				       PODWALL_VERDICT_DENY,
				       PODWALL_MODE_ENFORCE,
				       PODWALL_REASON_ISOLATED,
				       { 1, packets, 40 } });
	add_traffic(&pod->traffic, &pod->traffic_count,
		    &(struct traffic){ PODWALL_DIRECTION_INGRESS,
				       PODWALL_VERDICT_ACCEPT,
				       PODWALL_MODE_AUDIT,
				       PODWALL_REASON_RULE,
				       { 2, 4, 400 } });
	add_traffic(&pod->traffic, &pod->traffic_count,
		    &(struct traffic){ PODWALL_DIRECTION_INGRESS,
				       PODWALL_VERDICT_ACCEPT,
				       PODWALL_MODE_ENFORCE,
				       PODWALL_REASON_DEFAULT,
				       { 3, 6, 600 } });
	add_traffic(&pod->traffic, &pod->traffic_count,
		    &(struct traffic){ PODWALL_DIRECTION_INGRESS,
				       PODWALL_VERDICT_DENY,
				       PODWALL_MODE_AUDIT,
				       PODWALL_REASON_RULE,
				       { 1, 2, 80 } });
	add_traffic(&status.traffic, &status.traffic_count,
		    &(struct traffic){ PODWALL_DIRECTION_EGRESS,
				       PODWALL_VERDICT_ACCEPT,
				       PODWALL_MODE_ENFORCE,
				       PODWALL_REASON_NO_POLICY,
				       { 1, 9, 90 } });
	add_traffic(&status.traffic, &status.traffic_count,
		    &(struct traffic){ PODWALL_DIRECTION_INGRESS,
				       PODWALL_VERDICT_DENY,
				       PODWALL_MODE_ENFORCE,
				       PODWALL_REASON_ISOLATED,
				       { 1, packets, 40 } });
	status.accepted_packets = 10 * packets;
	status.denied_packets = packets;
	objects_sort(&objects);
	tally_make(tally, &objects, &status, time);
	assert_null(objects.pods);
	assert_null(status.version);
}

static const struct tally_rule *find_rule(const struct tally *tally,
					  enum podwall_direction direction,
					  enum tally_kind kind,
					  const char *origin)
{
	const struct tally_rule *found = NULL;
	size_t i;

	for (i = 0; i < tally->rule_count; i++) {
		const struct tally_rule *row = &tally->rules[i];

		if (row->decider.direction != direction ||
		    row->decider.kind != kind ||
		    strcmp(row->decider.origin, origin) != 0)
			continue;
		assert_null(found);
		found = row;
	}
	if (!found)
		fail_msg("no row of %s", origin);
	return found;
}

#define INGRESS PODWALL_DIRECTION_INGRESS
#define EGRESS PODWALL_DIRECTION_EGRESS

/* A rule of a policy is one row, however many rule sets have it. */
static void test_rules(void **state)
{
	const struct tally_rule *row;
	struct tally tally;

	(void)state;
	read_example(&tally, SECOND, 100);
	assert_int_equal(tally.part_count, 10);
	assert_int_equal(tally.rule_count, 6);
	row = find_rule(&tally, INGRESS, TALLY_RULE,
			"NetworkPolicy x/web ingress[0]");
	assert_int_equal(row->amount.total.packets, 301);
	assert_int_equal(row->amount.total.bytes, 60 * 301);
	assert_int_equal(row->rule_set_count, 2);
	assert_int_equal(row->rule_sets[0], 1);
	assert_int_equal(row->rule_sets[1], 2);
	assert_int_equal(row->pod_count, 2);
	assert_string_equal(row->pods[0], "x/a");
	assert_string_equal(row->pods[1], "x/b");
	assert_false(tally_is_unused(row));
	row = find_rule(&tally, INGRESS, TALLY_RULE,
			"NetworkPolicy x/web ingress[1]");
	assert_true(tally_is_unused(row));
	assert_int_equal(row->pod_count, 2);
	row = find_rule(&tally, EGRESS, TALLY_RULE,
			"NetworkPolicy x/web ingress[1]");
	assert_true(tally_is_unused(row));
	assert_int_equal(row->pod_count, 0);
	assert_int_equal(row->rule_sets[0], 3);
	row = find_rule(&tally, INGRESS, TALLY_RULE,
			"ClusterNetworkPolicy skip ingress[0]");
	assert_false(tally_is_unused(row));
	assert_int_equal(row->pod_count, 1);
	row = find_rule(&tally, INGRESS, TALLY_ISOLATION,
			"NetworkPolicy x/web");
	assert_int_equal(row->amount.total.packets, 7);
	assert_int_equal(row->decider.action, PODWALL_ACTION_DENY);
	row = find_rule(&tally, EGRESS, TALLY_DEFAULT, "");
	assert_int_equal(row->amount.total.packets, 9);
	assert_false(tally_is_unused(row));
	tally_clear(&tally);
	assert_null(tally.rules);
}

/* Reasons of a pod come together; whether a pod is in audit mode is no matter
 * of what it accepts.
 */
static void test_pods(void **state)
{
	static const struct {
		const char *key;
		enum podwall_direction direction;
		enum podwall_verdict verdict;
		enum podwall_mode mode;
		uint64_t connections;
		uint64_t packets;
		uint64_t lost;
	} wanted[] = {
		{ "x/a", INGRESS, PODWALL_VERDICT_ACCEPT, PODWALL_MODE_ENFORCE,
		  5, 10, 5 },
		{ "x/a", INGRESS, PODWALL_VERDICT_DENY, PODWALL_MODE_ENFORCE, 1,
		  100, 5 },
		{ "x/a", INGRESS, PODWALL_VERDICT_DENY, PODWALL_MODE_AUDIT, 1,
		  2, 5 },
		{ "x/b", 0, 0, 0, 0, 0, 0 },
	};
	struct tally tally;
	size_t i;

	(void)state;
	read_example(&tally, SECOND, 100);
	assert_int_equal(tally.pod_count, COUNT(wanted));
	for (i = 0; i < COUNT(wanted); i++) {
		const struct tally_pod *row = &tally.pods[i];

		assert_string_equal(row->key, wanted[i].key);
		assert_int_equal(row->direction, wanted[i].direction);
		assert_int_equal(row->verdict, wanted[i].verdict);
		assert_int_equal(row->mode, wanted[i].mode);
		assert_int_equal(row->amount.total.connections,
				 wanted[i].connections);
		assert_int_equal(row->amount.total.packets, wanted[i].packets);
		assert_int_equal(row->events_lost, wanted[i].lost);
	}
	assert_int_equal(tally.reasons[0].direction, INGRESS);
	assert_int_equal(tally.reasons[1].direction, EGRESS);
	tally_clear(&tally);
}

/* What a newer module decides for reasons of its own is one row that says so,
 * not that of a pod for which nothing was decided.
 */
static void test_unknown(void **state)
{
	struct objects objects = {};
	struct status status = {};
	struct tally tally;
	struct pod *pod;
	unsigned int i;

	(void)state;
	pod = add_object_pod(&objects, "x/a", 0, 0);
	for (i = 20; i < 23; i++) {
		const struct traffic traffic = { i, i, i, i, { 1, i, 0 } };

		add_traffic(&pod->traffic, &pod->traffic_count, &traffic);
		add_traffic(&status.traffic, &status.traffic_count, &traffic);
	}
	tally_make(&tally, &objects, &status, SECOND);
	assert_int_equal(tally.reason_count, 1);
	assert_int_equal(tally.reasons->amount.total.packets, 20 + 21 + 22);
	assert_int_equal(tally.reasons->mode, PODWALL_MODE_ENFORCE);
	assert_string_equal(name_of(ENUMERATION_REASON, tally.reasons->reason),
			    "unknown");
	assert_int_equal(tally.pod_count, 1);
	assert_int_equal(tally.pods->amount.total.packets, 20 + 21 + 22);
	assert_int_not_equal(tally.pods->direction, 0);
	assert_string_equal(name_of(ENUMERATION_DIRECTION,
				    tally.pods->direction),
			    "unknown");
	tally_clear(&tally);
}

static void test_nothing(void **state)
{
	struct objects objects = {};
	struct status status = {};
	struct tally before, tally;

	(void)state;
	tally_make(&before, &objects, &status, SECOND);
	tally_make(&tally, &objects, &status, 2 * SECOND);
	tally_compare(&tally, &before);
	tally_sort(&tally, TALLY_BY_PACKETS);
	assert_int_equal(tally.elapsed, SECOND);
	assert_int_equal(tally.rule_count, 0);
	tally_clear(&before);
	tally_clear(&tally);
}

/* What was there is compared, whatever order the reading before was put in. */
static void test_compare(void **state)
{
	static const enum tally_order orders[] = {
		TALLY_BY_PLACE, TALLY_BY_CONNECTIONS, TALLY_BY_PACKETS,
		TALLY_BY_BYTES, TALLY_BY_NAME,
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(orders); i++) {
		const struct tally_rule *row;
		struct tally before, tally;

		read_example(&before, SECOND, 100);
		tally_sort(&before, orders[i]);
		read_example(&tally, 3 * SECOND, 110);
		tally_compare(&tally, &before);
		assert_int_equal(tally.elapsed, 2 * SECOND);
		assert_int_equal(tally.accepted, 100);
		assert_int_equal(tally.denied, 10);
		assert_int_equal(tally.audited, 0);
		row = find_rule(&tally, INGRESS, TALLY_RULE,
				"NetworkPolicy x/web ingress[0]");
		assert_int_equal(row->amount.recent.packets, 30);
		assert_int_equal(row->amount.recent.connections, 15);
		assert_int_equal(row->amount.total.packets, 331);
		assert_int_equal(tally.pods[1].amount.recent.packets, 10);
		assert_int_equal(tally.pods[0].amount.recent.packets, 0);
		assert_int_equal(tally.reasons[0].amount.recent.packets, 10);
		assert_true(tally_rate(row->amount.recent.packets,
				       tally.elapsed) == 15.0);
		tally_clear(&before);
		tally_clear(&tally);
	}
}

/* Rule sets and rules that come and go: a row before and after, and what is
 * recent. A part is "SET COOKIE PACKETS".
 */
struct change_row {
	const char *name;
	const char *before;
	const char *after;
	const char *recent; /* "COOKIE PACKETS" */
};

static const struct change_row change_rows[] = {
	{ "the same", "1 7 10", "1 7 15", "7 5" },
	{ "nothing new", "1 7 10", "1 7 10", "7 0" },
	{ "a rule in front", "1 7 10", "1 6 3, 1 7 12", "6 3, 7 2" },
	{ "a rule less", "1 6 9, 1 7 10", "1 7 12", "7 2" },
	{ "another order", "1 6 9, 1 7 10", "1 7 11, 1 6 12", "6 3, 7 1" },
	{ "begun anew", "1 7 10", "1 7 4", "7 4" },
	{ "a set that is new", "1 7 10", "1 7 11, 2 7 5", "7 6" },
	{ "a set that is gone", "1 7 10, 2 7 20", "1 7 11", "7 1" },
	{ "a set under another id", "1 7 10", "2 7 11", "7 11" },
	{ "one cookie twice", "1 7 10, 1 7 20", "1 7 11, 1 7 22", "7 3" },
	{ "one cookie twice, another between", "1 7 10, 1 7 20",
	  "1 7 11, 1 8 1, 1 7 22", "7 3, 8 1" },
	{ "one cookie once more", "1 7 10", "1 7 11, 1 7 2", "7 3" },
	{ "nothing before", "", "1 7 5", "7 5" },
	{ "one of two begun anew", "1 7 10, 2 7 20", "1 7 3, 2 7 25", "7 8" },
};

static void read_parts(struct tally *tally, const char *text, uint64_t time)
{
	struct objects objects = {};
	struct status status = {};
	unsigned int id, cookie, packets;
	int length;

	while (sscanf(text, "%u %u %u%n", &id, &cookie, &packets, &length) ==
	       3) {
		struct rule_set *set = NULL;
		char origin[32];

		if (objects.rule_set_count)
			set = &objects.rule_sets[objects.rule_set_count - 1];
		if (!set || set->id != id)
			set = add_set(&objects, id, INGRESS);
		set->isolation_audited = true;
		snprintf(origin, sizeof(origin), "%u", cookie);
		add_rule(set, origin, cookie, packets)->count =
			(struct count){ packets, packets, packets };
		text += length + strspn(text + length, ", ");
	}
	objects_sort(&objects);
	tally_make(tally, &objects, &status, time);
}

static void test_change(void **state)
{
	const struct change_row *row = *state;
	struct tally before, tally;
	char *text = xstrdup("");
	size_t i;

	read_parts(&before, row->before, SECOND);
	read_parts(&tally, row->after, 2 * SECOND);
	tally_compare(&tally, &before);
	for (i = 0; i < tally.rule_count; i++) {
		const struct tally_rule *rule = &tally.rules[i];
		char *longer;

		if (rule->decider.kind != TALLY_RULE)
			continue;
		longer = xasprintf("%s%s%s %u", text, *text ? ", " : "",
				   rule->decider.origin,
				   (unsigned int)rule->amount.recent.packets);
		free(text);
		text = longer;
	}
	assert_string_equal(text, row->recent);
	free(text);
	tally_clear(&before);
	tally_clear(&tally);
}

/* The three of a count begin anew together, whichever of them shows it. */
struct count_row {
	const char *name;
	struct count before;
	struct count after;
	struct count recent;
};

static const struct count_row count_rows[] = {
	{ "more", { 1, 20, 300 }, { 2, 23, 350 }, { 1, 3, 50 } },
	{ "the same", { 1, 20, 300 }, { 1, 20, 300 }, { 0, 0, 0 } },
	{ "fewer connections", { 3, 20, 300 }, { 2, 23, 350 }, { 2, 23, 350 } },
	{ "fewer packets", { 1, 20, 300 }, { 2, 19, 350 }, { 2, 19, 350 } },
	{ "fewer bytes", { 1, 20, 300 }, { 2, 23, 299 }, { 2, 23, 299 } },
	{ "from nothing", { 0, 0, 0 }, { 1, 2, 3 }, { 1, 2, 3 } },
};

static void read_count(struct tally *tally, const struct count *count,
		       uint64_t time)
{
	struct objects objects = {};
	struct status status = {};

	add_rule(add_set(&objects, 1, INGRESS), "x", 1, 0)->count = *count;
	objects_sort(&objects);
	tally_make(tally, &objects, &status, time);
}

static void test_count(void **state)
{
	const struct count_row *row = *state;
	const struct count *recent;
	struct tally before, tally;

	read_count(&before, &row->before, SECOND);
	read_count(&tally, &row->after, 2 * SECOND);
	tally_compare(&tally, &before);
	recent = &find_rule(&tally, INGRESS, TALLY_RULE, "x")->amount.recent;
	assert_int_equal(recent->connections, row->recent.connections);
	assert_int_equal(recent->packets, row->recent.packets);
	assert_int_equal(recent->bytes, row->recent.bytes);
	tally_clear(&before);
	tally_clear(&tally);
}

/* The rows of "SET COOKIE PACKETS" as they are ordered. */
struct order_row {
	const char *name;
	const char *parts;
	const char *before;
	enum tally_order order;
	const char *wanted;
};

static const struct order_row order_rows[] = {
	{ "place", "1 2 5, 1 1 9", NULL, TALLY_BY_PLACE, "1 2 " },
	{ "packets", "1 1 5, 1 2 9, 1 3 7", NULL, TALLY_BY_PACKETS, "2 3 1 " },
	{ "connections", "1 1 5, 1 2 9, 1 3 7", NULL, TALLY_BY_CONNECTIONS,
	  "2 3 1 " },
	{ "bytes", "1 1 5, 1 2 9, 1 3 7", NULL, TALLY_BY_BYTES, "2 3 1 " },
	{ "equal ones stay", "1 3 5, 1 2 5, 1 1 5", NULL, TALLY_BY_PACKETS,
	  "1 2 3 " },
	{ "name", "1 2 5, 1 1 9, 1 3 1", NULL, TALLY_BY_NAME, "1 2 3 " },
	{ "recent packets", "1 1 50, 1 2 60, 1 3 70", "1 1 10, 1 2 59, 1 3 60",
	  TALLY_BY_PACKETS, "1 3 2 " },
};

static void test_order(void **state)
{
	const struct order_row *row = *state;
	struct tally before, tally;
	char text[64] = "";
	size_t i;

	read_parts(&tally, row->parts, 2 * SECOND);
	if (row->before) {
		read_parts(&before, row->before, SECOND);
		tally_compare(&tally, &before);
		tally_clear(&before);
	}
	tally_sort(&tally, row->order);
	for (i = 0; i < tally.rule_count; i++)
		if (tally.rules[i].decider.kind == TALLY_RULE) {
			strcat(text, tally.rules[i].decider.origin);
			strcat(text, " ");
		}
	assert_string_equal(text, row->wanted);
	tally_clear(&tally);
}

static void test_order_names(void **state)
{
	enum tally_order order = TALLY_BY_PLACE;

	(void)state;
	assert_true(tally_order_parse("bytes", &order));
	assert_int_equal(order, TALLY_BY_BYTES);
	assert_true(tally_order_parse("name", &order));
	assert_int_equal(order, TALLY_BY_NAME);
	assert_false(tally_order_parse("place", &order));
	assert_false(tally_order_parse("", &order));
	assert_int_equal(order, TALLY_BY_NAME);
}

static char *json_line(json_t *object)
{
	char *text = json_dumps(object, JSON_SORT_KEYS | JSON_COMPACT);

	json_decref(object);
	return text;
}

static void test_json(void **state)
{
	struct tally before, tally;
	char *text;

	(void)state;
	read_parts(&before, "1 7 10", SECOND);
	read_parts(&tally, "1 7 15, 1 8 0", 3 * SECOND);
	text = json_line(tally_unused_json(&tally));
	assert_string_equal(
		text,
		"{\"generation\":0,\"rules\":[{\"action\":\"accept\","
		"\"bytes\":0,\"connections\":0,\"direction\":\"ingress\","
		"\"kind\":\"rule\",\"origin\":\"8\",\"packets\":0,\"pods\":[],"
		"\"rule_sets\":[1],\"tier\":\"policy\"}]}");
	free(text);
	text = json_line(tally_json(&tally, TALLY_REASONS, true));
	assert_string_equal(text, "{\"elapsed_seconds\":null,\"generation\":0,"
				  "\"reasons\":[]}");
	free(text);
	tally_compare(&tally, &before);
	text = json_line(tally_json(&tally, TALLY_RULES, true));
	assert_non_null(strstr(text, "\"elapsed_seconds\":2.0,"));
	assert_non_null(strstr(text,
			       "\"packets\":15,\"per_second\":{\"bytes\":2.5,"
			       "\"connections\":2.5,\"packets\":2.5}"));
	free(text);
	tally_clear(&before);
	tally_clear(&tally);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_pods),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_order_names),
		cmocka_unit_test(test_json),
	};
	int failed = 0;

	failed += table_tests("change", change_rows, COUNT(change_rows),
			      sizeof(*change_rows), test_change);
	failed += table_tests("count", count_rows, COUNT(count_rows),
			      sizeof(*count_rows), test_count);
	failed += table_tests("order", order_rows, COUNT(order_rows),
			      sizeof(*order_rows), test_order);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return !!failed;
}
