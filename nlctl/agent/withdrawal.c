// SPDX-License-Identifier: GPL-2.0-only
#include "agent/withdrawal.h"

#include <string.h>

#include "policy/memory.h"

/* Whether it is the same pod still, where it was. */
static bool stays(const struct pod *before, const struct pod *after)
{
	size_t i;

	if (before->ip_count != after->ip_count ||
	    strcmp(before->uid, after->uid) != 0)
		return false;
	for (i = 0; i < before->ip_count; i++)
		if (!ip_equal(&before->ips[i], &after->ips[i]))
			return false;
	return true;
}

void withdrawal_find(const struct difference *difference,
		     struct difference *withdrawal)
{
	size_t i;

	*withdrawal = (struct difference){};
	for (i = 0; i < difference->pod_count; i++) {
		const struct pod_change *change = &difference->pods[i];

		if (change->kind == CHANGE_ADD ||
		    (change->kind == CHANGE_REPLACE &&
		     stays(change->before, change->after)))
			continue;
		*array_add(withdrawal->pods, withdrawal->pod_count) =
			(struct pod_change){
				.kind = CHANGE_REMOVE,
				.before = change->before,
			};
	}
}
