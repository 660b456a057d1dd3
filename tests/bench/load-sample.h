/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The time of system calls on netlink sockets, in series of samples.
 *
 * Whatever sends and receives between sample_begin() and sample_end() is timed:
 * libnl finds sendmsg() and recvmsg() here, in place of the C library's. The
 * module does all the work of a request before the call that sends it returns,
 * so receiving its answer waits for nothing.
 */
#ifndef LOAD_SAMPLE_H
#define LOAD_SAMPLE_H

#include <jansson.h>
#include <stddef.h>

/**
 * sample_series() - begin a series
 * @name: what it is of; freed by sample_report()
 *
 * Return: its number.
 */
size_t sample_series(char *name);

/* Begin a sample, and end it in a series. */
void sample_begin(void);
void sample_end(size_t series);

/**
 * sample_report() - print a table of all series that have samples, and free them
 *
 * Return: the same as JSON, in nanoseconds.
 */
json_t *sample_report(void);

#endif
