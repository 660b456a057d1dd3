/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Trace instances of nlctl, each named after the process that it belongs to:
 *
 *	nlctl-4026531836-812	of process 812 in that process namespace
 *
 * An instance outlives its process when that is killed, so whoever makes one
 * removes those whose process is gone.
 */
#ifndef NLCTL_TRACE_INSTANCE_H
#define NLCTL_TRACE_INSTANCE_H

#include <stdbool.h>
#include <tracefs.h>

#include "nlctl.h"

/**
 * trace_instance_name() - how an instance of this process is called
 *
 * Return: the name, which the caller frees; NULL with errno set.
 */
char *trace_instance_name(void);

/**
 * trace_instance_is_stale() - whether nobody needs an instance any more
 * @name: of the instance
 *
 * What does not belong to nlctl, or to a process of another namespace, is left
 * to others. This process has no instance yet: one of its name is from a process
 * that had its number before.
 */
bool trace_instance_is_stale(const char *name);

/**
 * trace_instance_create() - make an instance, and remove stale ones
 * @nlctl: the context
 *
 * Return: the instance, ended with trace_instance_destroy(); NULL after a
 * message.
 */
struct tracefs_instance *trace_instance_create(const struct nlctl *nlctl);

/**
 * trace_instance_destroy() - remove an instance
 * @instance: that nobody reads any more
 */
void trace_instance_destroy(struct tracefs_instance *instance);

#endif
