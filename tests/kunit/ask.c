// SPDX-License-Identifier: GPL-2.0-only
/*
 * What rows say, held against podwall_evaluate() in every respect: by all that
 * packets and explanations read.
 */

#include "ask.h"
#include "draft.h"
#include "evaluator.h"
#include "peers.h"
#include "policy.h"

static const char *describe(const struct podwall_rule_set *set,
			    const struct podwall_query *query, char *text,
			    size_t size)
{
	char ip[PODWALL_NETWORK_TEXT];

	snprintf(text, size,
		 "rule set %u, identity %u at %s, protocol %u, port %d, %s the policy tier",
		 set->id, query->identity, podwall_ip_text(query->peer, ip),
		 query->protocol, query->has_port ? query->port : -1,
		 query->skip_policy_tier ? "without" : "with");
	return text;
}

static void expect_outcome(struct kunit *test,
			   const struct podwall_rule_set *set,
			   const struct podwall_query *query, u32 result,
			   const struct podwall_outcome *outcome)
{
	struct podwall_outcome read;
	char text[160];

	KUNIT_ASSERT_EQ_MSG(test, result & PODWALL_RESULT_COUNT, outcome->count,
			    "%s", describe(set, query, text, sizeof(text)));
	KUNIT_ASSERT_EQ(test, result & ~PODWALL_RESULT_COUNT,
			outcome->verdict == PODWALL_VERDICT_DENY ?
			PODWALL_RESULT_DENY : 0);
	podwall_result_read(set, result, &read);
	KUNIT_ASSERT_EQ(test, read.verdict, outcome->verdict);
	KUNIT_ASSERT_EQ(test, read.reason, outcome->reason);
	KUNIT_ASSERT_EQ(test, read.tier, outcome->tier);
	KUNIT_ASSERT_EQ(test, read.count, outcome->count);
	KUNIT_ASSERT_PTR_EQ(test, read.rule, outcome->rule);
}

/* The fast path asks about nothing else. */
static bool is_plain(const struct podwall_query *query)
{
	return query->has_port && !query->skip_policy_tier &&
	       podwall_port_slot(query->protocol) != PODWALL_PORT_PROTOCOLS;
}

static void expect_accepts(struct kunit *test, const struct podwall_row *row,
			   u32 identity, u32 region, u32 port_class,
			   const struct podwall_query *query,
			   const struct podwall_outcome *outcome)
{
	const __be16 port = htons(query->port);
	struct podwall_count __percpu *count;
	char text[160];
	bool accepts;

	accepts = podwall_row_accepts(row, identity, region, &query->protocol,
				      &port, port_class, &count);
	KUNIT_ASSERT_EQ_MSG(test, accepts,
			    outcome->verdict == PODWALL_VERDICT_ACCEPT,
			    "%s", describe(row->set, query, text, sizeof(text)));
	if (accepts)
		KUNIT_ASSERT_TRUE(test,
				  count == podwall_counters_at(row->set->counters,
							       outcome->count));
}

static void ask(struct kunit *test, const struct podwall_policy *policy,
		const struct podwall_row *row, u32 identity, u32 region,
		const struct podwall_port_map *ports,
		const struct podwall_query *query)
{
	u32 key = podwall_port_key(query->protocol, query->port,
				   query->has_port);
	u32 port_class = podwall_port_map_find(ports, key);
	struct podwall_outcome outcome;

	podwall_evaluate(policy, row->set, query, &outcome);
	expect_outcome(test, row->set, query,
		       podwall_row_find(row, identity, region, key, port_class,
					query->skip_policy_tier),
		       &outcome);
	if (is_plain(query))
		expect_accepts(test, row, identity, region, port_class, query,
			       &outcome);
}

/* Of the query, the identity is what the address should have. */
void ask_policy(struct kunit *test, const struct podwall_policy *policy, u32 set,
		const struct podwall_query *query)
{
	const struct podwall_classifier *classifier = &policy->classifier;
	u32 class = podwall_classifier_class(classifier, query->peer);
	const struct podwall_row *row = podwall_policy_row(policy, set);
	u32 number = podwall_classifier_number(classifier, class);
	u32 region = podwall_classifier_region(classifier, class);

	KUNIT_ASSERT_NOT_NULL(test, row);
	KUNIT_ASSERT_PTR_EQ(test, row->set,
			    (const struct podwall_rule_set *)
			    podwall_policy_rule_set(policy, set));
	KUNIT_ASSERT_EQ(test, podwall_policy_identity(policy, query->peer),
			query->identity);
	ask(test, policy, row, number, region, classifier->ports, query);
}

/* A row by itself; an identity has its own number. */
void ask_row(struct kunit *test, const struct podwall_row *row,
	     const struct peers *peers, const struct podwall_port_map *ports,
	     const struct podwall_query *query)
{
	/* The evaluator asks for no more of a policy. */
	struct podwall_policy *policy = kunit_kzalloc(test, sizeof(*policy),
						      GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, policy);
	policy->peer_sets = peers->sets;
	ask(test, policy, row,
	    query->identity ? podwall_identities_find(peers->identities,
						      query->identity) : 0,
	    podwall_regions_find(peers->regions, query->peer), ports, query);
	kunit_kfree(test, policy);
}

/* Each identity is counted for its addresses, and no more. */
void ask_users(struct kunit *test, const struct podwall_policy *policy)
{
	const struct podwall_classifier *classifier = &policy->classifier;
	const struct podwall_address_map *maps[] = {
		classifier->addresses4, classifier->addresses6,
	};
	u32 i, j, class, position, users, count = 0;
	struct podwall_ip ip;

	for (i = 1; i < classifier->identities->count; i++) {
		users = 0;
		for (j = 0; j < ARRAY_SIZE(maps); j++)
			for (position = 0;
			     (class = podwall_address_map_next(maps[j],
							       &position,
							       &ip));)
				users += podwall_classifier_number(classifier,
								   class) == i;
		KUNIT_EXPECT_EQ(test, classifier->identities->entries[i].users,
				users);
		count += users;
	}
	KUNIT_EXPECT_EQ(test, policy->used.addresses, count);
}
