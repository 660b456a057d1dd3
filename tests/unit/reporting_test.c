// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reports of accepted connections: what the annotation may say, on what, and
 * what it comes to for a pod.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include "policy/difference.h"
#include "policy/memory.h"
#include "policy/reporting.h"

/* What pod and namespace say, and what becomes of it. */
struct reporting_row {
	const char *name;
	enum reporting pod;
	enum reporting namespace;
	bool accepted;
};

static const struct reporting_row reporting_rows[] = {
	{ "neither says", 0, 0, false },
	{ "the namespace says denied", 0, REPORTING_DENIED, false },
	{ "the namespace says accepted", 0, REPORTING_ACCEPTED, true },
	{ "the pod says denied", REPORTING_DENIED, 0, false },
	{ "the pod says accepted", REPORTING_ACCEPTED, 0, true },
	{ "the pod goes before a namespace of denied", REPORTING_ACCEPTED,
	  REPORTING_DENIED, true },
	{ "the pod goes before a namespace of accepted", REPORTING_DENIED,
	  REPORTING_ACCEPTED, false },
	{ "both say accepted", REPORTING_ACCEPTED, REPORTING_ACCEPTED, true },
};

static const struct pod *find_pod(const struct objects *objects,
				  const char *key)
{
	size_t i;

	for (i = 0; i < objects->pod_count; i++)
		if (!strcmp(objects->pods[i].key, key))
			return &objects->pods[i];
	fail_msg("no pod %s", key);
	return NULL;
}

static void test_reporting(void **state)
{
	const struct reporting_row *row = *state;
	struct cluster cluster = {};
	struct objects objects;

	add_namespace(&cluster, "x", "");
	add_namespace(&cluster, "y", "");
	add_pod(&cluster, "x/a", "", "10.0.0.1", "")->reporting = row->pod;
	add_pod(&cluster, "x/b", "", "10.0.0.2", "");
	add_pod(&cluster, "y/a", "", "10.0.0.3", "");
	cluster_find_namespace(&cluster, "x")->reporting = row->namespace;
	compile_fine(&cluster, NULL, NULL, &objects);
	assert_int_equal(find_pod(&objects, "x/a")->report_accepted,
			 row->accepted);
	assert_int_equal(find_pod(&objects, "x/b")->report_accepted,
			 row->namespace == REPORTING_ACCEPTED);
	assert_false(find_pod(&objects, "y/a")->report_accepted);
	objects_clear(&objects);
	cluster_clear(&cluster);
}

/* A pod whose namespace is not among the manifests. */
static void test_alone(void **state)
{
	struct cluster cluster = {};
	struct cluster_pod *pod;

	(void)state;
	pod = add_pod(&cluster, "x/a", "", "10.0.0.1", "");
	assert_false(reporting_of_pod(NULL, pod));
	pod->reporting = REPORTING_ACCEPTED;
	assert_true(reporting_of_pod(NULL, pod));
	cluster_clear(&cluster);
}

/* What the annotation may say. */
struct annotation_row {
	const char *name;
	const char *annotations;
	bool lenient;
	bool fine;
	enum reporting reporting;
	const char *message;
};

#define PLACE "metadata.annotations[podwall.io/report]: "

static const struct annotation_row annotation_rows[] = {
	{ "accepted", "{podwall.io/report: accepted}", false, true,
	  REPORTING_ACCEPTED, "" },
	{ "denied", "{podwall.io/report: denied}", false, true,
	  REPORTING_DENIED, "" },
	{ "none", "", false, true, 0, "" },
	{ "somebody else's", "{example.com/report: all}", false, true, 0, "" },
	{ "with a mode",
	  "{podwall.io/report: accepted, podwall.io/mode: audit}", false, true,
	  REPORTING_ACCEPTED, "" },
	{ "another word", "{podwall.io/report: Accepted}", false, false, 0,
	  PLACE "\"Accepted\" is not accepted or denied" },
	{ "no word", "{podwall.io/report: \"\"}", false, false, 0,
	  PLACE "\"\" is not accepted or denied" },
	{ "no text", "{podwall.io/report: true}", false, false, 0,
	  PLACE "must be a text" },
	{ "another word, leniently", "{podwall.io/report: all}", true, true,
	  REPORTING_DENIED,
	  PLACE "\"all\" is not accepted or denied, and taken as denied" },
};

static void test_annotation(void **state)
{
	const struct annotation_row *row = *state;
	struct manifest_options options = { .lenient = row->lenient };
	static const char *const kinds[] = { "Pod", "Namespace" };
	size_t i;

	for (i = 0; i < COUNT(kinds); i++) {
		struct cluster cluster = {};
		char *text, *messages;
		bool fine;

		text = xasprintf("{apiVersion: v1, kind: %s, metadata: "
				 "{name: o, annotations: %s}}",
				 kinds[i], row->annotations);
		messages = read_manifests(&cluster, text, &options, &fine);
		assert_int_equal(fine, row->fine);
		if (!strstr(messages, row->message))
			fail_msg("%s: %s", text, messages);
		if (!*row->message)
			assert_string_equal(messages, "");
		if (fine)
			assert_int_equal(cluster.pods ?
						 cluster.pods->reporting :
						 cluster.namespaces->reporting,
					 row->reporting);
		free(messages);
		free(text);
		cluster_clear(&cluster);
	}
}

/* What has no connections of its own is told so. */
struct other_row {
	const char *name;
	const char *head;
	const char *tail;
};

static const struct other_row other_rows[] = {
	{ "a Node", "apiVersion: v1, kind: Node", "" },
	{ "a NetworkPolicy",
	  "apiVersion: networking.k8s.io/v1, kind: NetworkPolicy",
	  ", spec: {podSelector: {}}" },
	{ "an AdminNetworkPolicy",
	  "apiVersion: policy.networking.k8s.io/v1alpha1, kind: "
	  "AdminNetworkPolicy",
	  ", spec: {priority: 1, subject: {namespaces: {}}}" },
};

static void test_other(void **state)
{
	const struct other_row *row = *state;
	struct manifest_options options = {};
	struct cluster cluster = {};
	char *text, *messages, *wanted;
	bool fine;

	text = xasprintf("{%s, metadata: {name: one, annotations: "
			 "{podwall.io/report: accepted}}%s}",
			 row->head, row->tail);
	wanted = xasprintf(PLACE "has no effect on %s", row->name);
	messages = read_manifests(&cluster, text, &options, &fine);
	assert_true(fine);
	if (!strstr(messages, wanted))
		fail_msg("%s: %s", text, messages);
	free(wanted);
	free(messages);
	free(text);
	cluster_clear(&cluster);
}

static char *difference_text(const struct objects *before,
			     const struct objects *after)
{
	struct difference difference;
	size_t length;
	char *text;
	FILE *stream = xopen_memstream(&text, &length);

	difference_find(before, after, &difference);
	difference_print(&difference, stream);
	fclose(stream);
	difference_clear(&difference);
	return text;
}

static void test_difference(void **state)
{
	struct objects before, after;
	struct cluster cluster = {};
	char *text;

	(void)state;
	add_pod(&cluster, "x/a", "", "10.0.0.1", "");
	compile_fine(&cluster, NULL, NULL, &before);
	cluster_find_pod(&cluster, "x/a")->reporting = REPORTING_ACCEPTED;
	compile_fine(&cluster, NULL, &before, &after);
	text = difference_text(&before, &after);
	assert_string_equal(text,
			    "~ pod x/a: 10.0.0.1, no ingress rule-set, no "
			    "egress rule-set, reports accepted (was denied)\n");
	free(text);
	text = difference_text(&after, &before);
	assert_string_equal(text,
			    "~ pod x/a: 10.0.0.1, no ingress rule-set, no "
			    "egress rule-set, reports denied (was accepted)\n");
	free(text);
	text = difference_text(&after, &after);
	assert_string_equal(text, "");
	free(text);
	text = difference_text(NULL, &after);
	assert_non_null(strstr(text,
			       "+ pod x/a: 10.0.0.1, no ingress rule-set, "
			       "no egress rule-set, reports accepted\n"));
	free(text);
	objects_clear(&before);
	objects_clear(&after);
	cluster_clear(&cluster);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alone),
		cmocka_unit_test(test_difference),
	};
	int failed = 0;

	failed += table_tests("reporting", reporting_rows,
			      COUNT(reporting_rows), sizeof(*reporting_rows),
			      test_reporting);
	failed += table_tests("annotation", annotation_rows,
			      COUNT(annotation_rows), sizeof(*annotation_rows),
			      test_annotation);
	failed += table_tests("other objects", other_rows, COUNT(other_rows),
			      sizeof(*other_rows), test_other);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return !!failed;
}
