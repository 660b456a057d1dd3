/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The processor's clock, which takes no system call to read: __rdtsc(). And what
 * many samples say together.
 */
#ifndef BENCH_CLOCK_H
#define BENCH_CLOCK_H

#include <stddef.h>

/* Set by whoever calls clock_calibrate(). */
extern double clock_ticks_per_ns;

/**
 * clock_calibrate() - hold the processor's clock against the kernel's
 *
 * Return: ticks each nanosecond.
 */
double clock_calibrate(void);

/**
 * clock_call_ns() - what any system call takes, even one that does nothing
 *
 * Return: nanoseconds.
 */
double clock_call_ns(void);

void sort_samples(double *samples, size_t count);

/**
 * quantile() - the value that a share of the samples lies below
 * @sorted: the samples, by sort_samples()
 * @count: length of @sorted, not 0
 * @share: from 0 to 1
 */
double quantile(const double *sorted, size_t count, double share);

#endif
