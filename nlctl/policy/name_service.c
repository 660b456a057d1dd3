// SPDX-License-Identifier: GPL-2.0-only
#include "policy/name_service.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include "policy/cover.h"
#include "policy/memory.h"
#include "policy/owners.h"
#include "policy/selector.h"

#define NAME_SERVICE_PORT 53

/** struct lookup - over which protocols names can be looked up */
struct lookup {
	bool udp;
	bool tcp;
};

/** struct client - a pod of the cluster, and what all its policies give it */
struct client {
	const struct cluster_pod *pod;
	struct lookup lookup;
};

/* A name that no pod's port has may be any number's. */
static bool may_be_name_service(const struct cluster *cluster,
				const struct policy_port *port)
{
	const struct cluster_pod *pod;
	bool seen = false;
	size_t i;

	for (pod = cluster->pods; pod; pod = pod->hh.next) {
		for (i = 0; i < pod->port_count; i++) {
			const struct container_port *other = &pod->ports[i];

			if (other->protocol != port->protocol ||
			    strcmp(other->name, port->name) != 0)
				continue;
			if (other->port == NAME_SERVICE_PORT)
				return true;
			seen = true;
		}
	}
	return !seen;
}

static bool accepts(const struct cluster *cluster,
		    const struct policy_rule *rule, uint8_t protocol)
{
	size_t i;

	for (i = 0; i < rule->port_count; i++) {
		const struct policy_port *port = &rule->ports[i];

		if (port->protocol != protocol)
			continue;
		if (port->kind == POLICY_PORT_ANY ||
		    (port->kind == POLICY_PORT_RANGE &&
		     port->first <= NAME_SERVICE_PORT &&
		     port->last >= NAME_SERVICE_PORT) ||
		    (port->kind == POLICY_PORT_NAME &&
		     may_be_name_service(cluster, port)))
			return true;
	}
	return !rule->port_count;
}

static void add_policy(const struct cluster *cluster,
		       const struct network_policy *policy,
		       struct lookup *lookup)
{
	size_t i;

	for (i = 0; policy->egress && i < policy->egress_rule_count; i++) {
		const struct policy_rule *rule = &policy->egress_rules[i];

		if (!lookup->udp)
			lookup->udp = accepts(cluster, rule, IPPROTO_UDP);
		if (!lookup->tcp)
			lookup->tcp = accepts(cluster, rule, IPPROTO_TCP);
	}
}

/* What the admin tier accepts no policy denies; whatever stands in front of it is
 * taken to concern others.
 */
static void add_cluster_policy(const struct cluster *cluster,
			       const struct cluster_policy *policy,
			       struct lookup *lookup)
{
	size_t i;

	for (i = 0; i < policy->egress_rule_count; i++) {
		const struct cluster_rule *rule = &policy->egress_rules[i];

		if (policy->tier != PODWALL_TIER_ADMIN ||
		    rule->action != PODWALL_ACTION_ACCEPT || rule->unknown_peer)
			continue;
		if (!lookup->udp)
			lookup->udp =
				accepts(cluster, &rule->covers, IPPROTO_UDP);
		if (!lookup->tcp)
			lookup->tcp =
				accepts(cluster, &rule->covers, IPPROTO_TCP);
	}
}

/* Whether a policy of the whole cluster is about pods of a namespace. */
static bool concerns(const struct cluster *cluster,
		     const struct cluster_policy *policy, const char *name)
{
	const struct cluster_namespace *namespace =
		cluster_find_namespace(cluster, name);

	return namespace && selector_matches(&policy->namespace_selector,
					     &namespace->labels);
}

static bool selects(const struct network_policy *policy,
		    const struct cluster_pod *pod)
{
	return !strcmp(policy->namespace, pod->namespace) &&
	       selector_matches(&policy->pod_selector, &pod->labels);
}

static void add_all(const struct cluster *cluster, struct client *client)
{
	const struct cluster_pod *pod = client->pod;
	const struct cluster_policy *cluster_policy;
	const struct network_policy *policy;

	for (policy = cluster->policies; policy; policy = policy->hh.next)
		if (selects(policy, pod))
			add_policy(cluster, policy, &client->lookup);
	for (cluster_policy = cluster->cluster_policies; cluster_policy;
	     cluster_policy = cluster_policy->hh.next)
		if (concerns(cluster, cluster_policy, pod->namespace) &&
		    selector_matches(&cluster_policy->pod_selector,
				     &pod->labels))
			add_cluster_policy(cluster, cluster_policy,
					   &client->lookup);
}

static struct client *list_clients(const struct cluster *cluster, size_t *count)
{
	const struct cluster_pod *pod;
	struct client *clients = NULL;

	*count = 0;
	for (pod = cluster->pods; pod; pod = pod->hh.next) {
		struct client *client;

		if (!has_own_network(cluster, pod))
			continue;
		client = array_add(clients, *count);
		client->pod = pod;
		add_all(cluster, client);
	}
	return clients;
}

/* What the policies give all pods that a policy may select. */
static struct lookup lookup_anywhere(const struct cluster *cluster,
				     const struct network_policy *policy)
{
	const struct cluster_policy *cluster_policy;
	const struct network_policy *other;
	struct lookup lookup = {};

	for (other = cluster->policies; other; other = other->hh.next)
		if (!strcmp(other->namespace, policy->namespace) &&
		    selector_covers(&other->pod_selector,
				    &policy->pod_selector))
			add_policy(cluster, other, &lookup);
	for (cluster_policy = cluster->cluster_policies; cluster_policy;
	     cluster_policy = cluster_policy->hh.next)
		if (concerns(cluster, cluster_policy, policy->namespace) &&
		    selector_covers(&cluster_policy->pod_selector,
				    &policy->pod_selector))
			add_cluster_policy(cluster, cluster_policy, &lookup);
	return lookup;
}

static void warn(const struct advice *advice, const struct advised *advised,
		 const struct lookup *lookup, const struct cluster_pod *pod)
{
	const char *closed = lookup->udp ? "TCP" : "UDP";
	char *who;

	if (lookup->udp && lookup->tcp)
		return;
	if (!lookup->udp && !lookup->tcp)
		closed = "UDP and TCP";
	who = pod ? xasprintf("Pod %s", pod->key) :
		    xstrdup("the selected pods");
	advice_warn(advice, advised, "spec.egress",
		    "forgets DNS: no policy lets %s reach port 53 over %s, so looking names up %s; add a rule with port 53 for UDP and TCP to the cluster's name servers",
		    who, closed,
		    lookup->udp ? "fails when answers are long" : "fails");
	free(who);
}

void advise_name_service(const struct advice *advice)
{
	const struct cluster *cluster = advice->cluster;
	struct client *clients;
	size_t count, i, j;

	clients = list_clients(cluster, &count);
	for (i = 0; i < advice->count; i++) {
		const struct network_policy *policy = advice->list[i].policy;
		struct lookup lookup = { true, true };
		const struct cluster_pod *pod = NULL;

		if (!policy->egress || !policy->egress_rule_count)
			continue;
		for (j = 0; j < count && lookup.udp && lookup.tcp; j++) {
			if (!selects(policy, clients[j].pod))
				continue;
			pod = clients[j].pod;
			lookup = clients[j].lookup;
		}
		if (!pod)
			lookup = lookup_anywhere(cluster, policy);
		warn(advice, &advice->list[i], &lookup, pod);
	}
	free(clients);
}
