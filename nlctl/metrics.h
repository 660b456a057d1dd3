/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the module has counted, as Prometheus reads it.
 */
#ifndef NLCTL_METRICS_H
#define NLCTL_METRICS_H

#include <time.h>

#include "machine.h"
#include "policy/objects.h"
#include "query.h"

/**
 * struct metrics - what there is to tell; borrows everything
 * @read: when it was read, of CLOCK_REALTIME
 * @tool_version: the version of nlctl
 * @status: what the module says; NULL when it is not loaded
 * @machine: what the machine is like; not used without @status
 * @objects: the pods; NULL to leave out what is told of each
 */
struct metrics {
	struct timespec read;
	const char *tool_version;
	const struct status *status;
	const struct machine *machine;
	const struct objects *objects;
};

/**
 * metrics_text() - write metrics in the text exposition format, version 0.0.4
 * @metrics: what there is to tell
 *
 * docs/metrics.md lists the names, which are stable. Every combination of labels
 * that the module can count is there from the beginning, at zero: a counter that
 * appears with its first packet would hide that from rate(). What is told of pods
 * has only what was counted, because there may be many of them.
 *
 * Return: the text, which the caller frees.
 */
char *metrics_text(const struct metrics *metrics);

#endif
