/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_IP_H
#define PODWALL_IP_H

#include <asm/byteorder.h>
#include <linux/in6.h>
#include <linux/types.h>

/**
 * struct podwall_ip - one IPv4 or IPv6 address
 * @v4: the address in network byte order when @family is AF_INET
 * @v6: the address when @family is AF_INET6
 * @family: AF_INET or AF_INET6
 */
struct podwall_ip {
	union {
		__be32 v4;
		struct in6_addr v6;
	};
	u8 family;
};

/**
 * struct podwall_network - a block of addresses
 * @base: its lowest address
 * @prefix_length: up to 32 with AF_INET and 128 with AF_INET6
 */
struct podwall_network {
	struct podwall_ip base;
	u8 prefix_length;
};

int podwall_ip_compare(const struct podwall_ip *a, const struct podwall_ip *b);
bool podwall_ip_equal(const struct podwall_ip *a, const struct podwall_ip *b);
bool podwall_network_contains(const struct podwall_network *network,
			      const struct podwall_ip *ip);
bool podwall_network_is_masked(const struct podwall_network *network);
bool podwall_network_is_within(const struct podwall_network *inner,
			       const struct podwall_network *outer);

/* Room for "ffff:…:ffff/128" in any form that the kernel prints. */
#define PODWALL_NETWORK_TEXT 64

const char *podwall_network_text(const struct podwall_network *network,
				 char text[PODWALL_NETWORK_TEXT]);
const char *podwall_ip_text(const struct podwall_ip *ip,
			    char text[PODWALL_NETWORK_TEXT]);

/**
 * struct podwall_ip_halves - an IPv6 address as two words
 * @high: the first eight bytes
 * @low: the others
 */
struct podwall_ip_halves {
	__be64 high;
	__be64 low;
} __packed __aligned(4);

static __always_inline u64 podwall_ip_high(const struct in6_addr *ip)
{
	return be64_to_cpu(((const struct podwall_ip_halves *)ip)->high);
}

static __always_inline u64 podwall_ip_low(const struct in6_addr *ip)
{
	return be64_to_cpu(((const struct podwall_ip_halves *)ip)->low);
}

#endif
