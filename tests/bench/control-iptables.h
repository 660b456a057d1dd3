/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * There is no library for iptables: iptables-legacy-restore is run as a process,
 * and tells the time of its system calls by control-preload.c.
 */
#ifndef CONTROL_IPTABLES_H
#define CONTROL_IPTABLES_H

#include <stdbool.h>
#include <stddef.h>

/* Write the rules that are restored next, unless they are NULL. Returns NULL, or
 * what went wrong, which the caller frees.
 */
char *iptables_prepare(const char *rules);

/* Restore what was prepared last, and keep other chains or not. */
char *iptables_restore(bool keep);

/* Entries of the filter table: rules, policies, and beginnings of chains. */
size_t iptables_entries(void);

#endif
