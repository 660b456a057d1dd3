/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What this process takes of the machine, by the names that Prometheus has for it.
 */
#ifndef NLCTL_AGENT_PROCESS_H
#define NLCTL_AGENT_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/**
 * struct process_usage - what a process takes
 * @processor_time: user and system, in nanoseconds
 * @resident_memory: bytes
 * @virtual_memory: bytes
 * @descriptors: open file descriptors
 * @descriptors_max: how many there may be
 * @began: when it began, in milliseconds since 1970
 */
struct process_usage {
	uint64_t processor_time;
	uint64_t resident_memory;
	uint64_t virtual_memory;
	uint64_t descriptors;
	uint64_t descriptors_max;
	uint64_t began;
};

/**
 * process_usage_read() - find out what this process takes
 * @usage: receives it
 *
 * Return: false when /proc does not say; then @usage is all zeroes.
 */
bool process_usage_read(struct process_usage *usage);

/**
 * process_usage_write() - write it as metrics
 * @usage: what to write
 * @out: where to write
 */
void process_usage_write(const struct process_usage *usage, FILE *out);

#endif
