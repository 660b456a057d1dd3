// SPDX-License-Identifier: GPL-2.0-only
#include "policy/model.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"

/* The index of the first label whose key is not below the given one. */
static size_t labels_index(const struct labels *labels, const char *key)
{
	size_t low = 0, high = labels->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(labels->list[middle].key, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const char *labels_find(const struct labels *labels, const char *key)
{
	size_t i = labels_index(labels, key);

	if (i < labels->count && !strcmp(labels->list[i].key, key))
		return labels->list[i].value;
	return NULL;
}

void labels_set(struct labels *labels, const char *key, const char *value)
{
	size_t i = labels_index(labels, key);

	if (i < labels->count && !strcmp(labels->list[i].key, key)) {
		free(labels->list[i].value);
		labels->list[i].value = xstrdup(value);
		return;
	}
	array_add(labels->list, labels->count);
	memmove(&labels->list[i + 1], &labels->list[i],
		(labels->count - 1 - i) * sizeof(*labels->list));
	labels->list[i].key = xstrdup(key);
	labels->list[i].value = xstrdup(value);
}

bool labels_equal(const struct labels *a, const struct labels *b)
{
	size_t i;

	if (a->count != b->count)
		return false;
	for (i = 0; i < a->count; i++)
		if (strcmp(a->list[i].key, b->list[i].key) != 0 ||
		    strcmp(a->list[i].value, b->list[i].value) != 0)
			return false;
	return true;
}

struct place origin_place(const struct origin *origin)
{
	return (struct place){
		.file = origin->file,
		.line = origin->line,
		.document = origin->document,
	};
}

void labels_clear(struct labels *labels)
{
	size_t i;

	for (i = 0; i < labels->count; i++) {
		free(labels->list[i].key);
		free(labels->list[i].value);
	}
	free(labels->list);
	*labels = (struct labels){};
}

void selector_clear(struct selector *selector)
{
	size_t i, j;

	labels_clear(&selector->match_labels);
	for (i = 0; i < selector->expression_count; i++) {
		struct requirement *requirement =
			&selector->match_expressions[i];

		for (j = 0; j < requirement->value_count; j++)
			free(requirement->values[j]);
		free(requirement->values);
		free(requirement->key);
	}
	free(selector->match_expressions);
	*selector = (struct selector){};
}

void policy_peer_clear(struct policy_peer *peer)
{
	free(peer->block.except);
	selector_clear(&peer->pod_selector);
	selector_clear(&peer->namespace_selector);
	selector_clear(&peer->node_selector);
	*peer = (struct policy_peer){};
}

void policy_rule_clear(struct policy_rule *rule)
{
	size_t i;

	for (i = 0; i < rule->peer_count; i++)
		policy_peer_clear(&rule->peers[i]);
	for (i = 0; i < rule->port_count; i++)
		free(rule->ports[i].name);
	free(rule->peers);
	free(rule->ports);
	*rule = (struct policy_rule){};
}

static void policy_rules_free(struct policy_rule *rules, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		policy_rule_clear(&rules[i]);
	free(rules);
}

void network_policy_free(struct network_policy *policy)
{
	if (!policy)
		return;
	free(policy->key);
	free(policy->namespace);
	free(policy->name);
	selector_clear(&policy->pod_selector);
	policy_rules_free(policy->ingress_rules, policy->ingress_rule_count);
	policy_rules_free(policy->egress_rules, policy->egress_rule_count);
	free(policy->origin.file);
	free(policy);
}

static void cluster_rules_free(struct cluster_rule *rules, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		free(rules[i].name);
		policy_rule_clear(&rules[i].covers);
	}
	free(rules);
}

void cluster_policy_free(struct cluster_policy *policy)
{
	if (!policy)
		return;
	free(policy->key);
	free(policy->name);
	selector_clear(&policy->namespace_selector);
	selector_clear(&policy->pod_selector);
	cluster_rules_free(policy->ingress_rules, policy->ingress_rule_count);
	cluster_rules_free(policy->egress_rules, policy->egress_rule_count);
	free(policy->origin.file);
	free(policy);
}

void cluster_pod_free(struct cluster_pod *pod)
{
	size_t i;

	if (!pod)
		return;
	free(pod->key);
	free(pod->namespace);
	free(pod->name);
	free(pod->uid);
	free(pod->node);
	free(pod->ips);
	labels_clear(&pod->labels);
	for (i = 0; i < pod->port_count; i++)
		free(pod->ports[i].name);
	free(pod->ports);
	free(pod->interface);
	free(pod->origin.file);
	free(pod);
}

void cluster_namespace_free(struct cluster_namespace *namespace)
{
	if (!namespace)
		return;
	free(namespace->name);
	labels_clear(&namespace->labels);
	free(namespace->origin.file);
	free(namespace);
}

void cluster_node_free(struct cluster_node *node)
{
	if (!node)
		return;
	free(node->name);
	labels_clear(&node->labels);
	free(node->ips);
	free(node->origin.file);
	free(node);
}
