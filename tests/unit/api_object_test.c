// SPDX-License-Identifier: GPL-2.0-only
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "agent/api_object.h"
#include "agent/resource.h"
#include "policy/memory.h"

struct page_row {
	const char *text;
	bool fine;
	size_t count;
	const char *resource_version;
	const char *token;
};

static const struct page_row page_rows[] = {
	{ "{\"metadata\": {\"resourceVersion\": \"7\"}, \"items\": []}", true,
	  0, "7", NULL },
	{ "{\"metadata\": {\"resourceVersion\": \"7\", \"continue\": \"a\"}, \"items\": [{}, {\"x\": \"\\u0000\"}]}",
	  true, 2, "7", "a" },
	{ "{\"metadata\": {}, \"items\": null}", true, 0, NULL, NULL },
	{ "{\"metadata\": {}, \"items\": [7]}", false, 0, NULL, NULL },
	{ "{\"metadata\": {}, \"items\": {}}", false, 0, NULL, NULL },
	{ "{\"metadata\": {}}", false, 0, NULL, NULL },
	{ "{\"items\": []}", false, 0, NULL, NULL },
	{ "{\"metadata\": {\"resourceVersion\": 7}, \"items\": []}", true, 0,
	  NULL, NULL },
	{ "[]", false, 0, NULL, NULL },
	{ "", false, 0, NULL, NULL },
	{ "{\"metadata\": {}, \"items\": []", false, 0, NULL, NULL },
	{ "{\"metadata\": {}, \"items\": []} x", false, 0, NULL, NULL },
};

static void assert_text(const char *got, const char *wanted)
{
	if (wanted)
		assert_string_equal(got, wanted);
	else
		assert_null(got);
}

static void test_page(void **state)
{
	const struct page_row *row = *state;
	struct page page = {};

	assert_int_equal(page_decode(&page, row->text, strlen(row->text)),
			 row->fine);
	assert_int_equal(json_array_size(page.items), row->count);
	assert_text(page.resource_version, row->resource_version);
	assert_text(page.token, row->token);
	page_clear(&page);
}

struct event_row {
	const char *text;
	bool fine;
	enum watch_event_type type;
	const char *resource_version;
};

#define OBJECT ", \"object\": {\"metadata\": {\"resourceVersion\": \"7\"}}}"

static const struct event_row event_rows[] = {
	{ "{\"type\": \"ADDED\"" OBJECT, true, WATCH_EVENT_PUT, "7" },
	{ "{\"type\": \"MODIFIED\"" OBJECT, true, WATCH_EVENT_PUT, "7" },
	{ "{\"type\": \"DELETED\"" OBJECT, true, WATCH_EVENT_REMOVED, "7" },
	{ "{\"type\": \"BOOKMARK\"" OBJECT, true, WATCH_EVENT_BOOKMARK, "7" },
	{ "{\"type\": \"ERROR\", \"object\": {\"code\": 410}}", true,
	  WATCH_EVENT_ERROR, NULL },
	{ "{\"type\": \"ERROR\"}", false, 0, NULL },
	{ "{\"type\": \"OTHER\"}", true, WATCH_EVENT_UNKNOWN, NULL },
	{ "{\"type\": 7" OBJECT, false, 0, NULL },
	{ "{\"x\": 7" OBJECT, false, 0, NULL },
	{ "{\"type\": \"ADDED\"}", false, 0, NULL },
	{ "{\"type\": \"ADDED\", \"object\": []}", false, 0, NULL },
	{ "{\"type\": \"ADDED\", \"object\": {}}", false, 0, NULL },
	{ "{\"type\": \"ADDED\", \"object\": {\"metadata\": {\"resourceVersion\": \"\"}}}",
	  false, 0, NULL },
	{ "{\"type\": \"ADDED\"", false, 0, NULL },
	{ "", false, 0, NULL },
};

static void test_event(void **state)
{
	const struct event_row *row = *state;
	struct watch_event event = {};

	assert_int_equal(watch_event_decode(&event, row->text,
					    strlen(row->text)),
			 row->fine);
	if (row->fine) {
		assert_int_equal(event.type, row->type);
		assert_text(event.resource_version, row->resource_version);
	}
	watch_event_clear(&event);
}

struct status_row {
	const char *name;
	const char *text;
	long code;
	unsigned int retry_after;
	const char *message;
};

static const struct status_row status_rows[] = {
	{ "busy",
	  "{\"code\": 429, \"message\": \"busy\", \"details\": {\"retryAfterSeconds\": 7}}",
	  429, 7, "busy" },
	{ "a wait that is none", "{\"details\": {\"retryAfterSeconds\": -7}}",
	  0, 0, NULL },
	{ "of other types",
	  "{\"code\": \"x\", \"message\": 7, \"details\": []}", 0, 0, NULL },
	{ "words of a proxy", "upstream is gone\nand more", 0, 0,
	  "upstream is gone" },
	{ "nothing", "", 0, 0, NULL },
	{ "a list", "[]", 0, 0, "[]" },
};

static void test_status(void **state)
{
	const struct status_row *row = *state;
	struct api_status status;

	api_status_parse(&status, row->text, strlen(row->text));
	assert_int_equal(status.code, row->code);
	assert_int_equal(status.retry_after, row->retry_after);
	assert_text(status.message, row->message);
	free(status.message);
}

struct listed_row {
	const char *text;
	bool fine;
	bool listed;
};

static const struct listed_row listed_rows[] = {
	{ "{\"resources\": [{\"name\": \"x/status\"}, {\"name\": \"x\", \"verbs\": [\"get\", \"watch\", \"list\"]}]}",
	  true, true },
	{ "{\"resources\": [{\"name\": \"x\", \"verbs\": [\"get\", \"list\"]}]}",
	  true, false },
	{ "{\"resources\": [{\"name\": \"y\", \"verbs\": [\"watch\", \"list\"]}]}",
	  true, false },
	{ "{\"resources\": [7, {}, {\"name\": \"x\", \"verbs\": [7]}]}", true,
	  false },
	{ "{\"resources\": null}", true, false },
	{ "{}", false, false },
	{ "x", false, false },
};

static void test_listed(void **state)
{
	const struct listed_row *row = *state;
	bool listed = true;

	assert_int_equal(resource_is_listed(row->text, strlen(row->text), "x",
					    &listed),
			 row->fine);
	assert_int_equal(listed, row->listed);
}

/* What is watched is what can be decoded, in each version. */
static void test_resources(void **state)
{
	size_t i, j;

	(void)state;
	for (i = 0; i < RESOURCE_COUNT; i++) {
		const struct resource *resource = &resources[i];

		assert_int_equal(resource->id, i);
		for (j = 0; resource->versions[j]; j++) {
			struct cluster cluster = {};
			struct documents documents = {};
			struct problems problems = {};
			static const struct manifest_options options = {};
			char *text = xasprintf(
				"{apiVersion: %s%s%s, kind: %s, metadata: {name: default}}",
				resource->group, *resource->group ? "/" : "",
				resource->versions[j], resource->kind);

			assert_true(documents_parse(&documents, "x", text,
						    strlen(text), &problems));
			manifest_decode(&documents, &documents.list[0],
					&options, &cluster, &problems);
			/* Fields are missing, but the kind is known. */
			for (size_t k = 0; k < problems.count; k++)
				assert_true(!problems.list[k].field ||
					    (strcmp(problems.list[k].field,
						    "apiVersion") &&
					     strcmp(problems.list[k].field,
						    "kind")));
			cluster_clear(&cluster);
			documents_clear(&documents);
			problems_clear(&problems);
			free(text);
		}
		assert_true(j >= 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_resources) };
	int failed;

	failed = table_tests("page", page_rows, COUNT(page_rows),
			     sizeof(*page_rows), test_page);
	failed += table_tests("event", event_rows, COUNT(event_rows),
			      sizeof(*event_rows), test_event);
	failed += table_tests("status", status_rows, COUNT(status_rows),
			      sizeof(*status_rows), test_status);
	failed += table_tests("group version", listed_rows, COUNT(listed_rows),
			      sizeof(*listed_rows), test_listed);
	failed += cmocka_run_group_tests_name("resources", tests, NULL, NULL);
	return !!failed;
}
