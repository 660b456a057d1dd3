// SPDX-License-Identifier: GPL-2.0-only
#include "decode.h"

#include <errno.h>

#include "attributes.h"
#include "message.h"
#include "policy/memory.h"

/**
 * struct listing - what a dump is read into
 * @objects: the objects so far
 * @generation: of the messages; 0 until one said it
 * @mixed: messages of different generations were seen
 */
struct listing {
	struct objects *objects;
	uint64_t generation;
	bool mixed;
};

static bool decode_address(struct nlattr *attribute, struct address *address)
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

static bool decode_port_range(struct nlattr *attribute,
			      struct port_range *range)
{
	static struct nla_policy policy[PODWALL_A_PORT_RANGE_MAX + 1] = {
		[PODWALL_A_PORT_RANGE_PROTOCOL] = { .type = NLA_U8 },
		[PODWALL_A_PORT_RANGE_FIRST] = { .type = NLA_U16 },
		[PODWALL_A_PORT_RANGE_LAST] = { .type = NLA_U16 },
	};
	struct nlattr *attributes[PODWALL_A_PORT_RANGE_MAX + 1];

	if (nla_parse_nested(attributes, PODWALL_A_PORT_RANGE_MAX, attribute,
			     policy) < 0 ||
	    !attributes[PODWALL_A_PORT_RANGE_PROTOCOL] ||
	    !attributes[PODWALL_A_PORT_RANGE_FIRST] ||
	    !attributes[PODWALL_A_PORT_RANGE_LAST])
		return false;
	range->protocol = nla_get_u8(attributes[PODWALL_A_PORT_RANGE_PROTOCOL]);
	range->first = nla_get_u16(attributes[PODWALL_A_PORT_RANGE_FIRST]);
	range->last = nla_get_u16(attributes[PODWALL_A_PORT_RANGE_LAST]);
	return true;
}

static bool decode_rule(struct nlattr *attribute, struct rule *rule)
{
	static struct nla_policy policy[PODWALL_A_RULE_MAX + 1] = {
		[PODWALL_A_RULE_TIER] = { .type = NLA_U32 },
		[PODWALL_A_RULE_PRIORITY] = { .type = NLA_U32 },
		[PODWALL_A_RULE_ACTION] = { .type = NLA_U32 },
		[PODWALL_A_RULE_ANY_PEER] = { .type = NLA_FLAG },
		[PODWALL_A_RULE_PEER_SET] = { .type = NLA_U32 },
		[PODWALL_A_RULE_ANY_PORT] = { .type = NLA_FLAG },
		[PODWALL_A_RULE_COOKIE] = { .type = NLA_U64 },
		[PODWALL_A_RULE_ORIGIN] = { .type = NLA_STRING },
		[PODWALL_A_RULE_PACKETS] = { .type = NLA_U64 },
		[PODWALL_A_RULE_BYTES] = { .type = NLA_U64 },
	};
	struct nlattr *attributes[PODWALL_A_RULE_MAX + 1];
	struct nlattr *child;
	int rest;

	if (nla_parse_nested(attributes, PODWALL_A_RULE_MAX, attribute,
			     policy) < 0 ||
	    !attributes[PODWALL_A_RULE_TIER] ||
	    !attributes[PODWALL_A_RULE_ACTION])
		return false;

	rule->tier = nla_get_u32(attributes[PODWALL_A_RULE_TIER]);
	rule->action = nla_get_u32(attributes[PODWALL_A_RULE_ACTION]);
	if (attributes[PODWALL_A_RULE_PRIORITY])
		rule->priority =
			nla_get_u32(attributes[PODWALL_A_RULE_PRIORITY]);
	rule->any_peer = attributes[PODWALL_A_RULE_ANY_PEER];
	rule->any_port = attributes[PODWALL_A_RULE_ANY_PORT];
	rule->cookie = attribute_u64(attributes[PODWALL_A_RULE_COOKIE]);
	rule->packets = attribute_u64(attributes[PODWALL_A_RULE_PACKETS]);
	rule->bytes = attribute_u64(attributes[PODWALL_A_RULE_BYTES]);
	rule->origin =
		xstrdup(attributes[PODWALL_A_RULE_ORIGIN] ?
				nla_get_string(attributes[PODWALL_A_RULE_ORIGIN]) :
				"");

	nla_for_each_nested(child, attribute, rest) {
		if (nla_type(child) == PODWALL_A_RULE_PEER_SET)
			*array_add(rule->peer_sets, rule->peer_set_count) =
				nla_get_u32(child);
		else if (nla_type(child) == PODWALL_A_RULE_PORT_RANGE &&
			 !decode_port_range(child,
					    array_add(rule->port_ranges,
						      rule->port_range_count)))
			return false;
	}
	return true;
}

static struct nlattr *first_attribute(struct nlmsghdr *header, int *length)
{
	struct genlmsghdr *generic = genlmsg_hdr(header);

	*length = genlmsg_attrlen(generic, 0);
	return genlmsg_attrdata(generic, 0);
}

/* Every message of a dump says of which generation it is. */
static void note_generation(struct listing *listing, struct nlattr *attribute)
{
	uint64_t generation = attribute_u64(attribute);

	if (!attribute)
		return;
	if (listing->generation && listing->generation != generation)
		listing->mixed = true;
	listing->generation = generation;
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
	note_generation(listing, attributes[PODWALL_A_ADDRESSES_GENERATION]);
	child = first_attribute(header, &rest);
	for (; nla_ok(child, rest); child = nla_next(child, &rest))
		if (nla_type(child) == PODWALL_A_ADDRESSES_ADDRESS &&
		    !decode_address(child, array_add(objects->addresses,
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
	note_generation(listing, attributes[PODWALL_A_PEER_SET_GENERATION]);
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

	child = first_attribute(header, &rest);
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

static void begin_rule_set(struct rule_set *set, struct nlattr **attributes)
{
	struct nlattr *origin = attributes[PODWALL_A_RULE_SET_ISOLATION_ORIGIN];

	set->id = nla_get_u32(attributes[PODWALL_A_RULE_SET_ID]);
	set->direction = nla_get_u32(attributes[PODWALL_A_RULE_SET_DIRECTION]);
	set->isolated = attributes[PODWALL_A_RULE_SET_ISOLATED];
	if (set->isolated)
		set->isolation_origin =
			xstrdup(origin ? nla_get_string(origin) : "");
	set->isolation_audited =
		attributes[PODWALL_A_RULE_SET_ISOLATION_AUDITED];
	set->isolation_packets =
		attribute_u64(attributes[PODWALL_A_RULE_SET_ISOLATION_PACKETS]);
	set->isolation_bytes =
		attribute_u64(attributes[PODWALL_A_RULE_SET_ISOLATION_BYTES]);
	set->default_packets =
		attribute_u64(attributes[PODWALL_A_RULE_SET_DEFAULT_PACKETS]);
	set->default_bytes =
		attribute_u64(attributes[PODWALL_A_RULE_SET_DEFAULT_BYTES]);
}

/* A message without a direction continues the set in front of it. */
static bool take_rule_set(struct nlmsghdr *header, void *data)
{
	static struct nla_policy policy[PODWALL_A_RULE_SET_MAX + 1] = {
		[PODWALL_A_RULE_SET_ID] = { .type = NLA_U32 },
		[PODWALL_A_RULE_SET_DIRECTION] = { .type = NLA_U32 },
		[PODWALL_A_RULE_SET_ISOLATED] = { .type = NLA_FLAG },
		[PODWALL_A_RULE_SET_ISOLATION_AUDITED] = { .type = NLA_FLAG },
		[PODWALL_A_RULE_SET_ISOLATION_ORIGIN] = { .type = NLA_STRING },
		[PODWALL_A_RULE_SET_ISOLATION_PACKETS] = { .type = NLA_U64 },
		[PODWALL_A_RULE_SET_ISOLATION_BYTES] = { .type = NLA_U64 },
		[PODWALL_A_RULE_SET_DEFAULT_PACKETS] = { .type = NLA_U64 },
		[PODWALL_A_RULE_SET_DEFAULT_BYTES] = { .type = NLA_U64 },
		[PODWALL_A_RULE_SET_GENERATION] = { .type = NLA_U64 },
	};
	struct nlattr *attributes[PODWALL_A_RULE_SET_MAX + 1];
	struct listing *listing = data;
	struct objects *objects = listing->objects;
	struct rule_set *set = NULL;
	struct nlattr *child;
	int rest;

	if (genlmsg_parse(header, 0, attributes, PODWALL_A_RULE_SET_MAX,
			  policy) < 0 ||
	    !attributes[PODWALL_A_RULE_SET_ID])
		return false;
	note_generation(listing, attributes[PODWALL_A_RULE_SET_GENERATION]);
	if (attributes[PODWALL_A_RULE_SET_DIRECTION]) {
		set = array_add(objects->rule_sets, objects->rule_set_count);
		begin_rule_set(set, attributes);
	} else if (objects->rule_set_count) {
		set = &objects->rule_sets[objects->rule_set_count - 1];
	}
	if (!set || set->id != nla_get_u32(attributes[PODWALL_A_RULE_SET_ID]))
		return false;

	child = first_attribute(header, &rest);
	for (; nla_ok(child, rest); child = nla_next(child, &rest))
		if (nla_type(child) == PODWALL_A_RULE_SET_RULE &&
		    !decode_rule(child, array_add(set->rules, set->rule_count)))
			return false;
	return true;
}

static bool take_pod(struct nlmsghdr *header, void *data)
{
	static struct nla_policy policy[PODWALL_A_POD_MAX + 1] = {
		[PODWALL_A_POD_KEY] = { .type = NLA_STRING },
		[PODWALL_A_POD_UID] = { .type = NLA_STRING },
		[PODWALL_A_POD_INTERFACE] = { .type = NLA_STRING },
		[PODWALL_A_POD_INGRESS_RULE_SET] = { .type = NLA_U32 },
		[PODWALL_A_POD_EGRESS_RULE_SET] = { .type = NLA_U32 },
		[PODWALL_A_POD_INGRESS_ENFORCED_RULE_SET] = { .type = NLA_U32 },
		[PODWALL_A_POD_EGRESS_ENFORCED_RULE_SET] = { .type = NLA_U32 },
		[PODWALL_A_POD_MODE] = { .type = NLA_U32 },
		[PODWALL_A_POD_GENERATION] = { .type = NLA_U64 },
	};
	struct nlattr *attributes[PODWALL_A_POD_MAX + 1];
	struct listing *listing = data;
	struct nlattr *child;
	struct pod *pod;
	int rest;

	if (genlmsg_parse(header, 0, attributes, PODWALL_A_POD_MAX, policy) <
		    0 ||
	    !attributes[PODWALL_A_POD_KEY] || !attributes[PODWALL_A_POD_MODE])
		return false;
	note_generation(listing, attributes[PODWALL_A_POD_GENERATION]);

	pod = array_add(listing->objects->pods, listing->objects->pod_count);
	pod->key = xstrdup(nla_get_string(attributes[PODWALL_A_POD_KEY]));
	pod->uid =
		xstrdup(attributes[PODWALL_A_POD_UID] ?
				nla_get_string(attributes[PODWALL_A_POD_UID]) :
				"");
	if (attributes[PODWALL_A_POD_INTERFACE])
		pod->interface = xstrdup(
			nla_get_string(attributes[PODWALL_A_POD_INTERFACE]));
	pod->ingress_rule_set =
		attribute_u32(attributes[PODWALL_A_POD_INGRESS_RULE_SET]);
	pod->egress_rule_set =
		attribute_u32(attributes[PODWALL_A_POD_EGRESS_RULE_SET]);
	pod->ingress_enforced_rule_set =
		attribute_u32(attributes[PODWALL_A_POD_INGRESS_ENFORCED_RULE_SET]);
	pod->egress_enforced_rule_set =
		attribute_u32(attributes[PODWALL_A_POD_EGRESS_ENFORCED_RULE_SET]);
	pod->mode = nla_get_u32(attributes[PODWALL_A_POD_MODE]);

	child = first_attribute(header, &rest);
	for (; nla_ok(child, rest); child = nla_next(child, &rest)) {
		struct address address = {};

		if (nla_type(child) != PODWALL_A_POD_ADDRESS)
			continue;
		if (!decode_address(child, &address))
			return false;
		*array_add(pod->ips, pod->ip_count) = address.ip;
	}
	return true;
}

static int read_listing(struct netlink *netlink, struct listing *listing,
			uint8_t command, message_reader reader)
{
	struct nl_msg *message =
		message_new(netlink, command, NLM_F_DUMP, ROOM_SMALL);
	int error = message_send(netlink, message, reader, listing);

	if (!error && listing->mixed)
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
		{ PODWALL_CMD_RULE_SET_GET, take_rule_set },
		{ PODWALL_CMD_POD_GET, take_pod },
	};
	struct listing listing = { objects, generation, false };
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
	error = read_listing(netlink, &listing, PODWALL_CMD_POD_GET, take_pod);
	objects->generation = listing.generation;
	if (error)
		objects_clear(objects);
	objects_sort(objects);
	return error;
}
