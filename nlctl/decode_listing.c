// SPDX-License-Identifier: GPL-2.0-only
#include "decode_listing.h"

#include <netlink/genl/genl.h>

#include "attributes.h"

struct nlattr *listing_attributes(struct nlmsghdr *header, int *length)
{
	struct genlmsghdr *generic = genlmsg_hdr(header);

	*length = genlmsg_attrlen(generic, 0);
	return genlmsg_attrdata(generic, 0);
}

/* Every message of a dump says of which generation it is. */
void listing_generation(struct listing *listing, struct nlattr *attribute)
{
	uint64_t generation = attribute_u64(attribute);

	if (!attribute)
		return;
	if (listing->generation && listing->generation != generation)
		listing->mixed = true;
	listing->generation = generation;
}

bool listing_address(struct nlattr *attribute, struct address *address)
{
	static struct nla_policy policy[PODWALL_A_ADDRESS_MAX + 1] = {
		[PODWALL_A_ADDRESS_IPV4] = { .type = NLA_U32 },
		[PODWALL_A_ADDRESS_IPV6] = { .minlen = 16, .maxlen = 16 },
		[PODWALL_A_ADDRESS_IDENTITY] = { .type = NLA_U32 },
	};
	struct nlattr *attributes[PODWALL_A_ADDRESS_MAX + 1];

	if (nla_parse_nested(attributes, PODWALL_A_ADDRESS_MAX, attribute,
			     policy) < 0 ||
	    !attribute_ip(attributes[PODWALL_A_ADDRESS_IPV4],
			  attributes[PODWALL_A_ADDRESS_IPV6], &address->ip))
		return false;
	if (attributes[PODWALL_A_ADDRESS_IDENTITY])
		address->identity =
			nla_get_u32(attributes[PODWALL_A_ADDRESS_IDENTITY]);
	return true;
}
