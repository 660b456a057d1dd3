/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_XARRAY_H
#define PODWALL_MODEL_LINUX_XARRAY_H

#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/types.h>

#define XA_FLAGS_ACCOUNT 1u
#define XA_FLAGS_LOCK_IRQ 2u
#define XA_FLAGS_LOCK_BH 4u

/** struct xa_node - an entry and its index */
struct xa_node {
	unsigned long index;
	void *entry;
};

/**
 * struct xarray - entries by index
 * @nodes: ascending by index, none of them NULL
 */
struct xarray {
	struct xa_node *nodes;
	size_t count;
	size_t room;
};

static inline void xa_init_flags(struct xarray *array, gfp_t flags)
{
	(void)flags;
	*array = (struct xarray){};
}

static inline void xa_init(struct xarray *array)
{
	xa_init_flags(array, 0);
}

void *xa_load(const struct xarray *array, unsigned long index);
void *xa_store(struct xarray *array, unsigned long index, void *entry,
	       gfp_t flags);
int xa_insert(struct xarray *array, unsigned long index, void *entry,
	      gfp_t flags);
void *xa_erase(struct xarray *array, unsigned long index);
void xa_destroy(struct xarray *array);
void *kernel_xa_find(const struct xarray *array, unsigned long *index,
		     bool after);

static inline bool xa_empty(const struct xarray *array)
{
	return !array->count;
}

/* Entries may come and go meanwhile. */
#define xa_for_each(array, index, entry)                                    \
	for ((index) = 0, (entry) = kernel_xa_find(array, &(index), false); \
	     (entry); (entry) = kernel_xa_find(array, &(index), true))

static inline void *xa_mk_value(unsigned long value)
{
	return (void *)(value << 1 | 1);
}

static inline unsigned long xa_to_value(const void *entry)
{
	return (unsigned long)entry >> 1;
}

static inline bool xa_is_value(const void *entry)
{
	return (unsigned long)entry & 1;
}

static inline void *kernel_xa_error(long error)
{
	return (void *)((unsigned long)error << 2 | 2);
}

static inline bool xa_is_err(const void *entry)
{
	return ((unsigned long)entry & 3) == 2 &&
	       (unsigned long)entry >=
		       (unsigned long)kernel_xa_error(-MAX_ERRNO);
}

static inline int xa_err(const void *entry)
{
	return xa_is_err(entry) ? (long)entry >> 2 : 0;
}

#endif
