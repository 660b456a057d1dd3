// SPDX-License-Identifier: GPL-2.0-only
#include "policy/rule_builder.h"

#include <stdlib.h>
#include <string.h>
#include "policy/hash.h"
#include "policy/memory.h"

/* What the kernel takes with one rule. */
#define RULE_PEER_SETS_MAX 1024
#define RULE_PORT_RANGES_MAX 512

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static void add_part(const struct policy_item *item, const struct rule *draft,
		     size_t peer_set, size_t port_range)
{
	struct rule *rule =
		array_add(item->rule_set->rules, item->rule_set->rule_count);

	rule->tier = item->tier;
	rule->priority = item->priority;
	rule->action = item->action;
	rule->origin = xstrdup(item->origin);
	rule->cookie = hash_text(rule->origin);
	rule->any_peer = draft->any_peer;
	rule->peer_set_count =
		least(draft->peer_set_count - peer_set, RULE_PEER_SETS_MAX);
	if (rule->peer_set_count)
		rule->peer_sets = xmemdup(draft->peer_sets + peer_set,
					  rule->peer_set_count *
						  sizeof(*rule->peer_sets));
	rule->any_port = draft->any_port;
	rule->port_range_count = least(draft->port_range_count - port_range,
				       RULE_PORT_RANGES_MAX);
	if (rule->port_range_count)
		rule->port_ranges = xmemdup(draft->port_ranges + port_range,
					    rule->port_range_count *
						    sizeof(*rule->port_ranges));
}

/* Takes the draft over. The rules of an item have one action and follow each
 * other, so every peer set may meet every port range in a rule of its own.
 */
static void add_rules(const struct policy_item *item, struct rule *draft)
{
	size_t i = 0, j;

	do {
		j = 0;
		do {
			add_part(item, draft, i, j);
			j += RULE_PORT_RANGES_MAX;
		} while (j < draft->port_range_count);
		i += RULE_PEER_SETS_MAX;
	} while (i < draft->peer_set_count);
	free(draft->peer_sets);
	free(draft->port_ranges);
}

static void add_peer_set(struct rule *rule, uint32_t handle)
{
	size_t i;

	for (i = 0; i < rule->peer_set_count; i++)
		if (rule->peer_sets[i] == handle)
			return;
	*array_add(rule->peer_sets, rule->peer_set_count) = handle;
}

static void add_range(struct rule *rule, uint8_t protocol, uint16_t first,
		      uint16_t last)
{
	*array_add(rule->port_ranges, rule->port_range_count) =
		(struct port_range){ protocol, first, last };
}

static int compare_ranges(const void *a, const void *b)
{
	const struct port_range *left = a, *right = b;

	if (left->protocol != right->protocol)
		return left->protocol - right->protocol;
	if (left->first != right->first)
		return left->first - right->first;
	return left->last - right->last;
}

/* Order the ranges and merge those that overlap or touch. */
static void tidy_ranges(struct rule *rule)
{
	size_t kept = 0, i;

	if (rule->port_range_count > 1)
		qsort(rule->port_ranges, rule->port_range_count,
		      sizeof(*rule->port_ranges), compare_ranges);
	for (i = 0; i < rule->port_range_count; i++) {
		struct port_range *range = &rule->port_ranges[i];
		struct port_range *last = kept ? &rule->port_ranges[kept - 1] :
						 NULL;

		if (!last || last->protocol != range->protocol ||
		    last->last + 1 < range->first)
			rule->port_ranges[kept++] = *range;
		else if (last->last < range->last)
			last->last = range->last;
	}
	rule->port_range_count = kept;
}

/* On ingress a name is one of the subject's own ports. */
static void add_own_ports(struct rule *rule, const struct policy_port *port,
			  const struct identity *subject)
{
	size_t i;

	for (i = 0; i < subject->port_count; i++)
		if (subject->ports[i].protocol == port->protocol &&
		    !strcmp(subject->ports[i].name, port->name))
			add_range(rule, port->protocol, subject->ports[i].port,
				  subject->ports[i].port);
}

/* The rule for the ports that mean the same for every peer; none when the item
 * has ports and nobody serves them.
 */
static void build_plain(const struct policy_item *item,
			const struct identity *subject)
{
	const struct policy_rule *from = item->rule;
	struct rule draft = { .any_port = !from->port_count,
			      .any_peer = !from->peer_count };
	size_t i;

	for (i = 0; i < from->port_count; i++) {
		const struct policy_port *port = &from->ports[i];

		if (port->kind == POLICY_PORT_ANY)
			add_range(&draft, port->protocol, 0, UINT16_MAX);
		else if (port->kind == POLICY_PORT_RANGE)
			add_range(&draft, port->protocol, port->first,
				  port->last);
		else if (subject)
			add_own_ports(&draft, port, subject);
	}
	if (from->port_count && !draft.port_range_count)
		return;

	tidy_ranges(&draft);
	for (i = 0; i < from->peer_count; i++)
		add_peer_set(&draft,
			     peer_table_find(item->peers, &from->peers[i],
					     item->namespace));
	add_rules(item, &draft);
}

/* On egress a name is a port of each peer, so there is a rule for each number
 * with the pods that serve the name under it.
 */
static void build_service(const struct policy_item *item,
			  const struct service *service)
{
	const struct policy_rule *to = item->rule;
	struct rule draft = {};
	uint32_t peer;
	size_t i;

	for (i = 0; i < to->peer_count; i++)
		if (peer_table_find_serving(item->peers, &to->peers[i],
					    item->namespace, service, &peer))
			add_peer_set(&draft, peer);
	if (!to->peer_count &&
	    peer_table_find_serving(item->peers, NULL, item->namespace, service,
				    &peer))
		add_peer_set(&draft, peer);
	if (!draft.peer_set_count)
		return;
	add_range(&draft, service->protocol, service->port, service->port);
	add_rules(item, &draft);
}

static int compare_names(const void *a, const void *b)
{
	const struct service *left = a, *right = b;
	int order = strcmp(left->name, right->name);

	return order ? order : left->protocol - right->protocol;
}

/* The names of the item's ports, each once and in order. */
static struct service *list_names(const struct policy_item *item, size_t *count)
{
	struct service *names = NULL;
	size_t found = 0, i;

	for (i = 0; i < item->rule->port_count; i++) {
		const struct policy_port *port = &item->rule->ports[i];

		if (port->kind == POLICY_PORT_NAME)
			*array_add(names, found) = (struct service){
				.name = port->name,
				.protocol = port->protocol,
			};
	}
	if (found > 1)
		qsort(names, found, sizeof(*names), compare_names);
	*count = 0;
	for (i = 0; i < found; i++)
		if (!*count || compare_names(&names[*count - 1], &names[i]))
			names[(*count)++] = names[i];
	return names;
}

static void build_serving(const struct policy_item *item)
{
	struct peer_table *peers = item->peers;
	size_t name_count, port_count, i, j;
	struct service *names = list_names(item, &name_count);

	for (i = 0; i < name_count; i++) {
		const uint16_t *ports =
			service_index_ask(peers->services, names[i].name,
					  names[i].protocol, peers->draft,
					  peers->build, &peers->service_uses,
					  &port_count);

		for (j = 0; j < port_count; j++) {
			names[i].port = ports[j];
			build_service(item, &names[i]);
		}
	}
	free(names);
}

void build_rules(const struct policy_item *item, bool ingress,
		 const struct identity *subject)
{
	build_plain(item, ingress ? subject : NULL);
	if (!ingress)
		build_serving(item);
}
