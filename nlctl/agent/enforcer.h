/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's policy, kept what the compiler says.
 */
#ifndef NLCTL_AGENT_ENFORCER_H
#define NLCTL_AGENT_ENFORCER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "policy/compiler.h"
#include "policy/objects.h"

/**
 * DOC: how a change gets into the kernel
 *
 * Whoever puts something into the compiler calls enforcer_changed(), which sets a
 * timer of a millisecond. What else arrives until it fires goes into the same
 * transaction: the changes that the compiler has collected, on top of the
 * generation that the last one made. So a burst of a thousand events is a
 * transaction or two, and one event waits a millisecond.
 *
 * When the kernel answers that another writer was there (ESTALE), or refuses
 * (a limit), what it holds is no longer known to be what the compiler believes.
 * Then, and at the beginning, and every minute, the whole is compared: all
 * objects are read, and the difference to all that the compiler has is committed.
 *
 * Guarded blocks are another transaction, in front of the policy's. If the kernel
 * refuses them, or the module was loaded anew and has none, they are asked for
 * again with each look at the generation, whether or not the picture is whole.
 *
 * Example. The agent begins and the kernel has generation 41 from a run before.
 * Nothing is committed until the picture is whole; then the whole is compared,
 * two pods differ, and generation 42 holds them. A pod starts: its address is one
 * change, generation 43. Somebody flushes: generation 44 is not ours, which the
 * look at the generation finds within two seconds; the whole is compared, all of
 * it is missing, and generation 45 has it again.
 */

/**
 * struct enforcer_counts - what has happened, for metrics
 * @commits: transactions that were committed
 * @stale: transactions that another writer was faster than
 * @refused: transactions that the kernel refused
 * @failed: times that the kernel could not be asked
 * @comparisons: whole comparisons
 * @repairs: comparisons that found what nobody should have changed
 * @generation: the kernel's, as far as is known
 * @waiting_since: when the oldest event came that is not in force, by
 *	clock_now(); 0 when all are
 */
struct enforcer_counts {
	uint64_t commits;
	uint64_t stale;
	uint64_t refused;
	uint64_t failed;
	uint64_t comparisons;
	uint64_t repairs;
	uint64_t generation;
	uint64_t waiting_since;
};

/**
 * struct enforcer_owner - who is told
 * @committed: all that was put into the compiler is in force; @delay is the age
 *	of the oldest event in it, in nanoseconds, 0 when there was nothing to commit
 * @refused: the kernel refused, and holds what it held
 * @withdrawn: though the kernel refused, pods that are gone from their addresses
 *	are out of it; follows @refused
 * @context: passed to all
 */
struct enforcer_owner {
	void (*committed)(void *context, uint64_t generation, uint64_t delay);
	void (*refused)(void *context, const char *text);
	void (*withdrawn)(void *context, uint64_t generation);
	void *context;
};

struct enforcer;

/**
 * enforcer_new() - prepare to enforce
 * @event: the loop
 * @compiler: what is to be enforced; must outlive the result
 * @compare: seconds between two comparisons of the whole
 * @owner: who is told; copied
 *
 * Return: the enforcer, freed with enforcer_free().
 */
struct enforcer *enforcer_new(sd_event *event, struct compiler *compiler,
			      unsigned int compare,
			      const struct enforcer_owner *owner);

/**
 * enforcer_begin() - the compiler has the whole picture: enforce it
 * @enforcer: the enforcer
 *
 * Nothing but guarded blocks is changed in front of that.
 */
void enforcer_begin(struct enforcer *enforcer);

/**
 * enforcer_changed() - something was put into the compiler
 * @enforcer: the enforcer
 *
 * It is committed soon, together with what follows at once.
 */
void enforcer_changed(struct enforcer *enforcer);

/**
 * enforcer_guard() - say which blocks are guarded
 * @enforcer: the enforcer
 * @blocks: the blocks; copied
 * @count: their number
 * @closed: they are to be guarded; else not to be
 *
 * Other guarded blocks stay as they are.
 */
void enforcer_guard(struct enforcer *enforcer, const struct network *blocks,
		    size_t count, bool closed);

/**
 * enforcer_ready() - whether what is to be in force is
 * @enforcer: the enforcer
 * @reason: set to why not, which the caller frees; NULL when it is
 *
 * A change that has come within the last second does not count: there is always
 * one in a busy cluster.
 *
 * Return: whether the policy and the guarded blocks are in force.
 */
bool enforcer_ready(const struct enforcer *enforcer, char **reason);

/**
 * enforcer_counts() - what has happened
 * @enforcer: the enforcer
 *
 * Return: the counts so far.
 */
struct enforcer_counts enforcer_counts(const struct enforcer *enforcer);

/**
 * enforcer_free() - end; what is in force stays in force
 * @enforcer: the enforcer, or NULL
 */
void enforcer_free(struct enforcer *enforcer);

#endif
