// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/prandom.h>
#include <linux/socket.h>

#include "draft.h"
#include "ip.h"
#include "naive.h"

static int sign(int number)
{
	return number < 0 ? -1 : number > 0;
}

static const struct compare_case {
	const char *desc;
	const char *a;
	const char *b;
	int order;
} compare_cases[] = {
	{ "same IPv4", "10.0.0.1", "10.0.0.1", 0 },
	{ "IPv4 by its last byte", "10.0.0.1", "10.0.0.2", -1 },
	{ "IPv4 by its first byte before its last", "9.0.0.9", "10.0.0.1", -1 },
	{ "IPv4 bytes are unsigned", "127.0.0.1", "128.0.0.1", -1 },
	{ "IPv4 lowest and highest", "255.255.255.255", "0.0.0.0", 1 },
	{ "same IPv6", "fd00::1", "fd00::1", 0 },
	{ "IPv6 by its last byte", "fd00::2", "fd00::1", 1 },
	{ "IPv6 by its first byte before its last", "fc00::9", "fd00::1", -1 },
	{ "IPv6 lowest and highest", "::",
	  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", -1 },
	{ "IPv4 before IPv6", "255.255.255.255", "::", -1 },
	{ "an IPv4-mapped address is IPv6", "10.0.0.1", "::ffff:10.0.0.1", -1 },
};

KUNIT_ARRAY_PARAM_DESC(compare, compare_cases, desc);

static void ip_compares(struct kunit *test)
{
	const struct compare_case *row = test->param_value;
	struct podwall_ip a = draft_ip(row->a), b = draft_ip(row->b);

	KUNIT_EXPECT_EQ(test, sign(podwall_ip_compare(&a, &b)), row->order);
	KUNIT_EXPECT_EQ(test, sign(podwall_ip_compare(&b, &a)), -row->order);
	KUNIT_EXPECT_EQ(test, podwall_ip_equal(&a, &b), !row->order);
	KUNIT_EXPECT_EQ(test, podwall_ip_equal(&b, &a), !row->order);
}

static const struct contains_case {
	const char *desc;
	const char *network;
	const char *ip;
	bool contains;
} contains_cases[] = {
	{ "first of a /8", "10.0.0.0/8", "10.0.0.0", true },
	{ "last of a /8", "10.0.0.0/8", "10.255.255.255", true },
	{ "below a /8", "10.0.0.0/8", "9.255.255.255", false },
	{ "above a /8", "10.0.0.0/8", "11.0.0.0", false },
	{ "last of a /25", "10.0.0.0/25", "10.0.0.127", true },
	{ "above a /25", "10.0.0.0/25", "10.0.0.128", false },
	{ "IPv4 /0 holds the lowest", "0.0.0.0/0", "0.0.0.0", true },
	{ "IPv4 /0 holds the highest", "0.0.0.0/0", "255.255.255.255", true },
	{ "IPv4 /0 holds no IPv6", "0.0.0.0/0", "::", false },
	{ "IPv4 /0 holds no mapped address", "0.0.0.0/0", "::ffff:1.2.3.4",
	  false },
	{ "a /32 holds itself", "10.0.0.1/32", "10.0.0.1", true },
	{ "a /32 holds no neighbour", "10.0.0.1/32", "10.0.0.0", false },
	{ "/31", "10.0.0.2/31", "10.0.0.3", true },
	{ "/1", "128.0.0.0/1", "128.0.0.1", true },
	{ "outside /1", "128.0.0.0/1", "127.255.255.255", false },
	{ "last of an IPv6 /64", "fd00::/64", "fd00::ffff:ffff:ffff:ffff",
	  true },
	{ "above an IPv6 /64", "fd00::/64", "fd00:0:0:1::", false },
	{ "last of a /65", "fd00::/65", "fd00::7fff:ffff:ffff:ffff", true },
	{ "above a /65", "fd00::/65", "fd00::8000:0:0:0", false },
	{ "last of a /33", "fd00::/33", "fd00:0:7fff::", true },
	{ "above a /33", "fd00::/33", "fd00:0:8000::", false },
	{ "IPv6 /0 holds the highest", "::/0",
	  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true },
	{ "IPv6 /0 holds no IPv4", "::/0", "0.0.0.0", false },
	{ "a /128 holds itself", "fd00::1/128", "fd00::1", true },
	{ "a /128 holds no neighbour", "fd00::1/128", "fd00::", false },
	{ "/127", "fd00::2/127", "fd00::3", true },
};

KUNIT_ARRAY_PARAM_DESC(contains, contains_cases, desc);

static void network_contains(struct kunit *test)
{
	const struct contains_case *row = test->param_value;
	struct podwall_network network = draft_network(row->network);
	struct podwall_ip ip = draft_ip(row->ip);

	KUNIT_EXPECT_EQ(test, podwall_network_contains(&network, &ip),
			row->contains);
}

static const struct masked_case {
	const char *desc;
	const char *network;
	bool masked;
} masked_cases[] = {
	{ "IPv4 /0", "0.0.0.0/0", true },
	{ "IPv4 /0 with a bit", "0.0.0.1/0", false },
	{ "IPv4 /0 with the first bit", "128.0.0.0/0", false },
	{ "/8", "10.0.0.0/8", true },
	{ "/8 with the next bit", "10.128.0.0/8", false },
	{ "/9 with its last bit", "10.128.0.0/9", true },
	{ "/32", "255.255.255.255/32", true },
	{ "/31 with a bit", "255.255.255.255/31", false },
	{ "IPv6 /0", "::/0", true },
	{ "IPv6 /0 with a bit", "::1/0", false },
	{ "/64", "fd00::/64", true },
	{ "/64 with the next bit", "fd00::8000:0:0:0/64", false },
	{ "/65 with its last bit", "fd00::8000:0:0:0/65", true },
	{ "/127 with a bit", "fd00::1/127", false },
	{ "/128", "fd00::1/128", true },
};

KUNIT_ARRAY_PARAM_DESC(masked, masked_cases, desc);

static void network_is_masked(struct kunit *test)
{
	const struct masked_case *row = test->param_value;
	struct podwall_network network = draft_network(row->network);

	KUNIT_EXPECT_EQ(test, podwall_network_is_masked(&network), row->masked);
}

static const struct within_case {
	const char *desc;
	const char *inner;
	const char *outer;
	bool within;
} within_cases[] = {
	{ "a part", "10.1.0.0/16", "10.0.0.0/8", true },
	{ "the whole is no part of itself", "10.0.0.0/8", "10.0.0.0/8", false },
	{ "the other way round", "10.0.0.0/8", "10.1.0.0/16", false },
	{ "the larger with the same base", "10.0.0.0/8", "10.0.0.0/9", false },
	{ "the smaller with the same base", "10.0.0.0/9", "10.0.0.0/8", true },
	{ "beside it", "11.0.0.0/16", "10.0.0.0/8", false },
	{ "one address", "10.0.0.1/32", "10.0.0.0/31", true },
	{ "in all of IPv4", "10.0.0.0/8", "0.0.0.0/0", true },
	{ "IPv6 in IPv6", "fd00:1::/32", "fd00::/16", true },
	{ "beside it in IPv6", "fe00:1::/32", "fd00::/16", false },
	{ "IPv6 in all of IPv4", "::/96", "0.0.0.0/0", false },
	{ "IPv4 in all of IPv6", "0.0.0.0/8", "::/0", false },
};

KUNIT_ARRAY_PARAM_DESC(within, within_cases, desc);

static void network_is_within(struct kunit *test)
{
	const struct within_case *row = test->param_value;
	struct podwall_network inner = draft_network(row->inner);
	struct podwall_network outer = draft_network(row->outer);

	KUNIT_EXPECT_EQ(test, podwall_network_is_within(&inner, &outer),
			row->within);
}

static const struct text_case {
	const char *desc;
	const char *network;
	const char *ip;
} text_cases[] = {
	{ "0.0.0.0/0", "0.0.0.0/0", "0.0.0.0" },
	{ "10.0.0.1/32", "10.0.0.1/32", "10.0.0.1" },
	{ "::/0", "::/0", "::" },
	{ "fd00:1::/32", "fd00:1::/32", "fd00:1::" },
	{ "the longest", "1111:2222:3333:4444:5555:6666:7777:8888/128",
	  "1111:2222:3333:4444:5555:6666:7777:8888" },
};

KUNIT_ARRAY_PARAM_DESC(text, text_cases, desc);

static void network_has_text(struct kunit *test)
{
	const struct text_case *row = test->param_value;
	struct podwall_network network = draft_network(row->network);
	char text[PODWALL_NETWORK_TEXT];

	KUNIT_EXPECT_STREQ(test, podwall_network_text(&network, text),
			   row->network);
	KUNIT_EXPECT_STREQ(test, podwall_ip_text(&network.base, text), row->ip);
}

static struct podwall_ip random_ip(struct rnd_state *random)
{
	struct podwall_ip ip = {
		.family = draft_below(random, 2) ? AF_INET6 : AF_INET,
	};

	prandom_bytes_state(random, &ip.v6, sizeof(ip.v6));
	return ip;
}

/* Near the other: random addresses alone share no prefix worth a test. */
static struct podwall_ip random_neighbour(struct rnd_state *random,
					  const struct podwall_ip *ip)
{
	u32 flipped = draft_below(random, ip->family == AF_INET ? 32 : 128);
	struct podwall_ip neighbour = *ip;

	if (draft_below(random, 8) == 0)
		neighbour.family = AF_INET + AF_INET6 - ip->family;
	if (draft_below(random, 8))
		neighbour.v6.s6_addr[flipped / 8] ^= 0x80 >> flipped % 8;
	return neighbour;
}

static void ip_equals_naive_model(struct kunit *test)
{
	struct rnd_state random = draft_random(test);
	int i, order;

	for (i = 0; i < 5000; i++) {
		struct podwall_ip a = random_ip(&random);
		struct podwall_ip b = random_neighbour(&random, &a);
		u32 longest = a.family == AF_INET ? 32 : 128;
		struct podwall_network network = {
			.base = a,
			.prefix_length = draft_below(&random, longest + 1),
		};

		order = naive_compare(&a, &b);
		KUNIT_ASSERT_EQ_MSG(test, sign(podwall_ip_compare(&a, &b)),
				    order, "round %d", i);
		KUNIT_ASSERT_EQ_MSG(test, podwall_ip_equal(&a, &b), !order,
				    "round %d", i);
		KUNIT_ASSERT_EQ_MSG(test, podwall_network_contains(&network, &b),
				    naive_contains(&network, &b), "round %d", i);
		if (i % 2)
			memset(network.base.v6.s6_addr +
			       network.prefix_length / 8, 0,
			       16 - network.prefix_length / 8);
		KUNIT_ASSERT_EQ_MSG(test, podwall_network_is_masked(&network),
				    naive_is_masked(&network), "round %d", i);
	}
}

static struct kunit_case ip_cases[] = {
	KUNIT_CASE_PARAM(ip_compares, compare_gen_params),
	KUNIT_CASE_PARAM(network_contains, contains_gen_params),
	KUNIT_CASE_PARAM(network_is_masked, masked_gen_params),
	KUNIT_CASE_PARAM(network_is_within, within_gen_params),
	KUNIT_CASE_PARAM(network_has_text, text_gen_params),
	KUNIT_CASE(ip_equals_naive_model),
	{}
};

static struct kunit_suite ip_suite = {
	.name = "podwall_ip",
	.test_cases = ip_cases,
};

kunit_test_suite(ip_suite);
