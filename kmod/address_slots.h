/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_ADDRESS_SLOTS_H
#define PODWALL_ADDRESS_SLOTS_H

#include <linux/mm.h>
#include <linux/types.h>
#include <net/ipv6.h>

#include "ip.h"

/** struct podwall_address_slot4 - an IPv4 address and its value; 0 is none */
struct podwall_address_slot4 {
	u32 value;
	__be32 ip;
};

/** struct podwall_address_slot6 - an IPv6 address and its value; 0 is none */
struct podwall_address_slot6 {
	u32 value;
	struct in6_addr ip;
};

#define PODWALL_ADDRESS_SLOTS4 (PAGE_SIZE / sizeof(struct podwall_address_slot4))
#define PODWALL_ADDRESS_SLOTS6 (PAGE_SIZE / sizeof(struct podwall_address_slot6))

/* What a map without addresses has for a page; nobody's own. */
extern u8 podwall_address_no_slots[PAGE_SIZE];

void *podwall_address_slots_create(void);
void podwall_address_slots_get(void *slots);
void podwall_address_slots_put(void *slots);
bool podwall_address_slots_are_own(const void *slots);

void podwall_address_slots_read(u8 family, const void *slots, u32 index,
				struct podwall_ip *ip);
void podwall_address_slots_write(u8 family, void *slots, u32 index,
				 const struct podwall_ip *ip);

static inline u32 podwall_address_slots_count(u8 family)
{
	return family == AF_INET ? PODWALL_ADDRESS_SLOTS4 :
				   PODWALL_ADDRESS_SLOTS6;
}

static inline u32 *podwall_address_slots_value(u8 family, void *slots,
					       u32 index)
{
	if (family == AF_INET)
		return &((struct podwall_address_slot4 *)slots)[index].value;
	return &((struct podwall_address_slot6 *)slots)[index].value;
}

/* Whether a slot was never taken. */
static inline bool podwall_address_slots_is_free(u8 family, const void *slots,
						 u32 index)
{
	const struct podwall_address_slot4 *slots4 = slots;
	const struct podwall_address_slot6 *slots6 = slots;

	if (family == AF_INET)
		return !slots4[index].value && !slots4[index].ip;
	return !slots6[index].value && ipv6_addr_any(&slots6[index].ip);
}

/* Whether a slot belongs to an address. */
static inline bool podwall_address_slots_hold(u8 family, const void *slots,
					      u32 index,
					      const struct podwall_ip *ip)
{
	const struct podwall_address_slot4 *slots4 = slots;
	const struct podwall_address_slot6 *slots6 = slots;

	if (family == AF_INET)
		return slots4[index].ip == ip->v4;
	return ipv6_addr_equal(&slots6[index].ip, &ip->v6);
}

#endif
