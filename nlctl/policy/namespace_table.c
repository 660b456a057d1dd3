// SPDX-License-Identifier: GPL-2.0-only
#include "policy/namespace_table.h"

#include <stdlib.h>
#include <string.h>
#include "policy/identity.h"
#include "policy/memory.h"

struct namespace_record *namespace_table_intern(struct namespace_table *table,
						const char *name)
{
	struct namespace_record *record;

	HASH_FIND_STR(table->records, name, record);
	if (record)
		return record;
	record = xcalloc(1, sizeof(*record));
	record->name = xstrdup(name);
	HASH_ADD_KEYPTR(hh, table->records, record->name, strlen(name), record);
	return record;
}

bool namespace_table_inhabited(const struct namespace_table *table,
			       const char *name)
{
	const struct identity *identity;
	struct namespace_record *record;

	HASH_FIND_STR(table->records, name, record);
	for (identity = record ? record->identities : NULL; identity;
	     identity = identity->next)
		if (identity_lives(identity))
			return true;
	return false;
}

static void free_namespace(const struct namespace_table *table,
			   const struct cluster_namespace *namespace)
{
	if (!table->borrows)
		cluster_namespace_free((struct cluster_namespace *)namespace);
}

static bool same_namespace(const struct cluster_namespace *a,
			   const struct cluster_namespace *b)
{
	return a && b && a->mode == b->mode && a->reporting == b->reporting &&
	       labels_equal(&a->labels, &b->labels);
}

/* What peers and drafts know stays until they have seen to the change. */
static void set_namespace(struct namespace_table *table,
			  struct namespace_record *record,
			  const struct cluster_namespace *namespace)
{
	const struct cluster_namespace *replaced = record->object;

	record->object = namespace;
	if (replaced && replaced != record->known)
		free_namespace(table, replaced);
	touch_namespace(table->touched, record);
}

void namespace_table_put(struct namespace_table *table,
			 const struct cluster_namespace *namespace)
{
	struct namespace_record *record =
		namespace_table_intern(table, namespace->name);

	if (!table->borrows)
		labels_set(&((struct cluster_namespace *)namespace)->labels,
			   NAMESPACE_NAME_LABEL, namespace->name);
	if (same_namespace(record->object, namespace))
		free_namespace(table, namespace);
	else
		set_namespace(table, record, namespace);
}

bool namespace_table_remove(struct namespace_table *table, const char *name)
{
	struct namespace_record *record;

	HASH_FIND_STR(table->records, name, record);
	if (!record || !record->object)
		return false;
	set_namespace(table, record, NULL);
	return true;
}

void namespace_table_learn(struct namespace_table *table,
			   struct namespace_record *namespace)
{
	if (namespace->known == namespace->object)
		return;
	if (namespace->known) {
		label_index_remove(&table->labels, &namespace->known->labels,
				   namespace);
		free_namespace(table, namespace->known);
	}
	namespace->known = namespace->object;
	if (namespace->known)
		label_index_add(&table->labels, &namespace->known->labels,
				(struct bearer){ namespace, NULL });
}

static void free_record(struct namespace_table *table,
			struct namespace_record *record)
{
	HASH_DEL(table->records, record);
	free(record->policies);
	free(record->name);
	free(record);
}

void namespace_table_sweep(struct namespace_table *table,
			   struct namespace_record *record)
{
	record->touched = false;
	if (!record->object && !record->identities && !record->policy_count &&
	    !record->peers)
		free_record(table, record);
}

void namespace_table_clear(struct namespace_table *table)
{
	struct namespace_record *record = NULL, *next = NULL;

	HASH_ITER(hh, table->records, record, next) {
		if (record->known != record->object)
			free_namespace(table, record->known);
		free_namespace(table, record->object);
		free_record(table, record);
	}
	label_index_clear(&table->labels);
}
