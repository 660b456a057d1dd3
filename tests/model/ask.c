// SPDX-License-Identifier: GPL-2.0-only

#include <netinet/in.h>

#include "ask.h"
#include "chance.h"
#include "generate.h"

/* Questions about the places where answers may change. */

static void *choose(const struct list *list)
{
	return list->count ? list->items[chance_below(list->count)] : NULL;
}

/* In a block, or right beside it. */
static struct address about(const struct network *network)
{
	struct address address = network->base;

	switch (chance_below(5)) {
	case 0:
		return address;
	case 1:
		address_step(&address, false);
		return address;
	case 2:
		return network_last(network);
	case 3:
		address = network_last(network);
		address_step(&address, true);
		return address;
	default:
		return generate_within(network);
	}
}

static struct address about_block(const struct block *block)
{
	const struct network *except = choose(&block->excepts);

	return about(except && chance_percent(60) ? except : &block->network);
}

static struct address about_peers(const struct world *world)
{
	const struct peers *peers = choose(&world->peer_sets);
	const struct block *block = peers ? choose(&peers->blocks) : NULL;

	return block ? about_block(block) : generate_address();
}

struct address ask_address(const struct world *world)
{
	const struct network *network;
	const struct host *host;
	const struct pod *pod;
	struct address address;
	unsigned int bit;

	switch (chance_below(10)) {
	case 0:
	case 1:
	case 2:
		host = choose(&world->hosts);
		return host ? host->address : generate_address();
	case 3:
		pod = choose(&world->pods);
		return pod && pod->address_count ? pod->addresses[0] :
						   generate_address();
	case 4:
	case 5:
	case 6:
	case 7:
		return about_peers(world);
	case 8:
		network = choose(&world->settings->guarded);
		return network ? about(network) : generate_address();
	default:
		address = generate_address();
		if (chance_percent(70))
			return address;
		for (bit = 0; bit < address.bits; bit++)
			address_set_bit(&address, bit, chance_percent(50));
		return address;
	}
}

/* A peer that a rule is about, if there is one to be found. */
static struct address ask_peer(const struct world *world,
			       const struct rule *rule)
{
	const struct peers *peers;
	const struct block *block;
	struct host *host;
	u32 identity;

	if (!rule || !rule->peers_count || chance_percent(30))
		return ask_address(world);
	peers = world_peers(world,
			    rule->peers[chance_below(rule->peers_count)]);
	if (!peers)
		return ask_address(world);
	block = choose(&peers->blocks);
	if (block && (!peers->identity_count || chance_percent(50)))
		return about_block(block);
	if (!peers->identity_count)
		return ask_address(world);
	identity = peers->identities[chance_below(peers->identity_count)];
	for_each(host,
		 &world->hosts) if (host->identity == identity &&
				    chance_percent(50)) return host->address;
	return ask_address(world);
}

/* A protocol and port at the ends of one of a rule's ranges, mostly. */
static void ask_port(const struct rule *rule, u8 *protocol, u16 *port)
{
	static const u8 protocols[] = { IPPROTO_TCP,
					IPPROTO_UDP,
					IPPROTO_SCTP,
					IPPROTO_ICMP,
					IPPROTO_ICMPV6,
					IPPROTO_GRE,
					0,
					255 };
	static const u16 ends[] = { 0, 1, 80, 443, 32768, 65534, 65535 };
	const struct ports *ports;

	*protocol = chance_of(protocols);
	*port = chance_percent(80) ? chance_of(ends) : chance_below(65536);
	if (!rule || !rule->ports_count || chance_percent(20))
		return;
	ports = &rule->ports[chance_below(rule->ports_count)];
	if (chance_percent(90))
		*protocol = ports->protocol;
	/* Beyond 0 and 65535 comes the other end. */
	switch (chance_below(5)) {
	case 0:
		*port = ports->first - 1;
		break;
	case 1:
		*port = ports->last + 1;
		break;
	case 2:
		*port = ports->first;
		break;
	case 3:
		*port = ports->last;
		break;
	default:
		*port = chance_between(ports->first, ports->last);
		break;
	}
}

static bool ask_has_port(u8 protocol)
{
	if (protocol == IPPROTO_TCP || protocol == IPPROTO_UDP ||
	    protocol == IPPROTO_SCTP)
		return chance_percent(88);
	return chance_percent(5);
}

struct question ask_question(const struct world *world,
			     const struct rules *rules)
{
	const struct rule *rule = rules ? choose(&rules->list) : NULL;
	struct question question = { .peer = ask_peer(world, rule) };

	ask_port(rule, &question.protocol, &question.port);
	question.has_port = ask_has_port(question.protocol);
	question.skips_policy_tier = chance_percent(20);
	return question;
}

/* A connection that a pod of the node has a part in, mostly. */
struct flow ask_flow(const struct world *world)
{
	const struct pod *pod = choose(&world->pods);
	bool is_client = chance_percent(50);
	struct question question;
	struct address end;

	if (!pod || !pod->address_count || chance_percent(10))
		end = ask_address(world);
	else
		end = pod->addresses[chance_below(pod->address_count)];
	question = ask_question(world, !pod ? NULL :
				       is_client ?
					      world_rules(world, pod->egress) :
					      world_rules(world, pod->ingress));
	if (chance_percent(10))
		question.peer = end;
	return (struct flow){
		.client = is_client ? end : question.peer,
		.server = is_client ? question.peer : end,
		.protocol = question.protocol,
		.has_port = question.has_port,
		.port = question.port,
		.translated = chance_percent(30),
		.from_node = chance_percent(20),
		.to_node = chance_percent(20),
	};
}
