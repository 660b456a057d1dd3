/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands of the specification, each in a file of its own.
 *
 * Each returns NULL, or why it failed, and may set @output to what goes to standard
 * output, which the caller frees.
 */
#ifndef NLCTL_CNI_OPERATIONS_H
#define NLCTL_CNI_OPERATIONS_H

#include "attachment.h"
#include "cni/configuration.h"
#include "cni/failure.h"
#include "cni/invocation.h"

/**
 * operation_add() - let a pod have its network once its policy is in force
 * @configuration: the network configuration
 * @invocation: which container
 * @output: set to the result of the plugins in front
 *
 * Without an agent in time the pod is closed, and opened by the agent when it comes
 * back; so that is no failure.
 */
struct failure *operation_add(const struct configuration *configuration,
			      const struct invocation *invocation,
			      char **output);

/* Forget a container; one that is not known is forgotten already. */
struct failure *operation_delete(const struct configuration *configuration,
				 const struct invocation *invocation,
				 char **output);

/* Whether a container still is as ADD left it, and the kernel enforces it. */
struct failure *operation_check(const struct configuration *configuration,
				const struct invocation *invocation,
				char **output);

/* Whether ADD can succeed. */
struct failure *operation_status(const struct configuration *configuration,
				 const struct invocation *invocation,
				 char **output);

/* Forget all containers of the network that the runtime does not name. */
struct failure *operation_collect(const struct configuration *configuration,
				  const struct invocation *invocation,
				  char **output);

/**
 * forget() - remove one attachment, and have its addresses made nobody's
 * @configuration: the network configuration
 * @name: of the attachment's file
 * @deadline: how long the agent may take, by clock_now()
 *
 * What fails but for the file is only noted: it is put right when an agent comes
 * back.
 *
 * Return: NULL, or why the file cannot be removed.
 */
char *forget(const struct configuration *configuration, const char *name,
	     uint64_t deadline);

#endif
