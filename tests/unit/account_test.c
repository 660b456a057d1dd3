// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the agent tells of itself, with the parts that it asks played by the test.
 */
#include "support.h"

#include "agent/account.h"
#include "agent/check.h"
#include "agent/notification.h"
#include "agent/object_event.h"
#include "agent/service.h"
#include "api_double.h"
#include "module_metrics.h"

#define SUSPECTS_MAX 16
#define MANY 300

static const char limit[] = "the policy needs 12 pods, the limit is 9";

/* --- the parts that are asked */

static struct {
	const char *reason; /* why the enforcer is not ready; NULL when it is */
	const char *silence; /* why the module tells nothing; NULL when it does */
	struct service_source source;
	unsigned int ready;
	unsigned int stopping;
	char *status;
	bool complete;
} parts;

uint64_t api_heard(const struct api *api)
{
	(void)api;
	return 0;
}

bool enforcer_ready(const struct enforcer *enforcer, char **reason)
{
	(void)enforcer;
	*reason = parts.reason ? xstrdup(parts.reason) : NULL;
	return !parts.reason;
}

struct enforcer_counts enforcer_counts(const struct enforcer *enforcer)
{
	(void)enforcer;
	return (struct enforcer_counts){ .generation = 41 };
}

size_t intake_count(const struct intake *intake, enum resource_id id,
		    size_t *refused)
{
	(void)intake;
	*refused = 0;
	return id;
}

struct watcher_counts watcher_counts(const struct watcher *watcher)
{
	(void)watcher;
	return (struct watcher_counts){ .complete = parts.complete };
}

char *module_metrics_text(bool pods, char **problem)
{
	(void)pods;
	*problem = parts.silence ? xstrdup(parts.silence) : NULL;
	return parts.silence ? NULL : xstrdup("podwall_of_module 1\n");
}

struct service *service_new(sd_event *event, const char *listen,
			    const struct service_source *source)
{
	(void)event;
	(void)listen;
	parts.source = *source;
	return (struct service *)&parts;
}

void service_free(struct service *service)
{
	(void)service;
}

struct notification *notification_new(sd_event *event)
{
	(void)event;
	return NULL;
}

void notification_ready(struct notification *notification)
{
	(void)notification;
	parts.ready++;
}

void notification_status(struct notification *notification, const char *format,
			 ...)
{
	va_list arguments;

	(void)notification;
	va_start(arguments, format);
	free(parts.status);
	assert_true(vasprintf(&parts.status, format, arguments) >= 0);
	va_end(arguments);
}

void notification_stopping(struct notification *notification)
{
	(void)notification;
	parts.stopping++;
}

void notification_free(struct notification *notification)
{
	(void)notification;
}

/* --- the account */

static const struct agent_options options = { .node = "one", .listen = "x:0" };
static struct watcher *watchers[RESOURCE_COUNT];
static struct compiler *compiler;

static struct account *begin(uint64_t repeat)
{
	struct account_parts asked = {
		.options = &options,
		.api = double_server,
		.watchers = watchers,
		.pace = &double_pace,
		.repeat = repeat,
	};

	memset(&parts, 0, sizeof(parts));
	compiler = compiler_new("one");
	asked.compiler = compiler;
	return account_new(double_api.event, &asked);
}

/* One that has committed, and told so: a request. */
static struct account *begin_started(uint64_t repeat)
{
	struct account *account = begin(repeat);

	account_committed(account, 0);
	double_run_until(1);
	double_settle();
	return account;
}

static void end(struct account *account)
{
	account_free(account);
	compiler_free(compiler);
	free(parts.status);
}

static json_t *object_of(const char *name, const char *node)
{
	json_t *object = json_pack("{s:{s:s, s:s}}", "metadata", "namespace",
				   "a", "name", name);

	if (node)
		json_object_set_new(object, "spec",
				    json_pack("{s:s}", "nodeName", node));
	return object;
}

static void hear(struct account *account, enum resource_id id, const char *name,
		 const char *node)
{
	json_t *object = object_of(name, node);

	account_heard(account, &resources[id], "v1", object);
	json_decref(object);
}

static void refuse(struct account *account, enum resource_id id,
		   const char *name, const char *text)
{
	json_t *object = object_of(name, NULL);

	account_object_refused(account, &resources[id], "v1", object, text);
	json_decref(object);
}

/* How many Events were sent of an object; of a reason, unless it is NULL. */
static size_t events_of(const char *kind, const char *name, const char *reason)
{
	size_t count = 0, i;

	for (i = 0; i < double_api.count; i++) {
		const struct asked *asked = &double_api.asked[i];
		json_t *event = json_loads(asked->body, 0, NULL);
		const char *its_kind = "", *its_name = "", *its_reason = "";

		json_unpack(event, "{s:s, s:{s:s, s:s}}", "reason", &its_reason,
			    "involvedObject", "kind", &its_kind, "name",
			    &its_name);
		count += !strcmp(its_kind, kind) && !strcmp(its_name, name) &&
			 (!reason || !strcmp(its_reason, reason));
		json_decref(event);
	}
	return count;
}

static size_t asked_by(const char *method, const char *path)
{
	size_t count = 0, i;

	for (i = 0; i < double_api.count; i++)
		count += !strcmp(double_api.asked[i].method, method) &&
			 strstr(double_api.asked[i].path, path);
	return count;
}

/* --- suspects */

struct suspect_row {
	const char *name;
	enum resource_id id;
	const char *node;
	bool suspect;
};

static const struct suspect_row suspect_rows[] = {
	{ "a pod of this node", RESOURCE_PODS, "one", true },
	{ "a pod of another", RESOURCE_PODS, "two", false },
	{ "a pod of none yet", RESOURCE_PODS, NULL, false },
	{ "a namespace", RESOURCE_NAMESPACES, NULL, true },
	{ "a policy", RESOURCE_NETWORK_POLICIES, NULL, true },
	{ "a cluster policy", RESOURCE_CLUSTER_NETWORK_POLICIES, NULL, true },
	{ "a node", RESOURCE_NODES, NULL, false },
};

static void test_suspect(void **state)
{
	const struct suspect_row *row = *state;
	const char *kind = resources[row->id].kind;
	struct account *account;

	double_begin(NULL);
	account = begin_started(0);
	hear(account, row->id, "x", row->node);
	account_refused(account, limit);
	double_settle();
	assert_int_equal(events_of(kind, "x", EVENT_LIMIT_EXCEEDED),
			 row->suspect);
	assert_int_equal(events_of("Node", "one", EVENT_LIMIT_EXCEEDED), 1);
	end(account);
	double_end(NULL);
}

/* The list in the beginning, what was committed since, and what is gone. */
static void test_not_suspect(void **state)
{
	struct account *account = begin(0);

	(void)state;
	hear(account, RESOURCE_PODS, "first", "one");
	account_committed(account, 0);
	hear(account, RESOURCE_PODS, "committed", "one");
	account_committed(account, 1);
	hear(account, RESOURCE_PODS, "gone", "one");
	hear(account, RESOURCE_PODS, "left", "one");
	account_gone(account, &resources[RESOURCE_PODS], "a/gone");
	account_gone(account, &resources[RESOURCE_PODS], "a/never");
	account_refused(account, limit);
	double_settle();
	assert_int_equal(events_of("Pod", "first", NULL), 0);
	assert_int_equal(events_of("Pod", "committed", NULL), 0);
	assert_int_equal(events_of("Pod", "gone", NULL), 0);
	assert_int_equal(events_of("Pod", "left", NULL), 1);
	end(account);
}

/* So many and no more, however often each comes. */
static void test_suspects_bounded(void **state)
{
	struct account *account = begin_started(0);
	unsigned int round, number;
	size_t before = double_api.count;

	(void)state;
	for (round = 0; round < 3; round++)
		for (number = 0; number < SUSPECTS_MAX + 5; number++) {
			char *name = xasprintf("x%u", number);

			hear(account, RESOURCE_PODS, name, "one");
			free(name);
		}
	account_refused(account, limit);
	double_settle();
	/* One on the node, and its condition. */
	assert_int_equal(double_api.count, before + SUSPECTS_MAX + 2);
	assert_int_equal(events_of("Pod", "x0", NULL), 1);
	assert_int_equal(events_of("Pod", "x15", NULL), 1);
	end(account);
}

/* Tried again and again, with another number each time. */
static void test_refused_again(void **state)
{
	struct account *account = begin_started(0);
	unsigned int number;

	(void)state;
	hear(account, RESOURCE_NAMESPACES, "x", NULL);
	for (number = 10; number < 20; number++) {
		char *text =
			xasprintf("the policy needs %u pods, the limit is 9",
				  number);

		account_refused(account, text);
		double_settle();
		free(text);
	}
	assert_int_equal(events_of("Namespace", "x", NULL), 1);
	assert_int_equal(events_of("Node", "one", NULL), 1);
	assert_int_equal(asked_by("PATCH", "/events/"), 0);
	end(account);
}

/* --- what stays refused */

/* Of many that were refused in the beginning none is told in front of a new one. */
static void test_news(void **state)
{
	struct account *account = begin(0);
	unsigned int number;

	(void)state;
	for (number = 0; number < MANY; number++) {
		char *name = xasprintf("x%u", number);

		refuse(account, RESOURCE_PODS, name, "bad");
		free(name);
	}
	account_listed(account);
	refuse(account, RESOURCE_PODS, "new", "bad");
	double_run_until(1);
	assert_int_equal(events_of("Pod", "new", EVENT_OBJECT_REFUSED), 1);
	end(account);
}

static void test_told_once(void **state)
{
	struct account *account = begin_started(0);

	(void)state;
	refuse(account, RESOURCE_NETWORK_POLICIES, "x", "bad");
	refuse(account, RESOURCE_NETWORK_POLICIES, "x", "bad");
	refuse(account, RESOURCE_PODS, "y", "bad");
	double_settle();
	assert_int_equal(events_of("NetworkPolicy", "x", EVENT_POLICY_REFUSED),
			 1);
	assert_int_equal(events_of("Pod", "y", EVENT_OBJECT_REFUSED), 1);
	assert_int_equal(asked_by("PATCH", "/events/"), 0);
	end(account);
}

static void run_until_patched(const char *path, size_t count)
{
	unsigned int patience = 10000;

	while (asked_by("PATCH", path) < count) {
		assert_true(patience-- > 0);
		assert_true(sd_event_run(double_api.event, 10000) >= 0);
	}
}

/* As long as it is so. */
static void test_repeated(void **state)
{
	struct account *account = begin_started(2000);
	size_t asked;

	(void)state;
	refuse(account, RESOURCE_NETWORK_POLICIES, "x", "bad");
	refuse(account, RESOURCE_NETWORK_POLICIES, "y", "bad");
	run_until_patched("/events/x.", 3);
	run_until_patched("/events/y.", 3);
	assert_int_equal(events_of("NetworkPolicy", "x", NULL), 1);
	/* Good again; the other goes on. */
	hear(account, RESOURCE_NETWORK_POLICIES, "x", NULL);
	run_until_patched("/events/y.", asked_by("PATCH", "/events/y.") + 2);
	asked = asked_by("PATCH", "/events/x.");
	run_until_patched("/events/y.", asked_by("PATCH", "/events/y.") + 3);
	assert_int_equal(asked_by("PATCH", "/events/x."), asked);
	/* Gone: nothing is left to wait for. */
	account_gone(account, &resources[RESOURCE_NETWORK_POLICIES], "a/y");
	double_settle();
	end(account);
}

/* What is told again is what is wrong with it now. */
static void test_repeated_otherwise(void **state)
{
	struct account *account = begin_started(2000);
	size_t from, i;

	(void)state;
	refuse(account, RESOURCE_NETWORK_POLICIES, "x", "bad");
	run_until_patched("/events/x.", 1);
	refuse(account, RESOURCE_NETWORK_POLICIES, "x", "worse");
	from = double_api.count;
	/* One of the old one may be under way. */
	run_until_patched("/events/x.", asked_by("PATCH", "/events/x.") + 4);
	for (i = from + 2; i < double_api.count; i++)
		if (strstr(double_api.asked[i].path, "/events/x."))
			assert_non_null(strstr(double_api.asked[i].body,
					       "worse"));
	end(account);
}

/* However many there are. */
static void test_many_refused(void **state)
{
	struct account *account = begin_started(0);
	unsigned int number;

	(void)state;
	for (number = 0; number < MANY; number++) {
		char *name = xasprintf("x%u", number);

		refuse(account, RESOURCE_PODS, name, "bad");
		free(name);
	}
	/* One is good again before it is told. */
	hear(account, RESOURCE_PODS, "x280", "one");
	/* The condition, and all but that one. */
	double_run_until(MANY);
	double_settle();
	assert_int_equal(asked_by("POST", "/namespaces/a/events"), MANY - 1);
	assert_int_equal(events_of("Pod", "x0", EVENT_OBJECT_REFUSED), 1);
	assert_int_equal(events_of("Pod", "x279", EVENT_OBJECT_REFUSED), 1);
	assert_int_equal(events_of("Pod", "x280", NULL), 0);
	assert_int_equal(events_of("Pod", "x299", EVENT_OBJECT_REFUSED), 1);
	end(account);
}

/* --- readiness, the condition, the service manager */

static char *report(const struct account *account)
{
	struct checks checks = {};
	char *text;

	(void)account;
	parts.source.check(parts.source.context, &checks);
	text = checks_failures(&checks, "; ");
	checks_clear(&checks);
	return text;
}

static void expect_report(const struct account *account, const char *wanted)
{
	char *text = report(account);

	assert_string_equal(text, wanted);
	free(text);
}

static void test_readiness(void **state)
{
	struct account *account = begin(0);
	char *text;
	size_t i;

	(void)state;
	parts.reason = "no room";
	text = report(account);
	assert_non_null(strstr(text, "pods: they have not been listed yet"));
	assert_non_null(strstr(text, "policy: no room"));
	free(text);
	for (i = 0; i < RESOURCE_COUNT; i++)
		watchers[i] = (struct watcher *)&parts;
	parts.complete = true;
	expect_report(account, "policy: no room");
	parts.reason = NULL;
	expect_report(account, "");
	memset(watchers, 0, sizeof(watchers));
	end(account);
}

static void ask_metrics(bool of_module)
{
	char *text = parts.source.metrics(parts.source.context, false);

	assert_int_equal(!strncmp(text, "podwall_of_module 1\n", 20),
			 of_module);
	assert_non_null(strstr(text, "podwall_agent_"));
	free(text);
}

/* Why the module tells nothing is said when that begins, each time. */
static void test_metrics(void **state)
{
	static const char line[] =
		"nlctl: agent: the metrics of the module cannot be read: no module\n";
	struct account *account = begin(0);
	char *twice = xasprintf("%s%s", line, line);

	(void)state;
	ask_metrics(true);
	assert_string_equal(double_said(), "");
	parts.silence = "no module";
	ask_metrics(false);
	ask_metrics(false);
	assert_string_equal(double_said(), line);
	parts.silence = NULL;
	ask_metrics(true);
	parts.silence = "no module";
	ask_metrics(false);
	assert_string_equal(double_said(), twice);
	free(twice);
	end(account);
}

static void expect_condition(size_t index, const char *status,
			     const char *reason, const char *message)
{
	json_t *patch = json_loads(double_api.asked[index].body, 0, NULL);
	const char *its_status, *its_reason, *its_message;

	assert_int_equal(json_unpack(patch, "{s:{s:[{s:s, s:s, s:s}]}}",
				     "status", "conditions", "status",
				     &its_status, "reason", &its_reason,
				     "message", &its_message),
			 0);
	assert_string_equal(its_status, status);
	assert_string_equal(its_reason, reason);
	assert_string_equal(its_message, message);
	json_decref(patch);
}

static void on_told(void *context)
{
	bool *told = context;

	*told = true;
}

static void test_condition(void **state)
{
	static const char in_force[] =
		"the policy of the cluster is in force for 0 pods, in generation 41";
	struct account *account = begin_started(0);
	bool told = false;

	(void)state;
	expect_condition(0, "True", "PolicyInForce", in_force);
	assert_int_equal(parts.ready, 1);
	assert_string_equal(parts.status, in_force);
	parts.reason = "no block";
	account_committed(account, 1);
	double_run_until(2);
	double_settle();
	expect_condition(1, "False", "GuardRefused", "no block");
	account_refused(account, limit);
	double_run_until(4);
	double_settle();
	assert_int_equal(asked_by("PATCH", "/nodes/one/status"), 3);
	assert_int_equal(events_of("Node", "one", EVENT_LIMIT_EXCEEDED), 1);
	account_end(account, on_told, &told);
	double_settle();
	assert_true(told);
	/* Whoever refused has said so in the log. */
	assert_string_equal(double_said(), "");
	assert_int_equal(parts.stopping, 1);
	assert_int_equal(asked_by("PATCH", "/nodes/one/status"), 4);
	end(account);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DOUBLE_TEST(test_not_suspect),
		DOUBLE_TEST(test_suspects_bounded),
		DOUBLE_TEST(test_refused_again),
		DOUBLE_TEST(test_news),
		DOUBLE_TEST(test_told_once),
		DOUBLE_TEST(test_repeated),
		DOUBLE_TEST(test_repeated_otherwise),
		DOUBLE_TEST(test_many_refused),
		DOUBLE_TEST(test_readiness),
		DOUBLE_TEST(test_metrics),
		DOUBLE_TEST(test_condition),
	};
	int failed = table_tests("suspects", suspect_rows, COUNT(suspect_rows),
				 sizeof(*suspect_rows), test_suspect);

	return !!(failed + cmocka_run_group_tests(tests, NULL, NULL));
}
