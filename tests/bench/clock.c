// SPDX-License-Identifier: GPL-2.0-only
#include "clock.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

double clock_ticks_per_ns;

static uint64_t clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

double clock_calibrate(void)
{
	uint64_t ns = clock_ns();
	uint64_t ticks = __rdtsc();

	usleep(200000);
	ticks = __rdtsc() - ticks;
	return (double)ticks / (clock_ns() - ns);
}

static int compare_doubles(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

void sort_samples(double *samples, size_t count)
{
	qsort(samples, count, sizeof(*samples), compare_doubles);
}

double quantile(const double *sorted, size_t count, double share)
{
	double place = share * (count - 1);
	size_t below = place;

	if (below + 1 >= count)
		return sorted[count - 1];
	return sorted[below] +
	       (place - below) * (sorted[below + 1] - sorted[below]);
}

double clock_call_ns(void)
{
	double samples[31];
	size_t count = sizeof(samples) / sizeof(*samples);
	size_t i;

	for (i = 0; i < count; i++) {
		uint64_t start = __rdtsc();

		syscall(SYS_getppid);
		samples[i] = (__rdtsc() - start) / clock_ticks_per_ns;
	}
	sort_samples(samples, count);
	return quantile(samples, count, 0.5);
}
