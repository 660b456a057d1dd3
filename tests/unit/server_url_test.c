// SPDX-License-Identifier: GPL-2.0-only
/*
 * URLs of API servers that may be asked, and those that may not.
 */
#include "support.h"

#include "agent/server_url.h"

#define NO_URL "is not a URL"
#define NO_TLS "must begin with https://"
#define TOO_MUCH "must be https://HOST:PORT"

struct url_row {
	const char *name;
	const char *url;
	const char *wrong; /* how that begins; NULL when nothing is */
};

static const struct url_row rows[] = {
	{ "a name", "https://api.example.org", NULL },
	{ "a port", "https://api.example.org:6443", NULL },
	{ "an address", "https://192.0.2.1:6443", NULL },
	{ "an IPv6 address", "https://[2001:db8::1]:6443", NULL },
	{ "a path", "https://example.org/clusters/one", NULL },
	{ "upper case", "HTTPS://API.EXAMPLE.ORG", NULL },
	{ "nothing", "", NO_URL },
	{ "words", "the server", NO_URL },
	{ "no scheme", "api.example.org:6443", NO_URL },
	{ "a port that is none", "https://example.org:70000", NO_URL },
	{ "no TLS", "http://api.example.org", NO_TLS },
	{ "another protocol", "ftp://api.example.org", NO_TLS },
	{ "a user", "https://root@example.org", TOO_MUCH },
	{ "a query", "https://example.org/?a=b", TOO_MUCH },
	{ "a fragment", "https://example.org/#a", TOO_MUCH },
};

static void test_url(void **state)
{
	const struct url_row *row = *state;
	const char *wrong = server_url_wrong(row->url);

	assert_int_equal(!wrong, !row->wrong);
	if (wrong)
		assert_memory_equal(wrong, row->wrong, strlen(row->wrong));
}

int main(void)
{
	return !!table_tests("server URLs", rows, COUNT(rows), sizeof(*rows),
			     test_url);
}
