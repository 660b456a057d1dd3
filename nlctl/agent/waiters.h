/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The processes of podwall-cni that wait until a pod is enforced, or no more.
 */
#ifndef NLCTL_AGENT_WAITERS_H
#define NLCTL_AGENT_WAITERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/attachment_table.h"
#include "agent/door.h"

struct waiters;

/**
 * struct expectation - what a process waits for
 * @key: of the pod
 * @file: name of the attachment's file
 * @ips: addresses that it asks about
 * @ip_count: length of @ips
 * @leaving: they shall not be enforced for the pod any more; else they shall be
 * @limit: milliseconds that it wants to wait; 0 or too many for as long as it may
 */
struct expectation {
	const char *key;
	const char *file;
	const struct ip *ips;
	size_t ip_count;
	bool leaving;
	double limit;
};

/**
 * waiters_new() - have nobody wait
 * @table: whose addresses are; must outlive the result
 *
 * Return: a new object, freed with waiters_free().
 */
struct waiters *waiters_new(const struct attachment_table *table);

/**
 * waiters_add() - let a process wait
 * @waiters: those who wait
 * @visitor: its connection, which gets its answer from here
 * @expectation: what it waits for; copied
 */
void waiters_add(struct waiters *waiters, struct visitor *visitor,
		 const struct expectation *expectation);

/**
 * waiters_enforced() - answer those who waited for what the kernel enforces now
 * @waiters: those who wait
 * @key: of the pod
 * @ips: its addresses in the kernel
 * @count: their number; 0 when the kernel does not know the pod
 * @generation: of the kernel's policy
 */
void waiters_enforced(struct waiters *waiters, const char *key,
		      const struct ip *ips, size_t count, uint64_t generation);

/**
 * waiters_withdrawn() - answer those who waited for a pod's end, if it is at hand
 * @waiters: those who wait; who waits for it to be enforced goes on waiting
 * @key: of the pod
 * @ips: addresses that it is to have in the kernel, whether or not it has them
 * @count: their number
 * @generation: of the kernel's policy
 */
void waiters_withdrawn(struct waiters *waiters, const char *key,
		       const struct ip *ips, size_t count, uint64_t generation);

/**
 * waiters_refused() - answer those who wait for a pod that it cannot be enforced
 * @waiters: those who wait; who waits for its end goes on waiting
 * @key: of the pod
 * @reason: why
 */
void waiters_refused(struct waiters *waiters, const char *key,
		     const char *reason);

/**
 * waiters_dismiss() - a file was taken away from under who waits for it
 * @waiters: those who wait; who waits for its end goes on waiting
 * @file: its name
 */
void waiters_dismiss(struct waiters *waiters, const char *file);

/**
 * waiters_left() - a process is gone
 * @waiters: those who wait
 * @visitor: its connection, whether it waited or not
 */
void waiters_left(struct waiters *waiters, const struct visitor *visitor);

/**
 * waiters_clear() - forget all who wait, who are told nothing
 * @waiters: those who wait
 */
void waiters_clear(struct waiters *waiters);

/**
 * waiters_free() - forget all who wait, and free the object
 * @waiters: the object, or NULL
 */
void waiters_free(struct waiters *waiters);

#endif
