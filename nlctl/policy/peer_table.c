// SPDX-License-Identifier: GPL-2.0-only
#include "policy/peer_table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "policy/block.h"
#include "policy/hash.h"
#include "policy/memory.h"
#include "policy/numbers.h"
#include "policy/selector.h"

struct peer_text {
	char *text; /* what the set holds, in whole */
	size_t index;
	UT_hash_handle hh;
};

struct peer_name {
	const char *name; /* of the set, as the kernel knows it */
	size_t index;
	UT_hash_handle hh;
};

struct peer_use {
	const struct policy_peer *peer;
	size_t index;
	UT_hash_handle hh;
};

static const char *protocol_name(uint8_t protocol)
{
	if (protocol == IPPROTO_UDP)
		return "UDP";
	return protocol == IPPROTO_SCTP ? "SCTP" : "TCP";
}

static bool serves(const struct cluster_pod *pod, const struct service *service)
{
	size_t i;

	for (i = 0; i < pod->port_count; i++)
		if (pod->ports[i].port == service->port &&
		    pod->ports[i].protocol == service->protocol &&
		    !strcmp(pod->ports[i].name, service->name))
			return true;
	return false;
}

/* Every pod when peer is NULL; every port when service is NULL. */
static void add_identities(const struct population *population,
			   const struct policy_peer *peer,
			   const char *namespace, const struct service *service,
			   struct peer_set *peer_set)
{
	const struct cluster_namespace *last = NULL;
	bool in_namespace = !peer;
	size_t i;

	for (i = 0; i < population->identity_count; i++) {
		const struct identity *identity = &population->identities[i];

		if (peer && identity->namespace != last) {
			last = identity->namespace;
			in_namespace =
				peer->has_namespace_selector ?
					selector_matches(&peer->namespace_selector,
							 &last->labels) :
					!strcmp(last->name, namespace);
		}
		if (!in_namespace)
			continue;
		if (peer && !selector_matches(&peer->pod_selector,
					      &identity->pod->labels))
			continue;
		if (service && !serves(identity->pod, service))
			continue;
		*array_add(peer_set->identities, peer_set->identity_count) =
			identity->number;
	}
}

static void add_block(const struct block *block, struct peer_set *peer_set)
{
	struct block copy = block_copy(block);

	block_split(&copy, &peer_set->blocks, &peer_set->block_count);
}

static void add_address(const struct ip *ip, struct peer_set *peer_set)
{
	struct block one = {
		.network = {
			.base = *ip,
			.prefix_length = ip->family == AF_INET ? 32 : 128,
		},
	};

	add_block(&one, peer_set);
}

static int compare_ips(const void *a, const void *b)
{
	return ip_compare(a, b);
}

/* In the order of the addresses, not of the nodes; two nodes may share one
 * that is behind a translation.
 */
static void add_nodes(const struct cluster *cluster,
		      const struct selector *selector,
		      struct peer_set *peer_set)
{
	const struct cluster_node *node;
	struct ip *ips = NULL;
	size_t count = 0, i;

	for (node = cluster->nodes; node; node = node->hh.next) {
		if (!selector_matches(selector, &node->labels))
			continue;
		for (i = 0; i < node->ip_count; i++)
			*array_add(ips, count) = node->ips[i];
	}
	if (count > 1)
		qsort(ips, count, sizeof(*ips), compare_ips);
	for (i = 0; i < count; i++)
		if (!i || !ip_equal(&ips[i - 1], &ips[i]))
			add_address(&ips[i], peer_set);
	free(ips);
}

/* Pods of one identity may lie inside the block and outside, so those inside
 * that serve the port are listed by address.
 */
static void add_addresses(const struct population *population,
			  const struct block *block,
			  const struct service *service,
			  struct peer_set *peer_set)
{
	size_t i, j;

	for (i = 0; i < population->inhabitant_count; i++) {
		const struct inhabitant *inhabitant =
			&population->inhabitants[i];

		if (!serves(inhabitant->pod, service))
			continue;
		for (j = 0; j < inhabitant->ip_count; j++) {
			if (block_contains(block, &inhabitant->ips[j]))
				add_address(&inhabitant->ips[j], peer_set);
		}
	}
}

static bool find_text(const struct peer_table *table, const char *text,
		      size_t *index)
{
	struct peer_text *entry;

	HASH_FIND_STR(table->texts, text, entry);
	if (entry)
		*index = entry->index;
	return entry;
}

/* Takes the peer set over, and its text. */
static size_t add_set(struct peer_table *table, char *text,
		      const struct peer_set *peer_set)
{
	struct peer_text *entry = xcalloc(1, sizeof(*entry));

	entry->text = text;
	entry->index = table->count;
	HASH_ADD_KEYPTR(hh, table->texts, entry->text, strlen(entry->text),
			entry);
	*array_add(table->peer_sets, table->count) = *peer_set;
	return entry->index;
}

size_t peer_table_find(struct peer_table *table, const struct policy_peer *peer,
		       const char *namespace)
{
	struct peer_set peer_set = {};
	struct peer_use *use;
	char *text;

	HASH_FIND_PTR(table->uses, &peer, use);
	if (use)
		return use->index;
	use = xcalloc(1, sizeof(*use));
	use->peer = peer;
	HASH_ADD_PTR(table->uses, peer, use);

	text = peer_text(peer, namespace);
	if (find_text(table, text, &use->index)) {
		free(text);
		return use->index;
	}
	if (peer->is_block)
		add_block(&peer->block, &peer_set);
	else if (peer->is_nodes)
		add_nodes(table->cluster, &peer->node_selector, &peer_set);
	else
		add_identities(table->population, peer, namespace, NULL,
			       &peer_set);
	use->index = add_set(table, text, &peer_set);
	return use->index;
}

bool peer_table_find_serving(struct peer_table *table,
			     const struct policy_peer *peer,
			     const char *namespace,
			     const struct service *service, size_t *index)
{
	struct peer_set peer_set = {};
	char *pods, *text;

	if (peer && peer->is_nodes)
		return false;
	pods = peer ? peer_text(peer, namespace) :
		      xstrdup("pods{} in namespaces{}");
	text = xasprintf("%s serving %s/%s at %u", pods, service->name,
			 protocol_name(service->protocol), service->port);
	free(pods);
	if (find_text(table, text, index)) {
		free(text);
		return true;
	}
	if (peer && peer->is_block)
		add_addresses(table->population, &peer->block, service,
			      &peer_set);
	else
		add_identities(table->population, peer, namespace, service,
			       &peer_set);
	if (!peer_set.identity_count && !peer_set.block_count) {
		free(text);
		return false;
	}
	*index = add_set(table, text, &peer_set);
	return true;
}

static struct peer_name *find_name(const struct peer_table *table,
				   const char *name)
{
	struct peer_name *entry;

	HASH_FIND_STR(table->names, name, entry);
	return entry;
}

static void give_name(struct peer_table *table, size_t index, char *name)
{
	struct peer_name *entry = xcalloc(1, sizeof(*entry));

	table->peer_sets[index].name = name;
	entry->name = name;
	entry->index = index;
	HASH_ADD_KEYPTR(hh, table->names, entry->name, strlen(entry->name),
			entry);
}

/* A text that is too long for a name ends in a hash of the whole; texts of one
 * hash are told apart by a number.
 */
static char *cut_name(const struct peer_table *table, const char *text)
{
	unsigned int number = 1;
	char end[32], *name;

	snprintf(end, sizeof(end), "#%016" PRIx64, hash_text(text));
	for (;;) {
		name = xasprintf("%.*s%s",
				 (int)(PODWALL_NAME_MAX - strlen(end)), text,
				 end);
		if (!find_name(table, name))
			return name;
		free(name);
		snprintf(end, sizeof(end), "#%016" PRIx64 "-%u",
			 hash_text(text), ++number);
	}
}

static int by_text(const struct peer_text *a, const struct peer_text *b)
{
	return strcmp(a->text, b->text);
}

/* In the order of the texts, so that the numbers of cut names do not depend on
 * which policy comes first.
 */
static void give_names(struct peer_table *table)
{
	const struct peer_text *entry;

	HASH_SORT(table->texts, by_text);
	for (entry = table->texts; entry; entry = entry->hh.next)
		if (strlen(entry->text) <= PODWALL_NAME_MAX)
			give_name(table, entry->index, xstrdup(entry->text));
	for (entry = table->texts; entry; entry = entry->hh.next)
		if (strlen(entry->text) > PODWALL_NAME_MAX)
			give_name(table, entry->index,
				  cut_name(table, entry->text));
}

void peer_table_number(struct peer_table *table, const struct objects *live)
{
	struct numbers numbers = {};
	size_t i;

	give_names(table);
	for (i = 0; live && i < live->peer_set_count; i++) {
		const struct peer_set *peer_set = &live->peer_sets[i];
		const struct peer_name *entry =
			find_name(table, peer_set->name);

		if (entry && !table->peer_sets[entry->index].id &&
		    numbers_take(&numbers, peer_set->id))
			table->peer_sets[entry->index].id = peer_set->id;
	}
	for (i = 0; i < table->count; i++)
		if (!table->peer_sets[i].id)
			table->peer_sets[i].id = numbers_allot(&numbers);
	numbers_clear(&numbers);
}

void peer_table_clear(struct peer_table *table)
{
	struct peer_text *text, *next_text;
	struct peer_name *name, *next_name;
	struct peer_use *use, *next_use;
	size_t i;

	HASH_ITER(hh, table->texts, text, next_text) {
		HASH_DEL(table->texts, text);
		free(text->text);
		free(text);
	}
	HASH_ITER(hh, table->names, name, next_name) {
		HASH_DEL(table->names, name);
		free(name);
	}
	HASH_ITER(hh, table->uses, use, next_use) {
		HASH_DEL(table->uses, use);
		free(use);
	}
	for (i = 0; i < table->count; i++)
		peer_set_clear(&table->peer_sets[i]);
	free(table->peer_sets);
	*table = (struct peer_table){};
}
