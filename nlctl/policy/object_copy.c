// SPDX-License-Identifier: GPL-2.0-only
#include "policy/object_copy.h"

#include "policy/memory.h"

static char *text_copy(const char *text)
{
	return text ? xstrdup(text) : NULL;
}

struct peer_set peer_set_copy(const struct peer_set *peer_set)
{
	struct peer_set copy = *peer_set;
	size_t i;

	copy.name = text_copy(peer_set->name);
	copy.identities = xmemdup(peer_set->identities,
				  peer_set->identity_count *
					  sizeof(*peer_set->identities));
	copy.blocks = xmemdup(peer_set->blocks,
			      peer_set->block_count * sizeof(*copy.blocks));
	for (i = 0; i < copy.block_count; i++)
		copy.blocks[i].except = xmemdup(copy.blocks[i].except,
						copy.blocks[i].except_count *
							sizeof(struct network));
	return copy;
}

static struct rule rule_copy(const struct rule *rule)
{
	struct rule copy = *rule;

	copy.peer_sets =
		xmemdup(rule->peer_sets,
			rule->peer_set_count * sizeof(*rule->peer_sets));
	copy.port_ranges =
		xmemdup(rule->port_ranges,
			rule->port_range_count * sizeof(*rule->port_ranges));
	copy.origin = text_copy(rule->origin);
	copy.count = (struct count){};
	return copy;
}

struct rule_set rule_set_copy(const struct rule_set *rule_set)
{
	struct rule_set copy = *rule_set;
	size_t i;

	copy.isolation_origin = text_copy(rule_set->isolation_origin);
	copy.isolation_count = (struct count){};
	copy.default_count = (struct count){};
	copy.rules = xcalloc(copy.rule_count, sizeof(*copy.rules));
	for (i = 0; i < copy.rule_count; i++)
		copy.rules[i] = rule_copy(&rule_set->rules[i]);
	return copy;
}

struct pod pod_copy(const struct pod *pod)
{
	struct pod copy = *pod;

	copy.key = text_copy(pod->key);
	copy.uid = text_copy(pod->uid);
	copy.ips = xmemdup(pod->ips, pod->ip_count * sizeof(*pod->ips));
	copy.interface = text_copy(pod->interface);
	copy.traffic = NULL;
	copy.traffic_count = 0;
	copy.events_lost = 0;
	return copy;
}
