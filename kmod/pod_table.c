// SPDX-License-Identifier: GPL-2.0-only

#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "pod_table.h"

/* A power of two. */
static_assert(!(sizeof(struct podwall_pod_entry4) &
		(sizeof(struct podwall_pod_entry4) - 1)));

#define ENTRIES_MIN	8
#define ENTRIES_MAX	SZ_128M

/* So many entries for each address. */
#define SPREAD		8

static u32 entries_for(u32 count)
{
	return roundup_pow_of_two(max_t(u32, count * SPREAD, ENTRIES_MIN));
}

/**
 * podwall_pod_table_create - begin a table
 * @table: zeroed
 * @count4: IPv4 addresses that it must have room for
 * @count6: IPv6 addresses that it must have room for
 *
 * Context: Process context; may sleep.
 * Return: 0, or -ENOMEM with parts for podwall_pod_table_release().
 */
int podwall_pod_table_create(struct podwall_pod_table *table, u32 count4,
			     u32 count6)
{
	u32 entries4, entries6;

	if (max(count4, count6) > ENTRIES_MAX / SPREAD)
		return -ENOMEM;
	entries4 = entries_for(count4);
	entries6 = entries_for(count6);
	table->shift4 = 64 - ilog2(entries4 * sizeof(*table->entries4));
	table->shift6 = 64 - ilog2(entries6);
	table->mask4 = (entries4 - 1) * sizeof(*table->entries4);
	table->mask6 = entries6 - 1;
	table->multipliers[0] = get_random_u64() | 1;
	table->multipliers[1] = get_random_u64() | 1;
	table->entries4 = kvcalloc(entries4, sizeof(*table->entries4),
				   GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	table->entries6 = kvcalloc(entries6, sizeof(*table->entries6),
				   GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	return table->entries4 && table->entries6 ? 0 : -ENOMEM;
}

/**
 * podwall_pod_table_release - free what a table holds
 * @table: no packet may reach it any more
 *
 * Context: Process context; may sleep.
 */
void podwall_pod_table_release(struct podwall_pod_table *table)
{
	kvfree(table->entries4);
	kvfree(table->entries6);
}

/**
 * podwall_pod_table_size - the memory that a table holds, in bytes
 * @table: any
 *
 * Context: Any.
 */
size_t podwall_pod_table_size(const struct podwall_pod_table *table)
{
	return table->mask4 + sizeof(*table->entries4) +
	       (table->mask6 + 1ULL) * sizeof(*table->entries6);
}

/**
 * podwall_pod_table_add - add an address
 * @table: not published, with room
 * @ip: the address
 * @pod: what to find there
 *
 * Context: Any.
 * Return: NULL, or the pod that has the address already, with nothing changed.
 */
const struct podwall_pod_slot *
podwall_pod_table_add(struct podwall_pod_table *table,
		      const struct podwall_ip *ip,
		      const struct podwall_pod_slot *pod)
{
	struct podwall_pod_entry4 *entry4;
	struct podwall_pod_entry6 *entry6;
	unsigned long offset;
	u64 index;

	if (ip->family == AF_INET) {
		offset = podwall_pod_table_offset4(table, ip->v4);
		for (;; offset = podwall_pod_table_next4(table, offset)) {
			entry4 = podwall_pod_table_entry4(table, offset);
			if (!entry4->pod)
				break;
			if (entry4->ip == ip->v4)
				return entry4->pod;
		}
		entry4->ip = ip->v4;
		entry4->pod = pod;
		return NULL;
	}
	index = podwall_pod_table_index6(table, &ip->v6);
	for (;; index = (index + 1) & table->mask6) {
		entry6 = &table->entries6[index];
		if (!entry6->pod)
			break;
		if (ipv6_addr_equal(&entry6->ip, &ip->v6))
			return entry6->pod;
	}
	entry6->ip = ip->v6;
	entry6->pod = pod;
	return NULL;
}
