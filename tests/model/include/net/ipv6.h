/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_NET_IPV6_H
#define PODWALL_MODEL_NET_IPV6_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include <asm/byteorder.h>
#include <linux/types.h>

static inline bool ipv6_addr_equal(const struct in6_addr *a,
				   const struct in6_addr *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static inline int ipv6_addr_cmp(const struct in6_addr *a,
				const struct in6_addr *b)
{
	return memcmp(a, b, sizeof(*a));
}

/* Not 0 when they differ where the mask has bits. */
static inline int ipv6_masked_addr_cmp(const struct in6_addr *a,
				       const struct in6_addr *mask,
				       const struct in6_addr *b)
{
	int i, differ = 0;

	for (i = 0; i < 16; i++)
		differ |= (a->s6_addr[i] ^ b->s6_addr[i]) & mask->s6_addr[i];
	return !!differ;
}

/* The length of the prefix that two addresses have in common. */
static inline int ipv6_addr_diff(const struct in6_addr *a,
				 const struct in6_addr *b)
{
	int i;

	for (i = 0; i < 128; i++)
		if ((a->s6_addr[i / 8] ^ b->s6_addr[i / 8]) & 0x80 >> i % 8)
			break;
	return i;
}

static inline bool ipv6_addr_any(const struct in6_addr *a)
{
	return !memcmp(a, &in6addr_any, sizeof(*a));
}

static inline void ipv6_addr_prefix(struct in6_addr *to,
				    const struct in6_addr *from, int length)
{
	int whole = length / 8, rest = length % 8;

	memset(to, 0, sizeof(*to));
	memcpy(to, from, whole);
	if (rest)
		to->s6_addr[whole] = from->s6_addr[whole] & (0xff00 >> rest);
}

static inline bool ipv6_prefix_equal(const struct in6_addr *a,
				     const struct in6_addr *b,
				     unsigned int length)
{
	struct in6_addr left, right;

	ipv6_addr_prefix(&left, a, length);
	ipv6_addr_prefix(&right, b, length);
	return ipv6_addr_equal(&left, &right);
}

#endif
