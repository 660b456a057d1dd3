// SPDX-License-Identifier: GPL-2.0-only
#include "agent/announcement_table.h"

#include <stdlib.h>
#include <string.h>

#include "policy/memory.h"

/* More than the pace permits to tell in the hour for which the API server has them. Of
 * one that is not remembered it takes two requests to learn that it is there, and to
 * tell it again.
 */
#define REMEMBERED_MAX 2048

void announcement_table_begin(struct announcement_table *table,
			      const char *node, const struct pace *pace)
{
	*table = (struct announcement_table){
		.node = xstrdup(node),
		.pace = *pace,
	};
}

static char *name_of(const struct announcement_table *table,
		     const struct warning *warning)
{
	return object_event_name(&warning->reference, warning->reason,
				 warning->message, table->node);
}

struct announcement *
announcement_table_find(const struct announcement_table *table,
			const struct warning *warning)
{
	char *name = name_of(table, warning);
	char *key = xasprintf("%s/%s",
			      object_event_namespace(&warning->reference),
			      name);
	struct announcement *announcement;

	HASH_FIND_STR(table->all, key, announcement);
	free(key);
	free(name);
	return announcement;
}

static void remove_one(struct announcement_table *table,
		       struct announcement *announcement)
{
	HASH_DEL(table->all, announcement);
	announcement_free(announcement);
}

/* The oldest that neither waits nor is under way makes room. */
static void make_room(struct announcement_table *table,
		      const struct announcement *current)
{
	struct announcement *announcement, *next;

	if (HASH_COUNT(table->all) < REMEMBERED_MAX)
		return;
	HASH_ITER(hh, table->all, announcement, next) {
		if (announcement->event || announcement == current)
			continue;
		remove_one(table, announcement);
		return;
	}
}

struct announcement *announcement_table_put(struct announcement_table *table,
					    const struct warning *warning,
					    const struct announcement *current)
{
	struct announcement *announcement =
		announcement_table_find(table, warning);
	char *name;

	if (announcement) {
		HASH_DEL(table->all, announcement);
	} else {
		make_room(table, current);
		name = name_of(table, warning);
		announcement = announcement_new(
			object_event_namespace(&warning->reference), name,
			&table->pace);
		free(name);
	}
	HASH_ADD_KEYPTR(hh, table->all, announcement->key,
			strlen(announcement->key), announcement);
	return announcement;
}

void announcement_table_clear(struct announcement_table *table)
{
	struct announcement *announcement, *next;

	HASH_ITER(hh, table->all, announcement, next)
		remove_one(table, announcement);
	free(table->node);
	*table = (struct announcement_table){};
}
