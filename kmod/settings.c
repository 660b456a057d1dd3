// SPDX-License-Identifier: GPL-2.0-only

#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "limits.h"
#include "settings.h"

static void widen_guard4(struct podwall_guard4 *guard,
			 const struct podwall_network *network, bool first)
{
	u8 length = network->prefix_length;
	u32 mask = ~0ULL << (32 - length);

	if (first) {
		guard->base = network->base.v4;
	} else {
		u32 difference = be32_to_cpu(guard->base ^ network->base.v4);

		mask &= be32_to_cpu(guard->mask);
		if (difference)
			mask &= ~0ULL << fls(difference);
	}
	guard->mask = cpu_to_be32(mask);
	guard->base &= guard->mask;
}

static void widen_guard6(struct podwall_guard6 *guard,
			 const struct podwall_network *network, bool first)
{
	u8 length = network->prefix_length;
	int i;

	if (first) {
		guard->base = network->base.v6;
		guard->mask = (struct in6_addr){};
	} else {
		length = min_t(u32, length,
			       ipv6_addr_diff(&guard->base,
					      &network->base.v6));
		for (i = 0; i < 128; i++)
			if (!(guard->mask.s6_addr[i / 8] & 0x80 >> i % 8))
				break;
		length = min_t(u32, length, i);
		guard->mask = (struct in6_addr){};
	}
	for (i = 0; i < length; i++)
		guard->mask.s6_addr[i / 8] |= 0x80 >> i % 8;
	for (i = 0; i < 16; i++)
		guard->base.s6_addr[i] &= guard->mask.s6_addr[i];
}

/* Packets ask about one block; most lie outside it, and that is the end. */
static void find_guards(struct podwall_settings *settings)
{
	const struct podwall_network *guarded = settings->guarded.elements;
	bool first4 = true, first6 = true;
	u32 i;

	settings->guard4 = (struct podwall_guard4){ .mask = cpu_to_be32(~0U) };
	settings->guard6 = (struct podwall_guard6){};
	memset(&settings->guard6.mask, 0xff, sizeof(settings->guard6.mask));
	for (i = 0; i < settings->guarded.count; i++) {
		if (guarded[i].base.family == AF_INET) {
			widen_guard4(&settings->guard4, &guarded[i], first4);
			first4 = false;
		} else {
			widen_guard6(&settings->guard6, &guarded[i], first6);
			first6 = false;
		}
	}
}

/**
 * podwall_settings_init - the settings of a new network namespace
 * @settings: filled in; owns nothing yet
 *
 * Context: Any.
 */
void podwall_settings_init(struct podwall_settings *settings)
{
	*settings = (struct podwall_settings){
		.node_access = PODWALL_NODE_ACCESS_ACCEPT,
		.deny_action = PODWALL_DENY_ACTION_DROP,
		.event_rate = PODWALL_EVENT_RATE_DEFAULT,
		.limits = {
			.addresses = PODWALL_LIMIT_ADDRESSES,
			.peer_sets = PODWALL_LIMIT_PEER_SETS,
			.rule_sets = PODWALL_LIMIT_RULE_SETS,
			.pods = PODWALL_LIMIT_PODS,
			.rules = PODWALL_LIMIT_RULES,
			.members = PODWALL_LIMIT_MEMBERS,
			.guarded = PODWALL_LIMIT_GUARDED,
			.transactions = PODWALL_LIMIT_TRANSACTIONS,
			.memory = PODWALL_LIMIT_MEMORY,
		},
	};
	find_guards(settings);
}

/**
 * podwall_settings_copy - copy settings with the blocks they own
 * @to: overwritten, not released
 * @from: unchanged
 *
 * Context: Process context; may sleep.
 * Return: 0, or -ENOMEM with nothing owned by @to.
 */
int podwall_settings_copy(struct podwall_settings *to,
			  const struct podwall_settings *from)
{
	const size_t size = sizeof(struct podwall_network);

	*to = *from;
	to->guarded = (struct podwall_array){};
	if (podwall_array_reserve(&to->guarded, from->guarded.count, size))
		return -ENOMEM;
	if (from->guarded.count)
		memcpy(to->guarded.elements, from->guarded.elements,
		       from->guarded.count * size);
	to->guarded.count = from->guarded.count;
	find_guards(to);
	return 0;
}

/**
 * podwall_settings_release - free what settings own
 * @settings: guards nothing afterwards
 *
 * Context: Process context; may sleep.
 */
void podwall_settings_release(struct podwall_settings *settings)
{
	podwall_array_free(&settings->guarded);
}

/**
 * podwall_settings_guard - find the guarded block that an address lies in
 * @settings: published, or the caller's own
 * @ip: the address
 *
 * Context: Any.
 * Return: the first such block, owned by @settings, or NULL.
 */
const struct podwall_network *
podwall_settings_guard(const struct podwall_settings *settings,
		       const struct podwall_ip *ip)
{
	const struct podwall_network *guarded = settings->guarded.elements;
	u32 i;

	for (i = 0; i < settings->guarded.count; i++)
		if (podwall_network_contains(&guarded[i], ip))
			return &guarded[i];
	return NULL;
}
