// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which packets a wish lets through, by the kernel's filter and behind it.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include "packet_wish.h"

#define INGRESS PODWALL_DIRECTION_INGRESS
#define EGRESS PODWALL_DIRECTION_EGRESS

struct filter_row {
	const char *name;
	struct packet_wish wish;
	const char *filter;
};

/* In network namespace 7; a denial is verdict 2. */
static const struct filter_row filter_rows[] = {
	{ "any of a pod",
	  { .pod = "ns/a" },
	  "netns == 7 && (client_pod == \"ns/a\" || server_pod == \"ns/a\")" },
	{ "denied",
	  { .pod = "ns/a", .denied = true },
	  "netns == 7 && (client_pod == \"ns/a\" || server_pod == \"ns/a\") && verdict == 2" },
	{ "ingress",
	  { .pod = "ns/a", .direction = INGRESS },
	  "netns == 7 && pod == \"ns/a\" && direction == 1" },
	{ "egress",
	  { .pod = "ns/a", .direction = EGRESS },
	  "netns == 7 && pod == \"ns/a\" && direction == 2" },
	{ "denied for egress",
	  { .pod = "ns/a", .denied = true, .direction = EGRESS },
	  "netns == 7 && pod == \"ns/a\" && verdict == 2 && direction == 2" },
};

static void test_filter(void **state)
{
	const struct filter_row *row = *state;
	char *filter = packet_wish_filter(&row->wish, 7);

	assert_string_equal(filter, row->filter);
	free(filter);
}

/* The longest key that a filter of the kernel takes, and one byte more. */
static void test_long_key(void **state)
{
	char key[257] = {}, *filter;
	struct packet_wish wish = { .pod = key, .denied = true };

	(void)state;
	memset(key, 'k', 255);
	filter = packet_wish_filter(&wish, 7);
	assert_non_null(strstr(filter, key));
	free(filter);
	key[255] = 'k';
	filter = packet_wish_filter(&wish, 7);
	assert_string_equal(filter, "netns == 7 && verdict == 2");
	free(filter);
}

struct match_row {
	const char *name;
	enum podwall_direction direction;
	char *client;
	char *server;
	bool matches;
};

/* Of ns/a. */
static const struct match_row match_rows[] = {
	{ "client", 0, "ns/a", "ns/b", true },
	{ "server", 0, "ns/b", "ns/a", true },
	{ "client of an outside server", 0, "ns/a", NULL, true },
	{ "server of an outside client", 0, NULL, "ns/a", true },
	{ "both", 0, "ns/a", "ns/a", true },
	{ "others", 0, "ns/b", "ns/c", false },
	{ "keys that begin alike", 0, "ns/aa", "ns/", false },
	{ "no pods", 0, NULL, NULL, false },
	{ "ingress: client", INGRESS, "ns/a", "ns/b", false },
	{ "ingress: server", INGRESS, "ns/b", "ns/a", true },
	{ "ingress: client of an outside server", INGRESS, "ns/a", NULL,
	  false },
	{ "ingress: server of an outside client", INGRESS, NULL, "ns/a", true },
	{ "ingress: both", INGRESS, "ns/a", "ns/a", true },
	{ "egress: client", EGRESS, "ns/a", "ns/b", true },
	{ "egress: server", EGRESS, "ns/b", "ns/a", false },
	{ "egress: client of an outside server", EGRESS, "ns/a", NULL, true },
	{ "egress: server of an outside client", EGRESS, NULL, "ns/a", false },
	{ "egress: both", EGRESS, "ns/a", "ns/a", true },
};

static void test_matches(void **state)
{
	const struct match_row *row = *state;
	const struct packet_wish wish = { .pod = "ns/a",
					  .direction = row->direction };
	const struct packet packet = { .client_pod = row->client,
				       .server_pod = row->server };

	assert_int_equal(packet_wish_matches(&wish, &packet), row->matches);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_long_key),
	};
	int failed = 0;

	failed += table_tests("filter", filter_rows, COUNT(filter_rows),
			      sizeof(*filter_rows), test_filter);
	failed += table_tests("match", match_rows, COUNT(match_rows),
			      sizeof(*match_rows), test_matches);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return !!failed;
}
