// SPDX-License-Identifier: GPL-2.0-only
/*
 * Saved states: any JSON is refused as a whole or read as a whole, and what was
 * read can be saved and read again. The input's own checksum is tried, then the
 * right one, which no random change would hit.
 */
#include "unit/support.h"

#include <stdlib.h>
#include <string.h>

#include "saved.h"
#include "state.h"
#include "state_reader.h"
#include "tree_mutation.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most,
			       unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data, size_t size,
				 const uint8_t *other, size_t other_size,
				 uint8_t *out, size_t most, unsigned int seed);

static json_t *parse(const uint8_t *data, size_t size)
{
	return json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES,
			  NULL);
}

static void check_refused(const char *problem, const struct objects *objects,
			  const struct settings *settings)
{
	assert_true(*problem);
	assert_null(objects->addresses);
	assert_null(objects->peer_sets);
	assert_null(objects->rule_sets);
	assert_null(objects->pods);
	assert_int_equal(objects->address_count, 0);
	assert_int_equal(objects->peer_set_count, 0);
	assert_int_equal(objects->rule_set_count, 0);
	assert_int_equal(objects->pod_count, 0);
	assert_null(settings->guarded);
	assert_int_equal(settings->guarded_count, 0);
}

static void read_state(const json_t *state)
{
	struct settings settings;
	struct objects objects;
	char *problem;

	problem = state_read(state, &objects, &settings);
	if (problem)
		check_refused(problem, &objects, &settings);
	else
		saved_check(&objects, &settings);
	free(problem);
	objects_clear(&objects);
	settings_clear(&settings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *state = parse(data, size);
	char *checksum;

	if (!state)
		return 0;
	read_state(state);
	if (json_is_object(state)) {
		checksum = state_checksum(state);
		json_object_set_new(state, "checksum", json_string(checksum));
		free(checksum);
		read_state(state);
	}
	json_decref(state);
	return 0;
}

/* Write a tree that has changed; 0 when there is no room for it. */
static size_t write_tree(json_t *tree, uint8_t *out, size_t most)
{
	char *text = json_dumps(tree, JSON_INDENT(1) | JSON_SORT_KEYS);
	size_t length = strlen(text);

	if (length <= most)
		memcpy(out, text, length);
	else
		length = 0;
	free(text);
	return length;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most,
			       unsigned int seed)
{
	json_t *tree = seed % 4 ? parse(data, size) : NULL;
	size_t length = 0;

	if (!tree)
		return LLVMFuzzerMutate(data, size, most);
	if (tree_mutate(tree, tree, seed))
		length = write_tree(tree, data, most);
	json_decref(tree);
	return length ? length : LLVMFuzzerMutate(data, size, most);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *data, size_t size,
				 const uint8_t *other, size_t other_size,
				 uint8_t *out, size_t most, unsigned int seed)
{
	json_t *tree = parse(data, size), *from = parse(other, other_size);
	size_t length = 0;

	if (tree && from && tree_mutate(tree, from, seed))
		length = write_tree(tree, out, most);
	json_decref(tree);
	json_decref(from);
	return length;
}
