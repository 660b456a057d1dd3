// SPDX-License-Identifier: GPL-2.0-only
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include "agent/object_event.h"
#include "agent/wording.h"
#include "policy/memory.h"

static const struct object_reference policy = {
	.api_version = "networking.k8s.io/v1",
	.kind = "NetworkPolicy",
	.namespace = "shop",
	.name = "allow-web",
	.uid = "0f1e2d3c-0000-0000-0000-000000000001",
	.resource_version = "4711",
};

static void expect_event(const struct object_reference *reference,
			 const char *message, const char *wanted)
{
	json_t *event = object_event(reference, "PolicyRefused", message,
				     "worker-1", 1700000000999999999);
	char *text = json_dumps(event, JSON_SORT_KEYS | JSON_INDENT(1));

	assert_string_equal(text, wanted);
	free(text);
	json_decref(event);
}

static void test_policy(void **state)
{
	(void)state;
	expect_event(&policy,
		     "spec.ingress[0].ports[0].port: \"x y\" is no port",
		     "{\n"
		     " \"apiVersion\": \"v1\",\n"
		     " \"count\": 1,\n"
		     " \"firstTimestamp\": \"2023-11-14T22:13:20Z\",\n"
		     " \"involvedObject\": {\n"
		     "  \"apiVersion\": \"networking.k8s.io/v1\",\n"
		     "  \"kind\": \"NetworkPolicy\",\n"
		     "  \"name\": \"allow-web\",\n"
		     "  \"namespace\": \"shop\",\n"
		     "  \"resourceVersion\": \"4711\",\n"
		     "  \"uid\": \"0f1e2d3c-0000-0000-0000-000000000001\"\n"
		     " },\n"
		     " \"kind\": \"Event\",\n"
		     " \"lastTimestamp\": \"2023-11-14T22:13:20Z\",\n"
		     " \"message\": \"spec.ingress[0].ports[0].port: \\\"x y\\\" is no port\",\n"
		     " \"metadata\": {\n"
		     "  \"name\": \"allow-web.59f85167280aef88\",\n"
		     "  \"namespace\": \"shop\"\n"
		     " },\n"
		     " \"reason\": \"PolicyRefused\",\n"
		     " \"reportingComponent\": \"podwall\",\n"
		     " \"reportingInstance\": \"worker-1\",\n"
		     " \"source\": {\n"
		     "  \"component\": \"podwall\",\n"
		     "  \"host\": \"worker-1\"\n"
		     " },\n"
		     " \"type\": \"Warning\"\n"
		     "}");
}

/* Objects of the cluster have no namespace, and their Events the default one;
 * what is not known is left out.
 */
static void test_cluster(void **state)
{
	const struct object_reference reference = {
		.api_version = "v1",
		.kind = "Node",
		.namespace = "",
		.name = "worker-1",
	};

	(void)state;
	expect_event(&reference, "no room",
		     "{\n"
		     " \"apiVersion\": \"v1\",\n"
		     " \"count\": 1,\n"
		     " \"firstTimestamp\": \"2023-11-14T22:13:20Z\",\n"
		     " \"involvedObject\": {\n"
		     "  \"apiVersion\": \"v1\",\n"
		     "  \"kind\": \"Node\",\n"
		     "  \"name\": \"worker-1\"\n"
		     " },\n"
		     " \"kind\": \"Event\",\n"
		     " \"lastTimestamp\": \"2023-11-14T22:13:20Z\",\n"
		     " \"message\": \"no room\",\n"
		     " \"metadata\": {\n"
		     "  \"name\": \"worker-1.bbb347ae91d5e16d\",\n"
		     "  \"namespace\": \"default\"\n"
		     " },\n"
		     " \"reason\": \"PolicyRefused\",\n"
		     " \"reportingComponent\": \"podwall\",\n"
		     " \"reportingInstance\": \"worker-1\",\n"
		     " \"source\": {\n"
		     "  \"component\": \"podwall\",\n"
		     "  \"host\": \"worker-1\"\n"
		     " },\n"
		     " \"type\": \"Warning\"\n"
		     "}");
}

static void test_read(void **state)
{
	struct object_reference reference;
	json_t *object = json_pack("{s:{s:s, s:s, s:s, s:s}}", "metadata",
				   "namespace", "shop", "name", "web", "uid",
				   "12", "resourceVersion", "34");

	(void)state;
	object_reference_read(&reference, "Pod", "v1", object);
	assert_string_equal(reference.kind, "Pod");
	assert_string_equal(reference.api_version, "v1");
	assert_string_equal(reference.namespace, "shop");
	assert_string_equal(reference.name, "web");
	assert_string_equal(reference.uid, "12");
	assert_string_equal(reference.resource_version, "34");
	json_decref(object);
	/* Whatever the API server sends. */
	object = json_pack("{s:{s:i}}", "metadata", "name", 1);
	object_reference_read(&reference, "Pod", "v1", object);
	assert_string_equal(reference.name, "");
	assert_string_equal(reference.namespace, "");
	json_decref(object);
	object_reference_read(&reference, "Pod", "v1", NULL);
	assert_string_equal(reference.uid, "");
}

/* --- names */

/* RFC 1123, as the API server checks it. */
static void check_subdomain(const char *name)
{
	const char *byte;

	assert_in_range(strlen(name), 1, 253);
	for (byte = name; *byte; byte++) {
		bool inner = byte > name && byte[1];

		if ((*byte >= 'a' && *byte <= 'z') ||
		    (*byte >= '0' && *byte <= '9'))
			continue;
		assert_true(inner && (*byte == '-' || *byte == '.'));
		/* No part of it begins or ends with a hyphen, or is empty. */
		if (*byte == '.')
			assert_true(byte[-1] != '.' && byte[-1] != '-' &&
				    byte[1] != '-');
	}
}

static char *name_of(const char *kind, const char *namespace, const char *name,
		     const char *uid, const char *reason, const char *message)
{
	const struct object_reference reference = {
		.kind = kind,
		.namespace = namespace,
		.name = name,
		.uid = uid,
	};

	return object_event_name(&reference, reason, message, "one");
}

static void test_names(void **state)
{
	/* Each differs from the first in one thing. */
	static const char *const parts[][6] = {
		{ "NetworkPolicy", "a", "n", "1", "Refused", "words" },
		{ "Pod", "a", "n", "1", "Refused", "words" },
		{ "NetworkPolicy", "b", "n", "1", "Refused", "words" },
		{ "NetworkPolicy", "a", "m", "1", "Refused", "words" },
		{ "NetworkPolicy", "a", "n", "2", "Refused", "words" },
		{ "NetworkPolicy", "a", "n", "1", "Exceeded", "words" },
		{ "NetworkPolicy", "a", "n", "1", "Refused", "other words" },
	};
	char *names[COUNT(parts)];
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(parts); i++) {
		names[i] = name_of(parts[i][0], parts[i][1], parts[i][2],
				   parts[i][3], parts[i][4], parts[i][5]);
		check_subdomain(names[i]);
		for (j = 0; j < i; j++)
			assert_string_not_equal(names[i], names[j]);
	}
	for (i = 0; i < COUNT(parts); i++)
		free(names[i]);
}

/* What is wrong with an object is so on every node, and what fits into one is not;
 * though the name of a node may look like a count.
 */
static void test_nodes(void **state)
{
	static const char *const reasons[] = { EVENT_POLICY_REFUSED,
					       EVENT_OBJECT_REFUSED,
					       EVENT_LIMIT_EXCEEDED };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(reasons); i++) {
		char *first = object_event_name(&policy, reasons[i],
						"node 7 has 12 rules", "7");
		char *counted = object_event_name(&policy, reasons[i],
						  "node 7 has 13 rules", "7");
		char *second = object_event_name(&policy, reasons[i],
						 "node 8 has 12 rules", "8");
		char *same = object_event_name(&policy, reasons[i],
					       "node 7 has 12 rules", "8");
		bool of_node = !strcmp(reasons[i], EVENT_LIMIT_EXCEEDED);

		assert_int_equal(!strcmp(first, counted), of_node);
		assert_string_not_equal(first, second);
		assert_int_equal(!strcmp(first, same), !of_node);
		free(first);
		free(counted);
		free(second);
		free(same);
	}
}

struct name_row {
	const char *name;
	const char *object;
	const char *stem;
};

static const struct name_row name_rows[] = {
	{ "a plain one", "web", "web." },
	{ "with dots", "web.v1.2", "web.v1.2." },
	{ "nothing", "", "" },
	{ "only what must not stand there", "-.-", "" },
	{ "not lower case", "Web_1", "eb-1." },
	{ "slashes", "../../nodes", "nodes." },
	{ "not ASCII",
	  "k\xc3\xbc"
	  "che",
	  "k--che." },
};

static void test_name(void **state)
{
	const struct name_row *row = *state;
	char *name = name_of("Pod", "a", row->object, "1", "Refused", "words");

	check_subdomain(name);
	assert_memory_equal(name, row->stem, strlen(row->stem));
	assert_int_equal(strlen(name), strlen(row->stem) + 16);
	free(name);
}

/* Cut anywhere: also behind a dot. */
static void test_long_names(void **state)
{
	size_t length;

	(void)state;
	for (length = 230; length <= 253; length++) {
		char *object = xcalloc(length + 1, 1);
		char *name;
		size_t i;

		for (i = 0; i < length; i++)
			object[i] = i % 5 == 3 ? '.' : 'a';
		object[length - 1] = 'b';
		name = name_of("Pod", "a", object, "1", "Refused", "words");
		check_subdomain(name);
		free(name);
		free(object);
	}
}

/* --- messages */

struct message_row {
	const char *name;
	size_t count;
	const char *part;
	size_t length;
	const char *end;
};

/* So many times the part; the length of what becomes of it, and its end. */
static const struct message_row message_rows[] = {
	{ "short", 1, "words", 5, "words" },
	{ "just short enough", 1024, "a", 1024, "aa" },
	{ "one too many", 1025, "a", 1024, "a..." },
	{ "far too many", 100000, "a", 1024, "a..." },
	{ "characters of two bytes", 600, "\xc3\xbc", 1023, "\xc3\xbc..." },
	{ "characters of three bytes", 600, "\xe2\x82\xac", 1023,
	  "\xe2\x82\xac..." },
	{ "characters of four bytes", 300, "\xf0\x9f\x90\xa7", 1023,
	  "\xf0\x9f\x90\xa7..." },
	{ "not UTF-8", 700, "\xff", 1023, "\xef\xbf\xbd..." },
};

static void test_message(void **state)
{
	const struct message_row *row = *state;
	size_t part = strlen(row->part);
	char *text = xcalloc(row->count * part + 1, 1);
	json_t *event;
	const char *message;
	size_t i;

	for (i = 0; i < row->count; i++)
		memcpy(text + i * part, row->part, part);
	event = object_event(&policy, "PolicyRefused", text, "one", 0);
	message = json_string_value(json_object_get(event, "message"));
	assert_non_null(message);
	assert_int_equal(strlen(message), row->length);
	assert_string_equal(message + row->length - strlen(row->end), row->end);
	json_decref(event);
	free(text);
}

/* --- wordings */

struct wording_row {
	const char *name;
	const char *message;
	const char *wording;
};

static const struct wording_row wording_rows[] = {
	{ "nothing", "", "" },
	{ "no count", "no room", "no room" },
	{ "a limit", "the policy needs 12 rules, the limit is 9 (settings)",
	  "the policy needs # rules, the limit is # (settings)" },
	{ "nothing but a count", "4711", "#" },
	{ "in front of marks", "1, 2; 3 (4)", "#, #; # (#)" },
	{ "a node", "node worker-1 has", "node worker-1 has" },
	{ "addresses", "10.0.0.1 or 10.0.0.0/8 or 1::2",
	  "10.0.0.1 or 10.0.0.0/8 or 1::2" },
	{ "an index", "ports[0] is", "ports[0] is" },
	{ "a word that begins so", "3rd 1a 2_", "3rd 1a 2_" },
};

static void test_wording(void **state)
{
	const struct wording_row *row = *state;
	char *wording = wording_of(row->message);

	assert_string_equal(wording, row->wording);
	free(wording);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_policy),
		cmocka_unit_test(test_cluster),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_nodes),
		cmocka_unit_test(test_long_names),
	};
	int failed = table_tests("names", name_rows, COUNT(name_rows),
				 sizeof(*name_rows), test_name);

	failed += table_tests("messages", message_rows, COUNT(message_rows),
			      sizeof(*message_rows), test_message);
	failed += table_tests("wordings", wording_rows, COUNT(wording_rows),
			      sizeof(*wording_rows), test_wording);
	return !!(failed + cmocka_run_group_tests(tests, NULL, NULL));
}
