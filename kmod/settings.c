// SPDX-License-Identifier: GPL-2.0-only

#include <linux/errno.h>
#include <linux/string.h>

#include "limits.h"
#include "settings.h"

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
