// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rule sets as the kernel lists them: what a newer module may have of them.
 */
#include "support.h"

#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include "decode_listing.h"
#include "policy/objects.h"

struct rule_row {
	const char *name;
	uint32_t tier;
	uint32_t action;
	bool unknown;
};

static const struct rule_row rule_rows[] = {
	{ "admin, pass", PODWALL_TIER_ADMIN, PODWALL_ACTION_PASS, false },
	{ "policy, accept", PODWALL_TIER_POLICY, PODWALL_ACTION_ACCEPT, false },
	{ "baseline, deny", PODWALL_TIER_BASELINE, PODWALL_ACTION_DENY, false },
	{ "no tier", 0, PODWALL_ACTION_ACCEPT, true },
	{ "a tier behind the last", PODWALL_TIER_BASELINE + 1,
	  PODWALL_ACTION_ACCEPT, true },
	{ "the last of all tiers", UINT32_MAX, PODWALL_ACTION_ACCEPT, true },
	{ "no action", PODWALL_TIER_ADMIN, 0, true },
	{ "an action behind the last", PODWALL_TIER_ADMIN,
	  PODWALL_ACTION_PASS + 1, true },
	{ "the last of all actions", PODWALL_TIER_ADMIN, UINT32_MAX, true },
};

static void put_rule(struct nl_msg *message, uint32_t tier, uint32_t action)
{
	struct nlattr *nest = nla_nest_start(message, PODWALL_A_RULE_SET_RULE);

	assert_non_null(nest);
	assert_int_equal(nla_put_u32(message, PODWALL_A_RULE_TIER, tier), 0);
	assert_int_equal(nla_put_u32(message, PODWALL_A_RULE_ACTION, action),
			 0);
	nla_nest_end(message, nest);
}

static struct nl_msg *begin_rule_set(void)
{
	struct nl_msg *message = nlmsg_alloc();

	assert_non_null(message);
	assert_non_null(genlmsg_put(message, 0, 0, 0, 0, 0,
				    PODWALL_CMD_RULE_SET_NEW,
				    PODWALL_GENL_VERSION));
	assert_int_equal(nla_put_u32(message, PODWALL_A_RULE_SET_ID, 7), 0);
	assert_int_equal(nla_put_u32(message, PODWALL_A_RULE_SET_DIRECTION,
				     PODWALL_DIRECTION_INGRESS),
			 0);
	return message;
}

/* It is the one in the middle; what is around it is still read. */
static void test_rule(void **state)
{
	const struct rule_row *row = *state;
	struct nl_msg *message = begin_rule_set();
	struct objects objects = {};
	struct listing listing = { .objects = &objects };

	put_rule(message, PODWALL_TIER_ADMIN, PODWALL_ACTION_DENY);
	put_rule(message, row->tier, row->action);
	put_rule(message, PODWALL_TIER_BASELINE, PODWALL_ACTION_DENY);
	assert_true(listing_take_rule_set(nlmsg_hdr(message), &listing));
	assert_int_equal(listing.unknown, row->unknown);
	assert_int_equal(objects.rule_set_count, 1);
	assert_int_equal(objects.rule_sets[0].rule_count, 3);
	objects_clear(&objects);
	nlmsg_free(message);
}

/* What is no rule at all makes no sense. */
static void test_nonsense(void **state)
{
	struct nl_msg *message = begin_rule_set();
	struct objects objects = {};
	struct listing listing = { .objects = &objects };

	(void)state;
	assert_int_equal(nla_put_u32(message, PODWALL_A_RULE_SET_RULE, 1), 0);
	assert_false(listing_take_rule_set(nlmsg_hdr(message), &listing));
	assert_false(listing.unknown);
	objects_clear(&objects);
	nlmsg_free(message);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nonsense),
	};
	int failed;

	failed = table_tests("a rule", rule_rows, COUNT(rule_rows),
			     sizeof(*rule_rows), test_rule);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return !!failed;
}
