// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the API server sends, on its way to the compiler: lists that begin anew,
 * objects that cannot be decoded, the node's own blocks.
 */
#include "support.h"

#include <string.h>

#include "intake_scene.h"

#define POLICY "networking.k8s.io/v1", RESOURCE_NETWORK_POLICIES

static void begin(struct intake_scene *scene, enum resource_id id)
{
	scene->audience.begin(scene->audience.context, &resources[id]);
}

static void end(struct intake_scene *scene, enum resource_id id)
{
	scene->audience.end(scene->audience.context, &resources[id]);
}

static void test_complete(void **state)
{
	struct intake_scene *scene = *state;
	size_t i;

	for (i = 0; i < RESOURCE_COUNT; i++) {
		assert_int_equal(scene->completions, 0);
		begin(scene, i);
		end(scene, i);
	}
	assert_int_equal(scene->completions, 1);
	begin(scene, 0);
	end(scene, 0);
	assert_int_equal(scene->completions, 1);
}

/* A list that breaks off takes nothing away; the next one is whole. */
static void test_list(void **state)
{
	struct intake_scene *scene = *state;
	size_t refused;

	put_namespace(scene, "a");
	begin(scene, RESOURCE_PODS);
	put_pod(scene, "x", "one", "10.0.0.1");
	put_pod(scene, "y", "two", "10.0.0.2");
	put_pod(scene, "z", "one", "10.0.0.3");
	end(scene, RESOURCE_PODS);
	assert_non_null(compiled_pod(scene, "a/x"));
	assert_null(compiled_pod(scene, "a/y"));
	assert_int_equal(compiler_counts(scene->compiler).pods, 3);
	assert_int_equal(intake_local_count(scene->intake), 2);

	begin(scene, RESOURCE_PODS);
	put_pod(scene, "x", "one", "10.0.0.1");
	begin(scene, RESOURCE_PODS);
	put_pod(scene, "y", "two", "10.0.0.2");
	assert_non_null(compiled_pod(scene, "a/z"));
	put_pod(scene, "z", "one", "10.0.0.3");
	end(scene, RESOURCE_PODS);
	assert_null(compiled_pod(scene, "a/x"));
	assert_non_null(compiled_pod(scene, "a/z"));
	assert_int_equal(intake_count(scene->intake, RESOURCE_PODS, &refused),
			 2);
	assert_int_equal(refused, 0);

	/* What comes by a watch belongs to the list. */
	put_pod(scene, "v", "one", "10.0.0.4");
	begin(scene, RESOURCE_PODS);
	put_pod(scene, "v", "one", "10.0.0.4");
	end(scene, RESOURCE_PODS);
	assert_non_null(compiled_pod(scene, "a/v"));
	assert_null(compiled_pod(scene, "a/z"));
	assert_int_equal(compiler_counts(scene->compiler).pods, 1);
}

static void test_removed(void **state)
{
	struct intake_scene *scene = *state;
	size_t changes;

	put_namespace(scene, "a");
	put_pod(scene, "x", "one", "10.0.0.1");
	changes = scene->changes;
	remove_object(scene, RESOURCE_PODS,
		      "{\"metadata\":{\"name\":\"y\",\"namespace\":\"a\"}}");
	remove_object(scene, RESOURCE_PODS, "{}");
	assert_int_equal(scene->changes, changes);
	assert_null(scene->gone);
	assert_non_null(compiled_pod(scene, "a/x"));
	remove_object(scene, RESOURCE_PODS,
		      "{\"metadata\":{\"name\":\"x\",\"namespace\":\"a\"}}");
	assert_int_equal(scene->changes, changes + 1);
	assert_string_equal(scene->gone, "Pod a/x");
	assert_null(compiled_pod(scene, "a/x"));
}

/* It is another pod of the same name, on another node. */
static void test_moved(void **state)
{
	struct intake_scene *scene = *state;

	put_namespace(scene, "a");
	put_pod(scene, "x", "one", "10.0.0.1");
	assert_non_null(compiled_pod(scene, "a/x"));
	put_pod(scene, "x", "two", "10.0.0.1");
	assert_null(compiled_pod(scene, "a/x"));
	assert_int_equal(compiler_counts(scene->compiler).pods, 1);
	intake_attached(scene->intake, "a/x");
	assert_null(compiled_pod(scene, "a/x"));
}

static void test_unnamed(void **state)
{
	struct intake_scene *scene = *state;

	put_object(scene, POD, "{\"metadata\":{}}");
	put_object(scene, POD, "[7]");
	assert_int_equal(scene->changes, 0);
	assert_int_equal(scene->refusals, 0);
}

/* Which pod, or policy, of how many? And what has none has none. */
static void test_misplaced(void **state)
{
	struct intake_scene *scene = *state;
	size_t refused;

	put_namespace(scene, "default");
	put_object(scene, POD,
		   "{\"metadata\":{\"name\":\"x\"},\"spec\":{\"nodeName\":\"one\"},\"status\":{\"phase\":\"Running\",\"podIP\":\"10.0.0.1\"}}");
	assert_int_equal(intake_count(scene->intake, RESOURCE_PODS, &refused),
			 0);
	assert_null(compiled_pod(scene, "default/x"));
	put_object(scene, "v1", RESOURCE_NAMESPACES,
		   "{\"metadata\":{\"name\":\"b\",\"namespace\":\"default\"}}");
	assert_int_equal(intake_count(scene->intake, RESOURCE_NAMESPACES,
				      &refused),
			 1);
	remove_object(scene, RESOURCE_PODS, "{\"metadata\":{\"name\":\"x\"}}");
}

static void test_refused_pod(void **state)
{
	struct intake_scene *scene = *state;
	size_t refused;

	put_namespace(scene, "a");
	put_pod(scene, "x", "one", "10.0.0");
	assert_int_equal(scene->refusals, 1);
	assert_non_null(strstr(scene->refusal, "it is not registered"));
	assert_null(compiled_pod(scene, "a/x"));
	put_pod(scene, "x", "one", "10.0.0.1");
	assert_non_null(compiled_pod(scene, "a/x"));
	intake_count(scene->intake, RESOURCE_PODS, &refused);
	assert_int_equal(refused, 0);

	put_pod(scene, "x", "one", "10.0.0.256");
	assert_int_equal(scene->refusals, 2);
	assert_non_null(strstr(scene->refusal, "last good version holds"));
	assert_non_null(compiled_pod(scene, "a/x"));
	intake_count(scene->intake, RESOURCE_PODS, &refused);
	assert_int_equal(refused, 1);
	remove_object(scene, RESOURCE_PODS,
		      "{\"metadata\":{\"name\":\"x\",\"namespace\":\"a\"}}");
	intake_count(scene->intake, RESOURCE_PODS, &refused);
	assert_int_equal(refused, 0);
}

/* What was good of a pod says nothing of another one of its name, though nobody told
 * that the first one went.
 */
static void test_refused_namesake(void **state)
{
	static const char bad[] =
		"{\"metadata\":{\"name\":\"x\",\"namespace\":\"a\",\"uid\":\"other\"},\"spec\":{\"nodeName\":\"one\"},\"status\":{\"phase\":\"Running\",\"podIP\":\"10.0.0.256\"}}";
	struct intake_scene *scene = *state;

	put_namespace(scene, "a");
	put_pod(scene, "x", "one", "10.0.0.1");
	assert_non_null(compiled_pod(scene, "a/x"));
	begin(scene, RESOURCE_PODS);
	put_object(scene, POD, bad);
	end(scene, RESOURCE_PODS);
	assert_int_equal(scene->refusals, 1);
	assert_non_null(strstr(scene->refusal, "it is not registered"));
	assert_null(compiled_pod(scene, "a/x"));
	assert_int_equal(intake_local_count(scene->intake), 0);
	put_pod(scene, "x", "one", "10.0.0.1");
	assert_non_null(compiled_pod(scene, "a/x"));
}

static uint32_t ingress_of(struct intake_scene *scene)
{
	return compiled_pod(scene, "a/x")->ingress_rule_set;
}

#define BAD_POLICY                                                      \
	"{\"metadata\":{\"name\":\"p\",\"namespace\":\"a\"},\"spec\":{" \
	"\"podSelector\":{},\"policyTypes\":[\"Ingress\"],\"ingress\":7}}"
#define GOOD_POLICY                                                     \
	"{\"metadata\":{\"name\":\"p\",\"namespace\":\"a\"},\"spec\":{" \
	"\"podSelector\":{\"matchLabels\":{\"no\":\"pod\"}}}}"

/* A policy that was never good isolates; one that was holds as it was. */
static void test_refused_policy(void **state)
{
	struct intake_scene *scene = *state;
	size_t refused;

	put_namespace(scene, "a");
	put_pod(scene, "x", "one", "10.0.0.1");
	assert_int_equal(ingress_of(scene), 0);
	put_object(scene, POLICY, BAD_POLICY);
	assert_int_equal(scene->refusals, 1);
	assert_non_null(strstr(scene->refusal, "isolated instead"));
	assert_int_not_equal(ingress_of(scene), 0);
	put_object(scene, POLICY, GOOD_POLICY);
	assert_int_equal(ingress_of(scene), 0);
	put_object(scene, POLICY, BAD_POLICY);
	assert_int_equal(scene->refusals, 2);
	assert_non_null(strstr(scene->refusal, "last good version holds"));
	assert_int_equal(ingress_of(scene), 0);
	intake_count(scene->intake, RESOURCE_NETWORK_POLICIES, &refused);
	assert_int_equal(refused, 1);

	remove_object(scene, RESOURCE_NETWORK_POLICIES, GOOD_POLICY);
	put_object(scene, POLICY, BAD_POLICY);
	assert_int_not_equal(ingress_of(scene), 0);
	remove_object(scene, RESOURCE_NETWORK_POLICIES, BAD_POLICY);
	assert_int_equal(ingress_of(scene), 0);
	intake_count(scene->intake, RESOURCE_NETWORK_POLICIES, &refused);
	assert_int_equal(refused, 0);
}

static void test_blocks(void **state)
{
	static const char *const nodes[] = {
		"{\"metadata\":{\"name\":\"two\"},\"spec\":{\"podCIDR\":\"10.0.2.0/24\"}}",
		"{\"metadata\":{\"name\":\"one\"},\"spec\":{}}",
		"{\"metadata\":{\"name\":\"one\"},\"spec\":{\"podCIDR\":\"10.0.1.0/24\"}}",
		"{\"metadata\":{\"name\":\"one\"},\"spec\":{\"podCIDR\":\"10.0.1.0/24\",\"podCIDRs\":[\"10.0.1.0/24\"]}}",
		"{\"metadata\":{\"name\":\"one\"},\"spec\":{\"podCIDRs\":[\"10.0.1.0/24\",\"fd00:1::/64\"]}}",
	};
	static const size_t calls[] = { 0, 0, 1, 1, 2 };
	struct intake_scene *scene = *state;
	size_t i;

	for (i = 0; i < COUNT(nodes); i++) {
		put_object(scene, "v1", RESOURCE_NODES, nodes[i]);
		assert_int_equal(scene->blocks, calls[i]);
	}
	assert_int_equal(scene->block_count, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		INTAKE_TEST(test_complete),
		INTAKE_TEST(test_list),
		INTAKE_TEST(test_removed),
		INTAKE_TEST(test_moved),
		INTAKE_TEST(test_unnamed),
		INTAKE_TEST(test_misplaced),
		INTAKE_TEST(test_refused_pod),
		INTAKE_TEST(test_refused_namesake),
		INTAKE_TEST(test_refused_policy),
		INTAKE_TEST(test_blocks),
	};

	return cmocka_run_group_tests_name("intake", tests, NULL, NULL);
}
