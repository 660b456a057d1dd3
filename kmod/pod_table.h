/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_POD_TABLE_H
#define PODWALL_POD_TABLE_H

#include <linux/in6.h>
#include <linux/types.h>
#include <net/ipv6.h>

#include "hash.h"
#include "ip.h"

struct podwall_pod_slot;

/** struct podwall_pod_entry4 - an IPv4 address of a pod; a free one has no pod */
struct podwall_pod_entry4 {
	const struct podwall_pod_slot *pod;
	__be32 ip;
};

/** struct podwall_pod_entry6 - an IPv6 address of a pod; a free one has no pod */
struct podwall_pod_entry6 {
	const struct podwall_pod_slot *pod;
	struct in6_addr ip;
};

/**
 * struct podwall_pod_table - the pods of this node by address
 * @multipliers: of podwall_hash4() and podwall_hash6()
 * @shift4: from a hash to an offset in @entries4, and lower bits
 * @shift6: from a hash to an index of @entries6
 * @mask4: of an offset in @entries4
 * @mask6: of an index of @entries6
 * @entries4: IPv4; a power of two, an eighth of them taken at most
 * @entries6: IPv6; a power of two, an eighth of them taken at most
 *
 * Pods are few: the table is made anew with each change, and packets, which ask
 * it most, need the fewest steps.
 */
struct podwall_pod_table {
	u64 multipliers[2];
	u8 shift4;
	u8 shift6;
	u32 mask4;
	u32 mask6;
	struct podwall_pod_entry4 *entries4;
	struct podwall_pod_entry6 *entries6;
};

int podwall_pod_table_create(struct podwall_pod_table *table, u32 count4,
			     u32 count6);
void podwall_pod_table_release(struct podwall_pod_table *table);
size_t podwall_pod_table_size(const struct podwall_pod_table *table);
const struct podwall_pod_slot *
podwall_pod_table_add(struct podwall_pod_table *table,
		      const struct podwall_ip *ip,
		      const struct podwall_pod_slot *pod);

/* In bytes, which spares packets from scaling an index. */
static __always_inline unsigned long
podwall_pod_table_offset4(const struct podwall_pod_table *table, __be32 ip)
{
	return (podwall_hash4(table->multipliers, ip) >> table->shift4) &
	       ~(sizeof(struct podwall_pod_entry4) - 1);
}

static __always_inline struct podwall_pod_entry4 *
podwall_pod_table_entry4(const struct podwall_pod_table *table,
			 unsigned long offset)
{
	return (void *)table->entries4 + offset;
}

static __always_inline unsigned long
podwall_pod_table_next4(const struct podwall_pod_table *table,
			unsigned long offset)
{
	return (offset + sizeof(struct podwall_pod_entry4)) & table->mask4;
}

static __always_inline u64
podwall_pod_table_index6(const struct podwall_pod_table *table,
			 const struct in6_addr *ip)
{
	return podwall_hash6(table->multipliers, ip) >> table->shift6;
}

/**
 * podwall_pod_table_find4 - find the pod of an IPv4 address
 * @table: under RCU, or referenced
 * @ip: network byte order
 *
 * Context: Any.
 * Return: what it was added with, or NULL.
 */
static __always_inline const struct podwall_pod_slot *
podwall_pod_table_find4(const struct podwall_pod_table *table, __be32 ip)
{
	unsigned long offset = podwall_pod_table_offset4(table, ip);
	const struct podwall_pod_entry4 *entry;

	for (;; offset = podwall_pod_table_next4(table, offset)) {
		entry = podwall_pod_table_entry4(table, offset);
		if (entry->ip == ip || !entry->pod)
			return entry->pod;
	}
}

/**
 * podwall_pod_table_find6 - find the pod of an IPv6 address
 * @table: under RCU, or referenced
 * @ip: the address
 *
 * Context: Any.
 * Return: what it was added with, or NULL.
 */
static __always_inline const struct podwall_pod_slot *
podwall_pod_table_find6(const struct podwall_pod_table *table,
			const struct in6_addr *ip)
{
	u64 index = podwall_pod_table_index6(table, ip);
	const struct podwall_pod_entry6 *entry;

	for (;; index = (index + 1) & table->mask6) {
		entry = &table->entries6[index];
		if (ipv6_addr_equal(&entry->ip, ip) || !entry->pod)
			return entry->pod;
	}
}

#endif
