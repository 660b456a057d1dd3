/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_BUG_H
#define PODWALL_MODEL_LINUX_BUG_H

#include <stdlib.h>

#include <linux/build_bug.h>
#include <linux/compiler.h>

/* Says where, and aborts: what the kernel survives is a bug all the same. */
void kernel_bug(const char *file, int line, const char *what)
	__attribute__((__noreturn__));

#define BUG() kernel_bug(__FILE__, __LINE__, "BUG")
#define BUG_ON(condition)                                           \
	do {                                                        \
		if (condition)                                      \
			kernel_bug(__FILE__, __LINE__, #condition); \
	} while (0)
#define WARN_ON(condition)                                          \
	({                                                          \
		if (condition)                                      \
			kernel_bug(__FILE__, __LINE__, #condition); \
		false;                                              \
	})
#define WARN_ON_ONCE(condition) WARN_ON(condition)
#define WARN(condition, ...) WARN_ON(condition)
#define WARN_ONCE(condition, ...) WARN_ON(condition)

#endif
