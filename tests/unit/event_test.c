// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events: which are wanted, which repeat others, and how they are told.
 */
#include "support.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "clock.h"
#include "event.h"
#include "event_output.h"
#include "filter.h"
#include "policy/memory.h"
#include "repeat.h"

#define SECOND 1000000000ull

/* 2026-01-31 21:30:00.961 */
#define MOMENT 1769895000961000000ull

/* A drop at the egress of default/backend, to be changed by a test. */
static struct event make_event(void)
{
	struct event event = {
		.connection = {
			.protocol = IPPROTO_TCP,
			.client_port = 56548,
			.server_port = 443,
		},
		.decision = {
			.direction = PODWALL_DIRECTION_EGRESS,
			.verdict = PODWALL_VERDICT_DENY,
			.reason = PODWALL_REASON_ISOLATED,
			.mode = PODWALL_MODE_ENFORCE,
			.tier = PODWALL_TIER_POLICY,
			.rule_set = 2,
		},
		.length = 60,
		.lost = 3,
		.pod_lost = 1,
		.generation = 12,
		.time = MOMENT,
	};

	assert_true(ip_parse("10.1.0.12", &event.connection.client));
	assert_true(ip_parse("198.51.100.7", &event.connection.server));
	event.decision.pod = xstrdup("default/backend");
	event.decision.origin =
		xstrdup("NetworkPolicy default/restrict-egress");
	event.client_pod = xstrdup("default/backend");
	return event;
}

static void set_text(char **text, const char *value)
{
	free(*text);
	*text = value ? xstrdup(value) : NULL;
}

/* Filters: words of a command line, and whether the event passes. */
struct filter_row {
	const char *words;
	bool passes;
};

static const struct filter_row filter_rows[] = {
	{ "", true },
	{ "pod=default/backend", true },
	{ "pod=default/web", true },
	{ "pod=default/other", false },
	{ "pod=default/other pod=default/web", true },
	{ "pod=default/back", false },
	{ "namespace=default", true },
	{ "namespace=def", false },
	{ "namespace=shop namespace=default", true },
	{ "namespace=shop", false },
	{ "direction=egress", true },
	{ "direction=ingress", false },
	{ "direction=ingress direction=egress", true },
	{ "reason=isolated", true },
	{ "reason=rule", false },
	{ "reason=rule reason=isolated", true },
	{ "policy=default/restrict-egress", true },
	{ "policy=restrict", true },
	{ "policy=NetworkPolicy", true },
	{ "policy=default/allow", false },
	{ "policy=default/allow policy=restrict", true },
	{ "pod=default/web direction=egress reason=isolated policy=restrict",
	  true },
	{ "pod=default/web direction=ingress", false },
	{ "namespace=default reason=rule", false },
	{ "pod=default/web policy=allow", false },
};

static void add_word(struct filter *filter, const char *word)
{
	const char *value = strchr(word, '=') + 1;

	switch (word[0]) {
	case 'p':
		if (word[2] == 'd')
			assert_true(filter_add_pod(filter, value));
		else
			assert_true(filter_add_origin(filter, value));
		break;
	case 'n':
		assert_true(filter_add_namespace(filter, value));
		break;
	case 'd':
		assert_true(filter_add_direction(filter, value));
		break;
	default:
		assert_true(filter_add_reason(filter, value));
		break;
	}
}

static void test_filter(void **state)
{
	const struct filter_row *row = *state;
	struct event event = make_event();
	char *words = xstrdup(row->words), *rest = words, *word;
	struct filter filter = {};

	set_text(&event.server_pod, "default/web");
	while ((word = strtok_r(rest, " ", &rest)))
		add_word(&filter, word);
	assert_int_equal(filter_passes(&filter, &event), row->passes);
	filter_clear(&filter);
	free(words);
	event_clear(&event);
}

/* What an event lacks fits no filter that asks for it. */
static void test_filter_unknown(void **state)
{
	struct event event = make_event();
	struct filter filter = {};

	(void)state;
	set_text(&event.client_pod, NULL);
	set_text(&event.decision.pod, NULL);
	set_text(&event.decision.origin, NULL);
	assert_true(filter_passes(&filter, &event));
	assert_true(filter_add_origin(&filter, "e"));
	assert_false(filter_passes(&filter, &event));
	filter_clear(&filter);
	assert_true(filter_add_namespace(&filter, "default"));
	assert_false(filter_passes(&filter, &event));
	set_text(&event.decision.pod, "default/backend");
	assert_true(filter_passes(&filter, &event));
	filter_clear(&filter);

	event.decision.reason = 40;
	assert_true(filter_passes(&filter, &event));
	assert_true(filter_add_reason(&filter, "rule"));
	assert_false(filter_passes(&filter, &event));
	filter_clear(&filter);

	assert_false(filter_add_pod(&filter, "backend"));
	assert_false(filter_add_pod(&filter, "/backend"));
	assert_false(filter_add_pod(&filter, "default/"));
	assert_false(filter_add_pod(&filter, "a/b/c"));
	assert_false(filter_add_namespace(&filter, ""));
	assert_false(filter_add_namespace(&filter, "a/b"));
	assert_false(filter_add_namespace(&filter, "Default"));
	assert_false(filter_add_origin(&filter, ""));
	assert_false(filter_add_direction(&filter, "in"));
	assert_false(filter_add_reason(&filter, ""));
	assert_int_equal(filter.pod_count, 0);
	assert_int_equal(filter.namespace_count, 0);
	assert_int_equal(filter.origin_count, 0);
	assert_int_equal(filter.reasons, 0);
	event_clear(&event);
}

/* Reasons for which some connections are denied, and others. */
static void test_filter_accepting(void **state)
{
	static const struct {
		const char *reason;
		const char *accepting;
	} rows[] = {
		{ "rule", NULL },
		{ "isolated", NULL },
		{ "unregistered", NULL },
		{ "default", "default" },
		{ "no-policy", "no-policy" },
		{ "node", "node" },
	};
	struct filter filter = {};
	const char *accepting;
	size_t i;

	(void)state;
	assert_null(filter_accepting_reason(&filter));
	for (i = 0; i < COUNT(rows); i++) {
		assert_true(filter_add_reason(&filter, "isolated"));
		assert_true(filter_add_reason(&filter, rows[i].reason));
		accepting = filter_accepting_reason(&filter);
		if (rows[i].accepting)
			assert_string_equal(accepting, rows[i].accepting);
		else
			assert_null(accepting);
		filter_clear(&filter);
	}
}

/* Events at tenths of a second, with what varies behind an equals sign, and
 * what is told: "+" at once, "*N" for N that were counted, at its time.
 */
struct repeat_row {
	const char *name;
	const char *events;
	const char *told;
};

static const struct repeat_row repeat_rows[] = {
	{ "one", "0", "0+" },
	{ "two", "0 10", "0+ 50*1" },
	{ "many", "0 10 20 30", "0+ 50*3" },
	{ "the time is over", "0 50", "0+ 50+" },
	{ "just not over", "0 49", "0+ 50*1" },
	{ "over, with some counted", "0 10 60", "0+ 50*1 60+" },
	{ "again and again", "0 10 60 70 80", "0+ 50*1 60+ 110*2" },
	{ "another server", "0 10s", "0+ 10+" },
	{ "another client", "0 10c", "0+ 10+" },
	{ "another port of the server", "0 10p", "0+ 10+" },
	{ "another port of the client", "0 10q", "0+ 50*1" },
	{ "another protocol", "0 10u", "0+ 10+" },
	{ "another direction", "0 10d", "0+ 10+" },
	{ "another reason", "0 10r", "0+ 10+" },
	{ "another origin", "0 10o", "0+ 10+" },
	{ "no origin", "0 10n", "0+ 10+" },
	{ "audit", "0 10a", "0+ 10+" },
	{ "accepted", "0 10A", "0+ 10+" },
	{ "another pod at the server", "0 10w", "0+ 10+" },
	{ "another length", "0 10l", "0+ 50*1" },
	{ "two kinds", "0 10s 20 30s 40s", "0+ 10+ 50*1 60*2" },
};

static void vary(struct event *event, char variation)
{
	struct connection *connection = &event->connection;

	switch (variation) {
	case 's':
		assert_true(ip_parse("198.51.100.8", &connection->server));
		break;
	case 'c':
		assert_true(ip_parse("10.1.0.13", &connection->client));
		break;
	case 'p':
		connection->server_port = 80;
		break;
	case 'q':
		connection->client_port = 1;
		break;
	case 'u':
		connection->protocol = IPPROTO_UDP;
		break;
	case 'd':
		event->decision.direction = PODWALL_DIRECTION_INGRESS;
		break;
	case 'r':
		event->decision.reason = PODWALL_REASON_RULE;
		break;
	case 'o':
		set_text(&event->decision.origin, "NetworkPolicy default/x");
		break;
	case 'n':
		set_text(&event->decision.origin, NULL);
		break;
	case 'a':
		event->decision.mode = PODWALL_MODE_AUDIT;
		break;
	case 'A':
		event->accepted = true;
		break;
	case 'w':
		set_text(&event->server_pod, "default/web");
		break;
	case 'l':
		event->length = 1500;
		break;
	}
}

#define TENTH (SECOND / 10)

static void append(char *text, uint64_t time, const char *mark)
{
	sprintf(text + strlen(text), "%s%u%s", *text ? " " : "",
		(unsigned int)(time / TENTH), mark);
}

/* Let time pass until @now, as a monitor that sleeps does. */
static void tell_until(struct repeats *repeats, uint64_t *clock, uint64_t now,
		       char *told)
{
	struct event event;
	uint64_t count;
	char mark[16];
	int wait;

	while ((wait = repeats_wait(repeats, *clock)) >= 0 &&
	       *clock + wait * NANOSECONDS_PER_MILLISECOND <= now) {
		*clock += wait * NANOSECONDS_PER_MILLISECOND;
		while ((count = repeats_next(repeats, *clock, &event))) {
			snprintf(mark, sizeof(mark), "*%u",
				 (unsigned int)count);
			append(told, *clock, mark);
			event_clear(&event);
		}
	}
	*clock = now;
}

static void test_repeat(void **state)
{
	const struct repeat_row *row = *state;
	struct repeats repeats = {};
	const char *rest = row->events;
	uint64_t clock = 0;
	char told[128] = "";

	while (*rest) {
		struct event event = make_event();
		uint64_t now = strtoul(rest, (char **)&rest, 10) * TENTH;

		if (*rest && *rest != ' ')
			vary(&event, *rest++);
		rest += strspn(rest, " ");
		tell_until(&repeats, &clock, now, told);
		if (repeats_take(&repeats, &event, now))
			append(told, now, "+");
		event_clear(&event);
	}
	tell_until(&repeats, &clock, 1000 * SECOND, told);
	assert_string_equal(told, row->told);
	assert_int_equal(repeats_wait(&repeats, clock), -1);
	assert_null(repeats.kinds);
}

/* The last of several is what is told, and at the end all is. */
static void test_repeat_end(void **state)
{
	struct event event = make_event(), last;
	struct repeats repeats = {};

	(void)state;
	assert_true(repeats_take(&repeats, &event, 0));
	event.connection.client_port = 2;
	assert_false(repeats_take(&repeats, &event, 1));
	event.connection.client_port = 3;
	assert_false(repeats_take(&repeats, &event, 2));
	assert_int_equal(repeats_next(&repeats, 3, &last), 0);
	assert_int_equal(repeats_wait(&repeats, 3), 5000);
	assert_int_equal(repeats_wait(&repeats, 6 * SECOND), 0);
	assert_int_equal(repeats_next(&repeats, UINT64_MAX, &last), 2);
	assert_int_equal(last.connection.client_port, 3);
	assert_string_equal(last.decision.pod, "default/backend");
	event_clear(&last);
	assert_int_equal(repeats_next(&repeats, UINT64_MAX, &last), 0);

	assert_true(repeats_take(&repeats, &event, 0));
	assert_false(repeats_take(&repeats, &event, 0));
	repeats_clear(&repeats);
	assert_null(repeats.kinds);
	event_clear(&event);
}

/* Of too many kinds the oldest is told early. */
static void test_repeat_bound(void **state)
{
	struct event event = make_event(), last;
	struct repeats repeats = {};
	unsigned int i;

	(void)state;
	for (i = 0; i <= REPEATS_MAX; i++) {
		event.connection.server_port = i;
		assert_int_equal(repeats_next(&repeats, 1, &last), 0);
		assert_true(repeats_take(&repeats, &event, 1));
		if (i == 0)
			assert_false(repeats_take(&repeats, &event, 1));
	}
	assert_int_equal(repeats_next(&repeats, 1, &last), 1);
	assert_int_equal(last.connection.server_port, 0);
	event_clear(&last);
	assert_int_equal(repeats_next(&repeats, 1, &last), 0);
	assert_false(repeats_take(&repeats, &event, 1));
	repeats_clear(&repeats);
	event_clear(&event);
}

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
		cmocka_unit_test(test_filter_unknown),
		cmocka_unit_test(test_filter_accepting),
		cmocka_unit_test(test_repeat_end),
		cmocka_unit_test(test_repeat_bound),
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
	failed += table_tests("filter", filter_rows, COUNT(filter_rows),
			      sizeof(*filter_rows), test_filter);
	failed += table_tests("repeat", repeat_rows, COUNT(repeat_rows),
			      sizeof(*repeat_rows), test_repeat);
	failed += table_tests("reason", reason_rows, COUNT(reason_rows),
			      sizeof(*reason_rows), test_reason);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return !!failed;
}
