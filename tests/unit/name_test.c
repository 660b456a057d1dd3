// SPDX-License-Identifier: GPL-2.0-only
#include "support.h"

#include <string.h>
#include "policy/name_syntax.h"

#define A63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

struct row {
	const char *text;
	bool dns_label;
	bool dns_subdomain;
	bool label_key;
	bool label_value;
	bool port_name;
};

static const struct row rows[] = {
	{ "web", true, true, true, true, true },
	{ "a-b", true, true, true, true, true },
	{ "a--b", true, true, true, true, false },
	{ "a.b", false, true, true, true, false },
	{ "a..b", false, false, true, true, false },
	{ "A", false, false, true, true, false },
	{ "a_b", false, false, true, true, false },
	{ "-a", false, false, false, false, false },
	{ "a-", false, false, false, false, false },
	{ ".a", false, false, false, false, false },
	{ "80", true, true, true, true, false },
	{ "80a", true, true, true, true, true },
	{ "", false, false, false, true, false },
	{ "a b", false, false, false, false, false },
	{ "a/b", false, false, true, false, false },
	{ "a.b/C_d", false, false, true, false, false },
	{ "A/b", false, false, false, false, false },
	{ "/b", false, false, false, false, false },
	{ "a/", false, false, false, false, false },
	{ "a/b/c", false, false, false, false, false },
	{ "fifteen-letters", true, true, true, true, true },
	{ "sixteen-letters0", true, true, true, true, false },
	{ A63, true, true, true, true, false },
	{ A63 "a", false, true, false, false, false },
	{ A63 "." A63 "." A63 "." A63, false, false, false, false, false },
	{ "a/" A63, false, false, true, false, false },
};

static void test_row(void **state)
{
	const struct row *row = *state;

	assert_int_equal(!dns_label_wrong(row->text), row->dns_label);
	assert_int_equal(!dns_subdomain_wrong(row->text), row->dns_subdomain);
	assert_int_equal(!label_key_wrong(row->text), row->label_key);
	assert_int_equal(!label_value_wrong(row->text), row->label_value);
	assert_int_equal(!port_name_wrong(row->text), row->port_name);
}

int main(void)
{
	return !!table_tests("name", rows, COUNT(rows), sizeof(*rows),
			     test_row);
}
