// SPDX-License-Identifier: GPL-2.0-only
#include "encode.h"

#include <errno.h>

#include "attributes.h"
#include "message.h"
#include "names.h"
#include "number_list.h"

/* All of these return 0 or libnl's negative code, which is only ever about
 * room: the attribute is longer than the 64 KiB that its header can say.
 */
static int put_block(struct nl_msg *message, const struct block *block)
{
	struct nlattr *nest = nla_nest_start(message, PODWALL_A_PEER_SET_BLOCK);
	size_t i;

	if (!nest || attribute_put_network(message, PODWALL_A_BLOCK_NETWORK,
					   &block->network))
		return -NLE_MSGSIZE;
	for (i = 0; i < block->except_count; i++)
		if (attribute_put_network(message, PODWALL_A_BLOCK_EXCEPT,
					  &block->except[i]))
			return -NLE_MSGSIZE;
	return nla_nest_end(message, nest);
}

/* An identity of 0 is left out, as in deletions and pods. */
static int put_address(struct nl_msg *message, int type, const struct ip *ip,
		       uint32_t identity)
{
	struct nlattr *nest = nla_nest_start(message, type);

	if (!nest || attribute_put_ip(message, ip, PODWALL_A_ADDRESS_IPV4,
				      PODWALL_A_ADDRESS_IPV6))
		return -NLE_MSGSIZE;
	if (identity &&
	    nla_put_u32(message, PODWALL_A_ADDRESS_IDENTITY, identity))
		return -NLE_MSGSIZE;
	return nla_nest_end(message, nest);
}

static int put_port_range(struct nl_msg *message,
			  const struct port_range *range)
{
	struct nlattr *nest =
		nla_nest_start(message, PODWALL_A_RULE_PORT_RANGE);

	if (!nest ||
	    nla_put_u8(message, PODWALL_A_PORT_RANGE_PROTOCOL,
		       range->protocol) ||
	    nla_put_u16(message, PODWALL_A_PORT_RANGE_FIRST, range->first) ||
	    nla_put_u16(message, PODWALL_A_PORT_RANGE_LAST, range->last))
		return -NLE_MSGSIZE;
	return nla_nest_end(message, nest);
}

static int put_rule(struct nl_msg *message, const struct rule *rule)
{
	struct nlattr *nest = nla_nest_start(message, PODWALL_A_RULE_SET_RULE);
	size_t i;

	if (!nest || nla_put_u32(message, PODWALL_A_RULE_TIER, rule->tier) ||
	    nla_put_u32(message, PODWALL_A_RULE_PRIORITY, rule->priority) ||
	    nla_put_u32(message, PODWALL_A_RULE_ACTION, rule->action) ||
	    nla_put_u64(message, PODWALL_A_RULE_COOKIE, rule->cookie))
		return -NLE_MSGSIZE;
	if (rule->origin &&
	    nla_put_string(message, PODWALL_A_RULE_ORIGIN, rule->origin))
		return -NLE_MSGSIZE;
	if (rule->any_peer && nla_put_flag(message, PODWALL_A_RULE_ANY_PEER))
		return -NLE_MSGSIZE;
	for (i = 0; i < rule->peer_set_count; i++)
		if (nla_put_u32(message, PODWALL_A_RULE_PEER_SET,
				rule->peer_sets[i]))
			return -NLE_MSGSIZE;
	if (rule->any_port && nla_put_flag(message, PODWALL_A_RULE_ANY_PORT))
		return -NLE_MSGSIZE;
	for (i = 0; i < rule->port_range_count; i++)
		if (put_port_range(message, &rule->port_ranges[i]))
			return -NLE_MSGSIZE;
	return nla_nest_end(message, nest);
}

static bool full(struct nl_msg *message)
{
	return nlmsg_hdr(message)->nlmsg_len >= MESSAGE_LENGTH;
}

static int send_list(struct netlink *netlink, uint8_t command,
		     const struct address *const *list, size_t count)
{
	bool identities = command == PODWALL_CMD_ADDRESS_NEW;
	struct nl_msg *message = NULL;
	size_t i;
	int error;

	for (i = 0; i < count; i++) {
		if (!message)
			message = message_new(netlink, command, 0, ROOM_LARGE);
		if (put_address(message, PODWALL_A_ADDRESSES_ADDRESS,
				&list[i]->ip,
				identities ? list[i]->identity : 0)) {
			nlmsg_free(message);
			return message_fail(netlink, -EMSGSIZE,
					    "an address does not fit a message");
		}
		if (i + 1 < count && !full(message))
			continue;
		error = message_stage(netlink, message);
		if (error)
			return error;
		message = NULL;
	}
	return 0;
}

int send_addresses(struct netlink *netlink, const struct address *const *list,
		   size_t count)
{
	return send_list(netlink, PODWALL_CMD_ADDRESS_NEW, list, count);
}

int send_address_removals(struct netlink *netlink,
			  const struct address *const *list, size_t count)
{
	return send_list(netlink, PODWALL_CMD_ADDRESS_DEL, list, count);
}

/**
 * struct set_type - what differs between messages of peer sets and rule sets
 * @command: the operation
 * @id: the attribute of the id
 * @append: the attribute that says that members are added to the set
 */
struct set_type {
	uint8_t command;
	int id;
	int append;
};

static const struct set_type peer_set_type = {
	.command = PODWALL_CMD_PEER_SET_NEW,
	.id = PODWALL_A_PEER_SET_ID,
	.append = PODWALL_A_PEER_SET_APPEND,
};

static const struct set_type rule_set_type = {
	.command = PODWALL_CMD_RULE_SET_NEW,
	.id = PODWALL_A_RULE_SET_ID,
	.append = PODWALL_A_RULE_SET_APPEND,
};

/* Send a message that is full and go on with its set in another. */
static int continue_set(struct netlink *netlink, struct nl_msg **message,
			const struct set_type *type, uint32_t id)
{
	int error;

	if (!full(*message))
		return 0;
	error = message_stage(netlink, *message);
	*message = NULL;
	if (error)
		return error;
	*message = message_new(netlink, type->command, 0, ROOM_LARGE);
	nla_put_u32(*message, type->id, id);
	nla_put_flag(*message, type->append);
	return 0;
}

int send_peer_set(struct netlink *netlink, const struct peer_set *peer_set)
{
	struct nl_msg *message =
		message_new(netlink, PODWALL_CMD_PEER_SET_NEW, 0, ROOM_LARGE);
	size_t i, added;
	int error;

	if (nla_put_u32(message, PODWALL_A_PEER_SET_ID, peer_set->id) ||
	    nla_put_string(message, PODWALL_A_PEER_SET_NAME, peer_set->name))
		goto err_size;
	for (i = 0; i < peer_set->identity_count; i += added) {
		error = continue_set(netlink, &message, &peer_set_type,
				     peer_set->id);
		if (error)
			return error;
		added = number_list_put(message, PODWALL_A_PEER_SET_IDENTITY,
					peer_set->identities + i,
					peer_set->identity_count - i,
					MESSAGE_LENGTH);
		if (!added)
			goto err_size;
	}
	for (i = 0; i < peer_set->block_count; i++) {
		error = continue_set(netlink, &message, &peer_set_type,
				     peer_set->id);
		if (error)
			return error;
		if (put_block(message, &peer_set->blocks[i]))
			goto err_size;
	}
	return message_stage(netlink, message);

err_size:
	nlmsg_free(message);
	return message_fail(
		netlink, -EMSGSIZE,
		"peer set %u: a block with its exceptions does not fit a message of 64 KiB",
		peer_set->id);
}

int send_rule_set(struct netlink *netlink, const struct rule_set *rule_set)
{
	struct nl_msg *message =
		message_new(netlink, PODWALL_CMD_RULE_SET_NEW, 0, ROOM_LARGE);
	size_t i = 0;
	int error;

	if (nla_put_u32(message, PODWALL_A_RULE_SET_ID, rule_set->id) ||
	    nla_put_u32(message, PODWALL_A_RULE_SET_DIRECTION,
			rule_set->direction))
		goto err_size;
	if (rule_set->isolated &&
	    (nla_put_flag(message, PODWALL_A_RULE_SET_ISOLATED) ||
	     nla_put_string(message, PODWALL_A_RULE_SET_ISOLATION_ORIGIN,
			    rule_set->isolation_origin)))
		goto err_size;
	if (rule_set->isolation_audited &&
	    nla_put_flag(message, PODWALL_A_RULE_SET_ISOLATION_AUDITED))
		goto err_size;
	for (i = 0; i < rule_set->rule_count; i++) {
		error = continue_set(netlink, &message, &rule_set_type,
				     rule_set->id);
		if (error)
			return error;
		if (put_rule(message, &rule_set->rules[i]))
			goto err_size;
	}
	return message_stage(netlink, message);

err_size:
	nlmsg_free(message);
	return message_fail(
		netlink, -EMSGSIZE,
		"rule set %u: rule %zu does not fit a message of 64 KiB; split its ports and peers over several rules",
		rule_set->id, i);
}

/* An id of 0 stands for none. */
static int put_id(struct nl_msg *message, int type, uint32_t id)
{
	return id ? nla_put_u32(message, type, id) : 0;
}

int send_pod(struct netlink *netlink, const struct pod *pod)
{
	struct nl_msg *message =
		message_new(netlink, PODWALL_CMD_POD_NEW, 0, ROOM_SMALL);
	size_t i;

	if (nla_put_string(message, PODWALL_A_POD_KEY, pod->key) ||
	    nla_put_u32(message, PODWALL_A_POD_MODE, pod->mode))
		goto err_size;
	if (pod->uid && *pod->uid &&
	    nla_put_string(message, PODWALL_A_POD_UID, pod->uid))
		goto err_size;
	for (i = 0; i < pod->ip_count; i++)
		if (put_address(message, PODWALL_A_POD_ADDRESS, &pod->ips[i],
				0))
			goto err_size;
	if (pod->report_accepted &&
	    nla_put_flag(message, PODWALL_A_POD_REPORT_ACCEPTED))
		goto err_size;
	if (pod->interface &&
	    nla_put_string(message, PODWALL_A_POD_INTERFACE, pod->interface))
		goto err_size;
	if (put_id(message, PODWALL_A_POD_INGRESS_RULE_SET,
		   pod->ingress_rule_set) ||
	    put_id(message, PODWALL_A_POD_EGRESS_RULE_SET,
		   pod->egress_rule_set) ||
	    put_id(message, PODWALL_A_POD_INGRESS_ENFORCED_RULE_SET,
		   pod->ingress_enforced_rule_set) ||
	    put_id(message, PODWALL_A_POD_EGRESS_ENFORCED_RULE_SET,
		   pod->egress_enforced_rule_set))
		goto err_size;
	return message_stage(netlink, message);

err_size:
	nlmsg_free(message);
	return message_fail(netlink, -EMSGSIZE, "pod %s does not fit a message",
			    pod->key);
}

static int put_limits(struct nl_msg *message, const struct amounts *limits,
		      unsigned int fields)
{
	struct nlattr *nest =
		nla_nest_start(message, PODWALL_A_SETTINGS_LIMITS);
	unsigned int field;

	if (!nest)
		return -NLE_MSGSIZE;
	for (field = AMOUNT_FIRST; field <= AMOUNT_LAST; field++) {
		uint64_t value = amount_get(limits, field);
		int error = 0;

		if (!(fields & 1u << field))
			continue;
		if (field == PODWALL_A_AMOUNTS_MEMORY)
			error = nla_put_u64(message, field, value);
		else
			error = nla_put_u32(message, field, value);
		if (error)
			return error;
	}
	return nla_nest_end(message, nest);
}

int send_settings(struct netlink *netlink, const struct settings_change *change)
{
	const struct settings *values = &change->values;
	struct nl_msg *message =
		message_new(netlink, PODWALL_CMD_SETTINGS_SET, 0, ROOM_LARGE);
	size_t i;

	/* Settings replace each other, so they have to fit one message. */
	for (i = 0; change->guarded && i < values->guarded_count; i++)
		if (attribute_put_network(message, PODWALL_A_SETTINGS_GUARDED,
					  &values->guarded[i]))
			goto err_size;
	if (change->guarded && !values->guarded_count &&
	    nla_put_flag(message, PODWALL_A_SETTINGS_CLEAR_GUARDED))
		goto err_size;
	if (values->node_access &&
	    nla_put_u32(message, PODWALL_A_SETTINGS_NODE_ACCESS,
			values->node_access))
		goto err_size;
	if (values->deny_action &&
	    nla_put_u32(message, PODWALL_A_SETTINGS_DENY_ACTION,
			values->deny_action))
		goto err_size;
	if (change->event_rate &&
	    nla_put_u32(message, PODWALL_A_SETTINGS_EVENT_RATE,
			values->event_rate))
		goto err_size;
	if (change->limits &&
	    put_limits(message, &values->limits, change->limits))
		goto err_size;
	return message_stage(netlink, message);

err_size:
	nlmsg_free(message);
	return message_fail(netlink, -EMSGSIZE,
			    "the guarded blocks do not fit a message");
}

static int send_id(struct netlink *netlink, uint8_t command, int type,
		   uint32_t id)
{
	struct nl_msg *message = message_new(netlink, command, 0, ROOM_SMALL);

	nla_put_u32(message, type, id);
	return message_stage(netlink, message);
}

int send_peer_set_removal(struct netlink *netlink, uint32_t id)
{
	return send_id(netlink, PODWALL_CMD_PEER_SET_DEL, PODWALL_A_PEER_SET_ID,
		       id);
}

int send_rule_set_removal(struct netlink *netlink, uint32_t id)
{
	return send_id(netlink, PODWALL_CMD_RULE_SET_DEL, PODWALL_A_RULE_SET_ID,
		       id);
}

int send_pod_removal(struct netlink *netlink, const char *key)
{
	struct nl_msg *message =
		message_new(netlink, PODWALL_CMD_POD_DEL, 0, ROOM_SMALL);

	if (nla_put_string(message, PODWALL_A_POD_KEY, key)) {
		nlmsg_free(message);
		return message_fail(netlink, -EMSGSIZE,
				    "the key of a pod does not fit a message");
	}
	return message_stage(netlink, message);
}
