// SPDX-License-Identifier: GPL-2.0-only
/*
 * How events are told.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include "clock.h"
#include "event_output.h"
#include "events.h"
#include "policy/memory.h"

#define SECOND 1000000000ull

static void expect_text(char *text, const char *wanted)
{
	assert_string_equal(text, wanted);
	free(text);
}

static void expect_json(json_t *object, const char *wanted)
{
	char *text = json_dumps(object, JSON_SORT_KEYS | JSON_COMPACT);

	json_decref(object);
	expect_text(text, wanted);
}

static void test_drop(void **state)
{
	struct event event = make_event();

	(void)state;
	expect_text(event_text(&event, 1),
		    "21:30:00.961 drop   default/backend 10.1.0.12:56548 -> "
		    "198.51.100.7:443 tcp  egress of default/backend: isolated "
		    "by NetworkPolicy default/restrict-egress");
	expect_text(event_text(&event, 12),
		    "21:30:00.961 drop   default/backend 10.1.0.12:56548 -> "
		    "198.51.100.7:443 tcp  egress of default/backend: isolated "
		    "by NetworkPolicy default/restrict-egress  (x12)");
	expect_json(event_json(&event),
		    "{\"client\":\"10.1.0.12\",\"client_pod\":\"default/backend\","
		    "\"client_port\":56548,\"direction\":\"egress\","
		    "\"event\":\"drop\",\"generation\":12,\"length\":60,\"lost\":3,"
		    "\"mode\":\"enforce\","
		    "\"origin\":\"NetworkPolicy default/restrict-egress\","
		    "\"pod\":\"default/backend\",\"pod_lost\":1,"
		    "\"protocol\":\"tcp\",\"reason\":\"isolated\",\"rule_set\":2,"
		    "\"server\":\"198.51.100.7\",\"server_port\":443,"
		    "\"tier\":\"policy\","
		    "\"time\":\"2026-01-31T21:30:00.961000000Z\","
		    "\"verdict\":\"deny\"}");
	event_clear(&event);
}

static void test_audit_and_accept(void **state)
{
	struct event event = make_event();

	(void)state;
	event.decision.mode = PODWALL_MODE_AUDIT;
	event.decision.reason = PODWALL_REASON_RULE;
	event.connection.protocol = IPPROTO_ICMPV6;
	event.connection.client_port = 0;
	event.connection.server_port = 0;
	assert_true(ip_parse("fd00::1", &event.connection.client));
	assert_true(ip_parse("fd00::2", &event.connection.server));
	set_text(&event.server_pod, "default/web");
	expect_text(event_text(&event, 1),
		    "21:30:00.961 audit  default/backend fd00::1 -> default/web "
		    "fd00::2 icmpv6  egress of default/backend: denied by "
		    "NetworkPolicy default/restrict-egress");

	event.accepted = true;
	event.decision.mode = PODWALL_MODE_ENFORCE;
	event.decision.verdict = PODWALL_VERDICT_ACCEPT;
	event.decision.direction = PODWALL_DIRECTION_INGRESS;
	event.decision.has_cookie = true;
	event.decision.cookie = 0xabc;
	event.connection.protocol = IPPROTO_UDP;
	event.connection.client_port = 1;
	event.connection.server_port = 53;
	set_text(&event.decision.pod, "default/web");
	set_text(&event.client_pod, NULL);
	expect_text(event_text(&event, 1),
		    "21:30:00.961 accept [fd00::1]:1 -> default/web "
		    "[fd00::2]:53 udp  ingress of default/web: accepted by "
		    "NetworkPolicy default/restrict-egress");
	expect_json(event_json(&event),
		    "{\"client\":\"fd00::1\",\"client_port\":1,"
		    "\"cookie\":\"0x0000000000000abc\",\"direction\":\"ingress\","
		    "\"event\":\"accept\",\"generation\":12,\"length\":60,"
		    "\"lost\":3,\"mode\":\"enforce\","
		    "\"origin\":\"NetworkPolicy default/restrict-egress\","
		    "\"pod\":\"default/web\",\"pod_lost\":1,\"protocol\":\"udp\","
		    "\"reason\":\"rule\",\"rule_set\":2,\"server\":\"fd00::2\","
		    "\"server_pod\":\"default/web\",\"server_port\":53,"
		    "\"tier\":\"policy\","
		    "\"time\":\"2026-01-31T21:30:00.961000000Z\","
		    "\"verdict\":\"accept\"}");
	event_clear(&event);
}

/* Reasons in words, with the origin that the module gives with them. */
struct reason_row {
	const char *name;
	enum podwall_reason reason;
	const char *origin;
	const char *wanted;
};

static const struct reason_row reason_rows[] = {
	{ "unregistered", PODWALL_REASON_UNREGISTERED,
	  "guarded block 10.1.0.0/16",
	  "egress: no registered pod has this guarded address in "
	  "guarded block 10.1.0.0/16" },
	{ "unregistered, of a module that names no block",
	  PODWALL_REASON_UNREGISTERED, NULL,
	  "egress: no registered pod has this guarded address" },
	{ "node", PODWALL_REASON_NODE, "NetworkPolicy default/deny-all",
	  "egress: the node reaches its own pods; NetworkPolicy "
	  "default/deny-all would deny" },
	{ "node, by what has no origin", PODWALL_REASON_NODE, NULL,
	  "egress: the node reaches its own pods" },
	{ "rule", PODWALL_REASON_RULE, "NetworkPolicy default/a egress[0]",
	  "egress: denied by NetworkPolicy default/a egress[0]" },
	{ "isolated", PODWALL_REASON_ISOLATED, "NetworkPolicy default/a",
	  "egress: isolated by NetworkPolicy default/a" },
	{ "default", PODWALL_REASON_DEFAULT, NULL, "egress: no rule decides" },
	{ "no policy", PODWALL_REASON_NO_POLICY, NULL, "egress: no policy" },
	{ "one that nobody knows", 40, NULL, "egress: unknown" },
	{ "one that nobody knows, with an origin", 40, "something",
	  "egress: unknown by something" },
};

static void test_reason(void **state)
{
	const struct reason_row *row = *state;
	struct event event = make_event();
	char *wanted;

	event.decision.reason = row->reason;
	set_text(&event.decision.pod, NULL);
	set_text(&event.decision.origin, row->origin);
	wanted =
		xasprintf("21:30:00.961 drop   default/backend 10.1.0.12:56548 "
			  "-> 198.51.100.7:443 tcp  %s",
			  row->wanted);
	expect_text(event_text(&event, 1), wanted);
	free(wanted);
	event_clear(&event);
}

/* A terminal would obey what comes from outside. */
static void test_clean(void **state)
{
	struct event event = make_event();
	char *text;

	(void)state;
	set_text(&event.client_pod, "a/\033[2J");
	set_text(&event.decision.pod, "a/\nb");
	set_text(&event.decision.origin, "x\ry");
	text = event_text(&event, 1);
	assert_non_null(strstr(text, "a/?[2J 10.1.0.12"));
	assert_non_null(strstr(text, "egress of a/?b: isolated by x?y"));
	free(text);
	event_clear(&event);
}

static void test_change(void **state)
{
	char command[] = "nlctl";
	struct change change = {
		.generation = 12,
		.command = command,
		.process = 812,
		.requests = 3,
		.delay = 1234567,
		.used = { .pods = 12, .rules = 40 },
		.time = MOMENT,
	};

	(void)state;
	expect_text(change_text(&change),
		    "21:30:00.961 change generation 12 by nlctl (process 812, "
		    "user 0): 3 requests, in 1.2 ms; 12 pods, 40 rules");
	change.used = (struct amounts){ .pods = 1, .rules = 1, .memory = 5 };
	change.requests = 1;
	change.command = NULL;
	expect_text(change_text(&change),
		    "21:30:00.961 change generation 12 (process 812, user 0): "
		    "1 request, in 1.2 ms; 1 pod, 1 rule");
	change.command = command;
	expect_json(change_json(&change),
		    "{\"command\":\"nlctl\",\"delay_nanoseconds\":1234567,"
		    "\"event\":\"change\",\"generation\":12,\"lost\":0,"
		    "\"process\":812,\"requests\":1,"
		    "\"time\":\"2026-01-31T21:30:00.961000000Z\","
		    "\"used\":{\"addresses\":0,\"guarded\":0,\"members\":0,"
		    "\"memory\":5,\"peer_sets\":0,\"pods\":1,\"rule_sets\":0,"
		    "\"rules\":1,\"transactions\":0},\"user\":0}");
}

static void test_lost(void **state)
{
	(void)state;
	expect_text(lost_text(MOMENT, 12),
		    "21:30:00.961 lost   12 events: above the event rate, or "
		    "faster than they were read");
	expect_text(lost_text(MOMENT, 1),
		    "21:30:00.961 lost   1 event: above the event rate, or "
		    "faster than they were read");
	expect_text(lost_text(MOMENT, 0),
		    "21:30:00.961 lost   events: they came faster than they "
		    "were read");
	expect_json(lost_json(MOMENT, 12),
		    "{\"count\":12,\"event\":\"lost\","
		    "\"time\":\"2026-01-31T21:30:00.961000000Z\"}");
	expect_json(lost_json(MOMENT, 0),
		    "{\"event\":\"lost\","
		    "\"time\":\"2026-01-31T21:30:00.961000000Z\"}");
}

/* Durations, each in the unit that needs the fewest digits. */
static void test_duration(void **state)
{
	static const struct {
		uint64_t duration;
		const char *text;
	} rows[] = {
		{ 0, "0 ns" },
		{ 999, "999 ns" },
		{ 1000, "1.0 us" },
		{ 999940, "999.9 us" },
		{ 999950, "1.0 ms" },
		{ 1234567, "1.2 ms" },
		{ 3 * SECOND, "3.0 s" },
		{ 5000 * SECOND, "5000.0 s" },
		{ UINT64_MAX, "18446744073.7 s" },
	};
	char text[DURATION_TEXT_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		assert_string_equal(duration_text(rows[i].duration, text),
				    rows[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_drop),
		cmocka_unit_test(test_audit_and_accept),
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_change),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_duration),
	};
	int failed = 0;

	/* Lines are compared letter by letter. */
	setenv("NO_COLOR", "1", 1);
	setenv("TZ", "UTC", 1);
	failed += table_tests("reason", reason_rows, COUNT(reason_rows),
			      sizeof(*reason_rows), test_reason);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return !!failed;
}
