/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_REFCOUNT_H
#define PODWALL_MODEL_LINUX_REFCOUNT_H

#include <linux/bug.h>
#include <linux/limits.h>
#include <linux/types.h>

typedef struct refcount_struct {
	int refs;
} refcount_t;

#define REFCOUNT_INIT(n)  \
	{                 \
		.refs = n \
	}

static inline void refcount_set(refcount_t *count, int n)
{
	count->refs = n;
}

static inline unsigned int refcount_read(const refcount_t *count)
{
	return count->refs;
}

static inline void refcount_inc(refcount_t *count)
{
	BUG_ON(count->refs <= 0 || count->refs == S32_MAX);
	count->refs++;
}

static inline bool refcount_inc_not_zero(refcount_t *count)
{
	if (!count->refs)
		return false;
	refcount_inc(count);
	return true;
}

static inline bool refcount_dec_and_test(refcount_t *count)
{
	BUG_ON(count->refs <= 0);
	return !--count->refs;
}

static inline void refcount_dec(refcount_t *count)
{
	BUG_ON(count->refs <= 1);
	count->refs--;
}

#endif
