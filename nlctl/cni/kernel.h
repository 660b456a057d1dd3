/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the plugin does to the kernel's policy while no agent does it.
 *
 * An address that goes from one pod to the next must never be judged by what held
 * for the first. Without an agent nobody compiles policy, but an address can always
 * be made nobody's: then the guard denies it, both ways, until an agent has
 * registered the pod.
 *
 *	pod a is deleted, no agent: 10.1.0.7 is taken from a, and guarded already
 *	pod b gets 10.1.0.7:        denied
 *	the agent comes back:       10.1.0.7 is b's, and b's policy holds
 */
#ifndef NLCTL_CNI_KERNEL_H
#define NLCTL_CNI_KERNEL_H

#include <stdbool.h>

#include "attachment.h"

/**
 * enum kernel_state - what came of it
 * @KERNEL_DONE: it is as it shall be
 * @KERNEL_NO_MODULE: the module is not loaded, or cannot be reached
 * @KERNEL_REFUSED: the module refused, or does not know the pod
 */
enum kernel_state {
	KERNEL_DONE,
	KERNEL_NO_MODULE,
	KERNEL_REFUSED,
};

/* Functions that have a @problem set it to a text, which the caller frees, unless
 * they return KERNEL_DONE.
 */

/**
 * kernel_reach() - whether the module can be reached
 * @problem: why not
 */
enum kernel_state kernel_reach(char **problem);

/**
 * kernel_find_unguarded() - which blocks have to be guarded for an attachment
 * @attachment: the attachment, whose list of guarded blocks gets those that are
 *	missing: its addresses that no guarded block holds
 * @problem: why they cannot be told
 */
enum kernel_state kernel_find_unguarded(struct attachment *attachment,
					char **problem);

/**
 * kernel_guard() - guard the blocks of an attachment
 * @attachment: the attachment
 * @problem: why that is impossible; then nothing has changed
 */
enum kernel_state kernel_guard(const struct attachment *attachment,
			       char **problem);

/**
 * kernel_take() - take the addresses of an attachment from everyone else
 * @attachment: the attachment
 * @problem: why that is impossible; then nothing has changed
 *
 * Whoever has the attachment's key and id already keeps them.
 */
enum kernel_state kernel_take(const struct attachment *attachment,
			      char **problem);

/**
 * kernel_release() - take the addresses of an attachment from everyone, and its
 * blocks from those that are guarded
 * @attachment: the attachment
 * @problem: why that is impossible
 */
enum kernel_state kernel_release(const struct attachment *attachment,
				 char **problem);

/**
 * kernel_knows() - whether the addresses of an attachment are registered for its
 * pod
 * @attachment: the attachment
 * @problem: what is wrong
 */
enum kernel_state kernel_knows(const struct attachment *attachment,
			       char **problem);

#endif
