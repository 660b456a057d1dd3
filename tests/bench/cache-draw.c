// SPDX-License-Identifier: GPL-2.0-only

#include <err.h>
#include <stdlib.h>

#include "cache-draw.h"
#include "cache-load.h"
#include "chance.h"
#include "peer_set.h"
#include "policy.h"
#include "rule_set.h"

/* A state without what is looked for must not take forever. */
#define TRIES_MAX 100000

/* A row of any pod in any direction. */
static const struct podwall_row *draw_row(const struct podwall_policy *policy)
{
	const struct podwall_pod_slot *slots = policy->pod_slots.elements;
	const struct podwall_row *row;
	unsigned int i;

	for (i = 0; policy->pod_slots.count && i < TRIES_MAX; i++) {
		slots = policy->pod_slots.elements;
		slots += chance_below(policy->pod_slots.count);
		row = chance_percent(50) ? slots->egress.row :
					   slots->ingress.row;
		if (row && row->set->rules.count)
			return row;
	}
	errx(EXIT_FAILURE, "the state has no pod with rules");
}

/* A port that any of the rules is about. */
static void draw_port(const struct podwall_rule_set *set, u8 *protocol,
		      u16 *port)
{
	const struct podwall_port_range *range = set->port_ranges.elements;
	const struct podwall_rule *rule;

	rule = podwall_rule_set_rule(set, chance_below(set->rules.count));
	if (rule->any_port) {
		*protocol = IPPROTO_TCP;
		*port = chance_below(65536);
		return;
	}
	range += rule->first_port_range + chance_below(rule->port_range_count);
	*protocol = range->protocol;
	*port = chance_between(range->first, range->last);
}

static struct podwall_ip draw_inside(const struct podwall_network *network)
{
	struct podwall_ip ip = network->base;
	unsigned int bit, bits = ip.family == AF_INET ? 32 : 128;

	for (bit = network->prefix_length; bit < bits; bit++)
		if (chance_percent(50))
			ip.v6.s6_addr[bit / 8] |= 0x80 >> bit % 8;
	return ip;
}

static struct podwall_ip draw_external(const struct podwall_policy *policy)
{
	struct podwall_peer_set *const *sets = policy->peer_sets.elements;
	const struct podwall_peer_set *set;
	const struct podwall_block *block;
	struct podwall_ip ip;
	unsigned int i;

	for (i = 0; policy->peer_sets.count && i < TRIES_MAX; i++) {
		set = sets[chance_below(policy->peer_sets.count)];
		if (!set->blocks.count)
			continue;
		block = set->blocks.elements;
		block += chance_below(set->blocks.count);
		ip = draw_inside(&block->network);
		if (!podwall_policy_identity(policy, &ip))
			return ip;
	}
	errx(EXIT_FAILURE, "the state has no block for external addresses");
}

/**
 * cache_draw - draw a packet
 * @policy: to classify it by
 * @objects: that @policy was made of
 * @peers: where its other end is
 * @packet: receives it
 */
void cache_draw(const struct podwall_policy *policy,
		const struct objects *objects, enum cache_peers peers,
		struct cache_packet *packet)
{
	*packet = (struct cache_packet){ .row = draw_row(policy) };
	draw_port(packet->row->set, &packet->protocol, &packet->port);
	if (peers == CACHE_PEERS_EXTERNAL)
		packet->peer = draw_external(policy);
	else
		packet->peer =
			cache_ip(&objects->addresses
					  [chance_below(objects->address_count)]
						  .ip);
}
