// SPDX-License-Identifier: GPL-2.0-only
#include "cni/operations.h"

#include <stdlib.h>

#include "attachment_file.h"
#include "clock.h"
#include "cni/kernel.h"
#include "cni/note.h"
#include "cni/registration.h"
#include "cni/result.h"
#include "cni/turn.h"
#include "policy/memory.h"

static const char no_pod[] =
	"its policy cannot be told; \"startUp\": \"open\" lets such containers pass";
static const char no_result[] =
	"put podwall-cni into \"plugins\" behind the plugin that makes the interface";

/* The pod, its container and its addresses. */
static struct failure *describe(const struct configuration *configuration,
				const struct invocation *invocation,
				struct attachment *attachment)
{
	if (!invocation->pod_namespace || !invocation->pod_name)
		return failure_new(
			FAILURE_ENVIRONMENT, xstrdup(no_pod),
			"CNI_ARGS has no K8S_POD_NAMESPACE and K8S_POD_NAME");
	attachment->key = xasprintf("%s/%s", invocation->pod_namespace,
				    invocation->pod_name);
	attachment->uid =
		xstrdup(invocation->pod_uid ? invocation->pod_uid : "");
	attachment->container = xstrdup(invocation->container);
	attachment->interface = xstrdup(invocation->interface);
	attachment->netns = xstrdup(invocation->netns);
	attachment->network = xstrdup(configuration->name);
	attachment->time = clock_now();
	if (!attachment->ip_count)
		return failure_new(FAILURE_CONFIGURATION, NULL,
				   "prevResult: the container has no address");
	return NULL;
}

static struct failure *leave(const struct configuration *configuration,
			     const struct attachment *attachment)
{
	char *problem =
		attachment_file_write(configuration->directory, attachment);
	struct failure *failure = NULL;

	if (problem)
		failure = failure_new(FAILURE_IO, NULL, "%s", problem);
	free(problem);
	return failure;
}

static struct failure *try_again(const char *what, char *problem)
{
	return failure_new(FAILURE_TRY_AGAIN, problem, "%s", what);
}

/* Nobody enforces the policy yet, so the pod is cut off. The file says first what
 * will be guarded, so that it is given back whatever happens next.
 */
static struct failure *close_pod(const struct configuration *configuration,
				 struct attachment *attachment)
{
	struct failure *failure;
	char *problem = NULL;

	if (kernel_find_unguarded(attachment, &problem) != KERNEL_DONE)
		return try_again("neither agent nor kernel can close the pod",
				 problem);
	if (attachment->guarded_count) {
		failure = leave(configuration, attachment);
		if (failure)
			return failure;
		if (kernel_guard(attachment, &problem) != KERNEL_DONE)
			return try_again("the pod's addresses cannot be guarded",
					 problem);
	}
	if (kernel_take(attachment, &problem) != KERNEL_DONE)
		return try_again(
			"the pod's addresses cannot be taken from who had them before",
			problem);
	return NULL;
}

/* Whoever had the address before must not be the one by whose policy it is judged,
 * if there is any.
 */
static void open_pod(const struct attachment *attachment)
{
	char *problem = NULL;

	if (kernel_take(attachment, &problem) == KERNEL_REFUSED)
		note("pod %s may be judged by the policy of another one for a while: %s",
		     attachment->key, problem);
	free(problem);
}

static struct failure *admit(const struct configuration *configuration,
			     struct attachment *attachment, uint64_t deadline)
{
	enum registration registration;
	struct failure *failure = NULL;
	char *text;
	int turn;

	registration = registration_tell(configuration->directory, "ADD",
					 attachment, deadline, &text);
	if (registration == REGISTRATION_REFUSED && !configuration->open)
		return try_again("the agent refuses the pod", text);
	if (registration != REGISTRATION_DONE) {
		note("pod %s is %s until the agent has its policy in force: %s",
		     attachment->key, configuration->open ? "open" : "closed",
		     text);
		turn = turn_take(configuration->directory);
		if (configuration->open)
			open_pod(attachment);
		else
			failure = close_pod(configuration, attachment);
		turn_end(turn);
	}
	free(text);
	return failure;
}

/* What an earlier ADD of the same has guarded is given back with the new file. */
static void take_over(const struct configuration *configuration,
		      const char *name, struct attachment *attachment)
{
	struct attachment *old;
	char *problem;

	old = attachment_file_read(configuration->directory, name, &problem);
	if (old) {
		attachment->guarded = old->guarded;
		attachment->guarded_count = old->guarded_count;
		old->guarded = NULL;
	}
	attachment_free(old);
	free(problem);
}

static struct failure *attach(const struct configuration *configuration,
			      const struct invocation *invocation,
			      struct attachment *attachment, uint64_t deadline)
{
	struct failure *failure;
	char *name;

	failure = describe(configuration, invocation, attachment);
	if (failure)
		return failure;
	name = attachment_file_name(attachment->container,
				    attachment->interface);
	take_over(configuration, name, attachment);
	failure = leave(configuration, attachment);
	if (!failure) {
		failure = admit(configuration, attachment, deadline);
		/* What was guarded is given back with the file. */
		if (failure)
			free(forget(configuration, name,
				    clock_now() + NANOSECONDS_PER_SECOND));
	}
	free(name);
	return failure;
}

struct failure *operation_add(const struct configuration *configuration,
			      const struct invocation *invocation,
			      char **output)
{
	uint64_t deadline = clock_now() + configuration->timeout;
	struct attachment *attachment = xcalloc(1, sizeof(*attachment));
	struct failure *failure;

	if (!configuration->previous)
		failure = failure_new(FAILURE_CONFIGURATION, xstrdup(no_result),
				      "prevResult is missing");
	else
		failure = result_read(configuration->previous, attachment);
	if (!failure)
		failure = result_text(configuration, output);
	if (failure)
		goto out;
	failure = attach(configuration, invocation, attachment, deadline);
	if (failure && configuration->open) {
		note("the container goes without policy: %s%s%s",
		     failure->message, failure->details ? ": " : "",
		     failure->details ? failure->details : "");
		failure_free(failure);
		failure = NULL;
	}
out:
	attachment_free(attachment);
	return failure;
}
