/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_COMPAT_TRACEPOINT_H
#define PODWALL_COMPAT_TRACEPOINT_H

#include <linux/tracepoint.h>
#include <linux/version.h>

/* Since 6.10 a tracepoint remembers what __string() was given. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
#define podwall_assign_str(field, text) __assign_str(field)
#else
#define podwall_assign_str(field, text) __assign_str(field, text)
#endif

#endif
