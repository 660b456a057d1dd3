// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which events repeat others, and when that is told.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "clock.h"
#include "events.h"
#include "repeat.h"

#define SECOND 1000000000ull
#define TENTH (SECOND / 10)

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_repeat_end),
		cmocka_unit_test(test_repeat_bound),
	};
	int failed = 0;

	failed += table_tests("repeat", repeat_rows, COUNT(repeat_rows),
			      sizeof(*repeat_rows), test_repeat);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return !!failed;
}
