/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * To watch for a while what the module denies.
 */
#ifndef NLCTL_GRAPH_WATCH_H
#define NLCTL_GRAPH_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "graph/attempts.h"
#include "nlctl.h"

/**
 * watch_attempts() - count what is denied from now on
 * @nlctl: the context
 * @seconds: how long, unless SIGINT or SIGTERM comes
 * @attempts: receives what is denied
 * @lost: receives how many events were lost
 *
 * Prints "listening" to standard error when nothing will be missed any more.
 *
 * Return: false when that failed; the reason was printed.
 */
bool watch_attempts(const struct nlctl *nlctl, uint64_t seconds,
		    struct attempts *attempts, uint64_t *lost);

#endif
