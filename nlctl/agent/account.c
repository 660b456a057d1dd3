// SPDX-License-Identifier: GPL-2.0-only
#include "agent/account.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "agent/agent_metrics.h"
#include "agent/node_condition.h"
#include "agent/notification.h"
#include "agent/object_event.h"
#include "agent/publisher.h"
#include "agent/service.h"
#include "clock.h"
#include "module_metrics.h"
#include "policy/memory.h"

/* Objects that an Event is put on when the kernel refuses what came of them. */
#define SUSPECTS_MAX 16

/* An object that came since the kernel last took everything. */
struct suspect {
	char *api_version;
	const struct resource *resource;
	json_t *object; /* its name and so on, without what it says */
};

struct account {
	struct account_parts parts;
	struct service *service;
	struct publisher *publisher;
	struct node_condition *condition;
	struct notification *notification;
	struct suspect suspects[SUSPECTS_MAX];
	size_t suspect_count;
	uint64_t began;
	uint64_t started;
	struct histogram delay;
};

/* --- health and metrics */

static void check(void *context, struct checks *checks)
{
	const struct account *account = context;
	char *reason;
	size_t i;

	for (i = 0; i < RESOURCE_COUNT; i++) {
		const struct watcher *watcher = account->parts.watchers[i];

		if (watcher && watcher_counts(watcher).complete)
			checks_pass(checks, resources[i].plural);
		else
			checks_fail(checks, resources[i].plural,
				    "they have not been listed yet");
	}
	if (enforcer_ready(account->parts.enforcer, &reason))
		checks_pass(checks, "policy");
	else
		checks_fail(checks, "policy", "%s", reason);
	free(reason);
}

static void copy_sizes(const struct account *account,
		       struct agent_metrics *metrics)
{
	struct compiler_counts counts =
		compiler_counts(account->parts.compiler);

	metrics->compiled = (struct compiled_sizes){
		.pods = counts.pods,
		.local_pods = counts.local_pods,
		.identities = counts.identities,
		.addresses = counts.addresses,
		.peer_sets = counts.peer_sets,
		.rule_sets = counts.rule_sets,
	};
}

static void copy_kinds(const struct account *account,
		       struct agent_metrics *metrics)
{
	size_t refused, i;

	for (i = 0; i < RESOURCE_COUNT; i++) {
		const struct watcher *watcher = account->parts.watchers[i];

		metrics->objects[i] =
			intake_count(account->parts.intake, i, &refused);
		metrics->refused[i] = refused;
		if (watcher)
			metrics->watchers[i] = watcher_counts(watcher);
	}
}

static char *write_metrics(void *context, bool pods)
{
	const struct account *account = context;
	struct enforcer_counts counts =
		enforcer_counts(account->parts.enforcer);
	struct process_usage process;
	struct agent_metrics metrics = {
		.version = nlctl_version(),
		.node = account->parts.options->node,
		.began = account->began,
		.started = account->started,
		.waiting_since = counts.waiting_since,
		.heard = api_heard(account->parts.api),
		.generation = counts.generation,
		.commits = {
			[COMMIT_DONE] = counts.commits,
			[COMMIT_REFUSED] = counts.refused,
			[COMMIT_STALE] = counts.stale,
			[COMMIT_FAILED] = counts.failed,
		},
		.delay = account->delay,
		.comparisons = counts.comparisons,
		.repairs = counts.repairs,
		.events = publisher_counts(account->publisher),
		.condition = node_condition_counts(account->condition),
	};
	char *module, *own, *text, *reason;

	module = module_metrics_text(account->parts.nlctl, pods);
	metrics.ready = enforcer_ready(account->parts.enforcer, &reason);
	free(reason);
	copy_sizes(account, &metrics);
	copy_kinds(account, &metrics);
	if (process_usage_read(&process))
		metrics.process = &process;
	own = agent_metrics_text(&metrics, clock_now());
	text = xasprintf("%s%s", module ? module : "", own);
	free(module);
	free(own);
	return text;
}

/* --- what the kernel refuses */

static void forget_suspects(struct account *account)
{
	while (account->suspect_count) {
		struct suspect *suspect =
			&account->suspects[--account->suspect_count];

		free(suspect->api_version);
		json_decref(suspect->object);
	}
}

void account_heard(struct account *account, const struct resource *resource,
		   const char *api_version, const json_t *object)
{
	json_t *metadata = json_object_get(object, "metadata");

	if (resource->id == RESOURCE_NODES) {
		const char *name =
			json_string_value(json_object_get(metadata, "name"));

		if (name && !strcmp(name, account->parts.options->node))
			node_condition_known(account->condition, object);
		return;
	}
	/* In the beginning everything comes, and nothing is suspect. */
	if (!account->started || resource->id == RESOURCE_NAMESPACES ||
	    resource->id == RESOURCE_PODS ||
	    account->suspect_count == SUSPECTS_MAX)
		return;
	account->suspects[account->suspect_count++] = (struct suspect){
		.api_version = xstrdup(api_version),
		.resource = resource,
		.object = json_pack("{s:O}", "metadata", metadata),
	};
}

void account_object_refused(struct account *account,
			    const struct resource *resource,
			    const char *api_version, const json_t *object,
			    const char *text)
{
	struct object_reference reference;

	object_reference_read(&reference, resource->kind, api_version, object);
	publisher_warn(account->publisher, &reference,
		       resource->id < RESOURCE_NETWORK_POLICIES ?
			       EVENT_OBJECT_REFUSED :
			       EVENT_POLICY_REFUSED,
		       text);
}

static void warn_suspects(struct account *account, const char *text)
{
	const char *node = account->parts.options->node;
	struct object_reference reference = {
		.api_version = "v1",
		.kind = "Node",
		.name = node,
	};
	char *message;
	size_t i;

	message = xasprintf(
		"node %s cannot enforce what has changed, and keeps what it had: %s",
		node, text);
	publisher_warn(account->publisher, &reference, EVENT_LIMIT_EXCEEDED,
		       message);
	for (i = 0; i < account->suspect_count; i++) {
		const struct suspect *suspect = &account->suspects[i];

		object_reference_read(&reference, suspect->resource->kind,
				      suspect->api_version, suspect->object);
		publisher_warn(account->publisher, &reference,
			       EVENT_LIMIT_EXCEEDED, message);
	}
	free(message);
}

void account_refused(struct account *account, const char *text)
{
	warn_suspects(account, text);
	node_condition_set(account->condition, false, "PolicyRefused", text);
}

void account_committed(struct account *account, uint64_t delay)
{
	struct compiler_counts counts =
		compiler_counts(account->parts.compiler);
	char *message, *reason;

	if (!account->started)
		account->started = clock_now() - account->began;
	else if (delay)
		histogram_add(&account->delay, delay);
	forget_suspects(account);
	message = xasprintf(
		"the policy of the cluster is in force for %zu pods, in generation %" PRIu64,
		counts.local_pods,
		enforcer_counts(account->parts.enforcer).generation);
	/* Only guarded blocks can be missing. */
	if (enforcer_ready(account->parts.enforcer, &reason))
		node_condition_set(account->condition, true, "PolicyInForce",
				   message);
	else
		node_condition_set(account->condition, false, "GuardRefused",
				   reason);
	free(reason);
	notification_ready(account->notification);
	notification_status(account->notification, "%s", message);
	free(message);
}

void account_end(struct account *account, void (*done)(void *context),
		 void *context)
{
	notification_stopping(account->notification);
	node_condition_end(account->condition, done, context);
}

struct account *account_new(sd_event *event, const struct account_parts *parts)
{
	struct account *account = xcalloc(1, sizeof(*account));
	const struct service_source source = {
		.check = check,
		.metrics = write_metrics,
		.context = account,
	};
	const struct agent_options *options = parts->options;

	account->parts = *parts;
	account->began = clock_now();
	account->publisher =
		publisher_new(event, parts->api, options->node, NULL, 0);
	account->condition =
		node_condition_new(event, parts->api, options->node, NULL);
	account->notification = notification_new(event);
	if (options->listen) {
		account->service = service_new(event, options->listen, &source);
		if (!account->service) {
			account_free(account);
			return NULL;
		}
	}
	return account;
}

void account_free(struct account *account)
{
	if (!account)
		return;
	service_free(account->service);
	publisher_free(account->publisher);
	node_condition_free(account->condition);
	notification_free(account->notification);
	forget_suspects(account);
	free(account);
}
