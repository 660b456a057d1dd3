// SPDX-License-Identifier: GPL-2.0-only
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "policy/document.h"
#include "policy/memory.h"

struct good_row {
	const char *name;
	const char *text;
	const char *json; /* the documents, one a line */
};

static const struct good_row good_rows[] = {
	{ "plain scalars",
	  "a: [1, -2, +3, 0x1f, 010, 0o10, 0b11, 0]\n"
	  "b: [1.5, .5, 1e3, 5., -1.5e-3]\n"
	  "c: [true, True, TRUE, yes, on, y, false, no, Off, n]\n"
	  "d: [null, ~, Null]\ne:\n",
	  "{\"a\":[1,-2,3,31,8,8,3,0],\"b\":[1.5,0.5,1000.0,5.0,-0.0015],"
	  "\"c\":[true,true,true,true,true,true,false,false,false,false],"
	  "\"d\":[null,null,null],\"e\":null}\n" },
	{ "what stays text",
	  "a: [tRUE, nULL, 1.2.3.4, 10.0.0.0/8, 08x, 1_000, '1', \"true\", "
	  "-, 2026-01-01, 0x, e5, .inf, 1e, 99999999999999999999x]\n",
	  "{\"a\":[\"tRUE\",\"nULL\",\"1.2.3.4\",\"10.0.0.0/8\",\"08x\","
	  "\"1_000\",\"1\",\"true\",\"-\",\"2026-01-01\",\"0x\",\"e5\","
	  "\".inf\",\"1e\",\"99999999999999999999x\"]}\n" },
	{ "tags", "a: [!!str 80, !!int 80, ! 80, !!bool yes, !!null ~]\n",
	  "{\"a\":[\"80\",80,\"80\",true,null]}\n" },
	{ "keys become text", "80: a\nyes: b\n0x10: c\n'80a': d\n1.5: e\n",
	  "{\"80\":\"a\",\"true\":\"b\",\"16\":\"c\",\"80a\":\"d\","
	  "\"1.5\":\"e\"}\n" },
	{ "several documents, some empty",
	  "# a comment\n---\n---\na: 1\n---\n# nothing\n---\nb: 2\n...\n",
	  "{\"a\":1}\n{\"b\":2}\n" },
	{ "no document", "", "" },
	{ "only a comment", "# nothing here\n", "" },
	{ "block scalars", "a: |\n  x\n  y\nb: >-\n  x\n  y\n",
	  "{\"a\":\"x\\ny\\n\",\"b\":\"x y\"}\n" },
	{ "anchors and aliases",
	  "a: &x {b: [1, 2]}\nc: *x\nd: [*x, &y 5, *y]\n",
	  "{\"a\":{\"b\":[1,2]},\"c\":{\"b\":[1,2]},"
	  "\"d\":[{\"b\":[1,2]},5,5]}\n" },
	{ "an anchor set anew", "a: &x 1\nb: *x\nc: &x 2\nd: *x\n",
	  "{\"a\":1,\"b\":1,\"c\":2,\"d\":2}\n" },
	{ "merged objects",
	  "a: &a {k: 1, l: 1}\nb: &b {l: 2, m: 2}\n"
	  "c: {<<: *a, k: 3}\nd: {<<: [*a, *b]}\n",
	  "{\"a\":{\"k\":1,\"l\":1},\"b\":{\"l\":2,\"m\":2},"
	  "\"c\":{\"k\":3,\"l\":1},\"d\":{\"k\":1,\"l\":1,\"m\":2}}\n" },
	{ "JSON", "  {\"a\": [1, {\"b\": \"\\u00e9\\/\"}], \"c\": null}\n",
	  "{\"a\":[1,{\"b\":\"\xc3\xa9/\"}],\"c\":null}\n" },
	{ "JSON documents", "{\"a\": 1}{\"b\": 2}\n{\"c\": {}}",
	  "{\"a\":1}\n{\"b\":2}\n{\"c\":{}}\n" },
	{ "YAML that starts with a brace", "{a: 1, b: [2]}\n---\nc: 3\n",
	  "{\"a\":1,\"b\":[2]}\n{\"c\":3}\n" },
	{ "byte order mark and CRLF",
	  "\xef\xbb\xbf"
	  "a: 1\r\nb: 2\r\n",
	  "{\"a\":1,\"b\":2}\n" },
	{ "List",
	  "kind: List\napiVersion: v1\nitems: [{kind: Pod}, {kind: X}]\n",
	  "{\"kind\":\"Pod\"}\n{\"kind\":\"X\"}\n" },
	{ "a list in a list",
	  "kind: List\nitems:\n- kind: List\n  items: [{kind: Pod}]\n",
	  "{\"kind\":\"Pod\"}\n" },
	{ "an empty list", "kind: List\nitems: []\n", "" },
	{ "a list of nothing", "kind: PodList\nitems:\n", "" },
	{ "NUL in a text", "a: \"x\\0y\"\n", "{\"a\":\"x\\u0000y\"}\n" },
	{ "NUL in a text of JSON", "{\"a\": \"\\u0000\"}\n",
	  "{\"a\":\"\\u0000\"}\n" },
	{ "a kind that only looks like a list", "kind: AllowList\nspec: {}\n",
	  "{\"kind\":\"AllowList\",\"spec\":{}}\n" },
};

static void test_good(void **state)
{
	const struct good_row *row = *state;
	struct documents documents = {};
	struct problems problems = {};
	char *text, *json;
	FILE *stream;
	size_t length, i;

	documents_parse(&documents, "test.yaml", row->text, strlen(row->text),
			&problems);
	problems_print(&problems, stdout);
	assert_int_equal(problems.errors, 0);
	stream = xopen_memstream(&text, &length);
	for (i = 0; i < documents.count; i++) {
		json = json_dumps(documents.list[i].root,
				  JSON_COMPACT | JSON_REAL_PRECISION(6));
		fprintf(stream, "%s\n", json);
		free(json);
	}
	fclose(stream);
	assert_string_equal(text, row->json);
	free(text);
	documents_clear(&documents);
}

struct bad_row {
	const char *name;
	const char *file;
	const char *text;
	const char *problems;
};

static const struct bad_row bad_rows[] = {
	{ "tab", "t.yaml", "a:\n\tb: 1\n",
	  "t.yaml:2: error: not valid YAML: a tab at the start of the line; "
	  "indent with spaces\n" },
	{ "unclosed", "t.yaml", "a: 1\nb: [1,\n",
	  "t.yaml:3: error: not valid YAML: did not find expected node content, "
	  "while parsing a flow node\n" },
	{ "unclosed in a last line without an end", "t.yaml", "a: 1\nb: [1,",
	  "t.yaml:2: error: not valid YAML: did not find expected node content, "
	  "while parsing a flow node\n" },
	{ "value that a last line without an end lacks", "t.yaml", "- {\n<<",
	  "t.yaml:2: error: \"<<\" takes objects, by their aliases\n" },
	{ "in the second document", "t.yaml", "a: 1\n---\nb: }\n",
	  "t.yaml:3: error: not valid YAML: did not find expected node content, "
	  "while parsing a block node (document 2)\n" },
	{ "repeated key", "t.yaml", "a: 1\nb: 2\na: 3\n",
	  "t.yaml:3: error: the key \"a\" was given before in this object; "
	  "remove one of the two\n" },
	{ "repeated key deep inside", "t.yaml",
	  "a:\n- b:\n    c: 1\n    'c': 2\n",
	  "t.yaml:4: error: the key \"c\" was given before in this object; "
	  "remove one of the two\n" },
	{ "not UTF-8", "t.yaml", "a: 1\nb: \"\xff\"\n",
	  "t.yaml:2: error: not UTF-8 text: invalid leading UTF-8 octet\n" },
	{ "UTF-16", "t.yaml", "\xff\xfe\x61",
	  "t.yaml:1: error: not UTF-8 text: invalid leading UTF-8 octet\n" },
	{ "NUL in a key", "t.yaml", "a: 1\n\"x\\0y\": 1\n",
	  "t.yaml:2: error: a key holds a NUL character; remove it\n" },
	{ "NUL under a tag", "t.yaml", "a: !!int \"1\\0\"\n",
	  "t.yaml:1: error: the tag tag:yaml.org,2002:int does not fit; remove "
	  "it\n" },
	{ "NUL in a key of JSON", "t.json", "{\"x\\u0000\": 1}\n",
	  "t.json:1: error: not valid JSON: NUL byte in object key not "
	  "supported near '\"x\\u0000\"'\n" },
	{ "JSON without its name", "<stdin>", "{\n  \"a\": 1,\n  \"b\" 2\n}\n",
	  "<stdin>:3: error: not valid JSON: ':' expected near '2'\n" },
	{ "a list in JSON without its name", "<stdin>", "[\n1,,\n]\n",
	  "<stdin>:2: error: not valid JSON: unexpected token near ','\n" },
	{ "alias without anchor", "t.yaml", "a: 1\nb: *x\n",
	  "t.yaml:2: error: the alias *x has no anchor &x in front of it\n" },
	{ "anchor of another document", "t.yaml", "a: &x 1\n---\nb: *x\n",
	  "t.yaml:3: error: the alias *x has no anchor &x in front of it "
	  "(document 2)\n" },
	{ "a value inside itself", "t.yaml", "a: &x\n  b: *x\n",
	  "t.yaml:2: error: the alias *x stands inside the value that it "
	  "names\n" },
	{ "null as a key", "t.yaml", "? ~\n: 1\n",
	  "t.yaml:1: error: a key must be text, not null, an object or a "
	  "list\n" },
	{ "a list as a key", "t.yaml", "? [a]\n: 1\n",
	  "t.yaml:1: error: a key must be text, not null, an object or a "
	  "list\n" },
	{ "an alias to a list as a key", "t.yaml", "a: &x [1]\n*x : 1\n",
	  "t.yaml:2: error: a key must be text, not null, an object or a "
	  "list\n" },
	{ "unknown tag", "t.yaml", "a: !thing 1\n",
	  "t.yaml:1: error: the tag !thing does not fit; remove it\n" },
	{ "tag of another type", "t.yaml", "a: !!int x\n",
	  "t.yaml:1: error: the tag tag:yaml.org,2002:int does not fit; remove "
	  "it\n" },
	{ "merging a text", "t.yaml", "a:\n  <<: x\n",
	  "t.yaml:2: error: \"<<\" takes objects, by their aliases\n" },
	{ "not an object", "t.yaml", "- a\n- b\n",
	  "t.yaml:1: error: not a Kubernetes object: it has no apiVersion, "
	  "kind and metadata\n" },
	{ "a text", "t.yaml", "hello\n",
	  "t.yaml:1: error: not a Kubernetes object: it has no apiVersion, "
	  "kind and metadata\n" },
	{ "a text in the second document", "t.yaml", "--- {}\n---\n\nhello\n",
	  "t.yaml:4: error: not a Kubernetes object: it has no apiVersion, "
	  "kind and metadata (document 2)\n" },
	{ "a number in JSON", "t.json", "\n5\n",
	  "t.json:2: error: not a Kubernetes object: it has no apiVersion, "
	  "kind and metadata\n" },
	{ "an item that is not an object", "t.yaml",
	  "kind: List\nitems:\n- kind: Pod\n- 5\n",
	  "t.yaml:4: error: not a Kubernetes object: it has no apiVersion, "
	  "kind and metadata\n" },
	{ "items that are no list", "t.yaml", "kind: List\nitems: 5\n",
	  "t.yaml:1: error: the items of a List must be a list\n" },
	{ "JSON syntax", "t.json", "{\n  \"a\": 1,\n  \"b\" 2\n}\n",
	  "t.json:3: error: not valid JSON: ':' expected near '2'\n" },
	{ "JSON repeated key", "t.json", "{\n  \"a\": 1,\n  \"a\": 2\n}\n",
	  "t.json:3: error: not valid JSON: duplicate object key near "
	  "'\"a\"'\n" },
	{ "second JSON document", "t.json", "{}\n\n{\n]\n",
	  "t.json:4: error: not valid JSON: string or '}' expected near ']' "
	  "(document 2)\n" },
};

static void test_bad(void **state)
{
	const struct bad_row *row = *state;
	struct documents documents = {};
	struct problems problems = {};
	char *text;

	assert_false(documents_parse(&documents, row->file, row->text,
				     strlen(row->text), &problems));
	text = all_problems(&problems);
	assert_string_equal(text, row->problems);
	free(text);
	problems_clear(&problems);
	documents_clear(&documents);
}

/* Refused, with a message that has the word. */
static void assert_refused(const char *file, const char *text, const char *word)
{
	struct documents documents = {};
	struct problems problems = {};

	assert_false(documents_parse(&documents, file, text, strlen(text),
				     &problems));
	assert_int_equal(problems.errors, 1);
	assert_non_null(strstr(problems.list[0].text, word));
	problems_clear(&problems);
	documents_clear(&documents);
}

static void test_alias_bomb(void **state)
{
	size_t length, i;
	char *text;
	FILE *stream = xopen_memstream(&text, &length);

	(void)state;
	fputs("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n", stream);
	for (i = 1; i < 12; i++)
		fprintf(stream,
			"a%zu: &a%zu [*a%zu, *a%zu, *a%zu, *a%zu, *a%zu, *a%zu]\n",
			i, i, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
	fclose(stream);
	assert_refused("t.yaml", text, "aliases stand for more than");
	free(text);
}

static char *nest(const char *open, const char *inner, const char *close,
		  size_t depth)
{
	size_t length, i;
	char *text;
	FILE *stream = xopen_memstream(&text, &length);

	for (i = 0; i < depth; i++)
		fputs(open, stream);
	fputs(inner, stream);
	for (i = 0; i < depth; i++)
		fputs(close, stream);
	fclose(stream);
	return text;
}

static void test_depth(void **state)
{
	static const char *const files[] = { "t.yaml", "t.json" };
	struct documents documents = {};
	struct problems problems = {};
	char *text, *whole;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(files); i++) {
		text = nest("{\"a\":", "1", "}", TREE_DEPTH_MAX);
		assert_true(documents_parse(&documents, files[i], text,
					    strlen(text), &problems));
		free(text);
		text = nest("{\"a\":", "1", "}", TREE_DEPTH_MAX + 1);
		assert_refused(files[i], text, "inside one another");
		free(text);
		text = nest("[", "", "]", 1000);
		assert_refused(files[i], text, "inside one another");
		free(text);
	}
	documents_clear(&documents);

	/* Each level is shallow, and the aliases put them on top of another. */
	text = nest("{a: ", "*a", "}", 97);
	whole = xasprintf("x: &a {b: {b: {b: 1}}}\ny: %s\n", text);
	assert_refused("t.yaml", whole, "inside one another");
	free(whole);
	free(text);
}

static const struct document *only(const struct documents *documents)
{
	assert_int_equal(documents->count, 1);
	return &documents->list[0];
}

static void test_lines(void **state)
{
	static const struct {
		const char *file;
		const char *text;
	} sources[] = {
		{ "t.yaml",
		  "\nspec:\n  a: 1\n  list:\n  - x\n  - w:\n      z: 1\n"
		  "  b: true\n" },
		{ "t.json",
		  "\n{\"spec\":\n {\"a\": 1,\n\"list\":[\n\"x\\\"]}\",\n"
		  "{\"w\": {\n\"z\":1}}],\n\"b\" : true}}\n" },
	};
	static const unsigned int expected[][7] = {
		{ 2, 3, 4, 5, 6, 7, 8 },
		{ 2, 3, 4, 5, 6, 7, 8 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(sources); i++) {
		struct documents documents = {};
		struct problems problems = {};
		struct lines *lines = &documents.lines;
		json_t *root, *spec, *list, *inner;

		assert_true(documents_parse(&documents, sources[i].file,
					    sources[i].text,
					    strlen(sources[i].text),
					    &problems));
		root = only(&documents)->root;
		spec = json_object_get(root, "spec");
		list = json_object_get(spec, "list");
		inner = json_object_get(json_array_get(list, 1), "w");
		assert_int_equal(lines_of_key(lines, root, "spec"),
				 expected[i][0]);
		assert_int_equal(lines_of_key(lines, spec, "a"),
				 expected[i][1]);
		assert_int_equal(lines_of_key(lines, spec, "list"),
				 expected[i][2]);
		assert_int_equal(lines_of_index(lines, list, 0),
				 expected[i][3]);
		assert_int_equal(lines_of_index(lines, list, 1),
				 expected[i][4]);
		assert_int_equal(lines_of_key(lines, inner, "z"),
				 expected[i][5]);
		assert_int_equal(lines_of_key(lines, spec, "b"),
				 expected[i][6]);
		assert_int_equal(lines_of_key(lines, inner, "none"),
				 lines_of(lines, inner));
		assert_int_equal(lines_of(lines, root), 2);
		documents_clear(&documents);
	}
}

/* A value may have the address of one that was freed. */
static void test_address_twice(void **state)
{
	struct lines lines = {};
	json_t *nodes[20];
	size_t i, round;

	(void)state;
	for (i = 0; i < COUNT(nodes); i++)
		nodes[i] = json_array();
	for (round = 1; round <= 5; round++) {
		for (i = 0; i < COUNT(nodes); i++)
			lines_add(&lines, nodes[i], 100 * round + i, NULL, 0);
		for (i = 0; i < COUNT(nodes); i++)
			assert_int_equal(lines_of(&lines, nodes[i]),
					 100 * round + i);
	}
	for (i = 0; i < COUNT(nodes); i++)
		json_decref(nodes[i]);
	lines_clear(&lines);
}

/* Of what an attempt as JSON read nothing stays. */
static void test_attempt(void **state)
{
	static const char text[] = "{\"a\": {\"b\": 1}}\n---\n\n{\"a\": []}\n";
	static const char wrong[] = "{\"a\": {\"b\": 1}}\n---\n}\n";
	struct documents documents = {};
	struct problems problems = {};
	struct lines *lines = &documents.lines;
	size_t i;

	(void)state;
	for (i = 0; i < 20; i++) {
		assert_false(documents_parse(&documents, "t.yaml", wrong,
					     strlen(wrong), &problems));
		assert_true(documents_parse(&documents, "t.yaml", text,
					    strlen(text), &problems));
		assert_int_equal(documents.count, 2 * (i + 1));
		assert_int_equal(documents.tree_count, 2 * (i + 1));
		assert_int_equal(lines_of(lines, documents.list[2 * i].root),
				 1);
		assert_int_equal(lines_of(lines,
					  documents.list[2 * i + 1].root),
				 4);
	}
	documents_clear(&documents);
	problems_clear(&problems);
}

static void test_list_kinds(void **state)
{
	static const char text[] = "kind: PodList\napiVersion: v1\nitems:\n"
				   "- metadata: {name: a}\n"
				   "- kind: Other\n  apiVersion: x/v1\n";
	struct documents documents = {};
	struct problems problems = {};

	(void)state;
	assert_true(documents_parse(&documents, "t.yaml", text, strlen(text),
				    &problems));
	assert_int_equal(documents.count, 2);
	assert_string_equal(documents.list[0].kind, "Pod");
	assert_string_equal(documents.list[0].api_version, "v1");
	assert_string_equal(documents.list[0].path, "items[0].");
	assert_string_equal(documents.list[1].kind, "Other");
	assert_string_equal(documents.list[1].api_version, "x/v1");
	assert_string_equal(documents.list[1].path, "items[1].");
	documents_clear(&documents);
}

static void write_file(const char *directory, const char *name,
		       const char *text)
{
	char *path = xasprintf("%s/%s", directory, name);
	FILE *stream = fopen(path, "we");

	assert_non_null(stream);
	fputs(text, stream);
	fclose(stream);
	free(path);
}

static void remove_file(const char *directory, const char *name)
{
	char *path = xasprintf("%s/%s", directory, name);

	assert_int_equal(unlink(path), 0);
	free(path);
}

static void test_directory(void **state)
{
	static const char *const names[] = { "b.yaml", "a.yml", "c.json",
					     "d.txt", ".e.yaml" };
	char directory[] = "/tmp/nlctl-unit-XXXXXX";
	struct documents documents = {};
	struct problems problems = {};
	size_t i;

	(void)state;
	assert_non_null(mkdtemp(directory));
	assert_true(documents_read(&documents, directory, &problems));
	assert_int_equal(problems.warnings, 1);
	for (i = 0; i < COUNT(names); i++) {
		char *text = xasprintf("{\"kind\": \"%s\"}\n", names[i]);

		write_file(directory, names[i], text);
		free(text);
	}
	assert_true(documents_read(&documents, directory, &problems));
	assert_int_equal(documents.count, 3);
	assert_string_equal(documents.list[0].kind, "a.yml");
	assert_string_equal(documents.list[1].kind, "b.yaml");
	assert_string_equal(documents.list[2].kind, "c.json");
	for (i = 0; i < COUNT(names); i++)
		remove_file(directory, names[i]);
	assert_int_equal(rmdir(directory), 0);
	assert_false(documents_read(&documents, directory, &problems));
	assert_int_equal(problems.errors, 1);
	assert_string_equal(problems.list[1].text,
			    "cannot open: No such file or directory");
	problems_clear(&problems);
	documents_clear(&documents);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alias_bomb),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_address_twice),
		cmocka_unit_test(test_attempt),
		cmocka_unit_test(test_list_kinds),
		cmocka_unit_test(test_directory),
	};
	int failed = 0;

	failed += table_tests("read", good_rows, COUNT(good_rows),
			      sizeof(*good_rows), test_good);
	failed += table_tests("refuse", bad_rows, COUNT(bad_rows),
			      sizeof(*bad_rows), test_bad);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return !!failed;
}
