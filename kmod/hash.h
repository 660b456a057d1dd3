/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_HASH_H
#define PODWALL_HASH_H

#include <linux/in6.h>
#include <linux/types.h>

#include "ip.h"

/*
 * Hashes of addresses. A table draws its multipliers, so that nobody knows which
 * addresses meet in it.
 *
 * Addresses come in rows, and a row times a number is a row again: of one number
 * in twenty such that fills the same few places over and over. So a hash that
 * only multiplies is as good as its draw. Squares are in no row, and of 32 bits
 * no two have the same; those of 64 do, where halves are folded instead.
 */

/**
 * podwall_hash4 - hash an IPv4 address
 * @multipliers: the first is taken; odd, drawn at random
 * @ip: network byte order
 *
 * Context: Any.
 * Return: a hash of which the upper half is good.
 */
static __always_inline u64 podwall_hash4(const u64 *multipliers, __be32 ip)
{
	u64 number = ntohl(ip);

	return number * number * multipliers[0];
}

/**
 * podwall_hash6 - hash an IPv6 address
 * @multipliers: two; odd, drawn at random
 * @ip: the address
 *
 * Context: Any.
 * Return: a hash of which the upper half is good.
 */
static __always_inline u64 podwall_hash6(const u64 *multipliers,
					 const struct in6_addr *ip)
{
	u64 sum = podwall_ip_high(ip) * multipliers[0] +
		  podwall_ip_low(ip) * multipliers[1];

	/* Only so do the topmost bits of either half reach all that is used. */
	return (sum ^ sum >> 32) * multipliers[1];
}

#endif
