// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who owns an address, and what is not known of the namespaces of its owners.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"

struct owner_row {
	const char *name;
	enum pod_phase first_phase;
	bool first_deleting;
	enum pod_phase second_phase;
	bool second_deleting;
	const char *node; /* that is compiled for; x/a is on one, x/b on two */
	const char *owner;
};

static const struct owner_row owner_rows[] = {
	{ "both run", POD_RUNNING, false, POD_RUNNING, false, NULL, "x/a" },
	{ "both run, one is here", POD_RUNNING, false, POD_RUNNING, false,
	  "two", "x/b" },
	{ "the one here is pending", POD_RUNNING, false, POD_PENDING, false,
	  "two", "x/b" },
	{ "the one here is being deleted", POD_RUNNING, false, POD_RUNNING,
	  true, "two", "x/b" },
	{ "none is here", POD_RUNNING, true, POD_RUNNING, false, "three",
	  "x/b" },
	{ "one is pending", POD_PENDING, false, POD_RUNNING, false, NULL,
	  "x/b" },
	{ "the other is pending", POD_RUNNING, false, POD_PENDING, false, NULL,
	  "x/a" },
	{ "one is being deleted", POD_RUNNING, true, POD_RUNNING, false, NULL,
	  "x/b" },
	{ "the other is being deleted", POD_RUNNING, false, POD_RUNNING, true,
	  NULL, "x/a" },
	{ "pending before deleted", POD_RUNNING, true, POD_PENDING, false, NULL,
	  "x/b" },
	{ "both are being deleted", POD_RUNNING, true, POD_RUNNING, true, NULL,
	  "x/a" },
	{ "both are pending", POD_PENDING, false, POD_PENDING, false, NULL,
	  "x/a" },
	{ "one is unknown", POD_UNKNOWN, false, POD_RUNNING, false, NULL,
	  "x/b" },
};

static const struct address *address_of(const struct objects *objects,
					const char *text)
{
	struct ip ip;
	size_t i;

	assert_true(ip_parse(text, &ip));
	for (i = 0; i < objects->address_count; i++)
		if (ip_equal(&objects->addresses[i].ip, &ip))
			return &objects->addresses[i];
	return NULL;
}

static void test_owner(void **state)
{
	const struct owner_row *row = *state;
	struct problems problems = {};
	struct cluster cluster = {};
	struct cluster_pod *first, *second, *here;
	const struct address *owner, *other;
	struct objects objects;
	size_t i;

	first = add_pod(&cluster, "x/a", "app=a", "10.0.0.1", "");
	first->phase = row->first_phase;
	first->deleting = row->first_deleting;
	second = add_pod(&cluster, "x/b", "app=b", "10.0.0.1 10.0.0.2", "");
	second->phase = row->second_phase;
	second->deleting = row->second_deleting;
	free(second->node);
	second->node = xstrdup("two");
	/* The kernel is told of addresses that rules refer to. */
	here = add_pod(&cluster, "x/here", "app=here", "10.0.0.3", "");
	free(here->node);
	here->node = xstrdup(row->node ? row->node : "one");
	add_manifests(&cluster,
		      "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
		      "metadata: {name: p, namespace: x}\n"
		      "spec: {podSelector: {matchLabels: {app: here}}, ingress: "
		      "[{from: [{podSelector: {}}]}]}\n");
	assert_true(compile(&cluster, row->node, NULL, &objects, &problems));
	assert_int_equal(problems.count, 1);
	assert_int_equal(problems.errors, 0);
	assert_string_equal(problems.list[0].object,
			    strcmp(row->owner, "x/a") ? "Pod x/a" : "Pod x/b");
	if (row->first_phase == POD_RUNNING && !row->first_deleting &&
	    row->second_phase == POD_RUNNING && !row->second_deleting)
		assert_non_null(strstr(problems.list[0].text,
				       "though both pods run"));
	owner = address_of(&objects, "10.0.0.1");
	other = address_of(&objects, "10.0.0.2");
	assert_non_null(other);
	assert_int_equal(owner->identity == other->identity,
			 !strcmp(row->owner, "x/b"));
	for (i = 0; i < objects.pod_count; i++)
		if (strcmp(objects.pods[i].key, "x/here") != 0)
			assert_int_equal(objects.pods[i].ip_count,
					 1 + !strcmp(row->owner, "x/b"));
	if (!row->node) {
		struct endpoint outside = { .ip = owner->ip };
		struct evaluation evaluation;

		assert_null(evaluate(&cluster, &outside, &outside, AF_INET,
				     IPPROTO_TCP, 80, &evaluation));
		assert_non_null(strstr(evaluation.ingress.text, row->owner));
		evaluation_clear(&evaluation);
	}
	problems_clear(&problems);
	objects_clear(&objects);
	cluster_clear(&cluster);
}

static void test_node_address(void **state)
{
	struct problems problems = {};
	struct cluster cluster = {};
	struct objects objects;

	(void)state;
	add_pod(&cluster, "x/a", "", "10.0.0.1 10.0.0.2", "");
	add_pod(&cluster, "x/h", "", "10.0.0.1", "")->host_network = true;
	add_manifests(&cluster,
		      "{kind: Node, apiVersion: v1, metadata: {name: n1}, "
		      "status: {addresses: [{type: ExternalIP, address: "
		      "10.0.0.1}]}}");
	assert_true(compile(&cluster, NULL, NULL, &objects, &problems));
	assert_int_equal(problems.warnings, 1);
	assert_string_equal(problems.list[0].object, "Pod x/a");
	assert_int_equal(objects.address_count, 0);
	assert_int_equal(objects.pod_count, 0);
	problems_clear(&problems);
	objects_clear(&objects);
	cluster_clear(&cluster);
}

/* A namespaceSelector, and the namespace whose labels it needs. */
struct needs_row {
	const char *name;
	const char *selector;
	bool needs;
};

static const struct needs_row needs_rows[] = {
	{ "everything", "{}", false },
	{ "by name", "{matchLabels: {kubernetes.io/metadata.name: other}}",
	  false },
	{ "by names",
	  "{matchExpressions: [{key: kubernetes.io/metadata.name, operator: "
	  "NotIn, values: [x]}]}",
	  false },
	{ "by a label", "{matchLabels: {team: a}}", true },
	{ "without a label",
	  "{matchExpressions: [{key: team, operator: DoesNotExist}]}", true },
	{ "by name and label",
	  "{matchLabels: {kubernetes.io/metadata.name: other, team: a}}",
	  true },
	{ "by another name and label",
	  "{matchLabels: {kubernetes.io/metadata.name: x, team: a}}", false },
};

static void test_needs(void **state)
{
	const struct needs_row *row = *state;
	char *policy =
		xasprintf("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
			  "metadata: {name: p, namespace: x}\n"
			  "spec: {egress: [{}, {to: [{podSelector: {}}, "
			  "{namespaceSelector: %s}]}]}\n",
			  row->selector);
	struct problems problems = {};
	struct cluster cluster = {};
	struct objects objects;

	add_namespace(&cluster, "x", "");
	add_pod(&cluster, "x/a", "", "10.0.0.1", "");
	add_manifests(&cluster, policy);
	/* Nobody who could be selected lives in the namespace yet. */
	add_pod(&cluster, "other/h", "", "10.0.0.9", "")->host_network = true;
	compile_fine(&cluster, NULL, NULL, &objects);
	objects_clear(&objects);

	add_pod(&cluster, "other/a", "", "10.0.0.2", "");
	add_pod(&cluster, "other/b", "c=d", "10.0.0.3", "");
	assert_int_equal(compile(&cluster, NULL, NULL, &objects, &problems),
			 !row->needs);
	objects_clear(&objects);
	assert_int_equal(problems.count, row->needs);
	if (row->needs) {
		assert_string_equal(problems.list[0].object,
				    "NetworkPolicy x/p");
		assert_string_equal(problems.list[0].field,
				    "spec.egress[1].to[1].namespaceSelector");
		assert_int_equal(problems.list[0].line, 1);
		assert_string_equal(problems.list[0].text,
				    "Namespace other is not among the "
				    "manifests: its labels are needed here; "
				    "add it");
	}
	problems_clear(&problems);

	add_namespace(&cluster, "other", "team=a");
	compile_fine(&cluster, NULL, NULL, &objects);
	objects_clear(&objects);
	free(policy);
	cluster_clear(&cluster);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_node_address),
	};
	int failed = 0;

	failed += table_tests("owner", owner_rows, COUNT(owner_rows),
			      sizeof(*owner_rows), test_owner);
	failed += table_tests("needs labels of a namespace", needs_rows,
			      COUNT(needs_rows), sizeof(*needs_rows),
			      test_needs);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return !!failed;
}
