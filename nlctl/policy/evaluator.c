// SPDX-License-Identifier: GPL-2.0-only
#include "policy/evaluator.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"
#include "policy/owners.h"

/* One end as a policy sees it: an address and, unless that is an outside or a
 * host network address, the pod that owns it.
 */
struct party {
	const struct cluster_pod *pod;
	struct ip ip;
	char text[INET6_ADDRSTRLEN];
};

/* A connection from the point of view of one direction. */
struct question {
	const struct cluster *cluster;
	const struct party *subject;
	const struct party *peer;
	bool ingress;
	uint8_t protocol;
	uint16_t port;
};

static const char *label_value(const struct labels *labels, const char *key)
{
	size_t i;

	for (i = 0; i < labels->count; i++)
		if (!strcmp(labels->list[i].key, key))
			return labels->list[i].value;
	return NULL;
}

static bool selected(const struct selector *selector,
		     const struct labels *labels)
{
	size_t i, j;

	for (i = 0; i < selector->match_labels.count; i++) {
		const char *wanted = selector->match_labels.list[i].value;
		const char *value =
			label_value(labels, selector->match_labels.list[i].key);

		if (!value || strcmp(value, wanted) != 0)
			return false;
	}
	for (i = 0; i < selector->expression_count; i++) {
		const struct requirement *wanted =
			&selector->match_expressions[i];
		const char *value = label_value(labels, wanted->key);
		bool listed = false, met;

		for (j = 0; value && j < wanted->value_count; j++)
			if (strcmp(value, wanted->values[j]) == 0)
				listed = true;
		if (wanted->relation == REQUIREMENT_EXISTS)
			met = value;
		else if (wanted->relation == REQUIREMENT_DOES_NOT_EXIST)
			met = !value;
		else if (wanted->relation == REQUIREMENT_IN)
			met = listed;
		else
			met = !listed;
		if (!met)
			return false;
	}
	return true;
}

/* Bit by bit, as the notation is defined. */
static bool in_network(const struct ip *ip, const struct network *network)
{
	const uint8_t *a, *b;
	unsigned int bit;

	if (ip->family != network->base.family)
		return false;
	a = ip->family == AF_INET ? (const uint8_t *)&ip->v4 : ip->v6.s6_addr;
	b = ip->family == AF_INET ? (const uint8_t *)&network->base.v4 :
				    network->base.v6.s6_addr;
	for (bit = 0; bit < network->prefix_length; bit++)
		if ((a[bit / 8] ^ b[bit / 8]) & (0x80 >> bit % 8))
			return false;
	return true;
}

static bool in_block(const struct ip *ip, const struct block *block)
{
	size_t i;

	for (i = 0; i < block->except_count; i++)
		if (in_network(ip, &block->except[i]))
			return false;
	return in_network(ip, &block->network);
}

/* NULL, or why the endpoint has no address to speak from. */
static const char *find_party(const struct cluster *cluster,
			      const struct endpoint *endpoint, int family,
			      struct party *party)
{
	const struct cluster_pod *pod = endpoint->pod;
	bool of_family = false;
	size_t i;

	*party = (struct party){ .ip = endpoint->ip };
	if (pod && (pod->phase == POD_SUCCEEDED || pod->phase == POD_FAILED))
		return "the pod has ended and has no address any more";
	for (i = 0; pod && i < pod->ip_count && !party->pod; i++) {
		if (pod->ips[i].family != family)
			continue;
		of_family = true;
		party->ip = pod->ips[i];
		if (!has_own_network(cluster, pod))
			break;
		party->pod = owner_of(cluster, &party->ip);
		if (party->pod != pod)
			party->pod = NULL;
	}
	if (pod && !of_family)
		return "the pod has no address of this family";
	if (pod && !party->pod && has_own_network(cluster, pod))
		return "the pod's address belongs to another pod";
	if (!pod) {
		if (party->ip.family != family)
			return "the address is not of this family";
		party->pod = owner_of(cluster, &party->ip);
	}
	ip_text(&party->ip, party->text);
	return NULL;
}

static bool peer_covers(const struct question *question,
			const struct network_policy *policy,
			const struct policy_peer *peer)
{
	const struct cluster_pod *pod = question->peer->pod;
	const struct cluster_namespace *namespace;

	if (peer->is_block)
		return in_block(&question->peer->ip, &peer->block);
	if (!pod)
		return false;
	if (peer->has_namespace_selector) {
		namespace = cluster_find_namespace(question->cluster,
						   pod->namespace);
		if (!namespace ||
		    !selected(&peer->namespace_selector, &namespace->labels))
			return false;
	} else if (strcmp(policy->namespace, pod->namespace) != 0) {
		return false;
	}
	return !peer->has_pod_selector ||
	       selected(&peer->pod_selector, &pod->labels);
}

static bool port_covers(const struct question *question,
			const struct policy_port *port)
{
	const struct cluster_pod *server;
	size_t i;

	if (port->protocol != question->protocol)
		return false;
	switch (port->kind) {
	case POLICY_PORT_ANY:
		return true;
	case POLICY_PORT_RANGE:
		return question->port >= port->first &&
		       question->port <= port->last;
	case POLICY_PORT_NAME:
		break;
	}
	server = question->ingress ? question->subject->pod :
				     question->peer->pod;
	for (i = 0; server && i < server->port_count; i++)
		if (strcmp(server->ports[i].name, port->name) == 0 &&
		    server->ports[i].protocol == question->protocol &&
		    server->ports[i].port == question->port)
			return true;
	return false;
}

static bool rule_covers(const struct question *question,
			const struct network_policy *policy,
			const struct policy_rule *rule)
{
	bool peer = rule->peer_count == 0, port = rule->port_count == 0;
	size_t i;

	for (i = 0; i < rule->peer_count && !peer; i++)
		peer = peer_covers(question, policy, &rule->peers[i]);
	for (i = 0; i < rule->port_count && !port; i++)
		port = port_covers(question, &rule->ports[i]);
	return peer && port;
}

static int by_key(const void *a, const void *b)
{
	return strcmp((*(const struct network_policy *const *)a)->key,
		      (*(const struct network_policy *const *)b)->key);
}

/* The policies that are about the subject in this direction, by key. */
static const struct network_policy **about(const struct question *question,
					   size_t *count)
{
	const struct cluster_pod *pod = question->subject->pod;
	const struct network_policy *policy, **found = NULL;

	*count = 0;
	for (policy = question->cluster->policies; policy;
	     policy = policy->hh.next)
		if ((question->ingress ? policy->ingress : policy->egress) &&
		    strcmp(policy->namespace, pod->namespace) == 0 &&
		    selected(&policy->pod_selector, &pod->labels))
			*array_add(found, *count) = policy;
	if (*count > 1)
		qsort(found, *count, sizeof(*found), by_key);
	return found;
}

static char *list_keys(const struct network_policy **policies, size_t count)
{
	size_t length, i;
	FILE *stream;
	char *text;

	stream = xopen_memstream(&text, &length);
	fputs("NetworkPolicy ", stream);
	for (i = 0; i < count; i++)
		fprintf(stream, "%s%s", i ? ", " : "", policies[i]->key);
	fclose(stream);
	return text;
}

/* The first rule that covers the connection, as text; NULL when none does. */
static char *find_rule(const struct question *question,
		       const struct network_policy **policies, size_t count)
{
	const char *direction = question->ingress ? "ingress" : "egress";
	size_t i, j;

	for (i = 0; i < count; i++) {
		const struct network_policy *policy = policies[i];
		const struct policy_rule *rules = policy->egress_rules;
		size_t rule_count = policy->egress_rule_count;

		if (question->ingress) {
			rules = policy->ingress_rules;
			rule_count = policy->ingress_rule_count;
		}
		for (j = 0; j < rule_count; j++)
			if (rule_covers(question, policy, &rules[j]))
				return xasprintf("NetworkPolicy %s %s[%zu]",
						 policy->key, direction, j);
	}
	return NULL;
}

static struct judgement accept_without_policy(char *text)
{
	return (struct judgement){
		.verdict = PODWALL_VERDICT_ACCEPT,
		.reason = PODWALL_REASON_NO_POLICY,
		.origin = xstrdup(""),
		.text = text,
	};
}

/* Unlike other nodes, which are outside addresses to a policy. */
static bool is_own_node(const struct question *question)
{
	return !question->peer->pod &&
	       is_ip_of_node(question->cluster, question->subject->pod->node,
			     &question->peer->ip);
}

static struct judgement judge(const struct question *question)
{
	const char *direction = question->ingress ? "ingress" : "egress";
	const struct cluster_pod *pod = question->subject->pod;
	const struct network_policy **policies;
	struct judgement judgement;
	size_t count;

	if (!pod)
		return accept_without_policy(xasprintf(
			"%s is not the address of a pod that policies select",
			question->subject->text));
	if (question->peer->pod == pod)
		return accept_without_policy(
			xasprintf("Pod %s always reaches itself", pod->key));
	policies = about(question, &count);
	if (!count)
		return accept_without_policy(
			xasprintf("no policy selects Pod %s for %s", pod->key,
				  direction));

	judgement.origin = find_rule(question, policies, count);
	if (judgement.origin) {
		judgement.verdict = PODWALL_VERDICT_ACCEPT;
		judgement.reason = PODWALL_REASON_RULE;
		judgement.text = xasprintf("%s accepts it", judgement.origin);
	} else if (is_own_node(question)) {
		judgement.verdict = PODWALL_VERDICT_ACCEPT;
		judgement.reason = PODWALL_REASON_NODE;
		judgement.origin = xstrdup("");
		judgement.text =
			xstrdup(question->ingress ?
					"the node reaches its own pods" :
					"a pod reaches its own node");
	} else {
		judgement.verdict = PODWALL_VERDICT_DENY;
		judgement.reason = PODWALL_REASON_ISOLATED;
		judgement.origin = list_keys(policies, count);
		judgement.text = xasprintf(
			"Pod %s is isolated for %s by %s, and no rule of these covers it",
			pod->key, direction, judgement.origin);
	}
	free(policies);
	return judgement;
}

const char *evaluate(const struct cluster *cluster, const struct endpoint *from,
		     const struct endpoint *to, int family, uint8_t protocol,
		     uint16_t port, struct evaluation *evaluation)
{
	struct party client, server;
	struct question egress = { cluster, &client,  &server,
				   false,   protocol, port };
	struct question ingress = { cluster, &server,  &client,
				    true,    protocol, port };
	const char *wrong;

	*evaluation = (struct evaluation){};
	wrong = find_party(cluster, from, family, &client);
	if (!wrong)
		wrong = find_party(cluster, to, family, &server);
	if (wrong)
		return wrong;
	evaluation->egress = judge(&egress);
	evaluation->ingress = judge(&ingress);
	evaluation->verdict = evaluation->egress.verdict ==
					      PODWALL_VERDICT_ACCEPT ?
				      evaluation->ingress.verdict :
				      PODWALL_VERDICT_DENY;
	return NULL;
}

void evaluation_clear(struct evaluation *evaluation)
{
	free(evaluation->egress.origin);
	free(evaluation->egress.text);
	free(evaluation->ingress.origin);
	free(evaluation->ingress.text);
	*evaluation = (struct evaluation){};
}
