// SPDX-License-Identifier: GPL-2.0-only
#include "policy/cover.h"

#include <string.h>
#include "policy/selector.h"

static size_t requirement_count(const struct selector *selector)
{
	return selector->match_labels.count + selector->expression_count;
}

/* A label that must have a value is a requirement like any other; its one value
 * is borrowed.
 */
static struct requirement requirement_at(const struct selector *selector,
					 size_t index)
{
	struct label *label;

	if (index >= selector->match_labels.count)
		return selector->match_expressions[index -
						   selector->match_labels.count];
	label = &selector->match_labels.list[index];
	return (struct requirement){
		.key = label->key,
		.relation = REQUIREMENT_IN,
		.values = &label->value,
		.value_count = 1,
	};
}

/* How many of the values of the one the other has as well. */
static size_t count_shared(const struct requirement *one,
			   const struct requirement *other)
{
	size_t count = 0, i;

	for (i = 0; i < one->value_count; i++)
		count += requirement_has_value(other, one->values[i]);
	return count;
}

/* Whether what meets the narrow requirement meets the wide one. */
static bool requirement_covers(const struct requirement *wide,
			       const struct requirement *narrow)
{
	enum requirement_relation relation = narrow->relation;

	if (strcmp(wide->key, narrow->key) != 0)
		return false;
	switch (wide->relation) {
	case REQUIREMENT_IN:
		return relation == REQUIREMENT_IN &&
		       count_shared(narrow, wide) == narrow->value_count;
	case REQUIREMENT_NOT_IN:
		if (relation == REQUIREMENT_IN)
			return !count_shared(narrow, wide);
		if (relation == REQUIREMENT_NOT_IN)
			return count_shared(wide, narrow) == wide->value_count;
		return relation == REQUIREMENT_DOES_NOT_EXIST;
	case REQUIREMENT_EXISTS:
		return relation == REQUIREMENT_IN ||
		       relation == REQUIREMENT_EXISTS;
	case REQUIREMENT_DOES_NOT_EXIST:
		return relation == REQUIREMENT_DOES_NOT_EXIST;
	}
	return false;
}

bool selector_covers(const struct selector *wide, const struct selector *narrow)
{
	size_t i, j;

	for (i = 0; i < requirement_count(wide); i++) {
		struct requirement wanted = requirement_at(wide, i);
		bool covered = false;

		for (j = 0; j < requirement_count(narrow) && !covered; j++) {
			struct requirement given = requirement_at(narrow, j);

			covered = requirement_covers(&wanted, &given);
		}
		if (!covered)
			return false;
	}
	return true;
}

static bool network_covers(const struct network *wide,
			   const struct network *narrow)
{
	return wide->prefix_length <= narrow->prefix_length &&
	       network_contains(wide, &narrow->base);
}

static bool block_covers(const struct block *wide, const struct block *narrow)
{
	size_t i, j;

	if (!network_covers(&wide->network, &narrow->network))
		return false;
	for (i = 0; i < wide->except_count; i++) {
		const struct network *except = &wide->except[i];
		bool left_out = false;

		if (network_covers(except, &narrow->network))
			return false;
		if (!network_covers(&narrow->network, except))
			continue;
		for (j = 0; j < narrow->except_count && !left_out; j++)
			left_out = network_covers(&narrow->except[j], except);
		if (!left_out)
			return false;
	}
	return true;
}

static bool namespaces_cover(const struct policy_peer *wide,
			     const struct policy_peer *narrow,
			     const char *namespace)
{
	struct label name = { (char *)NAMESPACE_NAME_LABEL, (char *)namespace };
	struct selector own = { .match_labels = { &name, 1 } };

	return selector_covers(wide->has_namespace_selector ?
				       &wide->namespace_selector :
				       &own,
			       narrow->has_namespace_selector ?
				       &narrow->namespace_selector :
				       &own);
}

static bool peer_covers(const struct policy_peer *wide,
			const struct policy_peer *narrow, const char *namespace)
{
	if (wide->is_block != narrow->is_block ||
	    wide->is_nodes != narrow->is_nodes)
		return false;
	if (wide->is_block)
		return block_covers(&wide->block, &narrow->block);
	if (wide->is_nodes)
		return selector_covers(&wide->node_selector,
				       &narrow->node_selector);
	return namespaces_cover(wide, narrow, namespace) &&
	       selector_covers(&wide->pod_selector, &narrow->pod_selector);
}

static bool port_covers(const struct policy_port *wide,
			const struct policy_port *narrow)
{
	if (wide->protocol != narrow->protocol)
		return false;
	if (wide->kind == POLICY_PORT_ANY)
		return true;
	if (wide->kind != narrow->kind)
		return false;
	if (wide->kind == POLICY_PORT_NAME)
		return !strcmp(wide->name, narrow->name);
	return wide->first <= narrow->first && wide->last >= narrow->last;
}

static bool peers_cover(const struct policy_rule *wide,
			const struct policy_rule *narrow, const char *namespace)
{
	size_t i, j;

	if (!wide->peer_count)
		return true;
	for (i = 0; i < narrow->peer_count; i++) {
		for (j = 0; j < wide->peer_count; j++)
			if (peer_covers(&wide->peers[j], &narrow->peers[i],
					namespace))
				break;
		if (j == wide->peer_count)
			return false;
	}
	return narrow->peer_count;
}

static bool ports_cover(const struct policy_rule *wide,
			const struct policy_rule *narrow)
{
	size_t i, j;

	if (!wide->port_count)
		return true;
	for (i = 0; i < narrow->port_count; i++) {
		for (j = 0; j < wide->port_count; j++)
			if (port_covers(&wide->ports[j], &narrow->ports[i]))
				break;
		if (j == wide->port_count)
			return false;
	}
	return narrow->port_count;
}

bool rule_covers(const struct policy_rule *wide,
		 const struct policy_rule *narrow, const char *namespace)
{
	return ports_cover(wide, narrow) &&
	       peers_cover(wide, narrow, namespace);
}
