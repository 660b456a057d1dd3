// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which events are wanted.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include "events.h"
#include "filter.h"
#include "policy/memory.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filter_unknown),
		cmocka_unit_test(test_filter_accepting),
	};
	int failed = 0;

	failed += table_tests("filter", filter_rows, COUNT(filter_rows),
			      sizeof(*filter_rows), test_filter);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return !!failed;
}
