// SPDX-License-Identifier: GPL-2.0-only
#include "support.h"

#include "verdict.h"

#define ACCEPT PODWALL_VERDICT_ACCEPT
#define DENY PODWALL_VERDICT_DENY
#define ENFORCE PODWALL_MODE_ENFORCE
#define AUDIT PODWALL_MODE_AUDIT

struct row {
	const char *title;
	enum podwall_verdict verdict;
	enum podwall_mode mode;
	bool audited;
	const char *name;
	const char *text;
	enum style style;
};

static const struct row rows[] = {
	{ "accept", ACCEPT, ENFORCE, false, "accept", "accept", STYLE_ACCEPT },
	{ "accept in audit mode", ACCEPT, AUDIT, false, "accept", "accept",
	  STYLE_ACCEPT },
	{ "deny", DENY, ENFORCE, false, "deny", "deny", STYLE_DENY },
	{ "deny in audit mode", DENY, AUDIT, true, "audit",
	  "deny (audit mode: reported, but let pass)", STYLE_WARN },
	{ "deny, with no mode", DENY, 0, false, "deny", "deny", STYLE_DENY },
	{ "deny, in a mode that nobody knows", DENY, 9, false, "deny", "deny",
	  STYLE_DENY },
	{ "a verdict that nobody knows", 9, AUDIT, false, "unknown", "unknown",
	  STYLE_DENY },
};

static void test_row(void **state)
{
	const struct row *row = *state;

	assert_int_equal(verdict_audited(row->verdict, row->mode),
			 row->audited);
	assert_string_equal(verdict_name(row->verdict, row->mode), row->name);
	assert_string_equal(verdict_text(row->verdict, row->mode), row->text);
	assert_int_equal(verdict_style(row->verdict, row->audited), row->style);
}

int main(void)
{
	return !!table_tests("verdict", rows, COUNT(rows), sizeof(*rows),
			     test_row);
}
