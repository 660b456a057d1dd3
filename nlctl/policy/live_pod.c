// SPDX-License-Identifier: GPL-2.0-only
#include "policy/live_pod.h"

#include <string.h>

const struct pod *live_pod(const struct objects *live, const char *key)
{
	size_t low = 0, high = live ? live->pod_count : 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(live->pods[middle].key, key);

		if (!order)
			return &live->pods[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
