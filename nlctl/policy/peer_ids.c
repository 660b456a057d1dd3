// SPDX-License-Identifier: GPL-2.0-only
#include "policy/peer_ids.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "policy/hash.h"
#include "policy/memory.h"

static struct peer_entry *find_name(const struct peer_table *table,
				    const char *name)
{
	struct peer_entry *peer;

	HASH_FIND(by_name, table->names, name, strlen(name), peer);
	return peer;
}

static void give_name(struct peer_table *table, struct peer_entry *peer,
		      char *name)
{
	peer->name = name;
	HASH_ADD_KEYPTR(by_name, table->names, peer->name, strlen(peer->name),
			peer);
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

static bool fits(const struct peer_table *table, const char *text)
{
	return strlen(text) <= PODWALL_NAME_MAX && !find_name(table, text);
}

static int by_text(const void *a, const void *b)
{
	const struct peer_entry *const *left = a, *const *right = b;

	return strcmp((*left)->text, (*right)->text);
}

/* In the order of the texts, so that the numbers of cut names do not depend on
 * which policy comes first.
 */
static void give_names(struct peer_table *table, struct peer_entry **peers,
		       size_t count)
{
	size_t i;

	if (count > 1)
		qsort(peers, count, sizeof(*peers), by_text);
	for (i = 0; i < count; i++)
		if (fits(table, peers[i]->text))
			give_name(table, peers[i], xstrdup(peers[i]->text));
	for (i = 0; i < count; i++)
		if (!peers[i]->name)
			give_name(table, peers[i],
				  cut_name(table, peers[i]->text));
}

static void name_peers(struct peer_table *table)
{
	const struct touched *touched = table->touched;
	struct peer_entry **peers = NULL;
	size_t count = 0, i;

	for (i = 0; i < touched->peer_count; i++)
		if (peer_is_wanted(touched->peers[i]) &&
		    !touched->peers[i]->name)
			*array_add(peers, count) = touched->peers[i];
	give_names(table, peers, count);
	free(peers);
}

static void keep_ids(struct peer_table *table, const struct objects *live)
{
	size_t i;

	for (i = 0; i < live->peer_set_count; i++) {
		const struct peer_set *peer_set = &live->peer_sets[i];
		struct peer_entry *peer = find_name(table, peer_set->name);

		if (peer && !peer->id &&
		    numbers_take(&table->ids, peer_set->id))
			peer->id = peer_set->id;
	}
}

void peers_number(struct peer_table *table, const struct objects *live)
{
	const struct touched *touched = table->touched;
	size_t i;

	name_peers(table);
	if (live)
		keep_ids(table, live);
	for (i = 0; i < touched->peer_count; i++) {
		struct peer_entry *peer = touched->peers[i];

		if (peer_is_wanted(peer) && !peer->id)
			peer->id = numbers_allot(&table->ids);
	}
}
