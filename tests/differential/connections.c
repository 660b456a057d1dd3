// SPDX-License-Identifier: GPL-2.0-only
#include "connections.h"

#include <stdlib.h>
#include <string.h>

#include "generator/generator.h"
#include "module.h"
#include "names.h"
#include "policy/memory.h"
#include "policy/owners.h"

const struct cluster_pod *own_pod(const struct cluster *cluster,
				  const struct ip *ip)
{
	const struct cluster_pod *pod = owner_of(cluster, ip);

	return pod && !strcmp(pod->node, OWN_NODE) ? pod : NULL;
}

static void add(struct ends *ends, const struct cluster *cluster,
		const struct ip *ip)
{
	size_t i;

	for (i = 0; i < ends->count; i++)
		if (ip_equal(&ends->list[i], ip))
			return;
	*array_add(ends->list, ends->count) = *ip;
	if (own_pod(cluster, ip))
		*array_add(ends->own, ends->own_count) = *ip;
}

/* The next address, or the one in front; beyond the last is the first. */
static struct ip step(struct ip ip, bool forward)
{
	uint8_t *bytes = ip.family == AF_INET ? (uint8_t *)&ip.v4 :
						ip.v6.s6_addr;
	size_t i = ip.family == AF_INET ? 4 : 16;

	while (i-- && (forward ? !++bytes[i] : !bytes[i]--))
		;
	return ip;
}

static struct ip last_of(const struct network *network)
{
	struct ip ip = network->base;
	uint8_t *bytes = ip.family == AF_INET ? (uint8_t *)&ip.v4 :
						ip.v6.s6_addr;
	unsigned int bit, bits = ip.family == AF_INET ? 32 : 128;

	for (bit = network->prefix_length; bit < bits; bit++)
		bytes[bit / 8] |= 0x80 >> bit % 8;
	return ip;
}

static void add_edges(struct ends *ends, const struct cluster *cluster,
		      const struct network *network)
{
	const struct ip last = last_of(network);
	const struct ip before = step(network->base, false);
	const struct ip after = step(last, true);

	add(ends, cluster, &before);
	add(ends, cluster, &network->base);
	add(ends, cluster, &last);
	add(ends, cluster, &after);
}

static void add_rule(struct ends *ends, const struct cluster *cluster,
		     const struct policy_rule *rule)
{
	size_t i, j;

	for (i = 0; i < rule->peer_count; i++) {
		const struct policy_peer *peer = &rule->peers[i];

		if (!peer->is_block)
			continue;
		add_edges(ends, cluster, &peer->block.network);
		for (j = 0; j < peer->block.except_count; j++)
			add_edges(ends, cluster, &peer->block.except[j]);
	}
}

static void add_policies(struct ends *ends, const struct cluster *cluster)
{
	const struct cluster_policy *wide;
	const struct network_policy *policy;
	size_t i;

	for (policy = cluster->policies; policy; policy = policy->hh.next) {
		for (i = 0; i < policy->ingress_rule_count; i++)
			add_rule(ends, cluster, &policy->ingress_rules[i]);
		for (i = 0; i < policy->egress_rule_count; i++)
			add_rule(ends, cluster, &policy->egress_rules[i]);
	}
	for (wide = cluster->cluster_policies; wide; wide = wide->hh.next)
		for (i = 0; i < wide->egress_rule_count; i++)
			add_rule(ends, cluster, &wide->egress_rules[i].covers);
}

void ends_collect(const struct cluster *cluster, struct ends *ends)
{
	const struct cluster_pod *pod;
	struct ip ip;
	size_t i;

	*ends = (struct ends){};
	for (pod = cluster->pods; pod; pod = pod->hh.next)
		for (i = 0; i < pod->ip_count; i++)
			add(ends, cluster, &pod->ips[i]);
	ends->pod_count = ends->count;
	for (i = 0; i < generator_outsider_count; i++)
		if (ip_parse(generator_outsiders[i], &ip))
			add(ends, cluster, &ip);
	add_policies(ends, cluster);
}

void ends_clear(struct ends *ends)
{
	free(ends->list);
	free(ends->own);
	*ends = (struct ends){};
}

/* Policies name TCP and few ports more than others. */
static void choose_port(struct chance *chance, struct connection *connection)
{
	static const uint8_t protocols[] = {
		IPPROTO_TCP,  IPPROTO_TCP,  IPPROTO_TCP,    IPPROTO_TCP,
		IPPROTO_TCP,  IPPROTO_TCP,  IPPROTO_UDP,    IPPROTO_UDP,
		IPPROTO_SCTP, IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_UDPLITE,
	};
	static const uint16_t ports[] = { 80,	80,   80,   81,	  81, 82,
					  8080, 8080, 8080, 83,	  84, 79,
					  8079, 8081, 8082, 8083, 1,  65535 };

	connection->protocol = chance_of(chance, protocols);
	if (!protocol_has_ports(connection->protocol))
		return;
	connection->server_port = chance_of(chance, ports);
	if (chance_one_in(chance, 12))
		connection->server_port = 1 + chance_below(chance, 65535);
}

static struct ip choose_end(struct chance *chance, const struct ends *ends)
{
	if (ends->own_count && chance_one_in(chance, 4))
		return ends->own[chance_below(chance, ends->own_count)];
	if (ends->pod_count && chance_one_in(chance, 3))
		return ends->list[chance_below(chance, ends->pod_count)];
	return ends->list[chance_below(chance, ends->count)];
}

static bool is_possible(const struct cluster *cluster,
			const struct connection *connection)
{
	const struct cluster_pod *client =
		owner_of(cluster, &connection->client);

	return connection->client.family == connection->server.family &&
	       (!client || client != owner_of(cluster, &connection->server));
}

struct connection connection_choose(struct chance *chance,
				    const struct cluster *cluster,
				    const struct ends *ends)
{
	struct connection connection = {};
	struct ip swapped;

	do {
		connection.client = choose_end(chance, ends);
		connection.server = choose_end(chance, ends);
		if (ends->own_count && !chance_one_in(chance, 16))
			connection.client =
				ends->own[chance_below(chance, ends->own_count)];
		if (chance_one_in(chance, 2)) {
			swapped = connection.client;
			connection.client = connection.server;
			connection.server = swapped;
		}
	} while (!is_possible(cluster, &connection));
	choose_port(chance, &connection);
	return connection;
}
