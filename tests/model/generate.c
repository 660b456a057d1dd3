// SPDX-License-Identifier: GPL-2.0-only

#include <netinet/in.h>
#include <string.h>

#include <linux/podwall.h>

#include "chance.h"
#include "generate.h"

/*
 * Few values each, most of them close to one another and to the ends of their
 * range, so that random rules meet random questions.
 */

static const u8 low_bytes[] = { 0,   1,	  2,   3,   4,	 7,  8,
				127, 128, 129, 248, 254, 255 };

static struct address generate_v4(void)
{
	static const u8 edges[][4] = {
		{ 0, 0, 0, 0 },		{ 0, 0, 0, 1 },
		{ 127, 255, 255, 255 }, { 128, 0, 0, 0 },
		{ 255, 255, 255, 254 }, { 255, 255, 255, 255 },
	};
	struct address address = { .bits = 32 };
	u8 *bytes = address.bytes;

	if (chance_percent(6)) {
		memcpy(bytes, chance_of(edges), 4);
		return address;
	}
	bytes[0] = chance_percent(90) ? 10 : chance_below(256);
	bytes[1] = chance_below(3);
	bytes[2] = chance_percent(90) ? chance_below(3) : chance_of(low_bytes);
	bytes[3] = chance_of(low_bytes);
	return address;
}

static struct address generate_v6(void)
{
	struct address address = { .bits = 128 };
	u8 *bytes = address.bytes;

	switch (chance_below(16)) {
	case 0:
		memset(bytes, 255, 16);
		bytes[15] = chance_percent(50) ? 255 : 254;
		break;
	case 1:
		bytes[15] = chance_below(2);
		break;
	case 2:
		/* An IPv4 address in disguise is another address. */
		bytes[10] = 255;
		bytes[11] = 255;
		memcpy(bytes + 12, generate_v4().bytes, 4);
		break;
	case 3:
		/* The same bytes as an IPv4 address has. */
		memcpy(bytes, generate_v4().bytes, 4);
		break;
	default:
		bytes[0] = 0xfd;
		bytes[5] = chance_below(2);
		bytes[7] = chance_below(3);
		bytes[8] = chance_percent(15) ? 128 : 0;
		bytes[14] = chance_below(2);
		bytes[15] = chance_of(low_bytes);
		break;
	}
	return address;
}

struct address generate_address(void)
{
	return chance_percent(60) ? generate_v4() : generate_v6();
}

static void mask(struct network *network)
{
	unsigned int bit;

	for (bit = network->length; bit < network->base.bits; bit++)
		address_set_bit(&network->base, bit, false);
}

/* Any address of a block: often a low or a high one. */
struct address generate_within(const struct network *network)
{
	struct address address = network->base;
	u32 kind = chance_below(3);
	unsigned int bit;

	for (bit = network->length; bit < address.bits; bit++)
		address_set_bit(&address, bit,
				chance_percent(kind == 0 ? 50 :
					       kind == 1 ? 5 :
							   95));
	return address;
}

struct network generate_network(void)
{
	static const u8 v4[] = { 0,  1,	 7,  8,	 9,  15, 16, 17, 22, 23,
				 24, 25, 28, 29, 30, 31, 32, 32, 32 };
	static const u8 v6[] = { 0,  1,	 8,  16,  31,  32,  47,	 48,  49,  63,
				 64, 65, 96, 112, 120, 124, 126, 127, 128, 128 };
	struct network network = { .base = generate_address() };

	if (chance_percent(20))
		network.length = chance_below(network.base.bits + 1);
	else
		network.length = network.base.bits == 32 ? chance_of(v4) :
							   chance_of(v6);
	mask(&network);
	return network;
}

/* A block inside another; not the whole unless that is one address. */
static struct network generate_inner(const struct network *outer)
{
	struct network inner = *outer;
	u32 more;

	inner.base = generate_within(outer);
	more = inner.base.bits - outer->length;
	if (more > 3 && chance_percent(60))
		more = 3;
	inner.length = outer->length + chance_between(!!more, more);
	if (chance_percent(15))
		inner.length = inner.base.bits;
	mask(&inner);
	return inner;
}

/* A block that has to do with another: the same, beside it, in or about it. */
struct network generate_related(const struct network *to)
{
	struct network network = *to;

	switch (chance_below(4)) {
	case 0:
		return network;
	case 1:
		return generate_inner(to);
	case 2:
		if (network.length)
			address_set_bit(&network.base, network.length - 1,
					!address_bit(&network.base,
						     network.length - 1));
		return network;
	default:
		network.length = chance_between(0, network.length);
		mask(&network);
		return network;
	}
}

/* One of count numbers, some of them as great as they get; never 0. */
u32 generate_id(u32 count)
{
	u32 index = chance_below(count);

	return index % 4 == 3 ? ~0U - index / 4 : index + 1;
}

struct host *generate_host(const struct scale *scale)
{
	struct host *host = pool_zalloc(sizeof(*host));

	host->address = generate_address();
	host->identity = generate_id(scale->identities);
	return host;
}

/* What no listing of exceptions may do. */
static bool overlaps_any(const struct list *networks,
			 const struct network *network)
{
	const struct network *other;
	u32 i;

	for (i = 0; i < networks->count; i++) {
		other = networks->items[i];
		if (network_holds(other, &network->base) ||
		    network_holds(network, &other->base))
			return true;
	}
	return false;
}

static struct block *generate_block(const struct scale *scale,
				    const struct block *before)
{
	struct block *block = pool_zalloc(sizeof(*block));
	const struct network *outer = &block->network;
	struct network *except, candidate;
	u32 i, count;

	block->network = before && chance_percent(40) ?
				 generate_related(&before->network) :
				 generate_network();
	if (block->network.length == block->network.base.bits)
		return block;
	count = chance_percent(60) ? 0 : chance_between(1, scale->excepts);
	for (i = 0; i < count; i++) {
		candidate =
			block->excepts.count && chance_percent(50) ?
				generate_related(block->excepts.items
							 [block->excepts.count -
							  1]) :
				generate_inner(outer);
		if (candidate.length <= outer->length ||
		    !network_holds(outer, &candidate.base))
			candidate = generate_inner(outer);
		if (overlaps_any(&block->excepts, &candidate))
			continue;
		except = pool_zalloc(sizeof(*except));
		*except = candidate;
		list_append(&block->excepts, except);
	}
	return block;
}

struct peers *generate_peers(const struct scale *scale, u32 id)
{
	struct peers *peers = pool_zalloc(sizeof(*peers));
	struct list *blocks = &peers->blocks;
	u32 i, count = 0;

	peers->id = id;
	peers->name = chance_percent(1) ? "shared" :
					  pool_printf("peers-%u", id);
	if (chance_percent(80)) {
		peers->identity_count =
			chance_below(scale->identities < 12 ?
					     scale->identities + 1 :
					     13);
		for (i = 0; i < peers->identity_count; i++)
			peers->identities[i] = generate_id(scale->identities);
	}
	if (chance_percent(50))
		count = chance_below(scale->blocks + 1);
	for (i = 0; i < count; i++)
		list_append(blocks,
			    generate_block(scale,
					   i ? blocks->items[i - 1] : NULL));
	return peers;
}

static struct ports generate_ports(const struct ports *before)
{
	static const u8 protocols[] = { IPPROTO_TCP, IPPROTO_TCP, IPPROTO_UDP,
					IPPROTO_SCTP };
	static const u16 marks[] = { 0,	    1,	   2,	  79,	80,
				     81,    82,	   443,	  8080, 32767,
				     32768, 65533, 65534, 65535 };
	struct ports ports = { chance_of(protocols), chance_of(marks), 0 };
	u32 length;

	if (before && chance_percent(40)) {
		ports.protocol = before->protocol;
		ports.first = before->first;
		if (chance_percent(50) && before->last < 65535)
			ports.first = before->last + chance_below(2);
	}
	if (chance_percent(5))
		ports.first = chance_below(65536);
	length = chance_percent(50) ? 0 :
		 chance_percent(50) ? chance_below(4) :
				      chance_below(65536);
	ports.last = ports.first + length > 65535 ? 65535 :
						    ports.first + length;
	return ports;
}

static struct rule *generate_rule(const struct scale *scale, u8 tier,
				  u32 priority)
{
	struct rule *rule = pool_zalloc(sizeof(*rule));
	u32 i;

	rule->tier = tier;
	rule->action = PODWALL_ACTION_ACCEPT;
	/* Few, so that some are shared, and some rules have none. */
	rule->cookie = chance_below(12) * 0x1111111111111111ULL;
	if (tier != PODWALL_TIER_POLICY) {
		rule->action = chance_between(PODWALL_ACTION_ACCEPT,
					      PODWALL_ACTION_PASS);
		rule->priority = priority;
	}
	rule->any_peer = chance_percent(25);
	if (!rule->any_peer)
		rule->peers_count = chance_between(1, 3);
	for (i = 0; i < rule->peers_count; i++)
		rule->peers[i] = generate_id(scale->peer_sets);
	rule->any_port = chance_percent(30);
	if (!rule->any_port)
		rule->ports_count = chance_between(1, 4);
	for (i = 0; i < rule->ports_count; i++)
		rule->ports[i] = generate_ports(i ? &rule->ports[i - 1] : NULL);
	return rule;
}

/* Tiers in order, and priorities that rise in small steps or stay. */
struct rules *generate_rules(const struct scale *scale, u32 id)
{
	struct rules *rules = pool_zalloc(sizeof(*rules));
	u32 i, count = chance_percent(6) ? 0 : chance_between(1, scale->rules);
	u32 tier = PODWALL_TIER_ADMIN, priority = 0;

	rules->id = id;
	rules->direction = chance_between(PODWALL_DIRECTION_INGRESS,
					  PODWALL_DIRECTION_EGRESS);
	rules->isolated = chance_percent(70);
	rules->isolation_audited = !rules->isolated && chance_percent(50);
	for (i = 0; i < count; i++) {
		while (tier < PODWALL_TIER_BASELINE &&
		       chance_percent(count < 6 ? 40 : 250 / count)) {
			tier++;
			priority = 0;
		}
		if (tier == PODWALL_TIER_POLICY && !rules->isolated &&
		    !rules->isolation_audited)
			tier++;
		priority += chance_below(2);
		list_append(&rules->list, generate_rule(scale, tier, priority));
	}
	return rules;
}

/* A rule set of a direction, or an id that there is none of. */
static u32 choose_rules(const struct world *world, u8 direction)
{
	struct rules *rules;
	u32 i;

	if (chance_percent(10))
		return 0;
	if (chance_percent(2))
		return generate_id(4);
	for (i = 0; i < 8 && world->rule_sets.count; i++) {
		rules = world->rule_sets
				.items[chance_below(world->rule_sets.count)];
		if (rules->direction == direction)
			return rules->id;
	}
	return 0;
}

struct pod *generate_pod(const struct world *world, u32 index)
{
	struct pod *pod = pool_zalloc(sizeof(*pod));
	struct address *address;
	u32 i, tries;

	pod->key =
		pool_printf("%s/pod-%u", index % 3 ? "default" : "kube", index);
	pod->uid = chance_percent(60) ? "" :
					pool_printf("uid-%u", chance_below(2));
	pod->mode = chance_percent(85) ? PODWALL_MODE_ENFORCE :
					 PODWALL_MODE_AUDIT;
	pod->ingress = choose_rules(world, PODWALL_DIRECTION_INGRESS);
	pod->egress = choose_rules(world, PODWALL_DIRECTION_EGRESS);
	if (pod->ingress && chance_percent(30))
		pod->ingress_enforced =
			choose_rules(world, PODWALL_DIRECTION_INGRESS);
	if (pod->egress && chance_percent(30))
		pod->egress_enforced =
			choose_rules(world, PODWALL_DIRECTION_EGRESS);
	pod->address_count = chance_below(3);
	for (i = 0; i < pod->address_count; i++) {
		address = &pod->addresses[i];
		for (tries = 0; tries < 6; tries++) {
			*address = generate_address();
			if (!world_owner(world, address))
				break;
		}
	}
	return pod;
}

static u32 generate_limit(u32 around)
{
	return chance_percent(80) ? 0 : around / 2 + chance_below(around + 2);
}

struct settings *generate_settings(const struct world *world,
				   const struct scale *scale)
{
	struct settings *settings = pool_zalloc(sizeof(*settings));
	struct network *network;
	u32 i, count = chance_below(4);

	for (i = 0; i < count; i++) {
		network = pool_zalloc(sizeof(*network));
		*network = generate_network();
		list_append(&settings->guarded, network);
	}
	settings->judges_node_access = chance_percent(50);
	if (chance_percent(50))
		settings->limits = (struct limits){
			/* Just enough, so that joining comes to it. */
			.addresses =
				chance_percent(30) ?
					world->hosts.count + chance_below(3) :
					generate_limit(scale->hosts),
			.peer_sets = generate_limit(scale->peer_sets),
			.rule_sets = generate_limit(scale->rule_sets),
			.pods = generate_limit(scale->pods),
			.rules = generate_limit(scale->rules * 2),
			.members = generate_limit(scale->identities * 2),
		};
	return settings;
}
