// SPDX-License-Identifier: GPL-2.0-only
#include "agent/account.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "agent/agent_metrics.h"
#include "agent/complaint.h"
#include "agent/log.h"
#include "agent/node_condition.h"
#include "agent/notification.h"
#include "agent/object.h"
#include "agent/object_event.h"
#include "agent/object_list.h"
#include "agent/publisher.h"
#include "agent/refusals.h"
#include "agent/service.h"
#include "clock.h"
#include "module_metrics.h"
#include "policy/memory.h"

/* Objects that an Event is put on when the kernel refuses what came of them. */
#define SUSPECTS_MAX 16

struct account {
	struct account_parts parts;
	struct service *service;
	struct publisher *publisher;
	struct node_condition *condition;
	struct notification *notification;
	struct object_list suspects; /* came since all was in force */
	struct refusals *refusals;
	struct complaint
		silence; /* why the module cannot be asked for its metrics */
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

/* What the module says of itself; NULL when it does not. */
static char *read_module(struct account *account, bool pods)
{
	char *problem, *text = module_metrics_text(pods, &problem);

	if (text)
		complaint_clear(&account->silence);
	else if (complaint_raise(&account->silence, problem))
		log_warning("the metrics of the module cannot be read: %s",
			    problem);
	free(problem);
	return text;
}

static char *write_metrics(void *context, bool pods)
{
	struct account *account = context;
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

	module = read_module(account, pods);
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

/* --- objects that cannot be decoded */

void account_object_refused(struct account *account,
			    const struct resource *resource,
			    const char *api_version, const json_t *object,
			    const char *text)
{
	refusals_put(account->refusals, resource, api_version, object, text);
}

void account_listed(struct account *account)
{
	refusals_listed(account->refusals);
}

/* --- what the kernel refuses */

/* Of a hundred thousand pods most are elsewhere, and cost no more than this look. */
static bool may_fill_limit(const struct account *account,
			   const struct resource *resource,
			   const json_t *object)
{
	const char *node;

	if (resource->id != RESOURCE_PODS)
		return resource->id != RESOURCE_NODES;
	node = json_string_value(json_object_get(json_object_get(object,
								 "spec"),
						 "nodeName"));
	return node && !strcmp(node, account->parts.options->node);
}

static void look_at_node(struct account *account, const json_t *object)
{
	const char *name =
		json_string_value(json_object_get(json_object_get(object,
								  "metadata"),
						  "name"));

	if (name && !strcmp(name, account->parts.options->node))
		node_condition_known(account->condition, object);
}

void account_heard(struct account *account, const struct resource *resource,
		   const char *api_version, const json_t *object)
{
	if (refusals_count(account->refusals, resource->id)) {
		char *key = object_key(object);

		if (key)
			refusals_remove(account->refusals, resource, key);
		free(key);
	}
	if (resource->id == RESOURCE_NODES)
		look_at_node(account, object);
	/* In the beginning everything comes, and nothing is suspect. */
	if (account->started && may_fill_limit(account, resource, object))
		object_list_put(&account->suspects, SUSPECTS_MAX, resource,
				api_version, object);
}

void account_gone(struct account *account, const struct resource *resource,
		  const char *key)
{
	object_list_remove(&account->suspects, resource, key);
	refusals_remove(account->refusals, resource, key);
}

static void warn_of(struct account *account, const struct listed_object *listed,
		    const char *message)
{
	struct object_reference reference;

	object_reference_read(&reference, listed->resource->kind,
			      listed->api_version, listed->object);
	publisher_warn(account->publisher, &reference, EVENT_LIMIT_EXCEEDED,
		       message);
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
	for (i = 0; i < account->suspects.count; i++)
		warn_of(account, &account->suspects.objects[i], message);
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
	object_list_clear(&account->suspects);
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
	account->publisher = publisher_new(event, parts->api, options->node,
					   parts->pace, parts->repeat);
	account->refusals =
		refusals_new(event, account->publisher,
			     parts->repeat ? parts->repeat : PUBLISHER_REPEAT);
	account->condition = node_condition_new(event, parts->api,
						options->node, parts->pace);
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
	refusals_free(account->refusals);
	publisher_free(account->publisher);
	node_condition_free(account->condition);
	notification_free(account->notification);
	object_list_clear(&account->suspects);
	complaint_clear(&account->silence);
	free(account);
}
