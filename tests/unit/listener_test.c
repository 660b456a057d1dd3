// SPDX-License-Identifier: GPL-2.0-only
#include "support.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/listener.h"
#include "policy/memory.h"

/* Open one, and keep what is logged; the caller frees it. */
static int open_at(const char *listen_at, char **said)
{
	FILE *standard_error = stderr;
	size_t length;
	int descriptor;

	unsetenv("JOURNAL_STREAM");
	stderr = xopen_memstream(said, &length);
	descriptor = listener_open(listen_at);
	fclose(stderr);
	stderr = standard_error;
	return descriptor;
}

struct place_row {
	const char *name;
	const char *listen;
	int family;
	/* Part of what is logged, when it is refused. */
	const char *said;
};

#define NOT_A_PLACE "is not an address and a port to listen on, such as 127."

static const struct place_row rows[] = {
	{ "IPv4", "127.0.0.1:0", AF_INET, NULL },
	{ "any address of IPv4", "0.0.0.0:0", AF_INET, NULL },
	{ "IPv6", "[::1]:0", AF_INET6, NULL },
	{ "any address", "[::]:0", AF_INET6, NULL },
	{ "nothing", "", 0, NOT_A_PLACE },
	{ "a port alone", ":9750", 0, NOT_A_PLACE },
	{ "a number alone", "9750", 0, NOT_A_PLACE },
	{ "an address alone", "127.0.0.1", 0, NOT_A_PLACE },
	{ "no port", "127.0.0.1:", 0, NOT_A_PLACE },
	{ "IPv6 without brackets", "::1:9750", 0, NOT_A_PLACE },
	{ "an open bracket", "[::1:9750", 0, NOT_A_PLACE },
	{ "brackets alone", "[::1]", 0, NOT_A_PLACE },
	{ "empty brackets", "[]:9750", 0, NOT_A_PLACE },
	{ "one bracket", "[:9750", 0, NOT_A_PLACE },
	{ "IPv4 in brackets", "[127.0.0.1]:9750", 0, NOT_A_PLACE },
	{ "a name", "localhost:9750", 0, NOT_A_PLACE },
	{ "the name of a port", "127.0.0.1:http", 0, NOT_A_PLACE },
	{ "too big a port", "127.0.0.1:65536", 0, NOT_A_PLACE },
	{ "far too big a port", "127.0.0.1:18446744073709551617", 0,
	  NOT_A_PLACE },
	{ "a negative port", "127.0.0.1:-1", 0, NOT_A_PLACE },
	{ "spaces", "127.0.0.1: 1", 0, NOT_A_PLACE },
	{ "someone else's address", "192.0.2.1:9750", 0,
	  "cannot listen on 192.0.2.1:9750: no interface has that address; give one of this node with --listen" },
};

static void test_place(void **state)
{
	const struct place_row *row = *state;
	struct sockaddr_storage address = {};
	socklen_t length = sizeof(address);
	char *said;
	int descriptor = open_at(row->listen, &said);

	if (row->said) {
		assert_int_equal(descriptor, -1);
		assert_non_null(strstr(said, row->said));
		assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1);
	} else {
		assert_string_equal(said, "");
		assert_true(descriptor >= 0);
		assert_int_equal(getsockname(descriptor,
					     (struct sockaddr *)&address,
					     &length),
				 0);
		assert_int_equal(address.ss_family, row->family);
		assert_in_range(listener_port(descriptor), 1, 65535);
		close(descriptor);
	}
	free(said);
}

static void test_taken(void **state)
{
	char *said, *place, *wanted;
	int first, second;

	(void)state;
	first = open_at("127.0.0.1:0", &said);
	assert_true(first >= 0);
	free(said);
	place = xasprintf("127.0.0.1:%u", listener_port(first));
	second = open_at(place, &said);
	assert_int_equal(second, -1);
	wanted = xasprintf(
		"nlctl: agent: cannot listen on %s: another program does; see \"ss -tlnp\" for which, end it if it is another agent, or choose another port with --listen\n",
		place);
	assert_string_equal(said, wanted);
	free(wanted);
	free(said);
	close(first);
	second = open_at(place, &said);
	assert_true(second >= 0);
	free(said);
	free(place);
	close(second);
	assert_int_equal(listener_port(-1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_taken),
	};
	int failed = table_tests("places", rows, COUNT(rows), sizeof(*rows),
				 test_place);

	return !!(failed + cmocka_run_group_tests(tests, NULL, NULL));
}
