// SPDX-License-Identifier: GPL-2.0-only
#include "cni/operations.h"

#include "attachment_file.h"
#include "cni/kernel.h"

/* An agent need not be there: without it new pods are closed, which is no reason to
 * take the whole node for broken while the agent is replaced by a newer one.
 */
struct failure *operation_status(const struct configuration *configuration,
				 const struct invocation *invocation,
				 char **output)
{
	char *problem;

	(void)invocation;
	(void)output;
	if (configuration->open)
		return NULL;
	problem = attachment_directory_make(configuration->directory);
	if (problem)
		return failure_new(FAILURE_UNAVAILABLE, problem,
				   "pods cannot be registered");
	if (kernel_reach(&problem) != KERNEL_DONE)
		return failure_new(FAILURE_UNAVAILABLE, problem,
				   "no policy is enforced on this node");
	return NULL;
}
