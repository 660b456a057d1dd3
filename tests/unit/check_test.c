// SPDX-License-Identifier: GPL-2.0-only
#include "support.h"

#include <stdlib.h>
#include "agent/check.h"

struct check_row {
	const char *name;
	/* Names and failures in turn; NULL behind a name that passes. */
	const char *list[6];
	bool passed;
	const char *failures;
	const char *report;
};

static const struct check_row rows[] = {
	{ "none", { NULL }, true, "", "readyz check passed\n" },
	{ "one that passes",
	  { "ping", NULL },
	  true,
	  "",
	  "[+]ping ok\nreadyz check passed\n" },
	{ "one that fails",
	  { "kernel", "it is not there" },
	  false,
	  "kernel: it is not there",
	  "[-]kernel failed: it is not there\nreadyz check failed\n" },
	{ "some of both",
	  { "ping", NULL, "lists", "Pod waits", "kernel", "refuses\n\x1b[1m" },
	  false,
	  "lists: Pod waits; kernel: refuses\\x0a\\x1b[1m",
	  "[+]ping ok\n[-]lists failed: Pod waits\n"
	  "[-]kernel failed: refuses\\x0a\\x1b[1m\nreadyz check failed\n" },
	{ "a failure without words",
	  { "kernel", "" },
	  false,
	  "kernel: ",
	  "[-]kernel failed: \nreadyz check failed\n" },
};

static void test_row(void **state)
{
	const struct check_row *row = *state;
	struct checks checks = {};
	char *text;
	size_t i;

	for (i = 0; i < COUNT(row->list) && row->list[i]; i += 2)
		if (row->list[i + 1])
			checks_fail(&checks, row->list[i], "%s",
				    row->list[i + 1]);
		else
			checks_pass(&checks, row->list[i]);
	assert_int_equal(checks_passed(&checks), row->passed);
	text = checks_failures(&checks, "; ");
	assert_string_equal(text, row->failures);
	free(text);
	text = checks_report(&checks, "readyz");
	assert_string_equal(text, row->report);
	free(text);
	checks_clear(&checks);
	assert_int_equal(checks.count, 0);
	assert_true(checks_passed(&checks));
}

int main(void)
{
	return !!table_tests("checks", rows, COUNT(rows), sizeof(*rows),
			     test_row);
}
