// SPDX-License-Identifier: GPL-2.0-only
#include "walk_scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"
#include "support.h"

const char walk_scene_places[WALK_SCENE_PLACES] = { 'a', 'b', 'r', 'n',
						    'g', 'o', 'x' };

/* In the order of their names. */
static const struct {
	const char *ips[2];
	uint32_t identity;
} places[WALK_SCENE_PLACES] = {
	{ { "10.1.0.1", "fd00::1" }, 1 },
	{ { "10.1.0.2", "fd00::2" }, 2 },
	{ { "10.1.0.9", "fd00::9" }, 3 },
	{ { "10.9.0.1", "fd09::1" }, 0 },
	{ { "10.1.0.77", "fd00::77" }, 0 },
	{ { "192.0.2.1", "2001:db8::1" }, 0 },
	{ { "192.0.2.200", "2001:db8:1::1" }, 0 },
};

static uint32_t identities_of_1[] = { 1 };
static uint32_t identities_of_3[] = { 2, 3 };
static struct network except_4, except_6;
static struct block blocks_of_2[2];
static struct peer_set peer_sets[] = {
	{ .id = 1,
	  .name = "one",
	  .identities = identities_of_1,
	  .identity_count = 1 },
	{ .id = 2, .name = "outside", .blocks = blocks_of_2, .block_count = 2 },
	{ .id = 3,
	  .name = "others",
	  .identities = identities_of_3,
	  .identity_count = 2 },
};

static const struct ip *find_place(char name, int family)
{
	static struct ip ip;
	size_t i;

	for (i = 0; walk_scene_places[i] != name; i++)
		assert_true(i + 1 < COUNT(places));
	assert_true(ip_parse(places[i].ips[family == AF_INET6], &ip));
	return &ip;
}

void walk_scene_set(struct walk_scene *scene)
{
	size_t i, j;

	*scene = (struct walk_scene){};
	assert_true(network_parse("192.0.2.0/24", &blocks_of_2[0].network));
	assert_true(network_parse("2001:db8::/32", &blocks_of_2[1].network));
	assert_true(network_parse("192.0.2.128/25", &except_4));
	assert_true(network_parse("2001:db8:1::/48", &except_6));
	blocks_of_2[0].except = &except_4;
	blocks_of_2[1].except = &except_6;
	blocks_of_2[0].except_count = blocks_of_2[1].except_count = 1;
	for (j = 0; j < 2; j++)
		for (i = 0; i < COUNT(places); i++) {
			struct address *address =
				&scene->addresses[scene->objects.address_count];

			if (!places[i].identity)
				continue;
			assert_true(ip_parse(places[i].ips[j], &address->ip));
			address->identity = places[i].identity;
			scene->objects.address_count++;
		}
	for (i = 0; i < 2; i++) {
		scene->pods[i] = (struct pod){
			.key = i ? "default/b" : "default/a",
			.ips = scene->ips[i],
			.ip_count = 2,
			.mode = PODWALL_MODE_ENFORCE,
		};
		for (j = 0; j < 2; j++)
			assert_true(ip_parse(places[i].ips[j],
					     &scene->ips[i][j]));
	}
	assert_true(network_parse("10.1.0.0/16", &scene->guarded[0]));
	assert_true(network_parse("fd00::/64", &scene->guarded[1]));
	scene->settings = (struct settings){
		.guarded = scene->guarded,
		.guarded_count = 2,
		.node_access = PODWALL_NODE_ACCESS_ACCEPT,
	};
	scene->objects.addresses = scene->addresses;
	scene->objects.peer_sets = peer_sets;
	scene->objects.peer_set_count = COUNT(peer_sets);
	scene->objects.pods = scene->pods;
	scene->objects.pod_count = 2;
	scene->question.objects = &scene->objects;
	scene->question.settings = &scene->settings;
}

static void read_peers(char *text, struct rule *rule)
{
	char *part, *rest;

	rule->any_peer = !strcmp(text, "*");
	if (rule->any_peer)
		return;
	for (part = strtok_r(text, ",", &rest); part;
	     part = strtok_r(NULL, ",", &rest))
		*array_add(rule->peer_sets, rule->peer_set_count) = atoi(part);
}

static void read_ports(char *text, struct rule *rule)
{
	char *part, *rest;

	rule->any_port = !strcmp(text, "*");
	if (rule->any_port)
		return;
	for (part = strtok_r(text, ",", &rest); part;
	     part = strtok_r(NULL, ",", &rest)) {
		struct port_range *range =
			array_add(rule->port_ranges, rule->port_range_count);
		unsigned int first, last;
		int count = sscanf(part + 1, "%u-%u", &first, &last);

		range->protocol = *part == 't' ? IPPROTO_TCP :
				  *part == 'u' ? IPPROTO_UDP :
						 IPPROTO_SCTP;
		range->first = first;
		range->last = count == 2 ? last : first;
	}
}

static void read_rule(char *text, struct rule_set *rule_set)
{
	struct rule *rule = array_add(rule_set->rules, rule_set->rule_count);
	char action, peers[32], ports[64];

	rule->tier = *text == 'A' ? PODWALL_TIER_ADMIN :
		     *text == 'P' ? PODWALL_TIER_POLICY :
				    PODWALL_TIER_BASELINE;
	assert_int_equal(sscanf(text + 1, "%u%c %31s %63s", &rule->priority,
				&action, peers, ports),
			 4);
	rule->action = action == '+' ? PODWALL_ACTION_ACCEPT :
		       action == '-' ? PODWALL_ACTION_DENY :
				       PODWALL_ACTION_PASS;
	read_peers(peers, rule);
	read_ports(ports, rule);
	rule->cookie = 100 * rule_set->id + rule_set->rule_count;
	rule->origin = xasprintf("origin %zu", rule_set->rule_count - 1);
}

void walk_scene_add(struct walk_scene *scene, uint32_t id,
		    enum podwall_direction direction, const char *text)
{
	struct rule_set *rule_set = array_add(scene->objects.rule_sets,
					      scene->objects.rule_set_count);
	char *copy = xstrdup(text), *part, *rest;

	rule_set->id = id;
	rule_set->direction = direction;
	for (part = strtok_r(copy, ";", &rest); part;
	     part = strtok_r(NULL, ";", &rest)) {
		if (strcmp(part, "I")) {
			read_rule(part, rule_set);
			continue;
		}
		rule_set->isolated = true;
		rule_set->isolation_origin = xstrdup("isolation");
	}
	free(copy);
}

void walk_scene_clear(struct walk_scene *scene)
{
	size_t i;

	for (i = 0; i < scene->objects.rule_set_count; i++)
		rule_set_clear(&scene->objects.rule_sets[i]);
	free(scene->objects.rule_sets);
}

void walk_scene_ask(struct walk_scene *scene, const char *text)
{
	struct connection *connection = &scene->question.connection;
	int family = text[2] == '6' ? AF_INET6 : AF_INET;
	char protocol = text[3];

	connection->client = *find_place(text[0], family);
	connection->server = *find_place(text[1], family);
	connection->protocol = protocol == 't' ? IPPROTO_TCP :
			       protocol == 'u' ? IPPROTO_UDP :
			       protocol == 's' ? IPPROTO_SCTP :
						 IPPROTO_ICMP;
	connection->server_port = atoi(text + 4);
	scene->question.client_is_node = text[0] == 'n';
	scene->question.server_is_node = text[1] == 'n';
}
