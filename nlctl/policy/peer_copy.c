// SPDX-License-Identifier: GPL-2.0-only
#include "policy/peer_copy.h"

#include "policy/memory.h"

static struct requirement
requirement_copy(const struct requirement *requirement)
{
	struct requirement copy = *requirement;
	size_t i;

	copy.key = xstrdup(requirement->key);
	copy.values = xcalloc(copy.value_count, sizeof(*copy.values));
	for (i = 0; i < copy.value_count; i++)
		copy.values[i] = xstrdup(requirement->values[i]);
	return copy;
}

static struct selector selector_copy(const struct selector *selector)
{
	struct selector copy = {};
	size_t i;

	for (i = 0; i < selector->match_labels.count; i++)
		labels_set(&copy.match_labels,
			   selector->match_labels.list[i].key,
			   selector->match_labels.list[i].value);
	for (i = 0; i < selector->expression_count; i++)
		*array_add(copy.match_expressions, copy.expression_count) =
			requirement_copy(&selector->match_expressions[i]);
	return copy;
}

struct policy_peer policy_peer_copy(const struct policy_peer *peer)
{
	struct policy_peer copy = *peer;

	copy.block.except =
		xmemdup(peer->block.except,
			peer->block.except_count * sizeof(*peer->block.except));
	copy.pod_selector = selector_copy(&peer->pod_selector);
	copy.namespace_selector = selector_copy(&peer->namespace_selector);
	copy.node_selector = selector_copy(&peer->node_selector);
	return copy;
}
