/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The time of changes, in series of samples: that of the system calls which bear
 * the change, that of all system calls which speak with the network's part of the
 * kernel, and all that passes.
 *
 * The libraries find sendmsg(), sendto(), recvmsg() and select() here, in place of
 * the C library's; who calls bpf() does it by sample_bpf().
 */
#ifndef CONTROL_SAMPLE_H
#define CONTROL_SAMPLE_H

#include <jansson.h>
#include <linux/bpf.h>
#include <stddef.h>
#include <stdint.h>

#include "output.h"

enum share {
	SHARE_REQUEST,
	SHARE_KERNEL,
	SHARE_ELAPSED,
	SHARES,
};

/**
 * struct series - samples of one change, in nanoseconds
 * @calls: system calls of the last one
 * @samples: of each share, less what system calls as such take
 * @count: length of @samples
 */
struct series {
	size_t calls;
	double *samples[SHARES];
	size_t count;
};

/* Begin a sample, and end it; it is forgotten if @series is NULL. */
void sample_begin(void);
void sample_end(struct series *series);

/* A system call that bears the change. */
long sample_bpf(int command, union bpf_attr *attributes, size_t size);

/* What another process measured of its own: see control-preload.c. */
void sample_foreign(uint64_t request_ticks, uint64_t kernel_ticks,
		    uint64_t calls);

/* Add a row's cells to a table, and give the same as JSON. */
json_t *series_report(struct series *series, struct table *table);
void series_clear(struct series *series);

#endif
