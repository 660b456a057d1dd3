// SPDX-License-Identifier: GPL-2.0-only

#include <linux/ctype.h>
#include <linux/in.h>
#include <linux/podwall.h>

#include "connection.h"
#include "error.h"
#include "limits.h"
#include "netlink_attributes.h"
#include "netlink_parse.h"
#include "packet.h"
#include "peer_set.h"
#include "result.h"
#include "settings.h"

/*
 * Each function reads one attribute set of a request. What the tables in
 * netlink_attributes.c cannot say is checked here, once, on the values as they
 * will be used. All run in process context and may sleep; all return 0,
 * -EINVAL with a text, or -ENOMEM.
 */

/**
 * podwall_parse_text - check a text that a person will read
 * @attribute: NUL-terminated, which its policy has checked
 * @error: receives the text of a refusal
 *
 * Return: 0 or -EINVAL.
 */
int podwall_parse_text(const struct nlattr *attribute,
		       struct podwall_error *error)
{
	const char *c = nla_data(attribute);

	if (!*c)
		return podwall_error_set_attribute(error, -EINVAL, attribute,
						   "a text is empty");
	for (; *c; c++)
		if (iscntrl(*c))
			return podwall_error_set_attribute(error, -EINVAL,
							   attribute,
							   "a text holds a control character (byte 0x%02x)",
							   (u8)*c);
	return 0;
}

/* One of two attributes says the address; which of them says the family. */
static int parse_ip(const struct nlattr *v4, const struct nlattr *v6,
		    const struct nlattr *nest, const char *what,
		    struct podwall_ip *ip, struct podwall_error *error)
{
	if (!v4 == !v6)
		return podwall_error_set_attribute(error, -EINVAL, nest,
						   "%s needs either ipv4 or ipv6",
						   what);
	*ip = (struct podwall_ip){ .family = v4 ? AF_INET : AF_INET6 };
	if (v4)
		ip->v4 = nla_get_in_addr(v4);
	else
		ip->v6 = nla_get_in6_addr(v6);
	return 0;
}

/**
 * podwall_parse_address - read an address
 * @nest: an address attribute set
 * @ip: receives the address
 * @identity: receives its identity, which is then required; or NULL where
 *	none may be given
 * @error: receives the text of a refusal
 *
 * Return: 0 or -EINVAL.
 */
int podwall_parse_address(const struct nlattr *nest, struct podwall_ip *ip,
			  u32 *identity, struct podwall_error *error)
{
	const struct nlattr *tb[PODWALL_A_ADDRESS_IDENTITY + 1] = {};
	const struct nlattr *attribute;
	int remaining, err;

	/*
	 * Its policy was checked with the request's. A transaction may have a
	 * hundred thousand of them: nothing is checked twice.
	 */
	nla_for_each_nested(attribute, nest, remaining)
		if (nla_type(attribute) <= PODWALL_A_ADDRESS_IDENTITY)
			tb[nla_type(attribute)] = attribute;
	err = parse_ip(tb[PODWALL_A_ADDRESS_IPV4], tb[PODWALL_A_ADDRESS_IPV6],
		       nest, "an address", ip, error);
	if (err)
		return err;
	if (!identity == !tb[PODWALL_A_ADDRESS_IDENTITY]) {
		if (identity)
			*identity = nla_get_u32(tb[PODWALL_A_ADDRESS_IDENTITY]);
		return 0;
	}
	return podwall_error_set_attribute(error, -EINVAL, nest,
					   identity ?
					   "an address needs an identity" :
					   "an address takes no identity here");
}

/**
 * podwall_parse_network - read a block of addresses
 * @nest: a network attribute set
 * @network: receives the block, masked
 * @error: receives the text of a refusal
 *
 * Return: 0 or -EINVAL.
 */
int podwall_parse_network(const struct nlattr *nest,
			  struct podwall_network *network,
			  struct podwall_error *error)
{
	struct nlattr *tb[PODWALL_A_NETWORK_PREFIX_LENGTH + 1];
	char text[PODWALL_NETWORK_TEXT];
	int err;

	err = nla_parse_nested(tb, PODWALL_A_NETWORK_PREFIX_LENGTH, nest,
			       podwall_network_attributes, error->extack);
	if (err)
		return err;
	err = parse_ip(tb[PODWALL_A_NETWORK_IPV4], tb[PODWALL_A_NETWORK_IPV6],
		       nest, "a network", &network->base, error);
	if (err)
		return err;
	if (!tb[PODWALL_A_NETWORK_PREFIX_LENGTH])
		return podwall_error_set_attribute(error, -EINVAL, nest,
						   "a network needs a prefix-length");
	network->prefix_length =
		nla_get_u8(tb[PODWALL_A_NETWORK_PREFIX_LENGTH]);
	if (network->base.family == AF_INET && network->prefix_length > 32)
		return podwall_error_set_attribute(error, -EINVAL, nest,
						   "prefix-length %u is over 32, the most for ipv4",
						   network->prefix_length);
	if (!podwall_network_is_masked(network))
		return podwall_error_set_attribute(error, -EINVAL, nest,
						   "network %s has bits set beyond its prefix",
						   podwall_network_text(network,
									text));
	return 0;
}

static int parse_except(const struct nlattr *nest, struct podwall_peer_set *set,
			struct podwall_block *block,
			struct podwall_error *error)
{
	char inner[PODWALL_NETWORK_TEXT], outer[PODWALL_NETWORK_TEXT];
	const struct podwall_network *other;
	struct podwall_network except;
	int err;

	err = podwall_parse_network(nest, &except, error);
	if (err)
		return err;
	if (!podwall_network_is_within(&except, &block->network))
		return podwall_error_set_attribute(error, -EINVAL, nest,
						   "peer set %u: except %s is not a part of %s",
						   set->id,
						   podwall_network_text(&except,
									inner),
						   podwall_network_text(&block->network,
									outer));
	if (block->except_count == PODWALL_BLOCK_EXCEPTS_MAX)
		return podwall_error_set_attribute(error, -ENOSPC, nest,
						   "peer set %u: block %s has more than %u exceptions",
						   set->id,
						   podwall_network_text(&block->network,
									outer),
						   PODWALL_BLOCK_EXCEPTS_MAX);
	other = podwall_peer_set_find_except(set, block, &except);
	if (other)
		return podwall_error_set_attribute(error, -EINVAL, nest,
						   "peer set %u: exceptions %s and %s of one block overlap",
						   set->id,
						   podwall_network_text(other,
									outer),
						   podwall_network_text(&except,
									inner));
	return podwall_peer_set_add_except(set, block, &except);
}

/**
 * podwall_parse_block - read a block with its exceptions
 * @nest: a block attribute set
 * @set: being built; gets the block
 * @error: receives the text of a refusal
 *
 * Return: 0, -EINVAL, -ENOSPC or -ENOMEM; @set may then have a part of it.
 */
int podwall_parse_block(const struct nlattr *nest, struct podwall_peer_set *set,
			struct podwall_error *error)
{
	struct nlattr *tb[PODWALL_A_BLOCK_EXCEPT + 1];
	struct podwall_network network;
	struct podwall_block *block;
	const struct nlattr *entry;
	int remaining, err;

	err = nla_parse_nested(tb, PODWALL_A_BLOCK_EXCEPT, nest,
			       podwall_block_attributes, error->extack);
	if (err)
		return err;
	if (!tb[PODWALL_A_BLOCK_NETWORK])
		return podwall_error_set_attribute(error, -EINVAL, nest,
						   "peer set %u: a block needs a network",
						   set->id);
	err = podwall_parse_network(tb[PODWALL_A_BLOCK_NETWORK], &network,
				    error);
	if (err)
		return err;
	block = podwall_peer_set_add_block(set, &network);
	if (!block)
		return -ENOMEM;
	nla_for_each_nested(entry, nest, remaining) {
		if (nla_type(entry) != PODWALL_A_BLOCK_EXCEPT)
			continue;
		err = parse_except(entry, set, block, error);
		if (err)
			return err;
	}
	return 0;
}

/**
 * podwall_parse_amounts - read limits
 * @nest: an amounts attribute set
 * @amounts: those given are overwritten, the others stay
 * @error: receives the text of a refusal
 *
 * Return: 0 or -EINVAL.
 */
int podwall_parse_amounts(const struct nlattr *nest,
			  struct podwall_amounts *amounts,
			  struct podwall_error *error)
{
	struct nlattr *tb[PODWALL_A_AMOUNTS_MEMORY + 1];
	const struct {
		int type;
		u32 *amount;
	} rows[] = {
		{ PODWALL_A_AMOUNTS_ADDRESSES, &amounts->addresses },
		{ PODWALL_A_AMOUNTS_PEER_SETS, &amounts->peer_sets },
		{ PODWALL_A_AMOUNTS_RULE_SETS, &amounts->rule_sets },
		{ PODWALL_A_AMOUNTS_PODS, &amounts->pods },
		{ PODWALL_A_AMOUNTS_RULES, &amounts->rules },
		{ PODWALL_A_AMOUNTS_MEMBERS, &amounts->members },
		{ PODWALL_A_AMOUNTS_GUARDED, &amounts->guarded },
		{ PODWALL_A_AMOUNTS_TRANSACTIONS, &amounts->transactions },
	};
	size_t i;
	int err;

	err = nla_parse_nested(tb, PODWALL_A_AMOUNTS_MEMORY, nest,
			       podwall_amounts_attributes, error->extack);
	if (err)
		return err;
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (tb[rows[i].type])
			*rows[i].amount = nla_get_u32(tb[rows[i].type]);
	if (tb[PODWALL_A_AMOUNTS_MEMORY])
		amounts->memory = nla_get_u64(tb[PODWALL_A_AMOUNTS_MEMORY]);
	if (amounts->guarded > PODWALL_GUARDED_MAX)
		return podwall_error_set_attribute(error, -EINVAL,
						   tb[PODWALL_A_AMOUNTS_GUARDED],
						   "a limit of %u guarded blocks is over %u, the most that packets can be held against",
						   amounts->guarded,
						   PODWALL_GUARDED_MAX);
	/* With none, no transaction could ever raise it again. */
	if (!amounts->transactions)
		return podwall_error_set_attribute(error, -EINVAL,
						   tb[PODWALL_A_AMOUNTS_TRANSACTIONS],
						   "a limit of 0 transactions would shut every writer out for good");
	return 0;
}

/**
 * podwall_parse_connection - read a connection to explain
 * @nest: a connection attribute set
 * @connection: receives it, but for what the node is to it
 * @error: receives the text of a refusal
 *
 * Return: 0 or -EINVAL.
 */
int podwall_parse_connection(const struct nlattr *nest,
			     struct podwall_connection *connection,
			     struct podwall_error *error)
{
	struct nlattr *tb[PODWALL_A_CONNECTION_SERVER_PORT + 1];
	const struct nlattr *client_port, *server_port;
	int err;

	*connection = (struct podwall_connection){};
	err = nla_parse_nested(tb, PODWALL_A_CONNECTION_SERVER_PORT, nest,
			       podwall_connection_attributes, error->extack);
	if (!err)
		err = parse_ip(tb[PODWALL_A_CONNECTION_CLIENT_IPV4],
			       tb[PODWALL_A_CONNECTION_CLIENT_IPV6], nest,
			       "the client", &connection->client, error);
	if (!err)
		err = parse_ip(tb[PODWALL_A_CONNECTION_SERVER_IPV4],
			       tb[PODWALL_A_CONNECTION_SERVER_IPV6], nest,
			       "the server", &connection->server, error);
	if (err)
		return err;
	if (connection->client.family != connection->server.family)
		return podwall_error_set_attribute(error, -EINVAL, nest,
						   "client and server are of different address families");
	if (!tb[PODWALL_A_CONNECTION_PROTOCOL])
		return podwall_error_set_attribute(error, -EINVAL, nest,
						   "a connection needs a protocol");
	connection->protocol = nla_get_u8(tb[PODWALL_A_CONNECTION_PROTOCOL]);
	client_port = tb[PODWALL_A_CONNECTION_CLIENT_PORT];
	server_port = tb[PODWALL_A_CONNECTION_SERVER_PORT];
	/* Of UDP-Lite and DCCP, no rule names the ports. */
	if (!server_port &&
	    podwall_port_slot(connection->protocol) != PODWALL_PORT_PROTOCOLS)
		return podwall_error_set_attribute(error, -EINVAL, nest,
						   "protocol %u needs a server-port",
						   connection->protocol);
	if ((client_port || server_port) &&
	    !podwall_packet_has_ports(connection->protocol))
		return podwall_error_set_attribute(error, -EINVAL,
						   client_port ?: server_port,
						   "protocol %u has no ports",
						   connection->protocol);
	connection->has_ports = server_port;
	if (server_port)
		connection->server_port = nla_get_u16(server_port);
	if (client_port)
		connection->client_port = nla_get_u16(client_port);
	return 0;
}
