// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the enforcer asks of the module: in which order, what it does when that is
 * refused, or when another module is there than before.
 */
#include "support.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <systemd/sd-event.h>

#include "agent/enforcer.h"
#include "agent/object.h"
#include "live.h"
#include "machine.h"
#include "manifest_objects.h"
#include "netlink.h"
#include "policy/memory.h"
#include "query.h"
#include "transaction.h"

#define ROUNDS 100

struct netlink {
	unsigned int load;
};

/**
 * kernel - stands in for the module
 * @loaded: it is there
 * @load: which time it was loaded; connections to an earlier one are dead
 * @generation: of its policy
 * @settings: its settings
 * @pods: that it has
 * @gone: it has a pod that nobody asked for
 * @change_error: what the next changes of the policy fail with, but for removals
 * @stale: so many of them are too late before
 * @guard_error: what changes of the guarded blocks fail with
 * @order: what was committed: g for blocks, p for the policy
 * @order_count: length of @order
 * @text: what the kernel says
 */
static struct {
	bool loaded;
	unsigned int load;
	uint64_t generation;
	struct settings settings;
	size_t pods;
	bool gone;
	int change_error;
	unsigned int stale;
	int guard_error;
	char order[ROUNDS];
	size_t order_count;
	size_t reads;
	const char *text;
} kernel;

struct fixture {
	sd_event *event;
	struct compiler *compiler;
	struct enforcer *enforcer;
	size_t committed;
	size_t refused;
	size_t withdrawn;
	char *said;
	size_t said_length;
	FILE *standard_error;
};

/* --- the module */

static int answer(struct netlink *netlink, int error)
{
	kernel.text = "the words of the kernel";
	return kernel.loaded && netlink->load == kernel.load ? error : -ENOENT;
}

bool machine_has_module(void)
{
	return kernel.loaded;
}

struct netlink *netlink_connect(char **problem)
{
	struct netlink *netlink;

	if (!kernel.loaded) {
		*problem = xstrdup("there is no module");
		return NULL;
	}
	netlink = xcalloc(1, sizeof(*netlink));
	netlink->load = kernel.load;
	return netlink;
}

void netlink_close(struct netlink *netlink)
{
	free(netlink);
}

const char *netlink_text(const struct netlink *netlink)
{
	(void)netlink;
	return kernel.text;
}

int read_settings(struct netlink *netlink, struct settings *settings,
		  uint64_t *generation)
{
	if (answer(netlink, 0))
		return -ENOENT;
	*settings = (struct settings){};
	for (size_t i = 0; i < kernel.settings.guarded_count; i++)
		settings_guard(settings, &kernel.settings.guarded[i]);
	*generation = kernel.generation;
	return 0;
}

int live_read(struct netlink *netlink, struct objects *objects,
	      struct settings *settings)
{
	kernel.reads++;
	*objects = (struct objects){};
	if (read_settings(netlink, settings, &objects->generation))
		return -ENOENT;
	if (kernel.gone)
		*array_add(objects->pods, objects->pod_count) = (struct pod){
			.key = xstrdup("a/gone"),
			.uid = xstrdup("u"),
		};
	return 0;
}

/* Removals need no room. */
static bool needs_room(const struct difference *difference)
{
	return difference_count(difference, CHANGE_ADD) ||
	       difference_count(difference, CHANGE_REPLACE);
}

static void commit(char what, uint64_t *generation)
{
	assert_true(kernel.order_count < ROUNDS - 1);
	kernel.order[kernel.order_count++] = what;
	*generation = ++kernel.generation;
}

int transaction_change(struct netlink *netlink, uint64_t since,
		       const struct difference *difference, uint64_t expected,
		       uint64_t *generation)
{
	int error = answer(netlink,
			   needs_room(difference) ? kernel.change_error : 0);

	(void)since;
	if (!error && kernel.stale) {
		kernel.stale--;
		kernel.generation++;
	}
	if (!error && expected != kernel.generation)
		error = -ESTALE;
	if (error)
		return error;
	kernel.pods += difference_count(difference, CHANGE_ADD);
	if (difference_count(difference, CHANGE_REMOVE))
		kernel.gone = false;
	commit('p', generation);
	return 0;
}

int transaction_settings(struct netlink *netlink, uint64_t since,
			 const struct settings_change *change,
			 const uint64_t *expected, uint64_t *generation)
{
	int error = answer(netlink, kernel.guard_error);
	size_t i;

	(void)since;
	if (!error && *expected != kernel.generation)
		error = -ESTALE;
	if (error)
		return error;
	assert_true(change->guarded);
	settings_clear(&kernel.settings);
	for (i = 0; i < change->values.guarded_count; i++)
		settings_guard(&kernel.settings, &change->values.guarded[i]);
	commit('g', generation);
	return 0;
}

/* Another module, which knows nothing. */
static void load_anew(void)
{
	settings_clear(&kernel.settings);
	kernel.load++;
	kernel.loaded = true;
	kernel.generation = 1;
	kernel.pods = 0;
}

/* --- the fixture */

static void on_committed(void *context, uint64_t generation, uint64_t delay)
{
	struct fixture *fixture = context;

	(void)delay;
	assert_int_equal(generation, kernel.generation);
	fixture->committed++;
}

static void on_refused(void *context, const char *text)
{
	struct fixture *fixture = context;

	assert_string_equal(text, "the words of the kernel");
	fixture->refused++;
}

static void on_withdrawn(void *context, uint64_t generation)
{
	struct fixture *fixture = context;

	assert_int_equal(generation, kernel.generation);
	assert_true(fixture->refused);
	fixture->withdrawn++;
}

static int set_up(void **state)
{
	struct fixture *fixture = xcalloc(1, sizeof(*fixture));
	const struct enforcer_owner owner = {
		.committed = on_committed,
		.refused = on_refused,
		.withdrawn = on_withdrawn,
		.context = fixture,
	};

	memset(&kernel, 0, sizeof(kernel));
	load_anew();
	unsetenv("JOURNAL_STREAM");
	fixture->standard_error = stderr;
	stderr = xopen_memstream(&fixture->said, &fixture->said_length);
	if (sd_event_new(&fixture->event) < 0)
		return -1;
	fixture->compiler = compiler_new("one");
	fixture->enforcer =
		enforcer_new(fixture->event, fixture->compiler, 60, &owner);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	fclose(stderr);
	stderr = fixture->standard_error;
	free(fixture->said);
	enforcer_free(fixture->enforcer);
	compiler_free(fixture->compiler);
	sd_event_unref(fixture->event);
	settings_clear(&kernel.settings);
	free(fixture);
	return 0;
}

static size_t times_said(struct fixture *fixture, const char *words)
{
	const char *at;
	size_t count = 0;

	fflush(stderr);
	for (at = fixture->said; (at = strstr(at, words)); at++)
		count++;
	return count;
}

static void put(struct fixture *fixture, enum resource_id id, const char *text)
{
	json_t *object = manifest_parse(text);
	struct cluster cluster = {};
	char *refusal;

	refusal = object_decode(&resources[id], "v1", object, &cluster);
	assert_null(refusal);
	object_put(&cluster, fixture->compiler);
	json_decref(object);
	enforcer_changed(fixture->enforcer);
}

static void put_pod(struct fixture *fixture, unsigned int number)
{
	char *text = xasprintf(
		"{\"metadata\":{\"name\":\"p%u\",\"namespace\":\"a\",\"uid\":\"u%u\"},\"spec\":{\"nodeName\":\"one\"},\"status\":{\"phase\":\"Running\",\"podIP\":\"10.0.1.%u\"}}",
		number, number, number);

	put(fixture, RESOURCE_NAMESPACES, "{\"metadata\":{\"name\":\"a\"}}");
	put(fixture, RESOURCE_PODS, text);
	free(text);
}

static void guard(struct fixture *fixture)
{
	struct network block;

	assert_true(network_parse("10.0.1.0/24", &block));
	enforcer_guard(fixture->enforcer, &block, 1, true);
}

static bool is_ready(struct fixture *fixture)
{
	char *reason;
	bool ready = enforcer_ready(fixture->enforcer, &reason);

	assert_true(ready == !reason);
	free(reason);
	return ready;
}

/* Not even a change is on its way. */
static bool is_settled(struct fixture *fixture)
{
	return is_ready(fixture) &&
	       !enforcer_counts(fixture->enforcer).waiting_since;
}

/* Run the loop until it is so; the test fails when it never is. */
#define run_until(fixture, condition)                                        \
	do {                                                                 \
		unsigned int patience = 1000;                                \
                                                                             \
		while (!(condition)) {                                       \
			assert_true(patience-- > 0);                         \
			assert_true(sd_event_run((fixture)->event, 10000) >= \
				    0);                                      \
		}                                                            \
	} while (0)

/* --- the tests */

/* Blocks come first, and though the picture is not whole. */
static void test_order(void **state)
{
	struct fixture *fixture = *state;

	put_pod(fixture, 1);
	guard(fixture);
	run_until(fixture, kernel.settings.guarded_count);
	assert_int_equal(kernel.pods, 0);
	assert_false(is_ready(fixture));
	enforcer_begin(fixture->enforcer);
	run_until(fixture, is_settled(fixture));
	assert_string_equal(kernel.order, "gp");
	/* A change on its way is no trouble. */
	put_pod(fixture, 2);
	assert_true(is_ready(fixture));
	assert_false(is_settled(fixture));
	run_until(fixture, is_settled(fixture));
	assert_int_equal(kernel.pods, 2);
	assert_int_equal(kernel.reads, 1);
}

/* Another module has no blocks: they come before any pod. */
static void test_loaded_anew(void **state)
{
	struct fixture *fixture = *state;

	put_pod(fixture, 1);
	guard(fixture);
	enforcer_begin(fixture->enforcer);
	run_until(fixture, is_settled(fixture));
	load_anew();
	put_pod(fixture, 2);
	run_until(fixture, kernel.pods == 2 && is_settled(fixture));
	assert_string_equal(kernel.order, "gpgp");
	assert_int_equal(times_said(fixture, "somebody else changed the guard"),
			 0);
}

/* So they do while the API server cannot be reached, and the connection to the
 * module that was is not asked again and again.
 */
static void test_loaded_anew_early(void **state)
{
	struct fixture *fixture = *state;

	guard(fixture);
	run_until(fixture, kernel.settings.guarded_count);
	load_anew();
	run_until(fixture, kernel.settings.guarded_count);
	assert_string_equal(kernel.order, "gg");
	load_anew();
	guard(fixture);
	run_until(fixture, kernel.settings.guarded_count);
}

/* Blocks that the kernel has no room for do not keep policy from it. */
static void test_guard_refused(void **state)
{
	struct fixture *fixture = *state;

	kernel.guard_error = -ENOSPC;
	put_pod(fixture, 1);
	guard(fixture);
	enforcer_begin(fixture->enforcer);
	run_until(fixture, fixture->committed);
	assert_int_equal(kernel.pods, 1);
	assert_false(is_ready(fixture));
	assert_int_equal(fixture->refused, 0);
	run_until(fixture, enforcer_counts(fixture->enforcer).refused == 2);
	assert_int_equal(times_said(fixture, "refuses the guarded blocks"), 1);
	kernel.guard_error = 0;
	run_until(fixture, is_settled(fixture));
	assert_int_equal(kernel.settings.guarded_count, 1);
	assert_int_equal(enforcer_counts(fixture->enforcer).repairs, 0);
}

static void test_refused(void **state)
{
	struct fixture *fixture = *state;

	kernel.change_error = -ENOSPC;
	put_pod(fixture, 1);
	enforcer_begin(fixture->enforcer);
	run_until(fixture, fixture->refused == 3);
	assert_false(is_ready(fixture));
	assert_int_equal(times_said(fixture, "refuses the policy"), 1);
	/* The blocks do not depend on the policy. */
	guard(fixture);
	run_until(fixture, kernel.settings.guarded_count);
	kernel.change_error = 0;
	put_pod(fixture, 2);
	run_until(fixture, is_settled(fixture));
	assert_int_equal(kernel.pods, 2);
}

/* A change that the kernel keeps waiting is one. */
static void test_late(void **state)
{
	struct fixture *fixture = *state;

	enforcer_begin(fixture->enforcer);
	run_until(fixture, is_settled(fixture));
	put_pod(fixture, 1);
	run_until(fixture, is_settled(fixture));
	/* Nobody runs the loop. */
	put_pod(fixture, 2);
	while (is_ready(fixture))
		usleep(10000);
	assert_int_equal(kernel.pods, 1);
	run_until(fixture, is_settled(fixture));
}

/* What the kernel refuses does not keep a pod in it that is gone. */
static void test_withdrawn(void **state)
{
	struct fixture *fixture = *state;

	kernel.gone = true;
	kernel.change_error = -ENOSPC;
	put_pod(fixture, 1);
	enforcer_begin(fixture->enforcer);
	run_until(fixture, fixture->withdrawn == 2);
	assert_false(kernel.gone);
	assert_int_equal(kernel.pods, 0);
	assert_int_equal(times_said(fixture, "1 pods that are gone"), 1);
	assert_false(is_ready(fixture));
	kernel.change_error = 0;
	run_until(fixture, is_settled(fixture));
	assert_int_equal(kernel.pods, 1);
}

/* What somebody else did is put right, and told, whatever it was. */
static void test_repaired(void **state)
{
	struct fixture *fixture = *state;

	put_pod(fixture, 1);
	enforcer_begin(fixture->enforcer);
	run_until(fixture, is_settled(fixture));
	kernel.gone = true;
	kernel.generation++;
	run_until(fixture, !kernel.gone);
	assert_int_equal(enforcer_counts(fixture->enforcer).repairs, 1);
	assert_int_equal(times_said(fixture,
				    "somebody else changed the policy; put right"),
			 1);
	assert_true(is_ready(fixture));
}

/* Another writer was faster: once, and again and again. */
static void test_stale(void **state)
{
	struct fixture *fixture = *state;

	enforcer_begin(fixture->enforcer);
	run_until(fixture, is_settled(fixture));
	kernel.stale = 3;
	put_pod(fixture, 1);
	run_until(fixture, is_settled(fixture));
	assert_int_equal(enforcer_counts(fixture->enforcer).stale, 3);
	assert_int_equal(fixture->refused, 0);
	assert_int_equal(kernel.pods, 1);
}

/* It is told once that there is no module, whatever happens meanwhile. */
static void test_absent(void **state)
{
	struct fixture *fixture = *state;
	unsigned int i;

	kernel.loaded = false;
	enforcer_begin(fixture->enforcer);
	for (i = 1; i < 20; i++) {
		put_pod(fixture, i);
		assert_true(sd_event_run(fixture->event, 10000) >= 0);
	}
	assert_false(is_ready(fixture));
	assert_int_equal(times_said(fixture, "there is no module"), 1);
	load_anew();
	run_until(fixture, is_settled(fixture));
	assert_int_equal(kernel.pods, 19);
	assert_int_equal(times_said(fixture, "the module answers again"), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_order),
		TEST(test_loaded_anew),
		TEST(test_loaded_anew_early),
		TEST(test_guard_refused),
		TEST(test_refused),
		TEST(test_late),
		TEST(test_withdrawn),
		TEST(test_repaired),
		TEST(test_stale),
		TEST(test_absent),
	};

	return cmocka_run_group_tests_name("enforcer", tests, NULL, NULL);
}
