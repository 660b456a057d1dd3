/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The Events that were told lately, or wait to be: what is known of each at the API
 * server.
 */
#ifndef NLCTL_AGENT_ANNOUNCEMENT_TABLE_H
#define NLCTL_AGENT_ANNOUNCEMENT_TABLE_H

#include "agent/announcement.h"
#include "agent/object_event.h"
#include "agent/submission.h"

/**
 * struct warning - what there is to tell of an object
 * @reference: the object
 * @reason: why, one word: EVENT_POLICY_REFUSED
 * @message: why, in words
 */
struct warning {
	struct object_reference reference;
	const char *reason;
	const char *message;
};

/**
 * struct announcement_table - the Events
 * @all: by key, in the order in which they were last said
 * @node: name of this node; owned
 * @pace: how often each is tried
 */
struct announcement_table {
	struct announcement *all;
	char *node;
	struct pace pace;
};

/**
 * announcement_table_begin() - begin without any
 * @table: receives the table, which is ended with announcement_table_clear()
 * @node: name of this node; copied
 * @pace: how often each is tried; copied
 */
void announcement_table_begin(struct announcement_table *table,
			      const char *node, const struct pace *pace);

/**
 * announcement_table_find() - find the Event that a warning makes
 * @table: the table
 * @warning: the warning
 *
 * Return: the Event; NULL when it is not known.
 */
struct announcement *
announcement_table_find(const struct announcement_table *table,
			const struct warning *warning);

/**
 * announcement_table_put() - have the Event that a warning makes, as the newest of all
 * @table: the table, of which the oldest that does not wait may have to make room
 * @warning: the warning
 * @current: does not make room either; may be NULL
 *
 * Return: the Event, which the table owns.
 */
struct announcement *announcement_table_put(struct announcement_table *table,
					    const struct warning *warning,
					    const struct announcement *current);

/**
 * announcement_table_clear() - forget all, and free what the table owns
 * @table: the table
 */
void announcement_table_clear(struct announcement_table *table);

#endif
