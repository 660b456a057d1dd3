/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How long something took, each time.
 */
#ifndef NLCTL_AGENT_HISTOGRAM_H
#define NLCTL_AGENT_HISTOGRAM_H

#include <stdint.h>
#include <stdio.h>

/* 1 ms to 30 s, and what took longer. */
#define HISTOGRAM_BOUNDS 14

/**
 * struct histogram - durations by size; start with zeroes
 * @counts: how many were at most the bound of the same index, and more than the
 *	one before it; the last has those beyond all bounds
 * @sum: of all durations, in nanoseconds
 */
struct histogram {
	uint64_t counts[HISTOGRAM_BOUNDS + 1];
	uint64_t sum;
};

/**
 * histogram_add() - count a duration
 * @histogram: the histogram
 * @duration: nanoseconds
 */
void histogram_add(struct histogram *histogram, uint64_t duration);

/**
 * histogram_write() - write it as a metric
 * @histogram: the histogram
 * @out: where to write
 * @name: see exposition_begin()
 * @help: likewise
 */
void histogram_write(const struct histogram *histogram, FILE *out,
		     const char *name, const char *help);

#endif
