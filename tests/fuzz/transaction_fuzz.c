// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's pure and state files: the input chooses transactions, what goes
 * wrong with them, and questions, which the naive model of tests/model answers
 * too. Nothing may be left behind.
 */
#include <stdio.h>
#include <stdlib.h>

#include <linux/podwall.h>

#include "chance.h"
#include "input.h"
#include "kernel.h"
#include "policy.h"
#include "pool.h"
#include "round.h"

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
	(void)count;
	(void)arguments;
	if (podwall_policy_init())
		abort();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct rounds rounds;

	input_begin(data, size);
	kernel_seed(chance_below(256));
	kernel_weaken_hash(chance_percent(30) ? 1 + chance_below(4) : 0);
	kernel_poison(chance_percent(50));
	/* Small nodes, for that finds as much and takes less time. */
	if (!round_play(chance_percent(5), true, &rounds)) {
		fflush(stdout);
		abort();
	}
	pool_release();
	return 0;
}
