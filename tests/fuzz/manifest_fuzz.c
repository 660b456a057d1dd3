// SPDX-License-Identifier: GPL-2.0-only
/*
 * Manifests: whatever the text, reading it ends with a model or with messages
 * that say where; what has an error leaves nothing behind. Each input is read
 * as YAML and as JSON, strictly and leniently, and what YAML gave is read once
 * more as the JSON that it stands for.
 */
#include "unit/support.h"

#include <stdlib.h>
#include <string.h>

#include "policy/advice.h"
#include "policy/difference.h"
#include "policy/memory.h"
#include "tree_mutation.h"
#include "unit/interpreter.h"
#include "unit/opinions.h"

/* More of them take more time than they find. */
#define CONNECTIONS 40

/**
 * struct result - what came of a text
 * @fine: it has no errors
 * @errors: how many it has
 * @compiled: the compiler has none either; then there are objects
 * @objects: what it compiled to
 */
struct result {
	bool fine;
	size_t errors;
	bool compiled;
	struct objects objects;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most,
			       unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data, size_t size,
				 const uint8_t *other, size_t other_size,
				 uint8_t *out, size_t most, unsigned int seed);

static size_t count_lines(const char *text, size_t length)
{
	size_t lines = 1, i;

	/* YAML breaks lines at a carriage return, too, and at some others. */
	for (i = 0; i < length; i++)
		lines += text[i] == '\n' || text[i] == '\r' ||
			 (unsigned char)text[i] >= 0x80;
	return lines;
}

static void check_problems(const struct problems *problems, const char *name,
			   size_t lines)
{
	size_t i;

	assert_true(problems->count <= problems->errors + problems->warnings);
	if (problems->errors + problems->warnings <= PROBLEMS_MAX)
		assert_int_equal(problems->count,
				 problems->errors + problems->warnings);
	for (i = 0; i < problems->count; i++) {
		const struct problem *problem = &problems->list[i];

		assert_string_equal(problem->file, name);
		assert_in_range(problem->line, 1, lines);
		assert_true(*problem->text);
	}
}

static size_t count_objects(const struct cluster *cluster)
{
	return HASH_COUNT(cluster->namespaces) + HASH_COUNT(cluster->pods) +
	       HASH_COUNT(cluster->nodes) + HASH_COUNT(cluster->policies) +
	       HASH_COUNT(cluster->cluster_policies);
}

/* An object with an error is not in the model, and one without has none. */
static bool decode_all(struct documents *documents, bool lenient,
		       struct cluster *cluster, struct problems *problems)
{
	const struct manifest_options options = { .lenient = lenient };
	bool fine = true;
	size_t i;

	for (i = 0; i < documents->count; i++) {
		size_t objects = count_objects(cluster);
		size_t errors = problems->errors;
		bool one = manifest_decode(documents, &documents->list[i],
					   &options, cluster, problems);

		assert_int_equal(one, problems->errors == errors);
		if (!one)
			assert_int_equal(count_objects(cluster), objects);
		fine = fine && one;
	}
	return fine;
}

static void compile_all(const struct cluster *cluster, struct result *result)
{
	struct problems problems = {};

	result->compiled =
		compile(cluster, NULL, NULL, &result->objects, &problems);
	assert_int_equal(result->compiled, !problems.errors);
	problems_clear(&problems);
	if (!result->compiled)
		return;
	check_objects(&result->objects);
	opinions_compare(cluster, &result->objects, CONNECTIONS);
}

static void decode(struct documents *documents, bool parsed, bool lenient,
		   const char *name, size_t lines, struct result *result)
{
	struct problems problems = {};
	struct cluster cluster = {};

	*result = (struct result){};
	result->fine = decode_all(documents, lenient, &cluster, &problems);
	check_problems(&problems, name, lines);
	result->errors = problems.errors;
	result->fine = result->fine && parsed;
	/* What is left without the objects that have errors compiles, too. */
	compile_all(&cluster, result);
	advise(documents, &cluster, result->fine, &problems);
	assert_int_equal(problems.errors, result->errors);
	problems_clear(&problems);
	cluster_clear(&cluster);
}

static void check_same(const struct result *a, const struct result *b)
{
	struct difference difference;

	assert_int_equal(a->fine, b->fine);
	assert_int_equal(a->compiled, b->compiled);
	difference_find(&a->objects, &b->objects, &difference);
	assert_true(difference_empty(&difference));
	difference_clear(&difference);
}

static bool parse(struct documents *documents, const char *name,
		  const char *text, size_t length)
{
	struct problems problems = {};
	bool parsed;

	parsed = documents_parse(documents, name, text, length, &problems);
	assert_int_equal(parsed, !problems.errors);
	check_problems(&problems, name, count_lines(text, length));
	problems_clear(&problems);
	return parsed;
}

/* All trees as JSON values one after the other, in a block of the exact size. */
static char *write_trees(const struct documents *documents, const char *before,
			 size_t *length)
{
	char *all = xcalloc(1, 1), *text;
	size_t i, one;

	*length = 0;
	for (i = 0; i < documents->tree_count; i++) {
		text = json_dumps(documents->trees[i].root,
				  JSON_ENCODE_ANY | JSON_INDENT(1));
		assert_non_null(text);
		one = strlen(before) + strlen(text) + 1;
		all = xreallocarray(all, *length + one, 1);
		memcpy(all + *length, before, strlen(before));
		memcpy(all + *length + strlen(before), text, strlen(text));
		all[*length + one - 1] = '\n';
		*length += one;
		free(text);
	}
	return all;
}

static void read_as_json(const struct documents *documents, bool lenient,
			 const struct result *expected)
{
	struct documents again = {};
	struct result result;
	size_t length;
	char *text;
	bool parsed;

	text = write_trees(documents, "", &length);
	parsed = parse(&again, "trees.json", text, length);
	assert_int_equal(again.count, documents->count);
	decode(&again, parsed, lenient, "trees.json", count_lines(text, length),
	       &result);
	assert_int_equal(result.errors, expected->errors);
	check_same(&result, expected);
	objects_clear(&result.objects);
	documents_clear(&again);
	free(text);
}

static void read_as(const char *name, const char *text, size_t length)
{
	size_t lines = count_lines(text, length);
	struct documents documents = {};
	struct result strict, lenient;
	bool parsed;

	parsed = parse(&documents, name, text, length);
	decode(&documents, parsed, false, name, lines, &strict);
	decode(&documents, parsed, true, name, lines, &lenient);
	assert_true(lenient.errors <= strict.errors);
	if (strict.fine)
		check_same(&strict, &lenient);
	if (parsed)
		read_as_json(&documents, false, &strict);
	objects_clear(&strict.objects);
	objects_clear(&lenient.objects);
	documents_clear(&documents);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_as("input.yaml", (const char *)data, size);
	read_as("input.json", (const char *)data, size);
	return 0;
}

/* Change one of the trees; false when it has grown too large. */
static bool change_tree(struct documents *documents,
			const struct documents *from, unsigned int seed)
{
	size_t to = seed / 16 % documents->tree_count;
	size_t source = seed / 64 % from->tree_count;

	return tree_mutate(documents->trees[to].root, from->trees[source].root,
			   seed);
}

/* Change one of the trees of a text, and write them as YAML, which JSON is. */
static size_t change_trees(const uint8_t *data, size_t size,
			   const struct documents *from, uint8_t *out,
			   size_t most, unsigned int seed)
{
	struct documents documents = {};
	struct problems problems = {};
	size_t length = 0;
	char *text;

	if (documents_parse(&documents, "input.yaml", (const char *)data, size,
			    &problems) &&
	    documents.tree_count &&
	    change_tree(&documents, from ? from : &documents, seed)) {
		text = write_trees(&documents, "--- ", &length);
		if (length <= most)
			memcpy(out, text, length);
		else
			length = 0;
		free(text);
	}
	problems_clear(&problems);
	documents_clear(&documents);
	return length;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most,
			       unsigned int seed)
{
	size_t length = 0;

	if (seed % 2)
		length = change_trees(data, size, NULL, data, most, seed);
	return length ? length : LLVMFuzzerMutate(data, size, most);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *data, size_t size,
				 const uint8_t *other, size_t other_size,
				 uint8_t *out, size_t most, unsigned int seed)
{
	struct documents from = {};
	struct problems problems = {};
	size_t length = 0;

	if (documents_parse(&from, "input.yaml", (const char *)other,
			    other_size, &problems) &&
	    from.tree_count)
		length = change_trees(data, size, &from, out, most, seed);
	problems_clear(&problems);
	documents_clear(&from);
	return length;
}
