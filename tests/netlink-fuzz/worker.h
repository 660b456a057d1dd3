/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One process that fuzzes, in a network namespace of its own.
 */
#ifndef NETLINK_FUZZ_WORKER_H
#define NETLINK_FUZZ_WORKER_H

#include <stdbool.h>
#include <stdint.h>

#include "tally.h"

/**
 * struct options - what is asked for
 * @seed: of the first worker; the next has the next one
 * @messages: how many all workers send together; 0 for any number
 * @seconds: after which no further program begins; 0 for any time
 * @workers: how many
 * @points: how many the module has, or 0
 * @seeds: directory of programs to begin with, or NULL
 * @replay: file of a program to run instead, or NULL
 * @print: print programs that pass something new, minimised
 * @distil: print the programs to begin with that are needed, minimised
 * @trace: print every program before it is run
 */
struct options {
	uint64_t seed;
	unsigned long messages;
	unsigned long seconds;
	unsigned int workers;
	unsigned int points;
	const char *seeds;
	const char *replay;
	bool print;
	bool distil;
	bool trace;
};

/* Do a worker's part. Returns the exit status: 0, or 1 when something was not
 * as it must be.
 */
int worker_run(const struct options *options, unsigned int number,
	       struct tally *tally);

#endif
