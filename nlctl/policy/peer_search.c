// SPDX-License-Identifier: GPL-2.0-only
#include "policy/peer_search.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "policy/label_index.h"
#include "policy/memory.h"
#include "policy/selector.h"

/**
 * DOC: Searching for what a peer selects
 *
 * A selector that asks for a label is met only by those who bear it, and the
 * indexes of labels know them (label_index.c). Of all that a selector asks for,
 * the label that the fewest bear is taken; only those are looked at.
 *
 * First the namespaces are searched so, and those that the peer is about get the
 * number of the search. Then there are two ways to the identities: through these
 * namespaces, holding the selector against each, or through those who bear the
 * label, of which only the ones in a namespace of that number count. The cheaper is
 * taken.
 *
 * For example, of 1,000 namespaces with 25 identities each, 25 have team=a, and
 * of all identities 100 have app=db and 6,000 have tier=data:
 *
 * - pods{app=db} in namespaces{team=a}: 25 namespaces are looked at, then 100
 *   identities, of which a few are in one of the namespaces.
 * - pods{tier=data} in namespaces{}: all namespaces, then 6,000 identities, and
 *   the selector is held against none of them.
 * - pods{tier=data} in namespaces{kubernetes.io/metadata.name=x}: one namespace, then
 *   its 25 identities, and the selector is held against each.
 */

/* To hold a selector against labels takes as long as to pass over so many. */
#define HOLDING_COST 16

/**
 * struct choice - the labels that one requirement of a selector asks for
 * @key: their key; NULL when there is no such requirement
 * @values: their values, one of which is enough; there may be one twice
 * @value_count: length of @values
 * @bearer_count: how many have one of them
 */
struct choice {
	const char *key;
	char *const *values;
	size_t value_count;
	size_t bearer_count;
};

/**
 * struct search - a search on its way
 * @table: the table
 * @peer: the peer
 * @act: what to do
 * @namespaces: those that the peer is about
 * @namespace_count: length of @namespaces
 * @identity_count: how many identities are in there
 */
struct search {
	struct peer_table *table;
	struct peer_entry *peer;
	void (*act)(struct peer_table *table, struct peer_entry *peer,
		    struct identity *identity);
	struct namespace_record **namespaces;
	size_t namespace_count;
	size_t identity_count;
};

bool peer_selects_namespace(const struct peer_entry *peer,
			    const struct cluster_namespace *namespace)
{
	return namespace && (peer->namespace ||
			     selector_matches(&peer->peer.namespace_selector,
					      &namespace->labels));
}

bool peer_selects_pods(const struct peer_entry *peer,
		       const struct identity *identity)
{
	if (peer->serving &&
	    !identity_serves(identity, peer->service.name,
			     peer->service.protocol, peer->service.port))
		return false;
	return selector_matches(&peer->peer.pod_selector, &identity->labels);
}

static void consider(const struct label_index *index, struct choice *best,
		     const char *key, char *const *values, size_t value_count)
{
	size_t bearer_count = 0, count, i;

	if (!label_index_is_open(index, key))
		return;
	for (i = 0; i < value_count; i++) {
		label_index_find(index, key, values[i], &count);
		bearer_count += count;
	}
	if (!best->key || bearer_count < best->bearer_count)
		*best = (struct choice){ key, values, value_count,
					 bearer_count };
}

/* Of what a selector asks for, what the fewest have; nothing of keys that are
 * not open.
 */
static struct choice choose(const struct label_index *index,
			    const struct selector *selector)
{
	struct choice best = {};
	size_t i;

	for (i = 0; i < selector->match_labels.count; i++) {
		const struct label *label = &selector->match_labels.list[i];

		consider(index, &best, label->key, &label->value, 1);
	}
	for (i = 0; i < selector->expression_count; i++) {
		const struct requirement *requirement =
			&selector->match_expressions[i];

		if (requirement->relation == REQUIREMENT_IN)
			consider(index, &best, requirement->key,
				 requirement->values, requirement->value_count);
	}
	return best;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Each bearer once, though a selector may name a value twice. */
static void
visit_bearers(struct search *search, const struct label_index *index,
	      const struct choice *choice,
	      void (*visit)(struct search *search, const struct bearer *bearer))
{
	char **values =
		xmemdup(choice->values, choice->value_count * sizeof(*values));
	const struct bearer *bearers;
	size_t count, i, j;

	if (choice->value_count > 1)
		qsort(values, choice->value_count, sizeof(*values),
		      compare_texts);
	for (i = 0; i < choice->value_count; i++) {
		if (i && !strcmp(values[i - 1], values[i]))
			continue;
		bearers =
			label_index_find(index, choice->key, values[i], &count);
		for (j = 0; j < count; j++)
			visit(search, &bearers[j]);
	}
	free(values);
}

/* Open an index for all that a selector asks for. */
static void open_index(struct label_index *index,
		       const struct selector *selector,
		       void (*open)(struct label_index *index, const char *key,
				    const struct population *population),
		       const struct population *population)
{
	size_t i;

	for (i = 0; i < selector->match_labels.count; i++)
		if (!label_index_is_open(index,
					 selector->match_labels.list[i].key))
			open(index, selector->match_labels.list[i].key,
			     population);
	for (i = 0; i < selector->expression_count; i++) {
		const struct requirement *requirement =
			&selector->match_expressions[i];

		if (requirement->relation == REQUIREMENT_IN &&
		    !label_index_is_open(index, requirement->key))
			open(index, requirement->key, population);
	}
}

static void open_namespaces(struct label_index *index, const char *key,
			    const struct population *population)
{
	struct namespace_record *record;

	label_index_open(index, key);
	for (record = population->namespaces.records; record;
	     record = record->hh.next)
		if (record->known)
			label_index_enter(index, key, &record->known->labels,
					  (struct bearer){ record, NULL });
}

static void open_identities(struct label_index *index, const char *key,
			    const struct population *population)
{
	struct identity *identity;

	label_index_open(index, key);
	for (identity = population->identities.identities; identity;
	     identity = identity->hh.next)
		label_index_enter(index, key, &identity->labels,
				  (struct bearer){ identity,
						   identity->namespace });
}

static void add_namespace(struct search *search,
			  struct namespace_record *namespace)
{
	if (!peer_selects_namespace(search->peer, namespace->known))
		return;
	namespace->search = search->table->searches;
	*array_add(search->namespaces, search->namespace_count) = namespace;
	search->identity_count += namespace->identity_count;
}

static void visit_namespace(struct search *search, const struct bearer *bearer)
{
	add_namespace(search, bearer->self);
}

static void search_namespaces(struct search *search)
{
	struct population *population = search->table->population;
	struct label_index *index = &population->namespaces.labels;
	const struct peer_entry *peer = search->peer;
	struct namespace_record *record;
	struct choice choice;

	if (peer->namespace) {
		add_namespace(search, peer->namespace);
		return;
	}
	open_index(index, &peer->peer.namespace_selector, open_namespaces,
		   population);
	choice = choose(index, &peer->peer.namespace_selector);
	if (choice.key) {
		visit_bearers(search, index, &choice, visit_namespace);
		return;
	}
	for (record = population->namespaces.records; record;
	     record = record->hh.next)
		add_namespace(search, record);
}

/* A selector that asks for nothing else need not be held against those who bear
 * its label.
 */
static bool asks_once(const struct peer_entry *peer)
{
	const struct selector *selector = &peer->peer.pod_selector;
	size_t asked =
		selector->match_labels.count + selector->expression_count;

	return asked == 1 && !peer->serving;
}

static void visit_chosen(struct search *search, const struct bearer *bearer)
{
	const struct namespace_record *namespace = bearer->group;
	struct identity *identity = bearer->self;

	if (namespace->search == search->table->searches && identity->known &&
	    (asks_once(search->peer) ||
	     peer_selects_pods(search->peer, identity)))
		search->act(search->table, search->peer, identity);
}

static void walk_namespaces(const struct search *search)
{
	struct identity *identity;
	size_t i;

	for (i = 0; i < search->namespace_count; i++)
		for (identity = search->namespaces[i]->identities; identity;
		     identity = identity->next)
			if (identity->known &&
			    peer_selects_pods(search->peer, identity))
				search->act(search->table, search->peer,
					    identity);
}

static void search_identities(struct search *search)
{
	struct population *population = search->table->population;
	const struct selector *selector = &search->peer->peer.pod_selector;
	struct label_index *index = &population->identities.labels;
	size_t walk = search->identity_count * HOLDING_COST;
	struct choice choice;

	/* To open a key, all identities have to be looked at. */
	if (walk > HASH_COUNT(population->identities.identities))
		open_index(index, selector, open_identities, population);
	choice = choose(index, selector);
	if (choice.key && choice.bearer_count < walk)
		visit_bearers(search, index, &choice, visit_chosen);
	else
		walk_namespaces(search);
}

void peer_search(struct peer_table *table, struct peer_entry *peer,
		 void (*act)(struct peer_table *table, struct peer_entry *peer,
			     struct identity *identity))
{
	struct search search = { .table = table, .peer = peer, .act = act };

	table->searches++;
	search_namespaces(&search);
	search_identities(&search);
	free(search.namespaces);
}
