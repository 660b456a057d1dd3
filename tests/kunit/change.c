// SPDX-License-Identifier: GPL-2.0-only

#include <linux/podwall.h>
#include <linux/seq_buf.h>

#include "change.h"
#include "draft.h"
#include "policy.h"
#include "transaction.h"

static void stage_rule_set(struct kunit *test,
			   struct podwall_transaction *transaction,
			   const struct change *change)
{
	const struct draft_rule_set draft = {
		.id = change->id,
		.direction = change->kind == CHANGE_INGRESS ?
			     PODWALL_DIRECTION_INGRESS :
			     PODWALL_DIRECTION_EGRESS,
		.rules = { {
			.tier = PODWALL_TIER_ADMIN,
			.action = PODWALL_ACTION_DENY,
			.peer_sets = { change->refers },
		} },
	};

	draft_stage_rule_set(test, transaction, &draft);
}

static void stage_pod(struct kunit *test,
		      struct podwall_transaction *transaction,
		      const struct change *change)
{
	const struct draft_pod draft = {
		.key = change->text,
		.addresses = { change->address },
		.ingress = change->id,
		.egress = change->refers,
	};

	draft_stage_pod(test, transaction, &draft,
			change->kind == CHANGE_POD_REMOVAL);
}

static int stage(struct kunit *test, struct podwall_transaction *transaction,
		 const struct change *change)
{
	const struct draft_peer_set peers = {
		.id = change->id,
		.name = change->text,
		.identities = { change->id },
	};
	const struct draft_peer_set block = {
		.id = change->id,
		.name = change->text,
		.identities = { change->refers },
		.blocks = { { change->address } },
	};
	struct podwall_ip ip;

	switch (change->kind) {
	case CHANGE_ADDRESS:
		ip = draft_ip(change->text);
		return podwall_transaction_add_address(transaction, &ip,
						       change->id);
	case CHANGE_PEER_SET:
		draft_stage_peer_set(test, transaction, &peers);
		return 0;
	case CHANGE_PEER_SET_BLOCK:
		draft_stage_peer_set(test, transaction, &block);
		return 0;
	case CHANGE_PEER_SET_REMOVAL:
		return podwall_transaction_remove_peer_set(transaction,
							   change->id);
	case CHANGE_INGRESS:
	case CHANGE_EGRESS:
		stage_rule_set(test, transaction, change);
		return 0;
	case CHANGE_RULE_SET_REMOVAL:
		return podwall_transaction_remove_rule_set(transaction,
							   change->id);
	case CHANGE_POD:
	case CHANGE_POD_REMOVAL:
		stage_pod(test, transaction, change);
		return 0;
	case CHANGE_FLUSH:
		podwall_transaction_flush(transaction);
		return 0;
	default:
		return 0;
	}
}

/* Stage changes, in order. */
void change_stage(struct kunit *test, struct podwall_transaction *transaction,
		  const struct change *changes, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		KUNIT_ASSERT_EQ(test, 0, stage(test, transaction, &changes[i]));
}

static void describe_pod(struct seq_buf *text,
			 const struct podwall_policy *policy,
			 const struct podwall_pod_slot *slot)
{
	const struct podwall_pod *pod = slot->pod;
	char ip[PODWALL_NETWORK_TEXT];
	u32 i;

	seq_buf_printf(text, " %s", pod->key);
	for (i = 0; i < pod->address_count; i++)
		seq_buf_printf(text, "@%s%s",
			       podwall_ip_text(&pod->addresses[i], ip),
			       podwall_policy_pod(policy, &pod->addresses[i]) ==
			       slot ? "" : "?");
	if (slot->ingress.set)
		seq_buf_printf(text, "<%u", slot->ingress.set->id);
	if (slot->egress.set)
		seq_buf_printf(text, ">%u", slot->egress.set->id);
	if (slot->ingress_enforced.set)
		seq_buf_printf(text, "<<%u", slot->ingress_enforced.set->id);
	if (slot->egress_enforced.set)
		seq_buf_printf(text, ">>%u", slot->egress_enforced.set->id);
}

/* By address, because a map has an order of its own. */
static void describe_addresses(struct seq_buf *text,
			       const struct podwall_policy *policy,
			       const struct podwall_address_map *map)
{
	struct podwall_ip ip, last = {}, least;
	char string[PODWALL_NETWORK_TEXT];
	u32 i, position;

	for (i = 0; i < map->count; i++, last = least) {
		bool found = false;

		position = 0;
		while (podwall_address_map_next(map, &position, &ip)) {
			if (i && podwall_ip_compare(&ip, &last) <= 0)
				continue;
			if (!found || podwall_ip_compare(&ip, &least) < 0)
				least = ip;
			found = true;
		}
		seq_buf_printf(text, " %s=%u", podwall_ip_text(&least, string),
			       podwall_policy_identity(policy, &least));
	}
}

/* Write what a policy holds, as "address=identity id:name id=peers key@address". */
const char *change_describe(struct kunit *test,
			    const struct podwall_policy *policy)
{
	struct podwall_peer_set **peer_sets = policy->peer_sets.elements;
	struct podwall_rule_set **rule_sets = policy->rule_sets.elements;
	const struct podwall_pod_slot *slots = policy->pod_slots.elements;
	char *room = kunit_kzalloc(test, 1024, GFP_KERNEL);
	struct seq_buf text;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, room);
	seq_buf_init(&text, room, 1024);
	seq_buf_printf(&text, "%llu:", policy->generation);
	describe_addresses(&text, policy, policy->classifier.addresses4);
	describe_addresses(&text, policy, policy->classifier.addresses6);
	for (i = 0; i < policy->peer_sets.count; i++)
		seq_buf_printf(&text, " %u:%s", peer_sets[i]->id,
			       peer_sets[i]->name);
	for (i = 0; i < policy->rule_sets.count; i++) {
		const u32 *ids = rule_sets[i]->peer_sets.elements;

		seq_buf_printf(&text, " %u=%u%s", rule_sets[i]->id,
			       ids ? ids[0] : 0,
			       rule_sets[i]->counters ? "" : "?");
	}
	for (i = 0; i < policy->pod_slots.count; i++)
		describe_pod(&text, policy, &slots[i]);
	KUNIT_ASSERT_FALSE(test, seq_buf_has_overflowed(&text));
	return room;
}
