// SPDX-License-Identifier: GPL-2.0-only
#include "policy/label_index.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"

struct label_value {
	char *value;
	struct bearer *bearers;
	size_t bearer_count;
	UT_hash_handle hh;
};

/* How many have a label of a key and, while it is open, who. */
struct label_key {
	char *key;
	size_t bearer_count;
	bool open;
	struct label_value *values;
	UT_hash_handle hh;
};

static struct label_key *find_key(const struct label_index *index,
				  const char *key)
{
	struct label_key *found;

	HASH_FIND_STR(index->keys, key, found);
	return found;
}

static struct label_key *find_or_add_key(struct label_index *index,
					 const char *key)
{
	struct label_key *found = find_key(index, key);

	if (found)
		return found;
	found = xcalloc(1, sizeof(*found));
	found->key = xstrdup(key);
	HASH_ADD_KEYPTR(hh, index->keys, found->key, strlen(key), found);
	return found;
}

static struct label_value *find_value(const struct label_key *key,
				      const char *value)
{
	struct label_value *found;

	HASH_FIND_STR(key->values, value, found);
	return found;
}

static void add_bearer(struct label_key *key, const char *value,
		       struct bearer bearer)
{
	struct label_value *found = find_value(key, value);

	if (!found) {
		found = xcalloc(1, sizeof(*found));
		found->value = xstrdup(value);
		HASH_ADD_KEYPTR(hh, key->values, found->value, strlen(value),
				found);
	}
	*array_add(found->bearers, found->bearer_count) = bearer;
}

static void free_value(struct label_key *key, struct label_value *value)
{
	HASH_DEL(key->values, value);
	free(value->bearers);
	free(value->value);
	free(value);
}

/* Those who came last are the first to go, most often. */
static void remove_bearer(struct label_key *key, const char *value,
			  const void *self)
{
	struct label_value *found = find_value(key, value);
	size_t i = found->bearer_count - 1;

	while (found->bearers[i].self != self)
		i--;
	found->bearers[i] = found->bearers[--found->bearer_count];
	if (!found->bearer_count)
		free_value(key, found);
}

static void free_key(struct label_index *index, struct label_key *key)
{
	struct label_value *value, *next;

	HASH_ITER(hh, key->values, value, next)
		free_value(key, value);
	HASH_DEL(index->keys, key);
	free(key->key);
	free(key);
}

void label_index_add(struct label_index *index, const struct labels *labels,
		     struct bearer bearer)
{
	size_t i;

	for (i = 0; i < labels->count; i++) {
		const struct label *label = &labels->list[i];
		struct label_key *key = find_or_add_key(index, label->key);

		key->bearer_count++;
		if (key->open)
			add_bearer(key, label->value, bearer);
	}
}

void label_index_remove(struct label_index *index, const struct labels *labels,
			const void *self)
{
	size_t i;

	for (i = 0; i < labels->count; i++) {
		const struct label *label = &labels->list[i];
		struct label_key *key = find_key(index, label->key);

		if (key->open)
			remove_bearer(key, label->value, self);
		if (!--key->bearer_count)
			free_key(index, key);
	}
}

bool label_index_is_open(const struct label_index *index, const char *key)
{
	const struct label_key *found = find_key(index, key);

	return !found || found->open;
}

void label_index_open(struct label_index *index, const char *key)
{
	find_key(index, key)->open = true;
}

void label_index_enter(struct label_index *index, const char *key,
		       const struct labels *labels, struct bearer bearer)
{
	const char *value = labels_find(labels, key);

	if (value)
		add_bearer(find_key(index, key), value, bearer);
}

const struct bearer *label_index_find(const struct label_index *index,
				      const char *key, const char *value,
				      size_t *count)
{
	const struct label_key *open = find_key(index, key);
	const struct label_value *found = open ? find_value(open, value) : NULL;

	*count = found ? found->bearer_count : 0;
	return found ? found->bearers : NULL;
}

void label_index_clear(struct label_index *index)
{
	struct label_key *key = NULL, *next = NULL;

	HASH_ITER(hh, index->keys, key, next)
		free_key(index, key);
}
