// SPDX-License-Identifier: GPL-2.0-only
/*
 * The node's own pods: what the CNI plugin says of them, beside what the API server
 * sends.
 */
#include "support.h"

#include <stdlib.h>
#include <systemd/sd-event.h>

#include "attachment_file.h"
#include "intake_scene.h"
#include "policy/memory.h"

/* As the plugin leaves it; and takes it away for NULL. */
static void attach_as(struct intake_scene *scene, const char *name,
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
		problem = attachment_file_write(scene->directory, &attachment);
	} else {
		problem = attachment_file_remove(scene->directory, file);
	}
	assert_null(problem);
	scene->attached = 0;
	while (!scene->attached)
		assert_true(sd_event_run(scene->event, 10000000) > 0);
	free(attachment.container);
	free(file);
	free(key);
}

static void attach(struct intake_scene *scene, const char *name, const char *ip)
{
	attach_as(scene, name, "", ip);
}

/* An old status does not keep an address from the pod that has it now. */
static void test_contested(void **state)
{
	struct intake_scene *scene = *state;

	put_namespace(scene, "a");
	put_pod(scene, "old", "one", "10.0.0.1");
	put_object(scene, POD,
		   "{\"metadata\":{\"name\":\"new\",\"namespace\":\"a\"},\"spec\":{\"nodeName\":\"one\"},\"status\":{\"phase\":\"Pending\"}}");
	assert_non_null(compiled_pod(scene, "a/old"));
	assert_null(compiled_pod(scene, "a/new"));
	attach(scene, "new", "10.0.0.1");
	assert_non_null(compiled_pod(scene, "a/new"));
	assert_null(compiled_pod(scene, "a/old"));
	put_pod(scene, "old", "one", "10.0.0.1");
	assert_non_null(compiled_pod(scene, "a/new"));
	assert_null(compiled_pod(scene, "a/old"));
	attach(scene, "old", "10.0.0.2");
	assert_non_null(compiled_pod(scene, "a/new"));
	assert_non_null(compiled_pod(scene, "a/old"));
	attach(scene, "old", NULL);
	assert_null(compiled_pod(scene, "a/old"));
	attach(scene, "new", NULL);
	assert_null(compiled_pod(scene, "a/new"));
	assert_non_null(compiled_pod(scene, "a/old"));
}

static void expect_ip(struct intake_scene *scene, const char *key,
		      const char *ip)
{
	const struct pod *pod = compiled_pod(scene, key);
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
	struct intake_scene *scene = *state;

	put_namespace(scene, "a");
	put_pod(scene, "old", "one", "10.0.0.1");
	put_object(scene, POD,
		   "{\"metadata\":{\"name\":\"zz\",\"namespace\":\"a\"},\"spec\":{\"nodeName\":\"one\"},\"status\":{\"phase\":\"Pending\"}}");
	attach(scene, "old", "10.0.0.1");
	expect_ip(scene, "a/old", "10.0.0.1");
	attach(scene, "zz", "10.0.0.1");
	expect_ip(scene, "a/zz", "10.0.0.1");
	expect_ip(scene, "a/old", NULL);
	put_pod(scene, "old", "one", "10.0.0.1");
	expect_ip(scene, "a/old", NULL);
	attach(scene, "zz", NULL);
	expect_ip(scene, "a/zz", NULL);
	expect_ip(scene, "a/old", "10.0.0.1");
}

/* The object of a static pod has another uid than the pod. */
static void test_attached_uid(void **state)
{
	struct intake_scene *scene = *state;

	put_namespace(scene, "a");
	attach_as(scene, "x", "u-earlier", "10.0.0.7");
	put_pod(scene, "x", "one", "10.0.0.1");
	expect_ip(scene, "a/x", "10.0.0.1");
	attach_as(scene, "x", "u-x", "10.0.0.8");
	expect_ip(scene, "a/x", "10.0.0.8");
	attach_as(scene, "s", "hash", "10.0.0.9");
	put_object(scene, POD,
		   "{\"metadata\":{\"name\":\"s\",\"namespace\":\"a\",\"uid\":\"u-s\",\"annotations\":{\"kubernetes.io/config.hash\":\"hash\"}},\"spec\":{\"nodeName\":\"one\"}}");
	expect_ip(scene, "a/s", "10.0.0.9");
}

/* The plugin was faster than the API server's word that the pod before it is gone. */
static void test_attached_early(void **state)
{
	struct intake_scene *scene = *state;
	const struct pod *pod;

	put_namespace(scene, "a");
	put_pod(scene, "x", "one", "10.0.0.1");
	attach(scene, "x", "10.0.0.2");
	remove_object(scene, RESOURCE_PODS,
		      "{\"metadata\":{\"name\":\"x\",\"namespace\":\"a\"}}");
	put_pod(scene, "x", "one", "10.0.0.2");
	pod = compiled_pod(scene, "a/x");
	assert_non_null(pod);
	assert_int_equal(pod->ip_count, 1);
	/* Its network is taken down, and its status says otherwise for a while. */
	attach(scene, "x", NULL);
	pod = compiled_pod(scene, "a/x");
	assert_true(!pod || !pod->ip_count);
	put_pod(scene, "x", "one", "10.0.0.2");
	pod = compiled_pod(scene, "a/x");
	assert_true(!pod || !pod->ip_count);
}

/* An object that cannot be read does not keep an address that is gone. */
static void test_attached_refused(void **state)
{
	struct intake_scene *scene = *state;
	size_t refused;

	put_namespace(scene, "a");
	attach(scene, "x", "10.0.0.1");
	put_pod(scene, "x", "one", "10.0.0.1");
	expect_ip(scene, "a/x", "10.0.0.1");
	put_pod(scene, "x", "one", "10.0.0.256");
	assert_int_equal(scene->refusals, 1);
	expect_ip(scene, "a/x", "10.0.0.1");
	attach(scene, "x", NULL);
	expect_ip(scene, "a/x", NULL);
	assert_int_equal(scene->refusals, 1);
	/* That does not make it good. */
	intake_count(scene->intake, RESOURCE_PODS, &refused);
	assert_int_equal(refused, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		INTAKE_TEST(test_contested),
		INTAKE_TEST(test_given_twice),
		INTAKE_TEST(test_attached_uid),
		INTAKE_TEST(test_attached_early),
		INTAKE_TEST(test_attached_refused),
	};

	return cmocka_run_group_tests_name("local pods", tests, NULL, NULL);
}
