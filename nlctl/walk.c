// SPDX-License-Identifier: GPL-2.0-only
#include "walk.h"

#include <stdlib.h>

#include "names.h"
#include "policy/memory.h"

/* What one rule set is asked about. */
struct asked {
	const struct objects *objects;
	const struct ip *peer;
	uint32_t identity; /* of the peer; 0 for none */
	uint8_t protocol;
	uint16_t port;
	enum walk_skip skip;
};

static int compare_numbers(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

static int by_ip(const void *key, const void *element)
{
	return ip_compare(key, &((const struct address *)element)->ip);
}

static int by_identity(const void *key, const void *element)
{
	return compare_numbers(*(const uint32_t *)key,
			       *(const uint32_t *)element);
}

static int by_peer_set(const void *key, const void *element)
{
	return compare_numbers(*(const uint32_t *)key,
			       ((const struct peer_set *)element)->id);
}

static int by_rule_set(const void *key, const void *element)
{
	return compare_numbers(*(const uint32_t *)key,
			       ((const struct rule_set *)element)->id);
}

/* bsearch() must not be given NULL, even for nothing. */
static const void *find(const void *key, const void *array, size_t count,
			size_t size, int (*compare)(const void *, const void *))
{
	return count ? bsearch(key, array, count, size, compare) : NULL;
}

static uint32_t find_identity(const struct objects *objects,
			      const struct ip *ip)
{
	const struct address *address = find(ip, objects->addresses,
					     objects->address_count,
					     sizeof(*address), by_ip);

	return address ? address->identity : 0;
}

static const struct pod *find_pod(const struct objects *objects,
				  const struct ip *ip)
{
	size_t i, j;

	for (i = 0; i < objects->pod_count; i++)
		for (j = 0; j < objects->pods[i].ip_count; j++)
			if (ip_equal(&objects->pods[i].ips[j], ip))
				return &objects->pods[i];
	return NULL;
}

static const struct rule_set *find_rule_set(const struct objects *objects,
					    uint32_t id)
{
	return find(&id, objects->rule_sets, objects->rule_set_count,
		    sizeof(*objects->rule_sets), by_rule_set);
}

const struct peer_set *walk_peer_set(const struct objects *objects, uint32_t id)
{
	return find(&id, objects->peer_sets, objects->peer_set_count,
		    sizeof(*objects->peer_sets), by_peer_set);
}

static bool peer_set_holds(const struct peer_set *peer_set,
			   const struct asked *asked)
{
	size_t i;

	if (asked->identity &&
	    find(&asked->identity, peer_set->identities,
		 peer_set->identity_count, sizeof(uint32_t), by_identity))
		return true;
	for (i = 0; i < peer_set->block_count; i++)
		if (block_contains(&peer_set->blocks[i], asked->peer))
			return true;
	return false;
}

static bool covers_peer(const struct rule *rule, const struct asked *asked)
{
	size_t i;

	if (rule->any_peer)
		return true;
	for (i = 0; i < rule->peer_set_count; i++) {
		const struct peer_set *peer_set =
			walk_peer_set(asked->objects, rule->peer_sets[i]);

		if (peer_set && peer_set_holds(peer_set, asked))
			return true;
	}
	return false;
}

/* A later fragment may be of any port: of one that is denied, to be safe. */
static bool covers_port(const struct rule *rule, const struct asked *asked)
{
	bool fragment = protocol_has_ports(asked->protocol) && !asked->port;
	size_t i;

	if (rule->any_port)
		return true;
	for (i = 0; i < rule->port_range_count; i++) {
		const struct port_range *range = &rule->port_ranges[i];

		if (range->protocol != asked->protocol)
			continue;
		if (fragment ? rule->action == PODWALL_ACTION_DENY :
			       range->first <= asked->port &&
				       asked->port <= range->last)
			return true;
	}
	return false;
}

static enum walk_ending end_tier(struct walk_tier *tier,
				 const struct walk_rule_set *set,
				 const struct asked *asked)
{
	size_t i;

	if (set->verdict)
		return WALK_ENDING_UNREACHED;
	if (tier->tier == PODWALL_TIER_POLICY && asked->skip)
		return WALK_ENDING_SKIPPED;
	for (i = 0; i < tier->count; i++) {
		const struct walk_rule *rule = &tier->rules[i];

		if (!rule->peer || !rule->port)
			continue;
		tier->rule = rule;
		return rule->rule->action == PODWALL_ACTION_PASS ?
			       WALK_ENDING_PASSED :
			       WALK_ENDING_DECIDED;
	}
	if (tier->tier == PODWALL_TIER_POLICY && set->rule_set->isolated)
		return WALK_ENDING_ISOLATED;
	return WALK_ENDING_UNMATCHED;
}

static void decide(struct walk_rule_set *set, const struct walk_tier *tier)
{
	if (tier->ending == WALK_ENDING_ISOLATED) {
		set->verdict = PODWALL_VERDICT_DENY;
		set->reason = PODWALL_REASON_ISOLATED;
		set->tier = tier->tier;
	} else if (tier->ending == WALK_ENDING_DECIDED) {
		set->verdict = tier->rule->rule->action ==
					       PODWALL_ACTION_ACCEPT ?
				       PODWALL_VERDICT_ACCEPT :
				       PODWALL_VERDICT_DENY;
		set->reason = PODWALL_REASON_RULE;
		set->tier = tier->tier;
		set->rule = tier->rule;
	}
}

/* Rules stand in order of tier. */
static void walk_rule_set(const struct rule_set *rule_set,
			  const struct asked *asked, struct walk_rule_set *set)
{
	size_t i, next = 0;

	*set = (struct walk_rule_set){ .rule_set = rule_set };
	set->rules = xcalloc(rule_set->rule_count, sizeof(*set->rules));
	for (i = 0; i < rule_set->rule_count; i++)
		set->rules[i] = (struct walk_rule){
			.rule = &rule_set->rules[i],
			.index = i,
			.peer = covers_peer(&rule_set->rules[i], asked),
			.port = covers_port(&rule_set->rules[i], asked),
		};
	for (i = 0; i < WALK_TIERS; i++) {
		struct walk_tier *tier = &set->tiers[i];

		tier->tier = PODWALL_TIER_ADMIN + i;
		tier->rules = &set->rules[next];
		while (next < rule_set->rule_count &&
		       rule_set->rules[next].tier == tier->tier)
			next++;
		tier->count = &set->rules[next] - tier->rules;
		tier->ending = end_tier(tier, set, asked);
		decide(set, tier);
	}
	if (!set->verdict) {
		set->verdict = PODWALL_VERDICT_ACCEPT;
		set->reason = PODWALL_REASON_DEFAULT;
	}
}

static void take_over(struct walk_direction *direction,
		      const struct walk_rule_set *set)
{
	direction->decisive = set;
	direction->verdict = set->verdict;
	direction->reason = set->reason;
	direction->tier = set->tier;
}

/* As the module does: what all rules deny is asked of those that are enforced,
 * and is only audited when they accept.
 */
static void walk_pod(const struct asked *asked, uint32_t all, uint32_t enforced,
		     struct walk_direction *direction)
{
	const struct rule_set *rule_set = find_rule_set(asked->objects, all);

	direction->skip = asked->skip;
	direction->mode = direction->pod->mode;
	if (!rule_set)
		return;
	walk_rule_set(rule_set, asked, &direction->all);
	take_over(direction, &direction->all);
	rule_set = find_rule_set(asked->objects, enforced);
	if (direction->verdict == PODWALL_VERDICT_ACCEPT || !rule_set)
		return;
	walk_rule_set(rule_set, asked, &direction->enforced);
	if (direction->enforced.verdict == PODWALL_VERDICT_DENY)
		take_over(direction, &direction->enforced);
	else
		direction->mode = PODWALL_MODE_AUDIT;
}

static void find_end(const struct walk_question *question, const struct ip *ip,
		     bool is_node, struct walk_end *end)
{
	const struct settings *settings = question->settings;
	size_t i;

	*end = (struct walk_end){
		.pod = find_pod(question->objects, ip),
		.identity = find_identity(question->objects, ip),
	};
	if (end->pod) {
		end->place = WALK_PLACE_POD;
		return;
	}
	if (is_node) {
		end->place = WALK_PLACE_NODE;
		return;
	}
	end->place = end->identity ? WALK_PLACE_CLUSTER : WALK_PLACE_OUTSIDE;
	for (i = 0; i < settings->guarded_count; i++) {
		if (!network_contains(&settings->guarded[i], ip))
			continue;
		end->place = WALK_PLACE_GUARDED;
		end->guarded = &settings->guarded[i];
		return;
	}
}

static void begin(struct walk_direction *direction, const struct walk_end *end)
{
	direction->verdict = PODWALL_VERDICT_ACCEPT;
	direction->reason = PODWALL_REASON_NO_POLICY;
	direction->pod = end->pod;
	if (end->place == WALK_PLACE_GUARDED) {
		direction->verdict = PODWALL_VERDICT_DENY;
		direction->reason = PODWALL_REASON_UNREGISTERED;
	}
}

static struct asked ask(const struct walk_question *question,
			const struct ip *peer, const struct walk_end *end)
{
	return (struct asked){
		.objects = question->objects,
		.peer = peer,
		.identity = end->identity,
		.protocol = question->connection.protocol,
		.port = question->connection.server_port,
	};
}

static void walk_egress(const struct walk_question *question, struct walk *walk)
{
	struct walk_direction *egress = &walk->egress;
	const struct pod *pod = walk->client.pod;
	struct asked asked =
		ask(question, &question->connection.server, &walk->server);

	if (pod == walk->server.pod && ip_equal(&question->connection.client,
						&question->connection.server))
		asked.skip = WALK_SKIP_ITSELF;
	else if (question->server_is_node &&
		 question->settings->node_access != PODWALL_NODE_ACCESS_JUDGE)
		asked.skip = WALK_SKIP_NODE;
	walk_pod(&asked, pod->egress_rule_set, pod->egress_enforced_rule_set,
		 egress);
}

static void walk_ingress(const struct walk_question *question,
			 struct walk *walk)
{
	struct walk_direction *ingress = &walk->ingress;
	const struct pod *pod = walk->server.pod;
	struct asked asked =
		ask(question, &question->connection.client, &walk->client);

	if (pod == walk->client.pod && ip_equal(&question->connection.client,
						&question->connection.server))
		asked.skip = WALK_SKIP_ITSELF;
	walk_pod(&asked, pod->ingress_rule_set, pod->ingress_enforced_rule_set,
		 ingress);
	if (ingress->verdict == PODWALL_VERDICT_DENY &&
	    question->client_is_node && !walk->client.pod) {
		ingress->verdict = PODWALL_VERDICT_ACCEPT;
		ingress->reason = PODWALL_REASON_NODE;
		ingress->mode = pod->mode;
	}
}

static bool blocks(const struct walk_direction *direction)
{
	return direction->verdict == PODWALL_VERDICT_DENY &&
	       direction->mode != PODWALL_MODE_AUDIT;
}

void walk_connection(const struct walk_question *question, struct walk *walk)
{
	const struct connection *connection = &question->connection;

	*walk = (struct walk){
		.egress.direction = PODWALL_DIRECTION_EGRESS,
		.ingress.direction = PODWALL_DIRECTION_INGRESS,
	};
	find_end(question, &connection->client, question->client_is_node,
		 &walk->client);
	find_end(question, &connection->server, question->server_is_node,
		 &walk->server);
	begin(&walk->egress, &walk->client);
	begin(&walk->ingress, &walk->server);
	if (walk->client.pod && !question->is_itself)
		walk_egress(question, walk);
	if (walk->server.pod && !question->is_itself)
		walk_ingress(question, walk);
	walk->verdict = blocks(&walk->egress) || blocks(&walk->ingress) ?
				PODWALL_VERDICT_DENY :
				PODWALL_VERDICT_ACCEPT;
}

const char *walk_origin(const struct walk_direction *direction)
{
	const struct walk_rule_set *set = direction->decisive;

	if (!set)
		return NULL;
	if (set->rule)
		return set->rule->rule->origin;
	return set->reason == PODWALL_REASON_ISOLATED ?
		       set->rule_set->isolation_origin :
		       NULL;
}

void walk_clear(struct walk *walk)
{
	free(walk->egress.all.rules);
	free(walk->egress.enforced.rules);
	free(walk->ingress.all.rules);
	free(walk->ingress.enforced.rules);
	*walk = (struct walk){};
}
