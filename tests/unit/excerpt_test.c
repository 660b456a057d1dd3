// SPDX-License-Identifier: GPL-2.0-only
/*
 * What of an object's JSON is left to be read.
 */
#include "support.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "agent/excerpt.h"
#include "policy/memory.h"

struct row {
	const char *name;
	const char *text;
	const char *excerpt; /* NULL: the same */
};

static const struct row rows[] = {
	{ "nothing", "", NULL },
	{ "no member", "[1, \"volumes\", [\"env\"]]", NULL },
	{ "a list", "{\"a\":1,\"managedFields\":[{\"x\":{}}],\"b\":2}",
	  "{\"a\":1,\"managedFields\":null,\"b\":2}" },
	{ "an object", "{\"affinity\":{\"x\":[1]}}", "{\"affinity\":null}" },
	{ "space", "{\"volumes\" :\n\t[1, 2, 3] , \"b\": 2}",
	  "{\"volumes\" :\n\tnull , \"b\": 2}" },
	{ "inside others", "[{\"a\":[{\"env\":[\"xx\"]},{\"env\":[[[]]]}]}]",
	  "[{\"a\":[{\"env\":null},{\"env\":null}]}]" },
	{ "one inside another", "{\"volumes\":[{\"env\":[\"a\"]}],\"b\":1}",
	  "{\"volumes\":null,\"b\":1}" },
	{ "shorter than null", "{\"env\":[],\"volumes\":{ },\"b\":1}", NULL },
	{ "labels", "{\"labels\":{\"env\":\"prod\",\"volumes\":\"a\"}}", NULL },
	{ "other values", "{\"env\":null,\"volumes\":123456}", NULL },
	{ "names that are longer", "{\"environment\":[1,2,3]}", NULL },
	{ "names that are shorter", "{\"en\":[1,2,3],\"\":[1,2,3]}", NULL },
	{ "a text that looks so", "{\"a\":\"\\\"env\\\":[1,2,3]\"}", NULL },
	{ "brackets in texts", "{\"env\":[\"]]\",\"\\\"]\"],\"b\":\"[\"}",
	  "{\"env\":null,\"b\":\"[\"}" },
	{ "a backslash at the end of a text", "{\"env\":[\"\\\\\"],\"b\":[1]}",
	  "{\"env\":null,\"b\":[1]}" },
	{ "what is read",
	  "{\"containers\":[{\"ports\":[{\"name\":\"http\"}]}]}", NULL },
	{ "a value that does not end", "{\"env\":[1,2,3", NULL },
	{ "a text that does not end", "{\"env\":[\"1,2,3]}", NULL },
	{ "a name that does not end", "{\"env", NULL },
	{ "a backslash at the end", "{\"env\":[\"\\", NULL },
	{ "no value", "{\"env\":", NULL },
	{ "no colon", "{\"env\" [1,2,3]}", NULL },
};

/* Exactly as large as it is, so that the sanitizer finds who looks behind it. */
static char *copy_of(const char *text, size_t length)
{
	char *copy = xreallocarray(NULL, length ? length : 1, 1);

	memcpy(copy, text, length);
	return copy;
}

static void test_row(void **state)
{
	const struct row *row = *state;
	size_t length = strlen(row->text), excerpt_length;
	char *text = copy_of(row->text, length);
	char *excerpt = excerpt_make(text, length, &excerpt_length);

	assert_string_equal(excerpt, row->excerpt ? row->excerpt : row->text);
	assert_int_equal(excerpt_length, strlen(excerpt));
	free(excerpt);
	free(text);
}

/* The same by the tree, to hold the text against. */
static json_t *pruned(json_t *value)
{
	static const char *const names[] = { "env", "volumes" };
	json_t *result, *one;
	const char *key;
	size_t i;

	if (json_is_array(value)) {
		result = json_array();
		json_array_foreach(value, i, one)
			json_array_append_new(result, pruned(one));
		return result;
	}
	if (!json_is_object(value))
		return json_incref(value);
	result = json_object();
	json_object_foreach(value, key, one) {
		bool useless = false;

		for (i = 0; i < COUNT(names); i++)
			if (!strcmp(names[i], key) &&
			    (json_array_size(one) || json_object_size(one)))
				useless = true;
		json_object_set_new(result, key,
				    useless ? json_null() : pruned(one));
	}
	return result;
}

static json_t *draw(unsigned int depth)
{
	static const char *const texts[] = { "env",  "a", "\"[",
					     "]}\\", "{", "volumes" };
	int count = rand() % 4, kind = depth ? rand() % 4 : 3;
	json_t *value;

	if (kind == 3)
		return json_string(texts[rand() % COUNT(texts)]);
	value = kind ? json_object() : json_array();
	while (count--) {
		json_t *one = draw(depth - 1);

		if (kind)
			json_object_set_new(value, texts[rand() % COUNT(texts)],
					    one);
		else
			json_array_append_new(value, one);
	}
	return value;
}

static void test_random(void **state)
{
	int i;

	(void)state;
	srand(1);
	for (i = 0; i < 20000; i++) {
		json_t *value = draw(6), *expected = pruned(value), *got;
		char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
		char *excerpt;
		size_t length;

		excerpt = excerpt_make(text, strlen(text), &length);
		assert_true(length <= strlen(text));
		got = json_loadb(excerpt, length, JSON_DECODE_ANY, NULL);
		assert_true(json_equal(got, expected));
		json_decref(got);
		json_decref(expected);
		json_decref(value);
		free(excerpt);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
	};
	int failed;

	failed = table_tests("an excerpt", rows, COUNT(rows), sizeof(*rows),
			     test_row);
	failed += cmocka_run_group_tests_name("excerpts", tests, NULL, NULL);
	return !!failed;
}
