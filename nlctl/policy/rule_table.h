/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rule sets that pods use, each content once.
 */
#ifndef NLCTL_POLICY_RULE_TABLE_H
#define NLCTL_POLICY_RULE_TABLE_H

#include <stddef.h>
#include <stdint.h>
#include "policy/numbers.h"
#include "policy/objects.h"

struct rule_content;

/**
 * struct rule_table - rule sets, no two of equal content; start with zeroes
 * @rule_sets: the sets, in the order of their first use
 * @count: length of @rule_sets
 * @contents: finds a set by content
 * @numbers: the ids that are taken
 */
struct rule_table {
	struct rule_set *rule_sets;
	size_t count;
	struct rule_content *contents;
	struct numbers numbers;
};

/**
 * rule_table_add() - find or add a rule set
 * @table: the table
 * @rule_set: a rule set whose peer sets have their ids; taken over and zeroed
 *
 * Return: index of the set of that content.
 */
size_t rule_table_add(struct rule_table *table, struct rule_set *rule_set);

/**
 * rule_table_keep() - give sets the ids of live sets of equal content
 * @table: the table
 * @live: the live objects
 */
void rule_table_keep(struct rule_table *table, const struct objects *live);

/**
 * rule_table_wish() - give a set a certain id unless one has it already
 * @table: the table
 * @index: the set
 * @id: the id; 0 is no wish
 */
void rule_table_wish(struct rule_table *table, size_t index, uint32_t id);

/**
 * rule_table_number() - give all sets that have none the lowest free ids
 * @table: the table
 */
void rule_table_number(struct rule_table *table);

/**
 * rule_table_clear() - free what a table owns
 * @table: the table
 *
 * A caller that has taken @rule_sets over sets them to NULL and 0 before.
 */
void rule_table_clear(struct rule_table *table);

#endif
