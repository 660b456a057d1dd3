// SPDX-License-Identifier: GPL-2.0-only
#include "cni/operations.h"

#include <stdlib.h>
#include <string.h>

#include "attachment_file.h"
#include "cni/kernel.h"
#include "cni/result.h"
#include "policy/memory.h"

/* What ADD left of the container. */
static struct failure *find(const struct configuration *configuration,
			    const struct invocation *invocation,
			    struct attachment **attachment)
{
	char *name = attachment_file_name(invocation->container,
					  invocation->interface);
	struct failure *failure = NULL;
	char *problem;

	*attachment =
		attachment_file_read(configuration->directory, name, &problem);
	if (problem)
		failure = failure_new(FAILURE_IO, NULL, "%s", problem);
	else if (!*attachment)
		failure =
			failure_new(FAILURE_ABSENT, NULL,
				    "interface %s of container %s is not attached",
				    invocation->interface,
				    invocation->container);
	free(problem);
	free(name);
	return failure;
}

static struct failure *compare(const struct attachment *attachment,
			       const struct attachment *asked,
			       const struct invocation *invocation)
{
	char buffer[NETWORK_TEXT_MAX];
	char *key = NULL;
	struct failure *failure = NULL;
	size_t i;

	if (invocation->pod_namespace && invocation->pod_name)
		key = xasprintf("%s/%s", invocation->pod_namespace,
				invocation->pod_name);
	if (key && strcmp(key, attachment->key) != 0)
		failure = failure_new(FAILURE_DIFFERENT, NULL,
				      "container %s is pod %s, not %s",
				      attachment->container, attachment->key,
				      key);
	for (i = 0; !failure && i < asked->ip_count; i++)
		if (!attachment_has(attachment, &asked->ips[i]))
			failure = failure_new(FAILURE_DIFFERENT, NULL,
					      "pod %s was attached without %s",
					      attachment->key,
					      ip_text(&asked->ips[i], buffer));
	for (i = 0; !failure && i < attachment->ip_count; i++)
		if (!attachment_has(asked, &attachment->ips[i]))
			failure =
				failure_new(FAILURE_DIFFERENT, NULL,
					    "pod %s was attached with %s, too",
					    attachment->key,
					    ip_text(&attachment->ips[i],
						    buffer));
	free(key);
	return failure;
}

struct failure *operation_check(const struct configuration *configuration,
				const struct invocation *invocation,
				char **output)
{
	struct attachment *attachment = NULL;
	struct attachment *asked;
	struct failure *failure;
	char *problem = NULL;

	(void)output;
	if (!configuration->previous)
		return failure_new(FAILURE_CONFIGURATION, NULL,
				   "prevResult is missing");
	/* ADD let it pass without a word to anybody. */
	if (configuration->open &&
	    (!invocation->pod_namespace || !invocation->pod_name))
		return NULL;
	asked = xcalloc(1, sizeof(*asked));
	failure = result_read(configuration->previous, asked);
	if (!failure)
		failure = find(configuration, invocation, &attachment);
	if (!failure)
		failure = compare(attachment, asked, invocation);
	if (!failure && kernel_knows(attachment, &problem) != KERNEL_DONE)
		failure = failure_new(FAILURE_TRY_AGAIN, problem,
				      "the kernel does not enforce pod %s",
				      attachment->key);
	attachment_free(attachment);
	attachment_free(asked);
	return failure;
}
