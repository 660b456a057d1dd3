// SPDX-License-Identifier: GPL-2.0-only
#include "decode.h"

#include <errno.h>

#include "attributes.h"
#include "decode_listing.h"
#include "message.h"
#include "policy/memory.h"

static bool decode_block(struct nlattr *attribute, struct block *block)
{
	struct nlattr *child;
	bool has_network = false;
	int rest;

	nla_for_each_nested(child, attribute, rest) {
		if (nla_type(child) == PODWALL_A_BLOCK_NETWORK) {
			has_network = true;
			if (!attribute_network(child, &block->network))
				return false;
		} else if (nla_type(child) == PODWALL_A_BLOCK_EXCEPT) {
			if (!attribute_network(child,
					       array_add(block->except,
							 block->except_count)))
				return false;
		}
	}
	return has_network;
}

static bool take_addresses(struct nlmsghdr *header, void *data)
{
	static struct nla_policy policy[PODWALL_A_ADDRESSES_MAX + 1] = {
		[PODWALL_A_ADDRESSES_GENERATION] = { .type = NLA_U64 },
	};
	struct nlattr *attributes[PODWALL_A_ADDRESSES_MAX + 1];
	struct listing *listing = data;
	struct objects *objects = listing->objects;
	struct nlattr *child;
	int rest;

	if (genlmsg_parse(header, 0, attributes, PODWALL_A_ADDRESSES_MAX,
			  policy) < 0)
		return false;
	listing_generation(listing, attributes[PODWALL_A_ADDRESSES_GENERATION]);
	child = listing_attributes(header, &rest);
	for (; nla_ok(child, rest); child = nla_next(child, &rest))
		if (nla_type(child) == PODWALL_A_ADDRESSES_ADDRESS &&
		    !listing_address(child, array_add(objects->addresses,
						      objects->address_count)))
			return false;
	return true;
}

/* A message without a name continues the set in front of it. */
static bool take_peer_set(struct nlmsghdr *header, void *data)
{
	static struct nla_policy policy[PODWALL_A_PEER_SET_MAX + 1] = {
		[PODWALL_A_PEER_SET_ID] = { .type = NLA_U32 },
		[PODWALL_A_PEER_SET_NAME] = { .type = NLA_STRING },
		[PODWALL_A_PEER_SET_IDENTITY] = { .type = NLA_U32 },
		[PODWALL_A_PEER_SET_GENERATION] = { .type = NLA_U64 },
	};
	struct nlattr *attributes[PODWALL_A_PEER_SET_MAX + 1];
	struct listing *listing = data;
	struct objects *objects = listing->objects;
	struct peer_set *set = NULL;
	struct nlattr *child;
	uint32_t id;
	int rest;

	if (genlmsg_parse(header, 0, attributes, PODWALL_A_PEER_SET_MAX,
			  policy) < 0 ||
	    !attributes[PODWALL_A_PEER_SET_ID])
		return false;
	listing_generation(listing, attributes[PODWALL_A_PEER_SET_GENERATION]);
	id = nla_get_u32(attributes[PODWALL_A_PEER_SET_ID]);
	if (attributes[PODWALL_A_PEER_SET_NAME]) {
		set = array_add(objects->peer_sets, objects->peer_set_count);
		set->id = id;
		set->name = xstrdup(
			nla_get_string(attributes[PODWALL_A_PEER_SET_NAME]));
	} else if (objects->peer_set_count) {
		set = &objects->peer_sets[objects->peer_set_count - 1];
	}
	if (!set || set->id != id)
		return false;

	child = listing_attributes(header, &rest);
	for (; nla_ok(child, rest); child = nla_next(child, &rest)) {
		if (nla_type(child) == PODWALL_A_PEER_SET_IDENTITY)
			*array_add(set->identities, set->identity_count) =
				nla_get_u32(child);
		else if (nla_type(child) == PODWALL_A_PEER_SET_BLOCK &&
			 !decode_block(child, array_add(set->blocks,
							set->block_count)))
			return false;
	}
	return true;
}

static int read_listing(struct netlink *netlink, struct listing *listing,
			uint8_t command, message_reader reader)
{
	struct nl_msg *message =
		message_new(netlink, command, NLM_F_DUMP, ROOM_SMALL);
	int error = message_send(netlink, message, reader, listing);

	if (!error && listing->unknown)
		error = message_fail(
			netlink, -EPROTO,
			"the module that is loaded has rules of a tier or an action that this version of nlctl does not know: install module and nlctl of one version");
	else if (!error && listing->mixed)
		error = message_fail(netlink, -EAGAIN,
				     "the policy changed while it was read");
	return error;
}

int read_objects(struct netlink *netlink, struct objects *objects,
		 uint64_t generation)
{
	static const struct {
		uint8_t command;
		message_reader reader;
	} steps[] = {
		{ PODWALL_CMD_ADDRESS_GET, take_addresses },
		{ PODWALL_CMD_PEER_SET_GET, take_peer_set },
		{ PODWALL_CMD_RULE_SET_GET, listing_take_rule_set },
		{ PODWALL_CMD_POD_GET, listing_take_pod },
	};
	struct listing listing = { .objects = objects,
				   .generation = generation };
	size_t i;

	*objects = (struct objects){ .generation = generation };
	for (i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		int error = read_listing(netlink, &listing, steps[i].command,
					 steps[i].reader);

		if (error) {
			objects_clear(objects);
			return error;
		}
	}
	objects_sort(objects);
	return 0;
}

int read_pods(struct netlink *netlink, struct objects *objects)
{
	struct listing listing = { .objects = objects };
	int error;

	*objects = (struct objects){};
	error = read_listing(netlink, &listing, PODWALL_CMD_POD_GET,
			     listing_take_pod);
	objects->generation = listing.generation;
	if (error)
		objects_clear(objects);
	objects_sort(objects);
	return error;
}
