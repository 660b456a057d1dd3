// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which addresses are the node's, of those that every machine has.
 */
#include "support.h"

#include <sys/stat.h>
#include "node_address.h"

struct address_row {
	const char *name;
	bool own;
};

static const struct address_row address_rows[] = {
	{ "127.0.0.1", true },
	/* What no interface has, but a route leads here. */
	{ "127.3.2.1", true },
	{ "192.0.2.7", false },
	{ "0.0.0.0", false },
	{ "255.255.255.255", false },
	{ "224.0.0.1", false },
	{ "2001:db8::7", false },
	{ "ff02::1", false },
};

static void test_address(void **state)
{
	const struct address_row *row = *state;
	struct ip ip;

	assert_true(ip_parse(row->name, &ip));
	assert_int_equal(is_node_address(&ip), row->own);
}

/* Not every machine has IPv6. */
static void test_loopback(void **state)
{
	struct stat status;
	struct ip ip;

	(void)state;
	if (stat("/proc/net/if_inet6", &status))
		skip();
	assert_true(ip_parse("::1", &ip));
	assert_true(is_node_address(&ip));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loopback),
	};
	int failed;

	failed = table_tests("an address", address_rows, COUNT(address_rows),
			     sizeof(*address_rows), test_address);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return !!failed;
}
