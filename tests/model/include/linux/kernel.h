/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_KERNEL_H
#define PODWALL_MODEL_LINUX_KERNEL_H

#include <arpa/inet.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>

#include <asm/byteorder.h>
#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/kconfig.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/types.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define ALIGN(n, power) round_up(n, power)
#define IS_ALIGNED(n, power) (((n) & ((__typeof__(n))(power)-1)) == 0)
#define might_sleep() ((void)0)

/* The kernel's know %pI4 and %pI6c. */
__printf(3, 0) int kernel_vsnprintf(char *text, size_t size, const char *format,
				    va_list arguments);
__printf(3, 4) int kernel_snprintf(char *text, size_t size, const char *format,
				   ...);
__printf(3, 4) int kernel_scnprintf(char *text, size_t size, const char *format,
				    ...);

#define vsnprintf(...) kernel_vsnprintf(__VA_ARGS__)
#define snprintf(...) kernel_snprintf(__VA_ARGS__)
#define scnprintf(...) kernel_scnprintf(__VA_ARGS__)

#endif
