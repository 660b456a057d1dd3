// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random clusters: what the compiled objects do must be what the evaluator
 * says. The seed is printed, and PODWALL_SEED sets it: that of a failure begins
 * a run with the cluster that failed.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "interpreter.h"
#include "policy/difference.h"
#include "policy/memory.h"

#define CLUSTERS 3000
#define SECONDS 20

/* Values to choose from: few, so that they meet. */
static const char *const label_keys[] = { "app", "tier" };
static const char *const label_values[] = { "a", "b", "c" };
static const char *const port_names[] = { "http", "dns", "web" };
static const uint16_t port_numbers[] = { 80, 81, 82, 8080 };
static const uint8_t protocols[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP };
static const char *const blocks[] = {
	"0.0.0.0/0",   "10.0.0.0/8",  "10.0.0.0/30",	"10.0.0.4/30",
	"10.0.0.4/31", "10.0.0.5/32", "192.168.0.0/16", "192.168.0.1/32",
	"::/0",	       "fd00::/16",   "fd00::/126",	"fd00::4/126",
	"fd00::5/128", "fd00:1::/32",
};
static const char *const outsiders[] = {
	"10.0.0.99", "192.168.0.9", "192.168.0.1", "192.168.0.2",
	"9.9.9.9",   "fd00::99",    "fd00:1::9",
};

/* xorshift64*, so that a seed gives the same clusters everywhere. */
static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed >> 12;
	*seed ^= *seed << 25;
	*seed ^= *seed >> 27;
	return *seed * 0x2545f4914f6cdd1d;
}

static unsigned int below(uint64_t *seed, unsigned int bound)
{
	return (next_random(seed) >> 33) % bound;
}

static bool one_in(uint64_t *seed, unsigned int n)
{
	return !below(seed, n);
}

#define PICK(seed, array) ((array)[below((seed), COUNT(array))])

static void random_labels(uint64_t *seed, struct labels *labels)
{
	size_t i;

	for (i = 0; i < COUNT(label_keys); i++)
		if (!one_in(seed, 3))
			labels_set(labels, label_keys[i],
				   PICK(seed, label_values));
}

static void random_selector(uint64_t *seed, struct selector *selector)
{
	struct requirement *requirement;
	unsigned int count;

	if (one_in(seed, 4))
		return;
	if (one_in(seed, 2)) {
		labels_set(&selector->match_labels, PICK(seed, label_keys),
			   PICK(seed, label_values));
		if (!one_in(seed, 3))
			return;
	}
	requirement = array_add(selector->match_expressions,
				selector->expression_count);
	requirement->key = xstrdup(PICK(seed, label_keys));
	requirement->relation = below(seed, 4);
	if (requirement->relation == REQUIREMENT_IN ||
	    requirement->relation == REQUIREMENT_NOT_IN)
		for (count = 1 + below(seed, 2); count; count--)
			*array_add(requirement->values,
				   requirement->value_count) =
				xstrdup(PICK(seed, label_values));
}

static void random_block(uint64_t *seed, struct block *block)
{
	struct network network;
	unsigned int tries;

	assert_true(network_parse(PICK(seed, blocks), &block->network));
	for (tries = below(seed, 4); tries; tries--) {
		assert_true(network_parse(PICK(seed, blocks), &network));
		if (network.prefix_length > block->network.prefix_length &&
		    network_contains(&block->network, &network.base))
			*array_add(block->except, block->except_count) =
				network;
	}
}

static void random_peer(uint64_t *seed, struct policy_peer *peer)
{
	peer->is_block = one_in(seed, 3);
	if (peer->is_block) {
		random_block(seed, &peer->block);
		return;
	}
	peer->has_namespace_selector = one_in(seed, 2);
	peer->has_pod_selector = !peer->has_namespace_selector ||
				 one_in(seed, 2);
	if (peer->has_namespace_selector)
		random_selector(seed, &peer->namespace_selector);
	if (peer->has_pod_selector)
		random_selector(seed, &peer->pod_selector);
}

static void random_port(uint64_t *seed, struct policy_port *port)
{
	port->protocol = PICK(seed, protocols);
	if (one_in(seed, 2))
		port->protocol = IPPROTO_TCP;
	port->kind = below(seed, 3);
	if (one_in(seed, 2))
		port->kind = POLICY_PORT_NAME;
	if (port->kind == POLICY_PORT_NAME) {
		port->name = xstrdup(PICK(seed, port_names));
	} else if (port->kind == POLICY_PORT_RANGE) {
		port->first = PICK(seed, port_numbers);
		port->last = port->first + below(seed, 3);
	}
}

static void random_rules(uint64_t *seed, struct policy_rule **rules,
			 size_t *rule_count)
{
	unsigned int count = below(seed, 4), i;

	while (count--) {
		struct policy_rule *rule = array_add(*rules, *rule_count);

		for (i = below(seed, 4); i; i--)
			random_peer(seed,
				    array_add(rule->peers, rule->peer_count));
		for (i = below(seed, 4); i; i--)
			random_port(seed,
				    array_add(rule->ports, rule->port_count));
	}
}

static void random_policy(uint64_t *seed, struct cluster *cluster)
{
	struct network_policy *policy = xcalloc(1, sizeof(*policy));

	policy->namespace = xasprintf("n%u", below(seed, 3));
	policy->name = xasprintf("p%u", below(seed, 8));
	policy->key = xasprintf("%s/%s", policy->namespace, policy->name);
	policy->ingress = !one_in(seed, 3);
	policy->egress = !policy->ingress || one_in(seed, 2);
	random_selector(seed, &policy->pod_selector);
	random_rules(seed, &policy->ingress_rules, &policy->ingress_rule_count);
	random_rules(seed, &policy->egress_rules, &policy->egress_rule_count);
	cluster_put_policy(cluster, policy);
}

/* Ports of what has named ports only if the peers are pods, as the API asks. */
static void random_cluster_rule(uint64_t *seed, bool egress,
				struct cluster_rule *rule)
{
	struct policy_rule *covers = &rule->covers;
	unsigned int count;
	bool named = true;

	rule->action = 1 + below(seed, 3);
	rule->name = one_in(seed, 4) ? xstrdup("a rule") : NULL;
	rule->unknown_peer = one_in(seed, 12);
	for (count = 1 + below(seed, 3); count; count--) {
		struct policy_peer *peer =
			array_add(covers->peers, covers->peer_count);

		peer->entry = covers->peer_count - 1;
		peer->is_block = egress && one_in(seed, 4);
		peer->is_nodes = egress && !peer->is_block && one_in(seed, 5);
		if (peer->is_block || peer->is_nodes)
			named = false;
		if (peer->is_block) {
			assert_true(network_parse(PICK(seed, blocks),
						  &peer->block.network));
		} else if (peer->is_nodes) {
			random_selector(seed, &peer->node_selector);
		} else {
			peer->has_namespace_selector = true;
			peer->has_pod_selector = one_in(seed, 2);
			random_selector(seed, &peer->namespace_selector);
			if (peer->has_pod_selector)
				random_selector(seed, &peer->pod_selector);
		}
	}
	for (count = below(seed, 4); count; count--) {
		struct policy_port port = {};

		random_port(seed, &port);
		if (port.name && !named)
			free(port.name);
		else
			*array_add(covers->ports, covers->port_count) = port;
	}
}

/* Priorities and names are few, so that they meet. */
static void random_cluster_policy(uint64_t *seed, struct cluster *cluster)
{
	static const char *const kinds[] = { "ClusterNetworkPolicy",
					     "AdminNetworkPolicy",
					     "BaselineAdminNetworkPolicy" };
	struct cluster_policy *policy = xcalloc(1, sizeof(*policy));
	unsigned int kind = below(seed, COUNT(kinds)), count;

	policy->name = xasprintf("c%u", below(seed, 6));
	if (kind == 2) {
		free(policy->name);
		policy->name = xstrdup("default");
	}
	policy->key = xasprintf("%s %s", kinds[kind], policy->name);
	policy->tier = kind == 1 || (kind == 0 && one_in(seed, 2)) ?
			       PODWALL_TIER_ADMIN :
			       PODWALL_TIER_BASELINE;
	policy->priority = kind == 2 ? 1001 : below(seed, 3);
	random_selector(seed, &policy->namespace_selector);
	policy->by_pod = one_in(seed, 2);
	if (policy->by_pod)
		random_selector(seed, &policy->pod_selector);
	for (count = below(seed, 4); count; count--)
		random_cluster_rule(seed, false,
				    array_add(policy->ingress_rules,
					      policy->ingress_rule_count));
	for (count = below(seed, 4); count; count--)
		random_cluster_rule(seed, true,
				    array_add(policy->egress_rules,
					      policy->egress_rule_count));
	cluster_put_cluster_policy(cluster, policy);
}

static void random_node(uint64_t *seed, struct cluster *cluster,
			const char *name, const char *ip)
{
	struct cluster_node *node = xcalloc(1, sizeof(*node));

	node->name = xstrdup(name);
	random_labels(seed, &node->labels);
	assert_true(ip_parse(ip, array_add(node->ips, node->ip_count)));
	cluster_put_node(cluster, node);
}

/* Each pod has its own number for addresses; some share one with a pod that
 * has ended or is pending, some with their node.
 */
static void random_pod(uint64_t *seed, struct cluster *cluster)
{
	unsigned int number = below(seed, 8), count;
	struct cluster_pod *pod;
	char key[16], ips[64];

	snprintf(key, sizeof(key), "n%u/w%u", below(seed, 3), number);
	snprintf(ips, sizeof(ips), "%s10.0.0.%u %sfd00::%u",
		 one_in(seed, 8) ? "192.168.0.1 " : "", number,
		 one_in(seed, 9) ? "10.0.0.77 " : "", number);
	if (one_in(seed, 6))
		*strchr(ips, ' ') = '\0';
	pod = add_pod(cluster, key, "", ips, "");
	random_labels(seed, &pod->labels);
	free(pod->node);
	pod->node = xstrdup(one_in(seed, 2) ? "one" : "two");
	pod->host_network = one_in(seed, 12);
	pod->deleting = one_in(seed, 8);
	pod->phase = one_in(seed, 4) ? below(seed, 5) : POD_RUNNING;
	for (count = below(seed, 4); count; count--) {
		struct container_port *port =
			array_add(pod->ports, pod->port_count);

		port->name = xstrdup(PICK(seed, port_names));
		port->protocol = PICK(seed, protocols);
		if (!one_in(seed, 4))
			port->protocol = IPPROTO_TCP;
		port->port = PICK(seed, port_numbers);
	}
}

static void random_cluster(uint64_t *seed, struct cluster *cluster)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		struct cluster_namespace *namespace;
		char name[8];

		snprintf(name, sizeof(name), "n%u", i);
		add_namespace(cluster, name, "");
		namespace = cluster_find_namespace(cluster, name);
		random_labels(seed, &namespace->labels);
	}
	if (!one_in(seed, 8))
		random_node(seed, cluster, "one", "192.168.0.1");
	if (!one_in(seed, 8))
		random_node(seed, cluster, "two", "192.168.0.2");
	for (i = 2 + below(seed, 8); i; i--)
		random_pod(seed, cluster);
	for (i = below(seed, 6); i; i--)
		random_policy(seed, cluster);
	if (one_in(seed, 3))
		return;
	for (i = below(seed, 6); i; i--)
		random_cluster_policy(seed, cluster);
}

/* One of the ends of connections, by address. */
struct end {
	struct ip ip;
	bool local; /* it is a pod that the compiled objects enforce */
};

static size_t collect_ends(const struct cluster *cluster,
			   const struct objects *objects, struct end *ends)
{
	const struct cluster_pod *pod;
	size_t count = 0, i, j, k;

	for (i = 0; i < COUNT(outsiders); i++)
		assert_true(ip_parse(outsiders[i], &ends[count++].ip));
	for (pod = cluster->pods; pod; pod = pod->hh.next)
		for (i = 0; i < pod->ip_count; i++)
			ends[count++].ip = pod->ips[i];
	for (i = 0; i < count; i++) {
		ends[i].local = false;
		for (j = 0; j < objects->pod_count; j++)
			for (k = 0; k < objects->pods[j].ip_count; k++)
				if (ip_equal(&objects->pods[j].ips[k],
					     &ends[i].ip))
					ends[i].local = true;
	}
	return count;
}

static bool accepts(const struct judgement *judgement)
{
	return judgement->verdict == PODWALL_VERDICT_ACCEPT;
}

static void compare_one(const struct cluster *cluster,
			const struct objects *objects, const struct end *client,
			const struct end *server, uint8_t protocol,
			uint16_t port)
{
	const struct endpoint from = { .ip = client->ip };
	const struct endpoint to = { .ip = server->ip };
	struct evaluation evaluation;
	bool expected, found;

	assert_null(evaluate(cluster, &from, &to, client->ip.family, protocol,
			     port, &evaluation));
	expected = (!client->local || accepts(&evaluation.egress)) &&
		   (!server->local || accepts(&evaluation.ingress));
	found = interpret(cluster, objects, &client->ip, &server->ip, protocol,
			  port);
	if (expected != found) {
		char a[INET6_ADDRSTRLEN], b[INET6_ADDRSTRLEN];

		fail_msg("%s to %s %u/%u: objects say %d; egress: %s; ingress: %s",
			 ip_text(&client->ip, a), ip_text(&server->ip, b),
			 protocol, port, found, evaluation.egress.text,
			 evaluation.ingress.text);
	}
	evaluation_clear(&evaluation);
}

static size_t compare_all(const struct cluster *cluster,
			  const struct objects *objects)
{
	static const struct {
		uint8_t protocol;
		uint16_t port;
	} ports[] = {
		{ IPPROTO_TCP, 80 }, { IPPROTO_TCP, 81 }, { IPPROTO_TCP, 8080 },
		{ IPPROTO_TCP, 83 }, { IPPROTO_UDP, 80 }, { IPPROTO_SCTP, 81 },
		{ IPPROTO_ICMP, 0 },
	};
	struct end ends[64];
	size_t count = collect_ends(cluster, objects, ends), done = 0, i, j, k;

	for (i = 0; i < count; i++) {
		for (j = 0; j < count; j++) {
			if (ends[i].ip.family != ends[j].ip.family)
				continue;
			for (k = 0; k < COUNT(ports); k++)
				compare_one(cluster, objects, &ends[i],
					    &ends[j], ports[k].protocol,
					    ports[k].port);
			done += COUNT(ports);
		}
	}
	return done;
}

static void assert_same(const struct objects *a, const struct objects *b)
{
	struct difference difference;

	difference_find(a, b, &difference);
	if (!difference_empty(&difference))
		difference_print(&difference, stderr);
	assert_true(difference_empty(&difference));
	difference_clear(&difference);
}

/* Of pods that share an address the compiler prefers one of the node, which the
 * evaluator does not know: then all pods are compiled for.
 */
static const char *choose_node(const struct cluster *cluster, const char *node)
{
	const struct cluster_pod *a, *b;
	size_t i, j;

	for (a = cluster->pods; a; a = a->hh.next)
		for (b = cluster->pods; b; b = b->hh.next)
			for (i = 0; i < a->ip_count; i++)
				for (j = 0; j < b->ip_count; j++)
					if (ip_equal(&a->ips[i], &b->ips[j]) &&
					    strcmp(a->node, b->node))
						return NULL;
	return node;
}

/* Compile alone, compare; change something, compile on top, compare again. */
static size_t test_cluster(uint64_t number)
{
	uint64_t seed = number * 0x9e3779b97f4a7c15 | 1;
	const char *wanted = one_in(&seed, 3) ? "one" : NULL, *node;
	struct objects first = {}, again, second;
	struct problems problems = {};
	struct cluster cluster = {};
	size_t done = 0;
	bool fine;

	random_cluster(&seed, &cluster);
	node = choose_node(&cluster, wanted);
	fine = compile(&cluster, node, NULL, &first, &problems);
	if (fine) {
		check_objects(&first);
		done += compare_all(&cluster, &first);
		assert_true(compile(&cluster, node, &first, &again, &problems));
		assert_same(&first, &again);
		objects_clear(&again);
	}
	problems_clear(&problems);

	if (one_in(&seed, 2))
		random_policy(&seed, &cluster);
	if (one_in(&seed, 2))
		random_cluster_policy(&seed, &cluster);
	if (one_in(&seed, 2))
		random_pod(&seed, &cluster);
	if (one_in(&seed, 4) && cluster.policies)
		remove_policy(&cluster, cluster.policies->key);
	node = choose_node(&cluster, wanted);
	if (compile(&cluster, node, &first, &second, &problems)) {
		check_objects(&second);
		done += compare_all(&cluster, &second);
	}
	problems_clear(&problems);
	objects_clear(&second);
	objects_clear(&first);
	cluster_clear(&cluster);
	return done;
}

static time_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

/* The run as the teardown sees it, after a failure too. */
struct run {
	uint64_t seed;
	unsigned int clusters;
	size_t connections;
};

static void test_random_clusters(void **state)
{
	const char *given = getenv("PODWALL_SEED");
	struct run *run = *state;
	time_t start = now();
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	run->seed = given ? strtoull(given, NULL, 0) :
			    (uint64_t)time.tv_sec * 1000000000 + time.tv_nsec;
	while (run->clusters < CLUSTERS && now() - start < SECONDS) {
		run->connections += test_cluster(run->seed);
		run->clusters++;
		run->seed++;
	}
	assert_true(run->connections);
}

static int print_run(void **state)
{
	const struct run *run = *state;

	printf("# %u clusters and %zu connections were fine; a failure repeats with PODWALL_SEED=%llu\n",
	       run->clusters, run->connections, (unsigned long long)run->seed);
	return 0;
}

int main(void)
{
	struct run run = {};
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate_setup_teardown(test_random_clusters,
							 NULL, print_run, &run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
