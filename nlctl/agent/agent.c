// SPDX-License-Identifier: GPL-2.0-only
#include "agent/agent.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-event.h>

#include "agent/account.h"
#include "agent/api.h"
#include "agent/attachments.h"
#include "agent/credentials.h"
#include "agent/enforcer.h"
#include "agent/intake.h"
#include "agent/log.h"
#include "agent/watcher.h"
#include "policy/compiler.h"
#include "policy/memory.h"

struct agent {
	const struct nlctl *nlctl;
	const struct agent_options *options;
	sd_event *event;
	struct credentials *credentials;
	struct api *api;
	struct compiler *compiler;
	struct attachments *attachments;
	struct intake *intake;
	struct enforcer *enforcer;
	struct account *account;
	struct watcher *watchers[RESOURCE_COUNT];
};

/* What the compiler has to say, about addresses that two pods claim, say. */
static void tell_problems(struct agent *agent)
{
	struct problems problems = {};
	size_t i;

	compiler_problems(agent->compiler, &problems);
	for (i = 0; i < problems.count; i++) {
		const struct problem *problem = &problems.list[i];

		log_warning("%s: %s", problem->object ? problem->object : "?",
			    problem->text);
	}
	problems_clear(&problems);
}

static void on_changed(void *context)
{
	struct agent *agent = context;

	enforcer_changed(agent->enforcer);
}

static void on_heard(void *context, const struct resource *resource,
		     const char *api_version, const json_t *object)
{
	struct agent *agent = context;

	account_heard(agent->account, resource, api_version, object);
}

static void on_gone(void *context, const struct resource *resource,
		    const char *key)
{
	struct agent *agent = context;

	account_gone(agent->account, resource, key);
}

static void on_refused_object(void *context, const struct resource *resource,
			      const char *api_version, const json_t *object,
			      const char *text)
{
	struct agent *agent = context;

	account_object_refused(agent->account, resource, api_version, object,
			       text);
}

/* The blocks of the node, and those of the command line. */
static void on_blocks(void *context, const struct network *blocks, size_t count)
{
	struct agent *agent = context;
	const struct agent_options *options = agent->options;
	struct network *all = NULL;
	size_t all_count = 0, i;

	for (i = 0; i < options->guarded_count; i++)
		*array_add(all, all_count) = options->guarded[i];
	for (i = 0; i < count; i++)
		*array_add(all, all_count) = blocks[i];
	enforcer_guard(agent->enforcer, all, all_count, !options->open);
	free(all);
}

static void on_complete(void *context)
{
	struct agent *agent = context;
	struct compiler_counts counts = compiler_counts(agent->compiler);

	log_notice("knows the cluster: %zu pods, %zu of them here, %zu policies, %zu namespaces, %zu nodes",
		   counts.pods, intake_local_count(agent->intake),
		   counts.policies + counts.cluster_policies, counts.namespaces,
		   counts.nodes);
	account_listed(agent->account);
	enforcer_begin(agent->enforcer);
}

static void on_committed(void *context, uint64_t generation, uint64_t delay)
{
	struct agent *agent = context;

	tell_problems(agent);
	intake_enforced(agent->intake, generation);
	account_committed(agent->account, delay);
}

static void on_refused(void *context, const char *text)
{
	struct agent *agent = context;

	intake_refused(agent->intake, text);
	account_refused(agent->account, text);
}

static void on_withdrawn(void *context, uint64_t generation)
{
	struct agent *agent = context;

	intake_withdrawn(agent->intake, generation);
}

static void on_attached(void *context, const char *key)
{
	struct agent *agent = context;

	intake_attached(agent->intake, key);
}

static void on_told(void *context)
{
	struct agent *agent = context;

	sd_event_exit(agent->event, EXIT_SUCCESS);
}

static int on_signal(sd_event_source *source,
		     const struct signalfd_siginfo *info, void *context)
{
	struct agent *agent = context;

	(void)source;
	log_notice("ends by signal %s; what is in force stays in force",
		   strsignal((int)info->ssi_signo));
	account_end(agent->account, on_told, agent);
	return 0;
}

static bool listen_to_signals(struct agent *agent)
{
	static const int signals[] = { SIGTERM, SIGINT };
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		sigaddset(&set, signals[i]);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return false;
	for (i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		if (sd_event_add_signal(agent->event, NULL, signals[i],
					on_signal, agent) < 0)
			return false;
	signal(SIGPIPE, SIG_IGN);
	return true;
}

static void watch(struct agent *agent)
{
	struct audience audience = intake_audience(agent->intake);
	size_t i;

	for (i = 0; i < RESOURCE_COUNT; i++)
		agent->watchers[i] = watcher_new(agent->event, agent->api,
						 &resources[i], &audience);
}

static bool build(struct agent *agent)
{
	const struct intake_owner intake_owner = {
		.changed = on_changed,
		.heard = on_heard,
		.gone = on_gone,
		.refused = on_refused_object,
		.blocks = on_blocks,
		.complete = on_complete,
		.context = agent,
	};
	const struct enforcer_owner enforcer_owner = {
		.committed = on_committed,
		.refused = on_refused,
		.withdrawn = on_withdrawn,
		.context = agent,
	};
	const struct agent_options *options = agent->options;

	agent->credentials =
		credentials_read(agent->nlctl, options->kubeconfig);
	if (!agent->credentials)
		return false;
	agent->attachments = attachments_new(agent->event, options->directory,
					     on_attached, agent);
	if (!agent->attachments)
		return false;
	agent->compiler = compiler_new(options->node);
	agent->enforcer = enforcer_new(agent->event, agent->compiler,
				       options->compare, &enforcer_owner);
	agent->intake = intake_new(options->node, agent->compiler,
				   agent->attachments, &intake_owner);
	agent->api = api_new(agent->event, agent->credentials);
	if (!agent->api)
		return false;
	agent->account =
		account_new(agent->event, &(struct account_parts){
						  .options = options,
						  .api = agent->api,
						  .compiler = agent->compiler,
						  .intake = agent->intake,
						  .enforcer = agent->enforcer,
						  .watchers = agent->watchers,
					  });
	if (!agent->account)
		return false;
	if (options->guarded_count)
		on_blocks(agent, NULL, 0);
	watch(agent);
	return true;
}

static void take_apart(struct agent *agent)
{
	size_t i;

	for (i = 0; i < RESOURCE_COUNT; i++)
		watcher_free(agent->watchers[i]);
	account_free(agent->account);
	api_free(agent->api);
	intake_free(agent->intake);
	enforcer_free(agent->enforcer);
	compiler_free(agent->compiler);
	attachments_free(agent->attachments);
	credentials_free(agent->credentials);
	sd_event_unref(agent->event);
}

int agent_run(const struct nlctl *nlctl, const struct agent_options *options)
{
	struct agent agent = { .nlctl = nlctl, .options = options };
	int status = EXIT_FAILURE;
	int error;

	error = sd_event_new(&agent.event);
	if (error < 0) {
		nlctl_error(nlctl, "cannot begin: %s", strerror(-error));
		return EXIT_FAILURE;
	}
	if (!listen_to_signals(&agent))
		nlctl_error(nlctl, "cannot listen to signals: %s",
			    strerror(errno));
	else if (build(&agent)) {
		log_notice("begins for node %s with the API server at %s",
			   options->node,
			   credentials_server(agent.credentials));
		status = sd_event_loop(agent.event);
		if (status < 0) {
			log_error("ends: %s", strerror(-status));
			status = EXIT_FAILURE;
		}
	}
	take_apart(&agent);
	return status;
}
