// SPDX-License-Identifier: GPL-2.0-only
#include "policy/node_table.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"

static void free_node(const struct node_table *table,
		      const struct cluster_node *node)
{
	if (!table->borrows)
		cluster_node_free((struct cluster_node *)node);
}

static bool same_ips(const struct ip *a, size_t a_count, const struct ip *b,
		     size_t b_count)
{
	size_t i;

	if (a_count != b_count)
		return false;
	for (i = 0; i < a_count; i++)
		if (!ip_equal(&a[i], &b[i]))
			return false;
	return true;
}

static void leave_addresses(struct node_table *table,
			    const struct cluster_node *node)
{
	size_t i;

	for (i = 0; i < node->ip_count; i++)
		address_table_remove_node(table->addresses, &node->ips[i]);
}

/* Most of what nodes tell of themselves is of no interest. The new addresses
 * are taken before the old ones are left, for most are the same.
 */
void node_table_put(struct node_table *table, const struct cluster_node *node)
{
	const struct cluster_node *replaced;
	struct node_record *record;
	size_t i;

	HASH_FIND_STR(table->records, node->name, record);
	if (record && labels_equal(&record->node->labels, &node->labels) &&
	    same_ips(record->node->ips, record->node->ip_count, node->ips,
		     node->ip_count)) {
		free_node(table, node);
		return;
	}
	table->touched->nodes = true;
	for (i = 0; i < node->ip_count; i++)
		address_table_add_node(table->addresses, &node->ips[i]);
	if (!record) {
		record = xcalloc(1, sizeof(*record));
		record->node = node;
		HASH_ADD_KEYPTR(hh, table->records, node->name,
				strlen(node->name), record);
		return;
	}
	replaced = record->node;
	HASH_DEL(table->records, record);
	record->node = node;
	HASH_ADD_KEYPTR(hh, table->records, node->name, strlen(node->name),
			record);
	leave_addresses(table, replaced);
	free_node(table, replaced);
}

bool node_table_remove(struct node_table *table, const char *name)
{
	struct node_record *record;

	HASH_FIND_STR(table->records, name, record);
	if (!record)
		return false;
	HASH_DEL(table->records, record);
	leave_addresses(table, record->node);
	free_node(table, record->node);
	free(record);
	table->touched->nodes = true;
	return true;
}

void node_table_clear(struct node_table *table)
{
	struct node_record *record, *next;

	HASH_ITER(hh, table->records, record, next) {
		HASH_DEL(table->records, record);
		free_node(table, record->node);
		free(record);
	}
}
