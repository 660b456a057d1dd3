// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/podwall.h>

#include "draft.h"
#include "limits.h"
#include "settings.h"

static void add_guarded(struct kunit *test, struct podwall_settings *settings,
			const char *text)
{
	struct podwall_network *network;

	network = podwall_array_append(&settings->guarded, sizeof(*network));
	KUNIT_ASSERT_NOT_NULL(test, network);
	*network = draft_network(text);
}

static void init_sets_defaults(struct kunit *test)
{
	struct podwall_ip ip = draft_ip("fd00::1");
	struct podwall_settings settings;

	memset(&settings, 0xff, sizeof(settings));
	podwall_settings_init(&settings);

	KUNIT_EXPECT_EQ(test, settings.guarded.count, 0);
	KUNIT_EXPECT_NULL(test, settings.guarded.elements);
	KUNIT_EXPECT_EQ(test, settings.node_access, PODWALL_NODE_ACCESS_ACCEPT);
	KUNIT_EXPECT_EQ(test, settings.deny_action, PODWALL_DENY_ACTION_DROP);
	KUNIT_EXPECT_EQ(test, settings.event_rate, 400);
	KUNIT_EXPECT_EQ(test, settings.limits.addresses, 1048576);
	KUNIT_EXPECT_EQ(test, settings.limits.peer_sets, 65536);
	KUNIT_EXPECT_EQ(test, settings.limits.rule_sets, 16384);
	KUNIT_EXPECT_EQ(test, settings.limits.pods, 4096);
	KUNIT_EXPECT_EQ(test, settings.limits.rules, 1048576);
	KUNIT_EXPECT_EQ(test, settings.limits.members, 4194304);
	KUNIT_EXPECT_EQ(test, settings.limits.guarded, 64);
	KUNIT_EXPECT_EQ(test, settings.limits.transactions, 16);
	KUNIT_EXPECT_EQ(test, settings.limits.memory, 512ULL << 20);
	KUNIT_EXPECT_FALSE(test,
			   podwall_settings_guards4(&settings,
						    draft_ip("10.0.0.1").v4));
	KUNIT_EXPECT_FALSE(test,
			   podwall_settings_guards6(&settings,
						    &ip.v6));
}

static void copy_shares_nothing(struct kunit *test)
{
	struct podwall_settings from, to;
	struct podwall_network *blocks;
	char text[PODWALL_NETWORK_TEXT];

	/* Arrange */
	podwall_settings_init(&from);
	from.node_access = PODWALL_NODE_ACCESS_JUDGE;
	from.deny_action = PODWALL_DENY_ACTION_REJECT;
	from.event_rate = 7;
	from.limits.pods = 3;
	add_guarded(test, &from, "10.0.0.0/24");
	add_guarded(test, &from, "fd00::/64");

	/* Act */
	KUNIT_ASSERT_EQ(test, 0, podwall_settings_copy(&to, &from));
	blocks = from.guarded.elements;
	blocks[0] = draft_network("192.0.2.0/24");
	add_guarded(test, &from, "10.9.0.0/16");
	podwall_settings_release(&from);

	/* Assert */
	KUNIT_EXPECT_EQ(test, to.node_access, PODWALL_NODE_ACCESS_JUDGE);
	KUNIT_EXPECT_EQ(test, to.deny_action, PODWALL_DENY_ACTION_REJECT);
	KUNIT_EXPECT_EQ(test, to.event_rate, 7);
	KUNIT_EXPECT_EQ(test, to.limits.pods, 3);
	KUNIT_ASSERT_EQ(test, to.guarded.count, 2);
	blocks = to.guarded.elements;
	KUNIT_EXPECT_STREQ(test, podwall_network_text(&blocks[0], text),
			   "10.0.0.0/24");
	KUNIT_EXPECT_STREQ(test, podwall_network_text(&blocks[1], text),
			   "fd00::/64");
	podwall_settings_release(&to);
	KUNIT_EXPECT_EQ(test, to.guarded.count, 0);
}

static void copy_of_no_blocks(struct kunit *test)
{
	struct podwall_settings from, to;

	podwall_settings_init(&from);
	KUNIT_ASSERT_EQ(test, 0, podwall_settings_copy(&to, &from));
	KUNIT_EXPECT_EQ(test, to.guarded.count, 0);
	podwall_settings_release(&to);
	podwall_settings_release(&from);
}

static const struct guard_case {
	const char *desc;
	const char *ip;
	const char *block;
} guard_cases[] = {
	{ "inside", "10.0.0.200", "10.0.0.0/24" },
	{ "the first of two that hold it", "10.0.0.9", "10.0.0.0/24" },
	{ "only the second holds it", "10.0.9.9", "10.0.0.0/16" },
	{ "outside", "10.1.0.0", NULL },
	{ "inside in IPv6", "fd00::7", "fd00::/64" },
	{ "outside in IPv6", "fd00:0:0:1::", NULL },
	{ "mapped", "::ffff:10.0.0.1", NULL },
};

KUNIT_ARRAY_PARAM_DESC(guard, guard_cases, desc);

static void guard_finds_first_block(struct kunit *test)
{
	const struct guard_case *row = test->param_value;
	struct podwall_ip ip = draft_ip(row->ip);
	const struct podwall_network *found;
	struct podwall_settings settings;
	char text[PODWALL_NETWORK_TEXT];

	podwall_settings_init(&settings);
	KUNIT_EXPECT_NULL(test, podwall_settings_guard(&settings, &ip));
	add_guarded(test, &settings, "10.0.0.0/24");
	add_guarded(test, &settings, "10.0.0.0/16");
	add_guarded(test, &settings, "fd00::/64");

	found = podwall_settings_guard(&settings, &ip);
	if (row->block && found)
		KUNIT_EXPECT_STREQ(test, podwall_network_text(found, text),
				   row->block);
	else
		KUNIT_EXPECT_EQ(test, !!found, !!row->block);
	podwall_settings_release(&settings);
}

static struct kunit_case settings_cases[] = {
	KUNIT_CASE(init_sets_defaults),
	KUNIT_CASE(copy_shares_nothing),
	KUNIT_CASE(copy_of_no_blocks),
	KUNIT_CASE_PARAM(guard_finds_first_block, guard_gen_params),
	{}
};

static struct kunit_suite settings_suite = {
	.name = "podwall_settings",
	.test_cases = settings_cases,
};

kunit_test_suite(settings_suite);
