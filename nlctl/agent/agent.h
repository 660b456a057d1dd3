/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The agent: all its parts, and how they are joined.
 */
#ifndef NLCTL_AGENT_AGENT_H
#define NLCTL_AGENT_AGENT_H

#include "agent_option.h"
#include "nlctl.h"

/**
 * DOC: how the agent is built
 *
 *   API server -> watcher (one a kind) -> intake -> compiler -> enforcer -> kernel
 *   CNI plugin -> attachments ------------^                       |
 *        ^                                                        |
 *        +------------------------ in force ----------------------+
 *
 * One thread does it all out of one loop, so no part has a lock. A part knows
 * those to its right, and tells its owner, which is this file, of everything
 * else.
 */

/**
 * agent_run() - be the agent until a signal ends it
 * @nlctl: the context
 * @options: what it was told
 *
 * Return: the exit code.
 */
int agent_run(const struct nlctl *nlctl, const struct agent_options *options);

#endif
