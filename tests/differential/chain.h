/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Clusters one after the other, each committed as the difference from the one
 * in front of it.
 */
#ifndef DIFFERENTIAL_CHAIN_H
#define DIFFERENTIAL_CHAIN_H

#include <stdint.h>

#include "comparison.h"
#include "module.h"

/**
 * struct counts - what was done so far
 * @chains: chains begun
 * @clusters: clusters that the module enforced
 * @changed: those of them that are a small change of another
 * @restarted: those that did not come as a difference from another
 * @passed_over: clusters that nlctl does not compile
 * @questions: connections that both were asked about
 * @failures: chains that ended with a failure
 * @tally: what the evaluator said
 */
struct counts {
	unsigned long chains;
	unsigned long clusters;
	unsigned long changed;
	unsigned long restarted;
	unsigned long passed_over;
	unsigned long questions;
	unsigned long failures;
	struct tally tally;
};

/**
 * chain_run() - go through a chain of clusters
 * @module: the module; what it held is flushed
 * @seed: decides on everything
 * @counts: is added to
 *
 * Ends at the first failure, which is shrunk and printed.
 */
void chain_run(struct module *module, uint64_t seed, struct counts *counts);

#endif
