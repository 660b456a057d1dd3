// SPDX-License-Identifier: GPL-2.0-only
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"
#include "policy/selector.h"

/* The cluster has one policy, whose podSelector is the one to test. */
static const struct selector *read_selector(struct cluster *cluster,
					    const char *text)
{
	char *manifest = xasprintf("apiVersion: networking.k8s.io/v1\n"
				   "kind: NetworkPolicy\n"
				   "metadata: {name: p}\n"
				   "spec: {podSelector: %s}\n",
				   text);

	add_manifests(cluster, manifest);
	free(manifest);
	return &cluster_find_policy(cluster, "default/p")->pod_selector;
}

struct match_row {
	const char *name;
	const char *selector;
	const char *matches; /* pods out of a, b, n and o */
};

/* Pod a has tier=a, b has tier=b, n has none, o has tier=a and old=1. */
static const struct match_row match_rows[] = {
	{ "empty", "{}", "abno" },
	{ "null", "~", "abno" },
	{ "empty lists", "{matchLabels: {}, matchExpressions: []}", "abno" },
	{ "label", "{matchLabels: {tier: a}}", "ao" },
	{ "two labels", "{matchLabels: {tier: a, old: '1'}}", "o" },
	{ "label nobody has", "{matchLabels: {tier: c}}", "" },
	{ "In",
	  "{matchExpressions: [{key: tier, operator: In, values: [a, b]}]}",
	  "abo" },
	{ "NotIn matches without the key",
	  "{matchExpressions: [{key: tier, operator: NotIn, values: [a]}]}",
	  "bn" },
	{ "Exists", "{matchExpressions: [{key: tier, operator: Exists}]}",
	  "abo" },
	{ "DoesNotExist matches without the key",
	  "{matchExpressions: [{key: tier, operator: DoesNotExist}]}", "n" },
	{ "all must be met",
	  "{matchLabels: {tier: a}, matchExpressions: "
	  "[{key: old, operator: DoesNotExist}]}",
	  "a" },
	{ "two that exclude each other",
	  "{matchExpressions: [{key: tier, operator: Exists}, "
	  "{key: tier, operator: DoesNotExist}]}",
	  "" },
};

static void test_match(void **state)
{
	const struct match_row *row = *state;
	struct cluster cluster = {};
	const struct selector *selector;
	const struct cluster_pod *pod;
	char matches[8] = "";

	add_pod(&cluster, "default/a", "tier=a", "10.0.0.1", "");
	add_pod(&cluster, "default/b", "tier=b", "10.0.0.2", "");
	add_pod(&cluster, "default/n", "", "10.0.0.3", "");
	add_pod(&cluster, "default/o", "tier=a old=1", "10.0.0.4", "");
	selector = read_selector(&cluster, row->selector);
	for (pod = cluster.pods; pod; pod = pod->hh.next)
		if (selector_matches(selector, &pod->labels))
			strcat(matches, pod->name);
	assert_string_equal(matches, row->matches);
	cluster_clear(&cluster);
}

struct text_row {
	const char *selector;
	const char *text;
};

static const struct text_row text_rows[] = {
	{ "{}", "" },
	{ "{matchLabels: {b: '2', a: '1'}}", "a=1,b=2" },
	{ "{matchExpressions: [{key: a, operator: In, values: ['1']}]}",
	  "a=1" },
	{ "{matchExpressions: [{key: a, operator: In, values: [z, x, z]}]}",
	  "a in (x,z)" },
	{ "{matchExpressions: [{key: a, operator: NotIn, values: [z, x]}]}",
	  "a notin (x,z)" },
	{ "{matchExpressions: [{key: a, operator: NotIn, values: [z]}]}",
	  "a!=z" },
	{ "{matchLabels: {k: v}, matchExpressions: [{key: b, operator: "
	  "DoesNotExist}, {key: a, operator: Exists}]}",
	  "!b,a,k=v" },
	{ "{matchLabels: {k: v}, matchExpressions: [{key: k, operator: In, "
	  "values: [v]}]}",
	  "k=v" },
	{ "{matchLabels: {k: ''}}", "k=" },
	{ "{matchExpressions: [{key: k, operator: In, values: ['', a]}]}",
	  "k in (,a)" },
};

static void test_text(void **state)
{
	const struct text_row *row = *state;
	struct cluster cluster = {};
	char *text = selector_text(read_selector(&cluster, row->selector));

	assert_string_equal(text, row->text);
	free(text);
	cluster_clear(&cluster);
}

struct peer_row {
	const char *peer;
	const char *text;
};

static const struct peer_row peer_rows[] = {
	{ "podSelector: {}",
	  "pods{} in namespaces{kubernetes.io/metadata.name=default}" },
	{ "podSelector: {matchLabels: {role: frontend}}",
	  "pods{role=frontend} in "
	  "namespaces{kubernetes.io/metadata.name=default}" },
	{ "namespaceSelector: {}", "pods{} in namespaces{}" },
	{ "namespaceSelector: {matchLabels: {ns: 'y'}}",
	  "pods{} in namespaces{ns=y}" },
	{ "{podSelector: {}, namespaceSelector: {matchLabels: {ns: 'y'}}}",
	  "pods{} in namespaces{ns=y}" },
	{ "ipBlock: {cidr: 10.0.0.0/8}", "10.0.0.0/8" },
	{ "ipBlock: {cidr: 10.1.0.0/8, except: [10.2.0.0/16, 10.1.0.0/16, "
	  "10.2.0.0/16]}",
	  "10.0.0.0/8 except 10.1.0.0/16, 10.2.0.0/16" },
	{ "ipBlock: {cidr: 'fd00::/8'}", "fd00::/8" },
};

static void test_peer(void **state)
{
	const struct peer_row *row = *state;
	struct cluster cluster = {};
	char *manifest = xasprintf("apiVersion: networking.k8s.io/v1\n"
				   "kind: NetworkPolicy\n"
				   "metadata: {name: p}\n"
				   "spec:\n  ingress:\n  - from:\n    - %s\n",
				   row->peer);
	struct network_policy *policy;
	char *text;

	add_manifests(&cluster, manifest);
	policy = cluster_find_policy(&cluster, "default/p");
	text = peer_text(policy->ingress_rules[0].peers, policy->namespace);
	assert_string_equal(text, row->text);
	free(text);
	free(manifest);
	cluster_clear(&cluster);
}

int main(void)
{
	int failed = 0;

	failed += table_tests("match", match_rows, COUNT(match_rows),
			      sizeof(*match_rows), test_match);
	failed += table_tests("text", text_rows, COUNT(text_rows),
			      sizeof(*text_rows), test_text);
	failed += table_tests("peer", peer_rows, COUNT(peer_rows),
			      sizeof(*peer_rows), test_peer);
	return !!failed;
}
