/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rule sets that pods use, each content once.
 */
#ifndef NLCTL_POLICY_RULE_TABLE_H
#define NLCTL_POLICY_RULE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uthash.h>
#include "policy/numbers.h"
#include "policy/objects.h"

/**
 * struct rule_content - a rule set
 * @text: all that makes two of them differ
 * @rule_set: the set; its id is 0 until it gets one
 * @users: how many parts of drafts have this content
 * @published: it was collected
 * @follows: the set of the same id that it replaces, or NULL
 * @followed: another content took its id over
 * @touched: it is in the list of the table
 * @hh: finds it by @text
 */
struct rule_content {
	char *text;
	struct rule_set rule_set;
	size_t users;
	bool published;
	struct rule_content *follows;
	bool followed;
	bool touched;
	UT_hash_handle hh;
};

/**
 * struct rule_table - rule sets, no two of equal content; start with zeroes
 * @contents: finds a set by content
 * @touched: those that came, or that nobody uses any more, in the order that
 *	this happened
 * @touched_count: length of @touched
 * @ids: the ids that are taken
 */
struct rule_table {
	struct rule_content *contents;
	struct rule_content **touched;
	size_t touched_count;
	struct numbers ids;
};

/**
 * rule_table_add() - find or add a rule set, and use it
 * @table: the table
 * @rule_set: a rule set whose peer sets have their ids; taken over and zeroed
 *
 * Return: the set of that content.
 */
struct rule_content *rule_table_add(struct rule_table *table,
				    struct rule_set *rule_set);

/* One user less. The set stays until changes have been collected. */
void rule_table_drop(struct rule_table *table, struct rule_content *content);

/**
 * rule_table_keep() - give sets the ids of live sets of equal content
 * @table: the table
 * @live: the live objects
 */
void rule_table_keep(struct rule_table *table, const struct objects *live);

/**
 * rule_table_wish() - give a set a certain id unless it has one
 * @table: the table
 * @content: the set
 * @id: the id; 0 is no wish
 *
 * Nothing happens when a set that is in use has the id.
 */
void rule_table_wish(struct rule_table *table, struct rule_content *content,
		     uint32_t id);

/**
 * rule_table_number() - give all sets that have none the lowest free ids
 * @table: the table
 */
void rule_table_number(struct rule_table *table);

/* Free a set, which is no longer in the table. */
void rule_content_free(struct rule_content *content);

/* Free what the table owns. */
void rule_table_clear(struct rule_table *table);

#endif
