// SPDX-License-Identifier: GPL-2.0-only
#include "cni/operations.h"

#include <stdlib.h>

#include "attachment_file.h"
#include "clock.h"
#include "cni/kernel.h"
#include "cni/note.h"
#include "cni/registration.h"
#include "cni/turn.h"
#include "policy/memory.h"

static bool remove_ip(struct attachment *attachment, const struct ip *ip)
{
	size_t i, kept = 0, before = attachment->ip_count;

	for (i = 0; i < before; i++)
		if (!ip_equal(&attachment->ips[i], ip))
			attachment->ips[kept++] = attachment->ips[i];
	attachment->ip_count = kept;
	return kept < before;
}

/* The block of one address goes from one list to the other. */
static bool move_block(struct attachment *from, struct attachment *to,
		       const struct ip *ip)
{
	size_t i, kept = 0, before = from->guarded_count;

	for (i = 0; i < before; i++)
		if (ip_equal(&from->guarded[i].base, ip))
			*array_add(to->guarded, to->guarded_count) =
				from->guarded[i];
		else
			from->guarded[kept++] = from->guarded[i];
	from->guarded_count = kept;
	return kept < before;
}

static void hand_over(const struct configuration *configuration,
		      struct attachment *attachment, struct attachment *heir)
{
	bool moved = false;
	size_t i;

	for (i = 0; i < heir->ip_count; i++) {
		const struct ip *ip = &heir->ips[i];

		if (remove_ip(attachment, ip))
			moved |= move_block(attachment, heir, ip);
	}
	if (moved)
		free(attachment_file_write(configuration->directory, heir));
}

/* A runtime may come back to a container long after its address went to another
 * one. What that has is not touched, and what was guarded stays so for it.
 */
static void leave_to_others(const struct configuration *configuration,
			    struct attachment *attachment)
{
	struct attachment *heir;
	size_t count, i;
	char *problem, **names;

	free(attachment_file_list(configuration->directory, &names, &count));
	for (i = 0; i < count; i++) {
		heir = attachment_file_read(configuration->directory, names[i],
					    &problem);
		free(problem);
		if (heir)
			hand_over(configuration, attachment, heir);
		attachment_free(heir);
	}
	attachment_file_list_free(names, count);
}

/* Without an agent the plugin sees to it that the next pod with the address does
 * not have this one's policy; what it has guarded is its own in any case.
 */
static void release(const struct configuration *configuration,
		    struct attachment *attachment)
{
	int turn = turn_take(configuration->directory);
	char *problem = NULL;

	leave_to_others(configuration, attachment);
	if (kernel_release(attachment, &problem) == KERNEL_REFUSED)
		note("the addresses of pod %s stay registered until the agent takes them out: %s",
		     attachment->key, problem);
	free(problem);
	turn_end(turn);
}

char *forget(const struct configuration *configuration, const char *name,
	     uint64_t deadline)
{
	struct attachment *attachment;
	enum registration registration;
	char *problem, *text;

	attachment =
		attachment_file_read(configuration->directory, name, &problem);
	if (problem)
		note("%s; removed", problem);
	free(problem);
	problem = attachment_file_remove(configuration->directory, name);
	if (problem)
		goto out;
	/* What was known to nobody is nothing to tell. */
	if (!attachment)
		goto out;
	registration = registration_tell(configuration->directory, "DEL",
					 attachment, deadline, &text);
	if (registration != REGISTRATION_DONE)
		note("pod %s: %s", attachment->key, text);
	if (registration != REGISTRATION_DONE || attachment->guarded_count)
		release(configuration, attachment);
	free(text);
out:
	attachment_free(attachment);
	return problem;
}

struct failure *operation_delete(const struct configuration *configuration,
				 const struct invocation *invocation,
				 char **output)
{
	char *name = attachment_file_name(invocation->container,
					  invocation->interface);
	struct failure *failure = NULL;
	char *problem;

	(void)output;
	problem = forget(configuration, name,
			 clock_now() + configuration->timeout);
	if (problem)
		failure = failure_new(FAILURE_IO, NULL, "%s", problem);
	free(problem);
	free(name);
	return failure;
}
