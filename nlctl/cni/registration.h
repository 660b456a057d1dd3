/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Telling the agent of a file that was left for it, or taken away.
 */
#ifndef NLCTL_CNI_REGISTRATION_H
#define NLCTL_CNI_REGISTRATION_H

#include <stdint.h>

#include "attachment.h"

/**
 * enum registration - what the agent makes of it
 * @REGISTRATION_DONE: the kernel enforces it
 * @REGISTRATION_REFUSED: it cannot be enforced, and the agent says why
 * @REGISTRATION_UNHEARD: there is no agent, or it does not answer in time
 */
enum registration {
	REGISTRATION_DONE,
	REGISTRATION_REFUSED,
	REGISTRATION_UNHEARD,
};

/**
 * registration_tell() - tell the agent, and wait until it has done its part
 * @directory: where to meet it
 * @command: "ADD" or "DEL"
 * @attachment: what it is about
 * @deadline: when to give up, by clock_now()
 * @text: receives what it says, or why it says nothing; NULL when all is done;
 *	the caller frees it
 *
 * Return: what came of it.
 */
enum registration registration_tell(const char *directory, const char *command,
				    const struct attachment *attachment,
				    uint64_t deadline, char **text);

#endif
