// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the API server sends, on its way to the compiler: lists that begin anew,
 * objects that cannot be decoded, the node's own pods and blocks.
 */
#include "support.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "agent/intake.h"
#include "attachment_file.h"
#include "policy/compiler.h"
#include "policy/memory.h"

#define POD "v1", RESOURCE_PODS
#define POLICY "networking.k8s.io/v1", RESOURCE_NETWORK_POLICIES

struct fixture {
	char directory[32];
	sd_event *event;
	struct compiler *compiler;
	struct attachments *attachments;
	struct intake *intake;
	struct audience audience;
	size_t changes;
	size_t heard;
	char *gone;
	size_t refusals;
	char *refusal;
	size_t blocks;
	size_t block_count;
	size_t completions;
	size_t attached;
};

static void on_changed(void *context)
{
	struct fixture *fixture = context;

	fixture->changes++;
}

static void on_heard(void *context, const struct resource *resource,
		     const char *api_version, const json_t *object)
{
	struct fixture *fixture = context;

	(void)resource;
	assert_non_null(api_version);
	assert_non_null(object);
	fixture->heard++;
}

static void on_gone(void *context, const struct resource *resource,
		    const char *key)
{
	struct fixture *fixture = context;

	free(fixture->gone);
	fixture->gone = xasprintf("%s %s", resource->kind, key);
}

static void on_refused(void *context, const struct resource *resource,
		       const char *api_version, const json_t *object,
		       const char *text)
{
	struct fixture *fixture = context;

	(void)resource;
	assert_non_null(api_version);
	assert_non_null(object);
	fixture->refusals++;
	free(fixture->refusal);
	fixture->refusal = xstrdup(text);
}

static void on_blocks(void *context, const struct network *blocks, size_t count)
{
	struct fixture *fixture = context;

	(void)blocks;
	fixture->blocks++;
	fixture->block_count = count;
}

static void on_complete(void *context)
{
	struct fixture *fixture = context;

	fixture->completions++;
}

static void on_attached(void *context, const char *key)
{
	struct fixture *fixture = context;

	fixture->attached++;
	intake_attached(fixture->intake, key);
}

static int set_up(void **state)
{
	struct fixture *fixture = xcalloc(1, sizeof(*fixture));
	const struct intake_owner owner = {
		.changed = on_changed,
		.heard = on_heard,
		.gone = on_gone,
		.refused = on_refused,
		.blocks = on_blocks,
		.complete = on_complete,
		.context = fixture,
	};

	strcpy(fixture->directory, "/tmp/podwall-intake-XXXXXX");
	if (!mkdtemp(fixture->directory) || sd_event_new(&fixture->event) < 0)
		return -1;
	fixture->compiler = compiler_new("one");
	fixture->attachments = attachments_new(fixture->event,
					       fixture->directory, on_attached,
					       fixture);
	if (!fixture->attachments)
		return -1;
	fixture->intake = intake_new("one", fixture->compiler,
				     fixture->attachments, &owner);
	fixture->audience = intake_audience(fixture->intake);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	char *command;
	int status;

	intake_free(fixture->intake);
	attachments_free(fixture->attachments);
	compiler_free(fixture->compiler);
	sd_event_unref(fixture->event);
	command = xasprintf("rm -rf %s", fixture->directory);
	status = system(command);
	free(command);
	free(fixture->refusal);
	free(fixture->gone);
	free(fixture);
	return status;
}

static json_t *parse(const char *text)
{
	json_error_t error;
	json_t *value = json_loads(text, 0, &error);

	if (!value)
		fail_msg("%s: %s", error.text, text);
	return value;
}

static void put(struct fixture *fixture, const char *api_version,
		enum resource_id id, const char *text)
{
	json_t *object = parse(text);

	fixture->audience.put(fixture->audience.context, &resources[id],
			      api_version, object);
	json_decref(object);
}

static void take_out(struct fixture *fixture, enum resource_id id,
		     const char *text)
{
	json_t *object = parse(text);

	fixture->audience.removed(fixture->audience.context, &resources[id],
				  object);
	json_decref(object);
}

static void begin(struct fixture *fixture, enum resource_id id)
{
	fixture->audience.begin(fixture->audience.context, &resources[id]);
}

static void end(struct fixture *fixture, enum resource_id id)
{
	fixture->audience.end(fixture->audience.context, &resources[id]);
}

static void put_namespace(struct fixture *fixture, const char *name)
{
	char *text = xasprintf("{\"metadata\":{\"name\":\"%s\"}}", name);

	put(fixture, "v1", RESOURCE_NAMESPACES, text);
	free(text);
}

/* A running pod of namespace "a". */
static void put_pod(struct fixture *fixture, const char *name, const char *node,
		    const char *ip)
{
	char *text = xasprintf(
		"{\"metadata\":{\"name\":\"%s\",\"namespace\":\"a\",\"uid\":\"u-%s\"},\"spec\":{\"nodeName\":\"%s\"},\"status\":{\"phase\":\"Running\",\"podIP\":\"%s\"}}",
		name, name, node, ip);

	put(fixture, POD, text);
	free(text);
}

/* The pod as the kernel would get it, or NULL. */
static const struct pod *collect(struct fixture *fixture, const char *key)
{
	struct difference difference;

	compiler_changes(fixture->compiler, &difference);
	difference_clear(&difference);
	return compiler_find_pod(fixture->compiler, key);
}

static void test_complete(void **state)
{
	struct fixture *fixture = *state;
	size_t i;

	for (i = 0; i < RESOURCE_COUNT; i++) {
		assert_int_equal(fixture->completions, 0);
		begin(fixture, i);
		end(fixture, i);
	}
	assert_int_equal(fixture->completions, 1);
	begin(fixture, 0);
	end(fixture, 0);
	assert_int_equal(fixture->completions, 1);
}

/* A list that breaks off takes nothing away; the next one is whole. */
static void test_list(void **state)
{
	struct fixture *fixture = *state;
	size_t refused;

	put_namespace(fixture, "a");
	begin(fixture, RESOURCE_PODS);
	put_pod(fixture, "x", "one", "10.0.0.1");
	put_pod(fixture, "y", "two", "10.0.0.2");
	put_pod(fixture, "z", "one", "10.0.0.3");
	end(fixture, RESOURCE_PODS);
	assert_non_null(collect(fixture, "a/x"));
	assert_null(collect(fixture, "a/y"));
	assert_int_equal(compiler_counts(fixture->compiler).pods, 3);
	assert_int_equal(intake_local_count(fixture->intake), 2);

	begin(fixture, RESOURCE_PODS);
	put_pod(fixture, "x", "one", "10.0.0.1");
	begin(fixture, RESOURCE_PODS);
	put_pod(fixture, "y", "two", "10.0.0.2");
	assert_non_null(collect(fixture, "a/z"));
	put_pod(fixture, "z", "one", "10.0.0.3");
	end(fixture, RESOURCE_PODS);
	assert_null(collect(fixture, "a/x"));
	assert_non_null(collect(fixture, "a/z"));
	assert_int_equal(intake_count(fixture->intake, RESOURCE_PODS, &refused),
			 2);
	assert_int_equal(refused, 0);

	/* What comes by a watch belongs to the list. */
	put_pod(fixture, "v", "one", "10.0.0.4");
	begin(fixture, RESOURCE_PODS);
	put_pod(fixture, "v", "one", "10.0.0.4");
	end(fixture, RESOURCE_PODS);
	assert_non_null(collect(fixture, "a/v"));
	assert_null(collect(fixture, "a/z"));
	assert_int_equal(compiler_counts(fixture->compiler).pods, 1);
}

static void test_removed(void **state)
{
	struct fixture *fixture = *state;
	size_t changes;

	put_namespace(fixture, "a");
	put_pod(fixture, "x", "one", "10.0.0.1");
	changes = fixture->changes;
	take_out(fixture, RESOURCE_PODS,
		 "{\"metadata\":{\"name\":\"y\",\"namespace\":\"a\"}}");
	take_out(fixture, RESOURCE_PODS, "{}");
	assert_int_equal(fixture->changes, changes);
	assert_null(fixture->gone);
	assert_non_null(collect(fixture, "a/x"));
	take_out(fixture, RESOURCE_PODS,
		 "{\"metadata\":{\"name\":\"x\",\"namespace\":\"a\"}}");
	assert_int_equal(fixture->changes, changes + 1);
	assert_string_equal(fixture->gone, "Pod a/x");
	assert_null(collect(fixture, "a/x"));
}

/* It is another pod of the same name, on another node. */
static void test_moved(void **state)
{
	struct fixture *fixture = *state;

	put_namespace(fixture, "a");
	put_pod(fixture, "x", "one", "10.0.0.1");
	assert_non_null(collect(fixture, "a/x"));
	put_pod(fixture, "x", "two", "10.0.0.1");
	assert_null(collect(fixture, "a/x"));
	assert_int_equal(compiler_counts(fixture->compiler).pods, 1);
	intake_attached(fixture->intake, "a/x");
	assert_null(collect(fixture, "a/x"));
}

static void test_unnamed(void **state)
{
	struct fixture *fixture = *state;

	put(fixture, POD, "{\"metadata\":{}}");
	put(fixture, POD, "[7]");
	assert_int_equal(fixture->changes, 0);
	assert_int_equal(fixture->refusals, 0);
}

static void test_refused_pod(void **state)
{
	struct fixture *fixture = *state;
	size_t refused;

	put_namespace(fixture, "a");
	put_pod(fixture, "x", "one", "10.0.0");
	assert_int_equal(fixture->refusals, 1);
	assert_non_null(strstr(fixture->refusal, "it is not registered"));
	assert_null(collect(fixture, "a/x"));
	put_pod(fixture, "x", "one", "10.0.0.1");
	assert_non_null(collect(fixture, "a/x"));
	intake_count(fixture->intake, RESOURCE_PODS, &refused);
	assert_int_equal(refused, 0);

	put_pod(fixture, "x", "one", "10.0.0.256");
	assert_int_equal(fixture->refusals, 2);
	assert_non_null(strstr(fixture->refusal, "last good version holds"));
	assert_non_null(collect(fixture, "a/x"));
	intake_count(fixture->intake, RESOURCE_PODS, &refused);
	assert_int_equal(refused, 1);
	take_out(fixture, RESOURCE_PODS,
		 "{\"metadata\":{\"name\":\"x\",\"namespace\":\"a\"}}");
	intake_count(fixture->intake, RESOURCE_PODS, &refused);
	assert_int_equal(refused, 0);
}

/* What was good of a pod says nothing of another one of its name, though nobody told
 * that the first one went.
 */
static void test_refused_namesake(void **state)
{
	static const char bad[] =
		"{\"metadata\":{\"name\":\"x\",\"namespace\":\"a\",\"uid\":\"other\"},\"spec\":{\"nodeName\":\"one\"},\"status\":{\"phase\":\"Running\",\"podIP\":\"10.0.0.256\"}}";
	struct fixture *fixture = *state;

	put_namespace(fixture, "a");
	put_pod(fixture, "x", "one", "10.0.0.1");
	assert_non_null(collect(fixture, "a/x"));
	begin(fixture, RESOURCE_PODS);
	put(fixture, POD, bad);
	end(fixture, RESOURCE_PODS);
	assert_int_equal(fixture->refusals, 1);
	assert_non_null(strstr(fixture->refusal, "it is not registered"));
	assert_null(collect(fixture, "a/x"));
	assert_int_equal(intake_local_count(fixture->intake), 0);
	put_pod(fixture, "x", "one", "10.0.0.1");
	assert_non_null(collect(fixture, "a/x"));
}

static uint32_t ingress_of(struct fixture *fixture)
{
	return collect(fixture, "a/x")->ingress_rule_set;
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
	struct fixture *fixture = *state;
	size_t refused;

	put_namespace(fixture, "a");
	put_pod(fixture, "x", "one", "10.0.0.1");
	assert_int_equal(ingress_of(fixture), 0);
	put(fixture, POLICY, BAD_POLICY);
	assert_int_equal(fixture->refusals, 1);
	assert_non_null(strstr(fixture->refusal, "isolated instead"));
	assert_int_not_equal(ingress_of(fixture), 0);
	put(fixture, POLICY, GOOD_POLICY);
	assert_int_equal(ingress_of(fixture), 0);
	put(fixture, POLICY, BAD_POLICY);
	assert_int_equal(fixture->refusals, 2);
	assert_non_null(strstr(fixture->refusal, "last good version holds"));
	assert_int_equal(ingress_of(fixture), 0);
	intake_count(fixture->intake, RESOURCE_NETWORK_POLICIES, &refused);
	assert_int_equal(refused, 1);

	take_out(fixture, RESOURCE_NETWORK_POLICIES, GOOD_POLICY);
	put(fixture, POLICY, BAD_POLICY);
	assert_int_not_equal(ingress_of(fixture), 0);
	take_out(fixture, RESOURCE_NETWORK_POLICIES, BAD_POLICY);
	assert_int_equal(ingress_of(fixture), 0);
	intake_count(fixture->intake, RESOURCE_NETWORK_POLICIES, &refused);
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
	struct fixture *fixture = *state;
	size_t i;

	for (i = 0; i < COUNT(nodes); i++) {
		put(fixture, "v1", RESOURCE_NODES, nodes[i]);
		assert_int_equal(fixture->blocks, calls[i]);
	}
	assert_int_equal(fixture->block_count, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* As the plugin leaves it; and takes it away for NULL. */
static void attach_as(struct fixture *fixture, const char *name,
		      const char *uid, const char *ip)
{
	char *problem, *file = xasprintf("c-%s@eth0.json", name);
	char *key = xasprintf("a/%s", name);
	struct ip address;
	struct attachment attachment = {
		.key = key,
		.uid = (char *)uid,
		.container = xasprintf("c-%s", name),
		.interface = (char *)"eth0",
		.netns = (char *)"/run/netns/x",
		.network = (char *)"net",
		.ips = &address,
		.ip_count = 1,
	};

	if (ip) {
		assert_true(ip_parse(ip, &address));
		problem =
			attachment_file_write(fixture->directory, &attachment);
	} else {
		problem = attachment_file_remove(fixture->directory, file);
	}
	assert_null(problem);
	fixture->attached = 0;
	while (!fixture->attached)
		assert_true(sd_event_run(fixture->event, 10000000) > 0);
	free(attachment.container);
	free(file);
	free(key);
}

static void attach(struct fixture *fixture, const char *name, const char *ip)
{
	attach_as(fixture, name, "", ip);
}

/* An old status does not keep an address from the pod that has it now. */
static void test_contested(void **state)
{
	struct fixture *fixture = *state;

	put_namespace(fixture, "a");
	put_pod(fixture, "old", "one", "10.0.0.1");
	put(fixture, POD,
	    "{\"metadata\":{\"name\":\"new\",\"namespace\":\"a\"},\"spec\":{\"nodeName\":\"one\"},\"status\":{\"phase\":\"Pending\"}}");
	assert_non_null(collect(fixture, "a/old"));
	assert_null(collect(fixture, "a/new"));
	attach(fixture, "new", "10.0.0.1");
	assert_non_null(collect(fixture, "a/new"));
	assert_null(collect(fixture, "a/old"));
	put_pod(fixture, "old", "one", "10.0.0.1");
	assert_non_null(collect(fixture, "a/new"));
	assert_null(collect(fixture, "a/old"));
	attach(fixture, "old", "10.0.0.2");
	assert_non_null(collect(fixture, "a/new"));
	assert_non_null(collect(fixture, "a/old"));
	attach(fixture, "old", NULL);
	assert_null(collect(fixture, "a/old"));
	attach(fixture, "new", NULL);
	assert_null(collect(fixture, "a/new"));
	assert_non_null(collect(fixture, "a/old"));
}

static void expect_ip(struct fixture *fixture, const char *key, const char *ip)
{
	const struct pod *pod = collect(fixture, key);
	char buffer[NETWORK_TEXT_MAX];

	if (!ip) {
		assert_true(!pod || !pod->ip_count);
		return;
	}
	assert_non_null(pod);
	assert_int_equal(pod->ip_count, 1);
	assert_string_equal(ip_text(&pod->ips[0], buffer), ip);
}

/* The plugin gives an address that nobody gave back: the newer pod has it, though
 * the older one runs.
 */
static void test_given_twice(void **state)
{
	struct fixture *fixture = *state;

	put_namespace(fixture, "a");
	put_pod(fixture, "old", "one", "10.0.0.1");
	put(fixture, POD,
	    "{\"metadata\":{\"name\":\"zz\",\"namespace\":\"a\"},\"spec\":{\"nodeName\":\"one\"},\"status\":{\"phase\":\"Pending\"}}");
	attach(fixture, "old", "10.0.0.1");
	expect_ip(fixture, "a/old", "10.0.0.1");
	attach(fixture, "zz", "10.0.0.1");
	expect_ip(fixture, "a/zz", "10.0.0.1");
	expect_ip(fixture, "a/old", NULL);
	put_pod(fixture, "old", "one", "10.0.0.1");
	expect_ip(fixture, "a/old", NULL);
	attach(fixture, "zz", NULL);
	expect_ip(fixture, "a/zz", NULL);
	expect_ip(fixture, "a/old", "10.0.0.1");
}

/* The object of a static pod has another uid than the pod. */
static void test_attached_uid(void **state)
{
	struct fixture *fixture = *state;

	put_namespace(fixture, "a");
	attach_as(fixture, "x", "u-earlier", "10.0.0.7");
	put_pod(fixture, "x", "one", "10.0.0.1");
	expect_ip(fixture, "a/x", "10.0.0.1");
	attach_as(fixture, "x", "u-x", "10.0.0.8");
	expect_ip(fixture, "a/x", "10.0.0.8");
	attach_as(fixture, "s", "hash", "10.0.0.9");
	put(fixture, POD,
	    "{\"metadata\":{\"name\":\"s\",\"namespace\":\"a\",\"uid\":\"u-s\",\"annotations\":{\"kubernetes.io/config.hash\":\"hash\"}},\"spec\":{\"nodeName\":\"one\"}}");
	expect_ip(fixture, "a/s", "10.0.0.9");
}

/* The plugin was faster than the API server's word that the pod before it is gone. */
static void test_attached_early(void **state)
{
	struct fixture *fixture = *state;
	const struct pod *pod;

	put_namespace(fixture, "a");
	put_pod(fixture, "x", "one", "10.0.0.1");
	attach(fixture, "x", "10.0.0.2");
	take_out(fixture, RESOURCE_PODS,
		 "{\"metadata\":{\"name\":\"x\",\"namespace\":\"a\"}}");
	put_pod(fixture, "x", "one", "10.0.0.2");
	pod = collect(fixture, "a/x");
	assert_non_null(pod);
	assert_int_equal(pod->ip_count, 1);
	/* Its network is taken down, and its status says otherwise for a while. */
	attach(fixture, "x", NULL);
	pod = collect(fixture, "a/x");
	assert_true(!pod || !pod->ip_count);
	put_pod(fixture, "x", "one", "10.0.0.2");
	pod = collect(fixture, "a/x");
	assert_true(!pod || !pod->ip_count);
}

/* An object that cannot be read does not keep an address that is gone. */
static void test_attached_refused(void **state)
{
	struct fixture *fixture = *state;
	size_t refused;

	put_namespace(fixture, "a");
	attach(fixture, "x", "10.0.0.1");
	put_pod(fixture, "x", "one", "10.0.0.1");
	expect_ip(fixture, "a/x", "10.0.0.1");
	put_pod(fixture, "x", "one", "10.0.0.256");
	assert_int_equal(fixture->refusals, 1);
	expect_ip(fixture, "a/x", "10.0.0.1");
	attach(fixture, "x", NULL);
	expect_ip(fixture, "a/x", NULL);
	assert_int_equal(fixture->refusals, 1);
	/* That does not make it good. */
	intake_count(fixture->intake, RESOURCE_PODS, &refused);
	assert_int_equal(refused, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_complete),	     TEST(test_list),
		TEST(test_removed),	     TEST(test_moved),
		TEST(test_unnamed),	     TEST(test_refused_pod),
		TEST(test_refused_namesake), TEST(test_refused_policy),
		TEST(test_blocks),	     TEST(test_contested),
		TEST(test_given_twice),	     TEST(test_attached_uid),
		TEST(test_attached_refused), TEST(test_attached_early),
	};

	return cmocka_run_group_tests_name("intake", tests, NULL, NULL);
}
