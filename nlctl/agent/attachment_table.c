// SPDX-License-Identifier: GPL-2.0-only
#include "agent/attachment_table.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>
#include <utlist.h>

#include "policy/memory.h"

/* A pod whose container never comes up gets one address after the other; only the
 * last of them may still be listed as its own.
 */
#define GONE_MAX 64

/**
 * struct entry - a file
 * @name: of the file
 * @attachment: what it has
 * @prev: in the list of its pod
 * @next: likewise
 * @hh: in the table, by @name
 */
struct entry {
	char *name;
	struct attachment *attachment;
	struct entry *prev;
	struct entry *next;
	UT_hash_handle hh;
};

/**
 * struct record - a pod
 * @key: namespace/name
 * @entries: its attachments
 * @gone: addresses that it has lost, the oldest first
 * @gone_count: length of @gone
 * @forgotten: the API server has no such pod: what it loses is not noted
 * @hh: in the table, by @key
 */
struct record {
	char *key;
	struct entry *entries;
	struct ip *gone;
	size_t gone_count;
	bool forgotten;
	UT_hash_handle hh;
};

struct attachment_table {
	struct entry *entries;
	struct record *records;
};

struct attachment_table *attachment_table_new(void)
{
	return xcalloc(1, sizeof(struct attachment_table));
}

static struct record *find_record(const struct attachment_table *table,
				  const char *key)
{
	struct record *record;

	HASH_FIND_STR(table->records, key, record);
	return record;
}

static struct record *have_record(struct attachment_table *table,
				  const char *key)
{
	struct record *record = find_record(table, key);

	if (record)
		return record;
	record = xcalloc(1, sizeof(*record));
	record->key = xstrdup(key);
	HASH_ADD_KEYPTR(hh, table->records, record->key, strlen(record->key),
			record);
	return record;
}

/* Free a record that says nothing any more. */
static void drop_record(struct attachment_table *table, struct record *record)
{
	if (record->entries || record->gone_count)
		return;
	HASH_DEL(table->records, record);
	free(record->gone);
	free(record->key);
	free(record);
}

static size_t find_gone(const struct record *record, const struct ip *ip)
{
	size_t i;

	for (i = 0; i < record->gone_count; i++)
		if (ip_equal(&record->gone[i], ip))
			break;
	return i;
}

static void remove_gone(struct record *record, size_t i)
{
	record->gone_count--;
	memmove(&record->gone[i], &record->gone[i + 1],
		(record->gone_count - i) * sizeof(*record->gone));
}

static bool has_ip(const struct record *record, const struct ip *ip)
{
	const struct entry *entry;

	DL_FOREACH(record->entries, entry)
		if (attachment_has(entry->attachment, ip))
			return true;
	return false;
}

/* The attachment is not the record's any more: note what the pod has lost. */
static void note_gone(struct record *record,
		      const struct attachment *attachment)
{
	size_t i;

	for (i = 0; !record->forgotten && i < attachment->ip_count; i++) {
		const struct ip *ip = &attachment->ips[i];

		if (has_ip(record, ip) ||
		    find_gone(record, ip) < record->gone_count)
			continue;
		if (record->gone_count == GONE_MAX)
			remove_gone(record, 0);
		if (!record->gone)
			record->gone = xcalloc(GONE_MAX, sizeof(*record->gone));
		record->gone[record->gone_count++] = *ip;
	}
}

static void note_had(struct record *record, const struct attachment *attachment)
{
	size_t i, at;

	for (i = 0; i < attachment->ip_count; i++) {
		at = find_gone(record, &attachment->ips[i]);
		if (at < record->gone_count)
			remove_gone(record, at);
	}
}

static struct entry *find_entry(const struct attachment_table *table,
				const char *name)
{
	struct entry *entry;

	HASH_FIND_STR(table->entries, name, entry);
	return entry;
}

static bool is_same(const struct attachment *a, const struct attachment *b)
{
	json_t *left = attachment_json(a), *right = attachment_json(b);
	bool same = json_equal(left, right);

	json_decref(left);
	json_decref(right);
	return same;
}

bool attachment_table_put(struct attachment_table *table, const char *name,
			  struct attachment *attachment, char **before)
{
	struct entry *entry = find_entry(table, name);
	struct attachment *old = NULL;
	struct record *record;

	*before = NULL;
	if (entry && is_same(entry->attachment, attachment)) {
		attachment_free(attachment);
		return false;
	}
	if (entry && strcmp(entry->attachment->key, attachment->key) != 0) {
		*before = attachment_table_remove(table, name);
		entry = NULL;
	}
	record = have_record(table, attachment->key);
	if (entry) {
		old = entry->attachment;
	} else {
		entry = xcalloc(1, sizeof(*entry));
		entry->name = xstrdup(name);
		HASH_ADD_KEYPTR(hh, table->entries, entry->name,
				strlen(entry->name), entry);
		DL_APPEND(record->entries, entry);
		record->forgotten = false;
	}
	entry->attachment = attachment;
	if (old)
		note_gone(record, old);
	note_had(record, attachment);
	attachment_free(old);
	return true;
}

char *attachment_table_remove(struct attachment_table *table, const char *name)
{
	struct entry *entry = find_entry(table, name);
	struct record *record;
	char *key;

	if (!entry)
		return NULL;
	key = xstrdup(entry->attachment->key);
	record = find_record(table, key);
	DL_DELETE(record->entries, entry);
	HASH_DEL(table->entries, entry);
	note_gone(record, entry->attachment);
	drop_record(table, record);
	attachment_free(entry->attachment);
	free(entry->name);
	free(entry);
	return key;
}

const struct attachment *
attachment_table_find(const struct attachment_table *table, const char *key)
{
	const struct record *record = find_record(table, key);
	const struct attachment *newest = NULL;
	const struct entry *entry;

	if (!record)
		return NULL;
	DL_FOREACH(record->entries, entry)
		if (!newest || attachment_newer(entry->attachment, newest))
			newest = entry->attachment;
	return newest;
}

size_t attachment_table_ips(const struct attachment_table *table,
			    const char *key, struct ip *ips, size_t room)
{
	const struct attachment *newest = attachment_table_find(table, key);
	const struct entry *entry;
	size_t count = 0, i;

	if (!newest)
		return 0;
	entry = find_record(table, key)->entries;
	for (; entry; entry = entry->next) {
		if (strcmp(entry->attachment->container, newest->container) !=
		    0)
			continue;
		for (i = 0; i < entry->attachment->ip_count; i++, count++)
			if (count < room)
				ips[count] = entry->attachment->ips[i];
	}
	return count;
}

const struct attachment *
attachment_table_find_ip(const struct attachment_table *table,
			 const struct ip *ip)
{
	const struct attachment *newest = NULL;
	const struct entry *entry;

	for (entry = table->entries; entry; entry = entry->hh.next)
		if (attachment_has(entry->attachment, ip) &&
		    (!newest || attachment_newer(entry->attachment, newest)))
			newest = entry->attachment;
	return newest;
}

bool attachment_table_gone(const struct attachment_table *table,
			   const char *key, const struct ip *ip)
{
	const struct record *record = find_record(table, key);

	return record && find_gone(record, ip) < record->gone_count;
}

void attachment_table_forget(struct attachment_table *table, const char *key)
{
	struct record *record = find_record(table, key);

	if (!record)
		return;
	record->gone_count = 0;
	record->forgotten = true;
	drop_record(table, record);
}

void attachment_table_remember(struct attachment_table *table, const char *key)
{
	struct record *record = find_record(table, key);

	if (record)
		record->forgotten = false;
}

char **attachment_table_names(const struct attachment_table *table,
			      size_t *count)
{
	const struct entry *entry;
	char **names = NULL;

	*count = 0;
	for (entry = table->entries; entry; entry = entry->hh.next)
		*array_add(names, *count) = xstrdup(entry->name);
	return names;
}

size_t attachment_table_count(const struct attachment_table *table)
{
	return HASH_COUNT(table->records);
}

void attachment_table_free(struct attachment_table *table)
{
	struct entry *entry;

	if (!table)
		return;
	while (table->entries) {
		entry = table->entries;
		/* Nothing is noted of a pod that is forgotten. */
		find_record(table, entry->attachment->key)->forgotten = true;
		free(attachment_table_remove(table, entry->name));
	}
	while (table->records) {
		table->records->gone_count = 0;
		drop_record(table, table->records);
	}
	free(table);
}
