/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which points of the module a thread has passed, by KCOV.
 */
#ifndef NETLINK_FUZZ_COVERAGE_H
#define NETLINK_FUZZ_COVERAGE_H

#include <stdbool.h>
#include <stdint.h>

/* More than the module has; a power of two. */
#define POINTS_MAX 16384
/* Two addresses of the module's text differ in these bits. */
#define TEXT_SIZE (1 << 20)

/**
 * struct points - some of the points, by the numbers they got when first seen
 * @words: a bit for each
 * @count: of bits that are set
 */
struct points {
	uint64_t words[POINTS_MAX / 64];
	unsigned int count;
};

/**
 * struct coverage - one thread's
 * @trace: what KCOV writes; NULL without it
 * @file: the descriptor that holds it
 * @traces: that were read
 * @seen: the last trace that an address was in, by its lowest bits
 * @addresses: a hash table of the points
 * @numbers: of the points
 * @known: how many there are
 * @cut: how many traces did not fit
 */
struct coverage {
	uint64_t *trace;
	int file;
	uint32_t traces;
	uint32_t seen[TEXT_SIZE];
	uint64_t addresses[POINTS_MAX * 2];
	uint16_t numbers[POINTS_MAX * 2];
	unsigned int known;
	unsigned long cut;
};

/* For the calling thread; false where the kernel has no KCOV. */
bool coverage_open(struct coverage *coverage);

/* Forget what was passed. */
void coverage_clear(struct coverage *coverage);

/* Add what was passed to points, and forget it. Returns how many of them no
 * one has seen before.
 */
unsigned int coverage_collect(struct coverage *coverage, struct points *points);

bool points_add(struct points *points, unsigned int number);
bool points_have(const struct points *points, unsigned int number);

/* Whether all of some points are among others. */
bool points_within(const struct points *some, const struct points *others);

#endif
