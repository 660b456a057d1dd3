// SPDX-License-Identifier: GPL-2.0-only
/*
 * The walk through rule sets, and near misses: tables of special cases, random
 * rule sets against a naive judge, and random clusters against the evaluator.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "agreement.h"
#include "generator/chance.h"
#include "generator/generator.h"
#include "generator/manifests.h"
#include "near_miss.h"
#include "opinions.h"
#include "policy/memory.h"
#include "policy/owners.h"
#include "walk.h"

/*
 * Pods a and b are on the node, r is on another one; n is the node, g an
 * address in the guarded block that nobody has registered, o and x are outside,
 * x where peer set 2 has an exception.
 */
static const struct {
	char name;
	const char *ips[2];
	uint32_t identity;
} places[] = {
	{ 'a', { "10.1.0.1", "fd00::1" }, 1 },
	{ 'b', { "10.1.0.2", "fd00::2" }, 2 },
	{ 'r', { "10.1.0.9", "fd00::9" }, 3 },
	{ 'n', { "10.9.0.1", "fd09::1" }, 0 },
	{ 'g', { "10.1.0.77", "fd00::77" }, 0 },
	{ 'o', { "192.0.2.1", "2001:db8::1" }, 0 },
	{ 'x', { "192.0.2.200", "2001:db8:1::1" }, 0 },
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

/* Everything that a walk may ask for. */
struct scene {
	struct address addresses[2 * COUNT(places)];
	struct ip ips[2][2];
	struct pod pods[2];
	struct network guarded[2];
	struct settings settings;
	struct objects objects;
	struct walk_question question;
};

static const struct ip *find_place(char name, int family)
{
	static struct ip ip;
	size_t i;

	for (i = 0; places[i].name != name; i++)
		assert_true(i + 1 < COUNT(places));
	assert_true(ip_parse(places[i].ips[family == AF_INET6], &ip));
	return &ip;
}

static void set_scene(struct scene *scene)
{
	size_t i, j;

	*scene = (struct scene){};
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

/* --- rule sets as text: "I" if isolated, then rules "TIER PRIORITY ACTION
 * PEERS PORTS" as "A10- 1,2 t80-90,u53"; tiers A, P, B, actions + - >, and "*"
 * for any peer or port.
 */

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

static void add_rule_set(struct scene *scene, uint32_t id,
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

static void clear_scene(struct scene *scene)
{
	size_t i;

	for (i = 0; i < scene->objects.rule_set_count; i++)
		rule_set_clear(&scene->objects.rule_sets[i]);
	free(scene->objects.rule_sets);
}

/* --- walks as text: "VERDICT REASON TIER RULE ENDINGS MODE", then near misses
 */

static const char *ending_letters = "usnpdi";

static void print_set(const struct walk_rule_set *set, FILE *stream)
{
	size_t i;

	fputc(' ', stream);
	for (i = 0; i < WALK_TIERS; i++)
		fputc(ending_letters[set->tiers[i].ending], stream);
}

static char *walk_text(const struct walk_question *question,
		       const struct walk_direction *walk)
{
	static const char *const reasons[] = {
		[PODWALL_REASON_NO_POLICY] = "no-policy",
		[PODWALL_REASON_RULE] = "rule",
		[PODWALL_REASON_ISOLATED] = "isolated",
		[PODWALL_REASON_DEFAULT] = "default",
		[PODWALL_REASON_UNREGISTERED] = "unregistered",
		[PODWALL_REASON_NODE] = "node",
	};
	struct near_misses misses;
	char *text;
	size_t length, i;
	FILE *stream = xopen_memstream(&text, &length);

	fprintf(stream, "%c %s",
		walk->verdict == PODWALL_VERDICT_ACCEPT ? '+' : '-',
		reasons[walk->reason]);
	if (walk->mode == PODWALL_MODE_AUDIT)
		fputs(" audit", stream);
	if (walk->all.rule_set)
		print_set(&walk->all, stream);
	if (walk->enforced.rule_set)
		print_set(&walk->enforced, stream);
	if (walk->decisive && walk->decisive->rule)
		fprintf(stream, " %zu", walk->decisive->rule->index);
	near_misses_find(question, walk, &misses);
	for (i = 0; i < misses.count; i++)
		fprintf(stream, "%s%zu%s", i ? " " : " | ",
			misses.list[i].rule->index,
			misses.list[i].but_for_port ? "port" :
			misses.list[i].except	    ? "except" :
						      "peer");
	near_misses_clear(&misses);
	fclose(stream);
	return text;
}

struct row {
	const char *name;
	/* Client, server, family, protocol letter and port; then "judge", when
	 * pods are judged for their node, "audit", when they are in audit mode,
	 * or "unregistered", when there are none.
	 */
	const char *connection;
	const char *all; /* of the direction that is looked at */
	const char *enforced; /* or NULL */
	const char *expected;
};

static void ask(const struct row *row, struct scene *scene)
{
	struct connection *connection = &scene->question.connection;
	int family = row->connection[2] == '6' ? AF_INET6 : AF_INET;
	char protocol = row->connection[3];

	connection->client = *find_place(row->connection[0], family);
	connection->server = *find_place(row->connection[1], family);
	connection->protocol = protocol == 't' ? IPPROTO_TCP :
			       protocol == 'u' ? IPPROTO_UDP :
			       protocol == 's' ? IPPROTO_SCTP :
						 IPPROTO_ICMP;
	connection->server_port = atoi(row->connection + 4);
	scene->question.client_is_node = row->connection[0] == 'n';
	scene->question.server_is_node = row->connection[1] == 'n';
}

static void test_row(void **state, enum podwall_direction direction)
{
	bool ingress = direction == PODWALL_DIRECTION_INGRESS;
	const struct row *row = *state;
	struct scene scene;
	struct walk walk;
	char *text;
	size_t i;

	set_scene(&scene);
	for (i = 0; i < 2; i++) {
		struct pod *pod = &scene.pods[i];

		if (strstr(row->connection, " audit"))
			pod->mode = PODWALL_MODE_AUDIT;
		*(ingress ? &pod->ingress_rule_set : &pod->egress_rule_set) =
			row->all ? 1 : 0;
		*(ingress ? &pod->ingress_enforced_rule_set :
			    &pod->egress_enforced_rule_set) =
			row->enforced ? 2 : 0;
	}
	if (row->all)
		add_rule_set(&scene, 1, direction, row->all);
	if (row->enforced)
		add_rule_set(&scene, 2, direction, row->enforced);
	if (strstr(row->connection, " judge"))
		scene.settings.node_access = PODWALL_NODE_ACCESS_JUDGE;
	if (strstr(row->connection, " unregistered"))
		scene.objects.pod_count = 0;
	ask(row, &scene);
	walk_connection(&scene.question, &walk);
	text = walk_text(&scene.question,
			 ingress ? &walk.ingress : &walk.egress);
	assert_string_equal(text, row->expected);
	free(text);
	walk_clear(&walk);
	clear_scene(&scene);
}

static void test_ingress(void **state)
{
	test_row(state, PODWALL_DIRECTION_INGRESS);
}

static void test_egress(void **state)
{
	test_row(state, PODWALL_DIRECTION_EGRESS);
}

/* Endings: u unreached, s skipped, n none matches, p passed, d decided, i
 * isolated.
 */
static const struct row ingress_rows[] = {
	{ "no rule set", "ab4t80", NULL, NULL, "+ no-policy" },
	{ "no pod", "ao4t80", "I", NULL, "+ no-policy" },
	{ "nothing decides", "ab4t80", "A1- 3 *", NULL,
	  "+ default nnn | 0peer" },
	{ "isolated without a rule", "ab4t80", "I", NULL, "- isolated niu" },
	{ "a policy accepts", "ab4t80", "I;P0+ 1 t80", NULL, "+ rule ndu 0" },
	{ "but for the port", "ab4t81", "I;P0+ 1 t80", NULL,
	  "- isolated niu | 0port" },
	{ "but for the protocol", "ab4u80", "I;P0+ 1 t80", NULL,
	  "- isolated niu | 0port" },
	{ "but for the peer", "ob4t80", "I;P0+ 1 t80", NULL,
	  "- isolated niu | 0peer" },
	{ "but for an exception", "xb4t80", "I;P0+ 2 t80", NULL,
	  "- isolated niu | 0except" },
	{ "but for an exception of the other family", "xb6t80", "I;P0+ 2 t80",
	  NULL, "- isolated niu | 0except" },
	{ "a block", "ob6t80", "I;P0+ 2 t80", NULL, "+ rule ndu 0" },
	{ "neither is no near miss", "ob4t81", "I;P0+ 1 t80", NULL,
	  "- isolated niu" },
	{ "one of several peers", "rb4t80", "I;P0+ 1,3 t80", NULL,
	  "+ rule ndu 0" },
	{ "the last port of a range", "ab4t90", "I;P0+ 1 t80-90", NULL,
	  "+ rule ndu 0" },
	{ "the port behind a range", "ab4t91", "I;P0+ 1 t80-90", NULL,
	  "- isolated niu | 0port" },
	{ "the order of near misses: what is named first, then the port",
	  "ab4t80", "I;P0+ * t81;P0+ 3 *;P0+ 3 t80;P0+ 1 t81", NULL,
	  "- isolated niu | 3port 2peer 0port 1peer" },
	{ "the tier that decides has the first near misses", "ab4t80",
	  "I;A1+ 1 t81;P0+ 1 t82", NULL, "- isolated niu | 1port 0port" },
	{ "admin denies before policy", "ab4t80", "I;A5- 1 *;P0+ 1 t80", NULL,
	  "- rule duu 0" },
	{ "rules behind what decided are no near misses", "ab4t80",
	  "A5+ 1 t81;A6- 1 *;A7+ 1 t82", NULL, "- rule duu 1 | 0port" },
	{ "pass ends the admin tier", "ab4t80", "I;A5> 1 *;A6+ 1 t80;P0+ 3 *",
	  NULL, "- isolated piu | 2peer" },
	{ "rules behind a pass are no near misses", "ab4t80",
	  "I;A5> 1 *;A6+ 1 t81", NULL, "- isolated piu" },
	{ "pass to the baseline", "ab4t80", "A5> 1 *;B1- 1 *", NULL,
	  "- rule pnd 1" },
	{ "pass of the baseline", "ab4t80", "B1> 1 *;B2- 1 *", NULL,
	  "+ default nnp" },
	{ "isolation keeps the baseline out", "ab4t80", "I;B1+ 1 *", NULL,
	  "- isolated niu" },
	{ "a denial that came near", "ab4t80", "A1- 1 t81;A2+ 1 *;A3- 1 t82",
	  NULL, "+ rule duu 1 | 0port" },
	{ "ICMP has no ports", "ab4i", "I;P0+ 1 t80", NULL,
	  "- isolated niu | 0port" },
	{ "ICMP, and any port", "ab4i", "I;P0+ 1 *", NULL, "+ rule ndu 0" },
	{ "a later fragment is accepted by no port", "ab4t0",
	  "I;P0+ 1 t0-65535", NULL, "- isolated niu | 0port" },
	{ "a later fragment is denied by any port", "ab4u0", "A1- 1 u53", NULL,
	  "- rule duu 0" },
	{ "but by none of another protocol", "ab4u0", "A1- 1 t53", NULL,
	  "+ default nnn | 0port" },
	{ "a later fragment is not passed", "ab4u0", "A1> 1 u53;A2- 1 *", NULL,
	  "- rule duu 1" },
	{ "the node reaches its pods", "nb4t80", "I;P0+ 1 t80", NULL,
	  "+ node niu" },
	{ "a rule that denies the node", "nb4t80", "A1- * *", NULL,
	  "+ node duu 0" },
	{ "the node, where nothing denies it", "nb4t80", "I;P0+ * t80", NULL,
	  "+ rule ndu 0" },
	{ "what another address does is denied", "ob4t80", "I", NULL,
	  "- isolated niu" },
	{ "itself by way of a Service", "bb4t80", "I", NULL, "+ default nsn" },
	{ "itself, denied by admin", "bb4t80", "I;A1- 3 *", NULL,
	  "- rule duu 0" },
	{ "itself, and rules of the policy tier", "bb4t80", "I;A1+ 1 *;P0+ 1 *",
	  NULL, "+ default nsn" },
	{ "a guarded address", "ag4t80", NULL, NULL, "- unregistered" },
	{ "a guarded address of IPv6", "og6t80", NULL, NULL, "- unregistered" },
	{ "registered nowhere, though it has an identity", "ar4t80", NULL, NULL,
	  "- unregistered" },
	{ "no pod is registered", "ab4t80 unregistered", "I", NULL,
	  "- unregistered" },
	{ "a pod in audit mode", "ob4t80 audit", "I;P0+ 1 t80", NULL,
	  "- isolated audit niu | 0peer" },
	{ "a pod in audit mode accepts", "ab4t80 audit", "I;P0+ 1 t80", NULL,
	  "+ rule audit ndu 0" },
	{ "policies in audit mode alone deny", "ob4t80", "I;P0+ 1 t80",
	  "P0+ 1 t80", "- isolated audit niu nnn | 0peer" },
	{ "what is enforced denies too", "ab4t80", "I;A1- 1 *;P0+ 1 t81",
	  "I;P0+ 1 t81", "- isolated duu niu | 0port" },
	{ "what all accept is not asked again", "ab4t80", "I;P0+ 1 t80",
	  "A1- * *", "+ rule ndu 0" },
	{ "the node, and audit", "nb4t80", "I", "A1+ 1 *", "+ node niu nnn" },
};

static const struct row egress_rows[] = {
	{ "isolated", "ao4t80", "I", NULL, "- isolated niu" },
	{ "no pod at this end", "oa4t80", "I", NULL, "+ no-policy" },
	{ "a guarded client", "ga4t80", NULL, NULL, "- unregistered" },
	{ "the node is not guarded", "na4t80", NULL, NULL, "+ no-policy" },
	{ "a pod reaches its node", "an4t80", "I;P0+ 1 t80", NULL,
	  "+ default nsn" },
	{ "admin rules hold for it", "an4t80", "I;A1- * t80", NULL,
	  "- rule duu 0" },
	{ "baseline rules hold for it", "an6t80", "I;B1- * t80", NULL,
	  "- rule nsd 0" },
	{ "unless settings say judge", "an4t80 judge", "I;P0+ 1 t80", NULL,
	  "- isolated niu | 0peer" },
	{ "itself whatever settings say", "aa4t80 judge", "I", NULL,
	  "+ default nsn" },
	{ "the server is asked for, not the client", "ab4t80",
	  "I;P0+ 1 *;P0+ 3 t80", NULL, "+ rule ndu 1" },
};

/* --- a naive judge: no tiers walked, no structures shared */

struct outcome {
	enum podwall_verdict verdict;
	enum podwall_reason reason;
	enum podwall_tier tier;
	const struct rule *rule;
};

static bool naive_peer(const struct rule *rule, const char *place, int family)
{
	bool in_block = *place == 'o';
	size_t i;

	(void)family;
	for (i = 0; i < rule->peer_set_count; i++)
		if ((rule->peer_sets[i] == 1 && *place == 'a') ||
		    (rule->peer_sets[i] == 2 && in_block) ||
		    (rule->peer_sets[i] == 3 &&
		     (*place == 'b' || *place == 'r')))
			return true;
	return rule->any_peer;
}

static bool naive_port(const struct rule *rule, char protocol,
		       unsigned int port)
{
	uint8_t number = protocol == 't' ? IPPROTO_TCP :
			 protocol == 'u' ? IPPROTO_UDP :
			 protocol == 's' ? IPPROTO_SCTP :
					   IPPROTO_ICMP;
	size_t i;

	for (i = 0; i < rule->port_range_count; i++) {
		if (rule->port_ranges[i].protocol != number)
			continue;
		if (!port && rule->action == PODWALL_ACTION_DENY)
			return true;
		if (port && port >= rule->port_ranges[i].first &&
		    port <= rule->port_ranges[i].last)
			return true;
	}
	return rule->any_port;
}

/* The first rule of a tier that matches; NULL when there is none. */
static const struct rule *naive_first(const struct rule_set *set,
				      enum podwall_tier tier, const char *place,
				      char protocol, unsigned int port)
{
	size_t i;

	for (i = 0; i < set->rule_count; i++)
		if (set->rules[i].tier == tier &&
		    naive_peer(&set->rules[i], place, 0) &&
		    naive_port(&set->rules[i], protocol, port))
			return &set->rules[i];
	return NULL;
}

static bool naive_by(const struct rule *rule, struct outcome *outcome)
{
	if (!rule || rule->action == PODWALL_ACTION_PASS)
		return false;
	*outcome = (struct outcome){ rule->action == PODWALL_ACTION_ACCEPT ?
					     PODWALL_VERDICT_ACCEPT :
					     PODWALL_VERDICT_DENY,
				     PODWALL_REASON_RULE, rule->tier, rule };
	return true;
}

static struct outcome naive_set(const struct rule_set *set, const char *place,
				char protocol, unsigned int port, bool skip)
{
	struct outcome outcome = { PODWALL_VERDICT_ACCEPT,
				   PODWALL_REASON_DEFAULT, 0, NULL };

	if (naive_by(naive_first(set, PODWALL_TIER_ADMIN, place, protocol,
				 port),
		     &outcome))
		return outcome;
	if (!skip && naive_by(naive_first(set, PODWALL_TIER_POLICY, place,
					  protocol, port),
			      &outcome))
		return outcome;
	if (!skip && set->isolated)
		return (struct outcome){ PODWALL_VERDICT_DENY,
					 PODWALL_REASON_ISOLATED,
					 PODWALL_TIER_POLICY, NULL };
	naive_by(naive_first(set, PODWALL_TIER_BASELINE, place, protocol, port),
		 &outcome);
	return outcome;
}

/* --- random rule sets, and every near miss made a hit */

static void add_random_set(struct chance *chance, struct scene *scene,
			   uint32_t id, enum podwall_direction direction)
{
	static const char *const peers[] = { "*", "1", "2", "3", "1,2", "2,3" };
	static const char *const ports[] = {
		"*", "t80", "t80-90", "u53,u80", "t1-79,t91", "s80,t80"
	};
	unsigned int counts[WALK_TIERS], i, j;
	char *text;
	size_t length;
	FILE *stream = xopen_memstream(&text, &length);

	for (i = 0; i < WALK_TIERS; i++)
		counts[i] = chance_below(chance, 4);
	/* The module wants isolation in front of rules of the policy tier. */
	if (chance_one_in(chance, 2))
		fputs("I;", stream);
	else
		counts[1] = 0;
	for (i = 0; i < WALK_TIERS; i++)
		for (j = 0; j < counts[i]; j++)
			fprintf(stream, "%c%u%c %s %s;", "APB"[i],
				i == 1 ? 0 : j,
				i == 1 ? '+' : "+->"[chance_below(chance, 3)],
				peers[chance_below(chance, COUNT(peers))],
				ports[chance_below(chance, COUNT(ports))]);
	fclose(stream);
	add_rule_set(scene, id, direction, text);
	free(text);
}

static bool is_missed(const struct near_misses *misses, size_t index)
{
	size_t i;

	for (i = 0; i < misses->count; i++)
		if (misses->list[i].rule->index == index)
			return true;
	return false;
}

/* Exactly those rules are near misses that turn the answer when they match. */
static void check_misses(const struct scene *scene,
			 const struct walk_direction *walk, const char *place,
			 char protocol, unsigned int port)
{
	const struct walk_rule_set *set = walk->decisive;
	struct near_misses misses;
	size_t i;

	near_misses_find(&scene->question, walk, &misses);
	if (walk->reason == PODWALL_REASON_NODE)
		assert_int_equal(misses.count, 0);
	for (i = 0; walk->reason != PODWALL_REASON_NODE &&
		    i < set->rule_set->rule_count;
	     i++) {
		struct rule *rule = &set->rule_set->rules[i];
		bool half = naive_peer(rule, place, 0) !=
			    naive_port(rule, protocol, port);
		struct rule before = *rule;
		struct outcome outcome;

		rule->any_peer = rule->any_port = true;
		outcome = naive_set(set->rule_set, place, protocol, port,
				    walk->skip);
		*rule = before;
		assert_int_equal(is_missed(&misses, i),
				 half && outcome.rule == rule &&
					 outcome.verdict != walk->verdict);
	}
	near_misses_clear(&misses);
}

static void check_agreement(const struct walk_direction *walk,
			    const struct outcome *outcome, uint32_t rule_set,
			    enum podwall_mode mode)
{
	struct decision decision = {
		.verdict = outcome->verdict,
		.reason = outcome->reason,
		.tier = outcome->tier,
		.pod = walk->pod->key,
		.mode = mode,
		.rule_set = rule_set,
		.has_cookie = outcome->rule,
		.cookie = outcome->rule ? outcome->rule->cookie : 0,
		.origin = outcome->rule ? outcome->rule->origin :
			  outcome->tier ? (char *)"isolation" :
					  NULL,
	};

	assert_true(agrees_with_module(walk, &decision));
	decision.rule_set++;
	assert_false(agrees_with_module(walk, &decision));
	decision.rule_set--;
	decision.cookie++;
	assert_int_equal(agrees_with_module(walk, &decision), !outcome->rule);
	decision.cookie--;
	decision.verdict ^= 3;
	assert_false(agrees_with_module(walk, &decision));
	decision.verdict ^= 3;
	decision.mode ^= 3;
	assert_false(agrees_with_module(walk, &decision));
	decision.mode ^= 3;
	decision.origin = "of another";
	assert_false(agrees_with_module(walk, &decision));
}

static void check_walk(struct scene *scene, const char *from, char protocol,
		       unsigned int port)
{
	const struct rule_set *sets = scene->objects.rule_sets;
	bool enforced = scene->pods[1].ingress_enforced_rule_set;
	enum podwall_mode mode = scene->pods[1].mode;
	struct outcome outcome, again;
	uint32_t rule_set = 1;
	struct walk walk;

	outcome = naive_set(&sets[0], from, protocol, port, *from == 'b');
	if (outcome.verdict == PODWALL_VERDICT_DENY && enforced) {
		again = naive_set(&sets[1], from, protocol, port, *from == 'b');
		if (again.verdict == PODWALL_VERDICT_DENY) {
			outcome = again;
			rule_set = 2;
		} else {
			mode = PODWALL_MODE_AUDIT;
		}
	}
	walk_connection(&scene->question, &walk);
	if (outcome.verdict == PODWALL_VERDICT_DENY && *from == 'n') {
		mode = scene->pods[1].mode;
		outcome.verdict = PODWALL_VERDICT_ACCEPT;
		outcome.reason = PODWALL_REASON_NODE;
	}
	check_agreement(&walk.ingress, &outcome, rule_set, mode);
	check_misses(scene, &walk.ingress, from, protocol, port);
	walk_clear(&walk);
}

static uint64_t seed(void)
{
	const char *given = getenv("PODWALL_SEED");
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return given ? strtoull(given, NULL, 0) :
		       (uint64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void test_random_rule_sets(void **state)
{
	static const char *const questions[] = { "t80", "t81", "t90",
						 "t91", "u53", "s80",
						 "t0",	"u0",  "i0" };
	uint64_t number = seed();
	unsigned int run, i, j, k;

	(void)state;
	printf("# PODWALL_SEED=%llu\n", (unsigned long long)number);
	for (run = 0; run < 2000; run++) {
		struct chance chance = chance_begin(number + run);
		struct scene scene;

		set_scene(&scene);
		scene.pods[1].ingress_rule_set = 1;
		scene.pods[1].ingress_enforced_rule_set =
			chance_one_in(&chance, 2) ? 2 : 0;
		if (chance_one_in(&chance, 4))
			scene.pods[1].mode = PODWALL_MODE_AUDIT;
		add_random_set(&chance, &scene, 1, PODWALL_DIRECTION_INGRESS);
		add_random_set(&chance, &scene, 2, PODWALL_DIRECTION_INGRESS);
		for (i = 0; i < COUNT(places); i++)
			for (j = 0; j < COUNT(questions); j++)
				for (k = 0; k < 2; k++) {
					const char from = places[i].name;
					const char text[] = { from,
							      'b',
							      k ? '6' : '4',
							      questions[j][0],
							      questions[j][1],
							      questions[j][2],
							      0 };
					struct row row = { .connection = text };

					ask(&row, &scene);
					check_walk(&scene, &from,
						   questions[j][0],
						   atoi(questions[j] + 1));
				}
		clear_scene(&scene);
	}
}

/* --- random clusters, where the evaluator is the other opinion */

static void compare_direction(const struct walk_direction *walk,
			      const struct judgement *judgement)
{
	struct decision decision = {
		.verdict = judgement->verdict,
		.tier = judgement->tier,
		.mode = judgement->audited ? PODWALL_MODE_AUDIT : 0,
	};

	if (!agrees_with_evaluator(walk, &decision))
		fail_msg("the walk ends with verdict %u in tier %u; the evaluator: %s",
			 walk->verdict, walk->tier, judgement->text);
	decision.verdict ^= 3;
	assert_false(agrees_with_evaluator(walk, &decision));
}

static bool is_node_of(const struct cluster *cluster, const struct ip *node,
		       const struct ip *ip)
{
	const struct cluster_pod *pod = owner_of(cluster, ip);

	return pod && is_ip_of_node(cluster, pod->node, node);
}

static size_t compare_walks(const struct cluster *cluster,
			    const struct objects *objects)
{
	const struct settings settings = {
		.node_access = PODWALL_NODE_ACCESS_ACCEPT,
	};
	static const struct {
		uint8_t protocol;
		uint16_t port;
	} ports[] = { { IPPROTO_TCP, 80 },
		      { IPPROTO_TCP, 8080 },
		      { IPPROTO_UDP, 80 },
		      { IPPROTO_ICMP, 0 } };
	struct ip ends[64];
	size_t count = 0, done = 0, i, j, k;

	for (i = 0; i < generator_outsider_count; i++)
		assert_true(ip_parse(generator_outsiders[i], &ends[count++]));
	for (i = 0; i < objects->address_count && count < COUNT(ends); i++)
		ends[count++] = objects->addresses[i].ip;
	for (i = 0; i < count; i++)
		for (j = 0; j < count; j++)
			for (k = (i + j) % 2; k < COUNT(ports); k += 2) {
				const struct endpoint from = { .ip = ends[i] };
				const struct endpoint to = { .ip = ends[j] };
				const struct cluster_pod *owner =
					owner_of(cluster, &ends[i]);
				struct walk_question question = {
					.objects = objects,
					.settings = &settings,
					.connection = { ends[i], ends[j],
							ports[k].protocol, 0,
							ports[k].port },
				};
				struct evaluation evaluation;
				struct walk walk;

				if (ends[i].family != ends[j].family)
					continue;
				question.client_is_node =
					is_node_of(cluster, &ends[i], &ends[j]);
				question.server_is_node =
					is_node_of(cluster, &ends[j], &ends[i]);
				question.is_itself =
					owner &&
					owner == owner_of(cluster, &ends[j]);
				assert_null(evaluate(cluster, &from, &to,
						     ends[i].family,
						     ports[k].protocol,
						     ports[k].port,
						     &evaluation));
				walk_connection(&question, &walk);
				assert_int_equal(walk.verdict,
						 evaluation.verdict);
				compare_direction(&walk.egress,
						  &evaluation.egress);
				compare_direction(&walk.ingress,
						  &evaluation.ingress);
				walk_clear(&walk);
				evaluation_clear(&evaluation);
				done++;
			}
	return done;
}

static void test_random_clusters(void **state)
{
	uint64_t number = seed();
	size_t done = 0;
	unsigned int i;

	(void)state;
	printf("# PODWALL_SEED=%llu\n", (unsigned long long)number);
	for (i = 0; i < 200; i++) {
		struct chance chance = chance_begin(number + i);
		json_t *manifests = generate_cluster(&chance);
		struct problems problems = {};
		struct cluster cluster = {};
		struct objects objects;

		assert_true(manifests_read(manifests, &cluster, &problems));
		if (compile(&cluster, NULL, NULL, &objects, &problems))
			done += compare_walks(&cluster, &objects);
		objects_clear(&objects);
		problems_clear(&problems);
		cluster_clear(&cluster);
		json_decref(manifests);
	}
	assert_true(done);
}

/* Where the ends are, as told to people. */
static void test_places(void **state)
{
	static const struct {
		char name;
		enum walk_place place;
	} rows[] = {
		{ 'a', WALK_PLACE_POD },     { 'r', WALK_PLACE_GUARDED },
		{ 'n', WALK_PLACE_NODE },    { 'g', WALK_PLACE_GUARDED },
		{ 'o', WALK_PLACE_OUTSIDE },
	};
	struct scene scene;
	struct walk walk;
	size_t i;

	(void)state;
	set_scene(&scene);
	for (i = 0; i < COUNT(rows); i++) {
		const char text[] = { 'o', rows[i].name, '4', 't', '8', '0', 0 };
		struct row row = { .connection = text };

		ask(&row, &scene);
		walk_connection(&scene.question, &walk);
		assert_int_equal(walk.server.place, rows[i].place);
		assert_int_equal(!!walk.server.guarded,
				 rows[i].place == WALK_PLACE_GUARDED);
		walk_clear(&walk);
	}
	scene.settings.guarded_count = 0;
	ask(&(struct row){ .connection = "or4t80" }, &scene);
	walk_connection(&scene.question, &walk);
	assert_int_equal(walk.server.place, WALK_PLACE_CLUSTER);
	assert_int_equal(walk.server.identity, 3);
	walk_clear(&walk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_random_rule_sets),
		cmocka_unit_test(test_random_clusters),
	};
	int failed = 0;

	failed += table_tests("ingress", ingress_rows, COUNT(ingress_rows),
			      sizeof(*ingress_rows), test_ingress);
	failed += table_tests("egress", egress_rows, COUNT(egress_rows),
			      sizeof(*egress_rows), test_egress);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return !!failed;
}
