// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects as the API gives them: keys, decoding without kind and apiVersion, what
 * stands in for a policy that cannot be read, and a node's blocks.
 */
#include "support.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "agent/object.h"
#include "manifest_objects.h"
#include "policy/memory.h"
#include "policy/selector.h"

struct key_row {
	const char *name;
	const char *object;
	const char *key; /* NULL for none */
};

static const struct key_row key_rows[] = {
	{ "in a namespace",
	  "{\"metadata\":{\"name\":\"x\",\"namespace\":\"a\"}}", "a/x" },
	{ "in none", "{\"metadata\":{\"name\":\"x\"}}", "x" },
	{ "no name", "{\"metadata\":{\"namespace\":\"a\"}}", NULL },
	{ "a name that is no text", "{\"metadata\":{\"name\":1}}", NULL },
	{ "no metadata", "{}", NULL },
	{ "no object", "[]", NULL },
};

static void test_key(void **state)
{
	const struct key_row *row = *state;
	json_t *object = manifest_parse(row->object);
	char *key = object_key(object);

	if (row->key)
		assert_string_equal(key, row->key);
	else
		assert_null(key);
	free(key);
	json_decref(object);
}

struct decode_row {
	const char *name;
	enum resource_id id;
	const char *api_version;
	const char *object;
	const char *refusal; /* how it begins; NULL when it is fine */
};

#define META "\"metadata\":{\"name\":\"x\",\"namespace\":\"a\"}"

static const struct decode_row decode_rows[] = {
	{ "a pod of a list", RESOURCE_PODS, "v1",
	  "{" META
	  ",\"spec\":{\"nodeName\":\"one\"},\"status\":{\"podIP\":\"10.0.0.1\"}}",
	  NULL },
	{ "a pod of a watch", RESOURCE_PODS, "v1",
	  "{\"kind\":\"Pod\",\"apiVersion\":\"v1\"," META "}", NULL },
	{ "a pod with fields that nobody knows", RESOURCE_PODS, "v1",
	  "{" META ",\"spec\":{\"fromTheFuture\":{}}}", NULL },
	{ "a pod with a bad address", RESOURCE_PODS, "v1",
	  "{" META ",\"status\":{\"podIP\":\"10.0.0\"}}", "status.podIP: " },
	{ "a namespace", RESOURCE_NAMESPACES, "v1",
	  "{\"metadata\":{\"name\":\"a\",\"labels\":{\"k\":\"v\"}}}", NULL },
	{ "a namespace with a bad label", RESOURCE_NAMESPACES, "v1",
	  "{\"metadata\":{\"name\":\"a\",\"labels\":{\"k\":7}}}",
	  "metadata.labels" },
	{ "a node", RESOURCE_NODES, "v1", "{\"metadata\":{\"name\":\"one\"}}",
	  NULL },
	{ "a policy", RESOURCE_NETWORK_POLICIES, "networking.k8s.io/v1",
	  "{" META ",\"spec\":{\"podSelector\":{}}}", NULL },
	{ "a policy of a version that nobody knows", RESOURCE_NETWORK_POLICIES,
	  "networking.k8s.io/v2", "{" META ",\"spec\":{\"podSelector\":{}}}",
	  "apiVersion: " },
	{ "a policy with two errors", RESOURCE_NETWORK_POLICIES,
	  "networking.k8s.io/v1",
	  "{" META
	  ",\"spec\":{\"podSelector\":{},\"ingress\":[{\"ports\":[{\"port\":-1},{\"port\":70000}]}]}}",
	  "spec.ingress[0].ports[0].port: " },
};

static bool is_empty(const struct cluster *cluster)
{
	return !cluster->namespaces && !cluster->pods && !cluster->nodes &&
	       !cluster->policies && !cluster->cluster_policies;
}

static void test_decode(void **state)
{
	const struct decode_row *row = *state;
	json_t *object = manifest_parse(row->object);
	struct cluster cluster = {};
	char *refusal;

	refusal = object_decode(&resources[row->id], row->api_version, object,
				&cluster);
	if (row->refusal) {
		assert_non_null(refusal);
		if (strncmp(refusal, row->refusal, strlen(row->refusal)) != 0)
			fail_msg("got \"%s\"", refusal);
		assert_true(is_empty(&cluster));
	} else {
		if (refusal)
			fail_msg("refused: %s", refusal);
		assert_false(is_empty(&cluster));
	}
	free(refusal);
	cluster_clear(&cluster);
	json_decref(object);
}

static void test_more(void **state)
{
	const struct decode_row *row = &decode_rows[COUNT(decode_rows) - 1];
	json_t *object = manifest_parse(row->object);
	struct cluster cluster = {};
	char *refusal;

	(void)state;
	refusal = object_decode(&resources[row->id], row->api_version, object,
				&cluster);
	assert_non_null(strstr(refusal, "; and 1 more"));
	free(refusal);
	json_decref(object);
}

struct stand_in_row {
	const char *name;
	const char *object;
	bool possible;
	const char *selected; /* a label that is selected: "key=value" */
	const char *passed_over; /* one that is not; NULL for none */
	bool ingress;
	bool egress;
};

static const struct stand_in_row stand_in_rows[] = {
	{ "the selector and the directions hold",
	  "{" META
	  ",\"spec\":{\"podSelector\":{\"matchLabels\":{\"k\":\"v\"}},\"policyTypes\":[\"Ingress\"],\"ingress\":7}}",
	  true, "k=v", "k=w", true, false },
	{ "only egress",
	  "{" META
	  ",\"spec\":{\"podSelector\":{\"matchLabels\":{\"k\":\"v\"}},\"policyTypes\":[\"Egress\"],\"egress\":[{\"to\":{}}]}}",
	  true, "k=v", "k=w", false, true },
	{ "both when it does not say",
	  "{" META ",\"spec\":{\"podSelector\":{},\"egress\":[7]}}", true,
	  "k=v", NULL, true, true },
	{ "both when what it says is not known",
	  "{" META
	  ",\"spec\":{\"podSelector\":{\"matchLabels\":{\"k\":\"v\"}},\"policyTypes\":[\"Sideways\"]}}",
	  true, "k=w", NULL, true, true },
	{ "all pods when the selector cannot be read",
	  "{" META
	  ",\"spec\":{\"podSelector\":{\"matchExpressions\":[{\"key\":\"k\",\"operator\":\"Near\"}]}}}",
	  true, "k=w", NULL, true, true },
	{ "no spec at all", "{" META "}", true, "k=w", NULL, true, true },
	{ "annotations that are wrong are no matter",
	  "{\"metadata\":{\"name\":\"x\",\"namespace\":\"a\",\"annotations\":7},\"spec\":{\"podSelector\":{}}}",
	  true, "k=v", NULL, true, true },
	{ "a name that is none",
	  "{\"metadata\":{\"name\":\"X Y\",\"namespace\":\"a\"},\"spec\":{\"podSelector\":{}}}",
	  false, NULL, NULL, false, false },
	{ "no name", "{\"spec\":{\"podSelector\":{}}}", false, NULL, NULL,
	  false, false },
};

static bool selects(const struct network_policy *policy, const char *text)
{
	char *key = xstrdup(text), *value = strchr(key, '=');
	struct labels labels = {};
	bool result;

	*value++ = '\0';
	labels_set(&labels, key, value);
	result = selector_matches(&policy->pod_selector, &labels);
	labels_clear(&labels);
	free(key);
	return result;
}

static void test_stand_in(void **state)
{
	const struct stand_in_row *row = *state;
	json_t *object = manifest_parse(row->object);
	const struct network_policy *policy;
	struct cluster cluster = {};

	assert_int_equal(object_stand_in("networking.k8s.io/v1", object,
					 &cluster),
			 row->possible);
	policy = cluster.policies;
	if (!row->possible) {
		assert_null(policy);
		json_decref(object);
		return;
	}
	assert_string_equal(policy->key, "a/x");
	assert_int_equal(policy->ingress, row->ingress);
	assert_int_equal(policy->egress, row->egress);
	assert_int_equal(policy->ingress_rule_count, 0);
	assert_int_equal(policy->egress_rule_count, 0);
	assert_false(policy->audit);
	assert_true(selects(policy, row->selected));
	if (row->passed_over)
		assert_false(selects(policy, row->passed_over));
	cluster_clear(&cluster);
	json_decref(object);
}

struct block_row {
	const char *name;
	const char *node;
	const char *blocks; /* separated by spaces */
};

static const struct block_row block_rows[] = {
	{ "both families",
	  "{\"spec\":{\"podCIDR\":\"10.0.1.0/24\",\"podCIDRs\":[\"10.0.1.0/24\",\"fd00:1::/64\"]}}",
	  "10.0.1.0/24 fd00:1::/64" },
	{ "one, as older servers say it",
	  "{\"spec\":{\"podCIDR\":\"10.0.1.0/24\"}}", "10.0.1.0/24" },
	{ "bits beyond the prefix", "{\"spec\":{\"podCIDR\":\"10.0.1.7/24\"}}",
	  "10.0.1.0/24" },
	{ "what is none is left out",
	  "{\"spec\":{\"podCIDRs\":[7,\"x\",\"10.0.1.0/24\"]}}",
	  "10.0.1.0/24" },
	{ "none yet", "{\"spec\":{}}", "" },
	{ "no spec", "{}", "" },
};

static void test_blocks(void **state)
{
	const struct block_row *row = *state;
	json_t *node = manifest_parse(row->node);
	char buffer[NETWORK_TEXT_MAX];
	struct network *blocks;
	size_t length, count, i;
	FILE *stream;
	char *text;

	blocks = object_blocks(node, &count);
	stream = xopen_memstream(&text, &length);
	for (i = 0; i < count; i++)
		fprintf(stream, "%s%s", i ? " " : "",
			network_text(&blocks[i], buffer));
	fclose(stream);
	assert_string_equal(text, row->blocks);
	free(text);
	free(blocks);
	json_decref(node);
}

#define TABLE(name, function)                                          \
	table_tests("object: " #name, name##_rows, COUNT(name##_rows), \
		    sizeof(*name##_rows), function)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_more),
	};

	return TABLE(key, test_key) + TABLE(decode, test_decode) +
	       TABLE(stand_in, test_stand_in) + TABLE(block, test_blocks) +
	       cmocka_run_group_tests_name("object", tests, NULL, NULL);
}
