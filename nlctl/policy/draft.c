// SPDX-License-Identifier: GPL-2.0-only
#include "policy/draft.h"

#include <stdlib.h>
#include "policy/memory.h"
#include "policy/number_order.h"
#include "policy/rule_set_builder.h"

static const enum podwall_direction directions[] = {
	[PART_INGRESS] = PODWALL_DIRECTION_INGRESS,
	[PART_EGRESS] = PODWALL_DIRECTION_EGRESS,
};

#define DIRECTIONS (sizeof(directions) / sizeof(*directions))

struct draft *draft_new(struct touched *touched, struct identity *identity)
{
	struct draft *draft = xcalloc(1, sizeof(*draft));

	draft->identity = identity;
	touch_draft(touched, draft);
	return draft;
}

void draft_free(struct draft *draft, struct peer_table *peers,
		struct rule_table *rules)
{
	size_t i;

	for (i = 0; i < PARTS; i++) {
		if (draft->parts[i].content)
			rule_table_drop(rules, draft->parts[i].content);
		rule_set_clear(&draft->parts[i].rule_set);
	}
	peer_table_drop(peers, draft->peers);
	service_index_drop(peers->services, draft->services);
	free(draft);
}

static void build_direction(struct draft *draft, size_t index,
			    const struct policy_table *policies,
			    struct peer_table *peers)
{
	const struct identity *identity = draft->identity;
	struct part *part = &draft->parts[index];
	struct part *enforced = part + PART_INGRESS_ENFORCED;
	struct selection selection;

	policy_table_select(policies, identity, directions[index], &selection);
	part->exists = build_rule_set(peers, &selection, false,
				      directions[index], identity,
				      &part->rule_set);
	enforced->exists = part->exists &&
			   selection_audits(&selection, directions[index]);
	/* It may well be empty, and then everything is only audited. */
	if (enforced->exists)
		build_rule_set(peers, &selection, true, directions[index],
			       identity, &enforced->rule_set);
	free(selection.policies);
	free(selection.cluster_policies);
}

/* What the last build asked for is given back afterwards: most is the same. */
void draft_build(struct draft *draft, const struct policy_table *policies,
		 struct peer_table *peers)
{
	size_t i;

	peer_table_begin(peers, draft);
	for (i = 0; i < DIRECTIONS; i++)
		build_direction(draft, i, policies, peers);
	peer_table_drop(peers, draft->peers);
	service_index_drop(peers->services, draft->services);
	draft->peers = peers->peer_uses;
	draft->services = peers->service_uses;
}

static void refer_by_id(const struct peer_table *peers,
			struct rule_set *rule_set)
{
	size_t i, j;

	for (i = 0; i < rule_set->rule_count; i++) {
		struct rule *rule = &rule_set->rules[i];

		for (j = 0; j < rule->peer_set_count; j++)
			rule->peer_sets[j] =
				peers->by_handle[rule->peer_sets[j]]->id;
		numbers_sort(rule->peer_sets, rule->peer_set_count);
	}
}

void draft_settle(struct draft *draft, const struct peer_table *peers,
		  struct rule_table *rules)
{
	size_t i;

	for (i = 0; i < PARTS; i++) {
		struct part *part = &draft->parts[i];
		struct rule_content *before = part->content;

		part->content = NULL;
		if (part->exists) {
			refer_by_id(peers, &part->rule_set);
			part->content = rule_table_add(rules, &part->rule_set);
		}
		if (before)
			rule_table_drop(rules, before);
		rule_set_clear(&part->rule_set);
	}
}

uint32_t draft_id(const struct draft *draft, size_t part)
{
	const struct rule_content *content = draft->parts[part].content;

	return content ? content->rule_set.id : 0;
}
