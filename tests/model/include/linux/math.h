/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_MATH_H
#define PODWALL_MODEL_LINUX_MATH_H

#include <linux/types.h>

#define DIV_ROUND_UP(n, d) (((n) + (d)-1) / (d))
#define DIV_ROUND_UP_ULL(n, d) DIV_ROUND_UP((unsigned long long)(n), d)
#define round_up(n, power) ((((n)-1) | ((__typeof__(n))(power)-1)) + 1)
#define round_down(n, power) ((n) & ~((__typeof__(n))(power)-1))
#define roundup(n, step) (DIV_ROUND_UP(n, step) * (step))
#define rounddown(n, step) ((n) - (n) % (step))

static inline u32 reciprocal_scale(u32 value, u32 range)
{
	return (u64)value * range >> 32;
}

#endif
