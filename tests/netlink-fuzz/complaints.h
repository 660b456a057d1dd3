/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel has to complain of, as its log tells.
 */
#ifndef NETLINK_FUZZ_COMPLAINTS_H
#define NETLINK_FUZZ_COMPLAINTS_H

#include <stdbool.h>
#include <stddef.h>

/* Read the log from now on; ends the program when it cannot. */
int complaints_open(void);

/* Whether there is something since the last time; then its first line. */
bool complaints_any(int log, char *line, size_t size);

#endif
