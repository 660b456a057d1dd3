// SPDX-License-Identifier: GPL-2.0-only

#include <linux/kernel.h>
#include <linux/socket.h>
#include <linux/string.h>
#include <net/ipv6.h>

#include "ip.h"

/**
 * podwall_ip_compare - order addresses: IPv4 first, then by value
 * @a: one address
 * @b: the other
 *
 * Context: Any.
 * Return: below, equal to or above zero as @a sorts before, with or after @b.
 */
int podwall_ip_compare(const struct podwall_ip *a, const struct podwall_ip *b)
{
	if (a->family != b->family)
		return a->family == AF_INET ? -1 : 1;
	if (a->family == AF_INET)
		return memcmp(&a->v4, &b->v4, sizeof(a->v4));
	return memcmp(&a->v6, &b->v6, sizeof(a->v6));
}

/**
 * podwall_ip_equal - whether two addresses are the same
 * @a: one address
 * @b: the other
 *
 * Context: Any.
 */
bool podwall_ip_equal(const struct podwall_ip *a, const struct podwall_ip *b)
{
	if (a->family != b->family)
		return false;
	if (a->family == AF_INET)
		return a->v4 == b->v4;
	return ipv6_addr_equal(&a->v6, &b->v6);
}

static __be32 v4_mask(unsigned int prefix_length)
{
	return prefix_length ? htonl(~0U << (32 - prefix_length)) : 0;
}

/**
 * podwall_network_contains - whether an address lies in a block
 * @network: the block
 * @ip: the address; one of the other family lies in no block
 *
 * Context: Any.
 */
bool podwall_network_contains(const struct podwall_network *network,
			      const struct podwall_ip *ip)
{
	const struct podwall_ip *base = &network->base;

	if (base->family != ip->family)
		return false;
	if (ip->family == AF_INET)
		return !((base->v4 ^ ip->v4) & v4_mask(network->prefix_length));
	return ipv6_prefix_equal(&base->v6, &ip->v6, network->prefix_length);
}

/**
 * podwall_network_is_masked - whether the bits beyond the prefix are zero
 * @network: a block whose prefix length is in range for its family
 *
 * Context: Any.
 */
bool podwall_network_is_masked(const struct podwall_network *network)
{
	struct in6_addr masked;

	if (network->base.family == AF_INET)
		return !(network->base.v4 & ~v4_mask(network->prefix_length));
	ipv6_addr_prefix(&masked, &network->base.v6, network->prefix_length);
	return ipv6_addr_equal(&masked, &network->base.v6);
}

/**
 * podwall_network_is_within - whether a block is a proper part of another
 * @inner: the block that should be the smaller one
 * @outer: the block that should hold it
 *
 * Context: Any.
 */
bool podwall_network_is_within(const struct podwall_network *inner,
			       const struct podwall_network *outer)
{
	return inner->prefix_length > outer->prefix_length &&
	       podwall_network_contains(outer, &inner->base);
}

/**
 * podwall_ip_text - write an address for a person to read
 * @ip: the address
 * @text: receives the NUL-terminated text
 *
 * Context: Any.
 * Return: @text.
 */
const char *podwall_ip_text(const struct podwall_ip *ip,
			    char text[PODWALL_NETWORK_TEXT])
{
	if (ip->family == AF_INET)
		snprintf(text, PODWALL_NETWORK_TEXT, "%pI4", &ip->v4);
	else
		snprintf(text, PODWALL_NETWORK_TEXT, "%pI6c", &ip->v6);
	return text;
}

/**
 * podwall_network_text - write a block for a person to read
 * @network: the block
 * @text: receives the NUL-terminated text
 *
 * Context: Any.
 * Return: @text.
 */
const char *podwall_network_text(const struct podwall_network *network,
				 char text[PODWALL_NETWORK_TEXT])
{
	size_t length;

	podwall_ip_text(&network->base, text);
	length = strlen(text);
	snprintf(text + length, PODWALL_NETWORK_TEXT - length, "/%u",
		 network->prefix_length);
	return text;
}
