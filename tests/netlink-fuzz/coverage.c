// SPDX-License-Identifier: GPL-2.0-only
#include "coverage.h"

#include <fcntl.h>
#include <linux/kcov.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

/* Words of a trace; a large commit fits. */
#define TRACE_SIZE (512 << 10)

bool coverage_open(struct coverage *coverage)
{
	void *trace;

	coverage->file = open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC);
	if (coverage->file < 0)
		return false;
	if (ioctl(coverage->file, KCOV_INIT_TRACE, TRACE_SIZE))
		return false;
	trace = mmap(NULL, TRACE_SIZE * sizeof(uint64_t),
		     PROT_READ | PROT_WRITE, MAP_SHARED, coverage->file, 0);
	if (trace == MAP_FAILED ||
	    ioctl(coverage->file, KCOV_ENABLE, KCOV_TRACE_PC))
		return false;
	coverage->trace = trace;
	return true;
}

void coverage_clear(struct coverage *coverage)
{
	if (coverage->trace)
		__atomic_store_n(coverage->trace, 0, __ATOMIC_RELAXED);
}

/* The number of a point, which it gets if it is new. */
static unsigned int number(struct coverage *coverage, uint64_t address)
{
	const uint64_t mask = POINTS_MAX * 2 - 1;
	uint64_t at = address * 0x9e3779b97f4a7c15 >> 40 & mask;

	for (; coverage->addresses[at]; at = (at + 1) & mask)
		if (coverage->addresses[at] == address)
			return coverage->numbers[at];
	if (coverage->known == POINTS_MAX)
		return POINTS_MAX - 1;
	coverage->addresses[at] = address;
	coverage->numbers[at] = coverage->known;
	return coverage->known++;
}

unsigned int coverage_collect(struct coverage *coverage, struct points *points)
{
	const unsigned int before = coverage->known;
	uint64_t i, count;

	if (!coverage->trace)
		return 0;
	count = __atomic_load_n(coverage->trace, __ATOMIC_RELAXED);
	if (count >= TRACE_SIZE - 1)
		coverage->cut++;
	coverage->traces++;
	for (i = 1; i <= count; i++) {
		uint64_t address = coverage->trace[i];
		uint32_t *seen = &coverage->seen[address % TEXT_SIZE];

		/* Loops are most of a trace. */
		if (*seen == coverage->traces)
			continue;
		*seen = coverage->traces;
		points_add(points, number(coverage, address));
	}
	coverage_clear(coverage);
	return coverage->known - before;
}

bool points_have(const struct points *points, unsigned int point)
{
	return points->words[point / 64] >> point % 64 & 1;
}

bool points_add(struct points *points, unsigned int point)
{
	if (points_have(points, point))
		return false;
	points->words[point / 64] |= 1ull << point % 64;
	points->count++;
	return true;
}

bool points_within(const struct points *some, const struct points *others)
{
	unsigned int i;

	for (i = 0; i < POINTS_MAX / 64; i++)
		if (some->words[i] & ~others->words[i])
			return false;
	return true;
}
