// SPDX-License-Identifier: GPL-2.0-only
#include "policy/difference_order.h"

#include <stdlib.h>
#include <string.h>

static int by_address(const void *a, const void *b)
{
	const struct address_change *left = a, *right = b;

	return ip_compare(left->before ? &left->before->ip : &left->after->ip,
			  right->before ? &right->before->ip :
					  &right->after->ip);
}

static int compare_numbers(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int by_peer_set(const void *a, const void *b)
{
	const struct peer_set_change *left = a, *right = b;

	return compare_numbers(left->before ? left->before->id :
					      left->after->id,
			       right->before ? right->before->id :
					       right->after->id);
}

static int by_rule_set(const void *a, const void *b)
{
	const struct rule_set_change *left = a, *right = b;

	return compare_numbers(left->before ? left->before->id :
					      left->after->id,
			       right->before ? right->before->id :
					       right->after->id);
}

static int by_pod(const void *a, const void *b)
{
	const struct pod_change *left = a, *right = b;

	return strcmp(left->before ? left->before->key : left->after->key,
		      right->before ? right->before->key : right->after->key);
}

static void sort(void *array, size_t count, size_t size,
		 int (*compare)(const void *a, const void *b))
{
	if (count > 1)
		qsort(array, count, size, compare);
}

void difference_sort(struct difference *difference)
{
	sort(difference->addresses, difference->address_count,
	     sizeof(*difference->addresses), by_address);
	sort(difference->peer_sets, difference->peer_set_count,
	     sizeof(*difference->peer_sets), by_peer_set);
	sort(difference->rule_sets, difference->rule_set_count,
	     sizeof(*difference->rule_sets), by_rule_set);
	sort(difference->pods, difference->pod_count, sizeof(*difference->pods),
	     by_pod);
}
