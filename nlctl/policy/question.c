// SPDX-License-Identifier: GPL-2.0-only
#include "policy/question.h"

#include <string.h>

static const char *label_value(const struct labels *labels, const char *key)
{
	size_t i;

	for (i = 0; i < labels->count; i++)
		if (!strcmp(labels->list[i].key, key))
			return labels->list[i].value;
	return NULL;
}

bool question_selects(const struct selector *selector,
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

static bool nodes_cover(const struct question *question,
			const struct selector *selector)
{
	const struct cluster_node *node;
	size_t i;

	for (node = question->cluster->nodes; node; node = node->hh.next)
		for (i = 0; i < node->ip_count; i++)
			if (ip_equal(&node->ips[i], &question->peer->ip) &&
			    question_selects(selector, &node->labels))
				return true;
	return false;
}

static bool peer_covers(const struct question *question,
			const char *policy_namespace,
			const struct policy_peer *peer)
{
	const struct cluster_pod *pod = question->peer->pod;
	const struct cluster_namespace *namespace;

	if (peer->is_block)
		return in_block(&question->peer->ip, &peer->block);
	if (peer->is_nodes)
		return nodes_cover(question, &peer->node_selector);
	if (!pod)
		return false;
	if (peer->has_namespace_selector) {
		namespace = cluster_find_namespace(question->cluster,
						   pod->namespace);
		if (!namespace || !question_selects(&peer->namespace_selector,
						    &namespace->labels))
			return false;
	} else if (strcmp(policy_namespace, pod->namespace) != 0) {
		return false;
	}
	return !peer->has_pod_selector ||
	       question_selects(&peer->pod_selector, &pod->labels);
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

bool question_covered(const struct question *question, const char *namespace,
		      const struct policy_rule *rule)
{
	bool peer = rule->peer_count == 0, port = rule->port_count == 0;
	size_t i;

	for (i = 0; i < rule->peer_count && !peer; i++)
		peer = peer_covers(question, namespace, &rule->peers[i]);
	for (i = 0; i < rule->port_count && !port; i++)
		port = port_covers(question, &rule->ports[i]);
	return peer && port;
}
