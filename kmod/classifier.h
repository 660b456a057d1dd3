/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_CLASSIFIER_H
#define PODWALL_CLASSIFIER_H

#include <linux/types.h>

#include "address_map.h"
#include "array.h"
#include "identity.h"
#include "port_map.h"
#include "region.h"
#include "row.h"

/* So few that identities never want for bits, so many that few need more. */
#define PODWALL_REGION_BITS_MIN	10

/**
 * struct podwall_classifier - rule sets and peers, made ready for packets
 * @addresses4: IPv4 addresses with an identity; the value is the class
 * @addresses6: IPv6 addresses with an identity; the value is the class
 * @regions: of all addresses; the class of one without identity
 * @ports: classes of ports
 * @identities: what the upper bits of a class stand for
 * @rows: of struct podwall_row pointers; what each rule set says to peers, in
 *	the order of the policy's rule sets
 * @region_bits: how many lower bits of a class are the region
 * @region_mask: those bits
 *
 * All is owned by reference, and shared with other policies where it is equal.
 */
struct podwall_classifier {
	struct podwall_address_map *addresses4;
	struct podwall_address_map *addresses6;
	struct podwall_regions *regions;
	struct podwall_port_map *ports;
	struct podwall_identities *identities;
	struct podwall_array rows;
	u8 region_bits;
	u32 region_mask;
};

int podwall_classifier_init(struct podwall_classifier *classifier);
void podwall_classifier_release(struct podwall_classifier *classifier);
size_t podwall_classifier_size(const struct podwall_classifier *classifier);

/**
 * podwall_classifier_class4 - find the class of an IPv4 address
 * @classifier: under RCU, or referenced
 * @ip: network byte order
 *
 * Context: Any.
 */
static __always_inline u32
podwall_classifier_class4(const struct podwall_classifier *classifier,
			  __be32 ip)
{
	u32 class = podwall_address_map_find4(classifier->addresses4, ip);

	return likely(class) ? class :
			       podwall_regions_find4(classifier->regions, ip);
}

/**
 * podwall_classifier_class6 - find the class of an IPv6 address
 * @classifier: under RCU, or referenced
 * @ip: the address
 *
 * Context: Any.
 */
static __always_inline u32
podwall_classifier_class6(const struct podwall_classifier *classifier,
			  const struct in6_addr *ip)
{
	u32 class = podwall_address_map_find6(classifier->addresses6, ip);

	return likely(class) ? class :
			       podwall_regions_find6(classifier->regions, ip);
}

/**
 * podwall_classifier_class - find the class of an address
 * @classifier: under RCU, or referenced
 * @ip: the address
 *
 * Context: Any.
 */
static inline u32
podwall_classifier_class(const struct podwall_classifier *classifier,
			 const struct podwall_ip *ip)
{
	return ip->family == AF_INET ?
	       podwall_classifier_class4(classifier, ip->v4) :
	       podwall_classifier_class6(classifier, &ip->v6);
}

static inline void
podwall_classifier_set_bits(struct podwall_classifier *classifier, u8 bits)
{
	classifier->region_bits = bits;
	classifier->region_mask = (1U << bits) - 1;
}

/* The number of the identity that a class stands for; 0 for none. */
static __always_inline u32
podwall_classifier_number(const struct podwall_classifier *classifier,
			  u32 class)
{
	return class >> classifier->region_bits;
}

/* The region that a class stands for. */
static __always_inline u32
podwall_classifier_region(const struct podwall_classifier *classifier,
			  u32 class)
{
	return class & classifier->region_mask;
}

/* The identity that a class stands for; 0 for none. */
static inline u32
podwall_classifier_identity(const struct podwall_classifier *classifier,
			    u32 class)
{
	u32 number = podwall_classifier_number(classifier, class);

	return classifier->identities->entries[number].id;
}

/* Addresses more, or less, of the identity that a class stands for. */
static inline void
podwall_classifier_count(const struct podwall_classifier *classifier, u32 class,
			 int change)
{
	u32 number = podwall_classifier_number(classifier, class);

	if (number)
		classifier->identities->entries[number].users += change;
}

/**
 * podwall_classifier_find - find what decides about a peer and a port
 * @classifier: under RCU, or referenced
 * @row: of the rule set, by the same policy
 * @class: of the peer's address
 * @key: protocol and port of the server, by podwall_port_key()
 * @port: the class of @key
 * @skip_policy_tier: the policy tier does not concern the connection
 *
 * Context: Any.
 * Return: the result.
 */
static __always_inline u32
podwall_classifier_find(const struct podwall_classifier *classifier,
			const struct podwall_row *row, u32 class, u32 key,
			u32 port, bool skip_policy_tier)
{
	return podwall_row_find(row,
				podwall_classifier_number(classifier, class),
				podwall_classifier_region(classifier, class),
				key, port, skip_policy_tier);
}

/**
 * podwall_classifier_accepts - whether a peer and a port are accepted
 * @classifier: under RCU, or referenced
 * @row: of the rule set, by the same policy
 * @class: of the peer's address
 * @protocol: IP protocol number, of a protocol with ports; few rows need it
 * @port: of the server, in network byte order; likewise
 * @port_class: theirs
 * @count: receives where to count a packet that is accepted
 *
 * Context: Any.
 */
static __always_inline bool
podwall_classifier_accepts(const struct podwall_classifier *classifier,
			   const struct podwall_row *row, u32 class,
			   const u8 *protocol, const __be16 *port,
			   u32 port_class,
			   struct podwall_count __percpu **count)
{
	return podwall_row_accepts(row,
				   podwall_classifier_number(classifier, class),
				   podwall_classifier_region(classifier, class),
				   protocol, port, port_class, count);
}

static inline struct podwall_address_map **
podwall_classifier_addresses(struct podwall_classifier *classifier, u8 family)
{
	return family == AF_INET ? &classifier->addresses4 :
				   &classifier->addresses6;
}

static inline struct podwall_row *
podwall_classifier_row(const struct podwall_classifier *classifier, u32 index)
{
	return ((struct podwall_row **)classifier->rows.elements)[index];
}

#endif
