/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_SLAB_H
#define PODWALL_MODEL_LINUX_SLAB_H

#include <linux/gfp.h>
#include <linux/overflow.h>
#include <linux/types.h>

#define KMALLOC_MAX_CACHE_SIZE (2 * PAGE_SIZE)
#define KMALLOC_MAX_SIZE (1024 * PAGE_SIZE)
#define ARCH_KMALLOC_MINALIGN 8
#define ZERO_SIZE_PTR ((void *)16)
#define ZERO_OR_NULL_PTR(pointer) \
	((unsigned long)(pointer) <= (unsigned long)ZERO_SIZE_PTR)

void *kmalloc(size_t size, gfp_t flags);
void *krealloc(const void *block, size_t size, gfp_t flags);
void kfree(const void *block);
size_t ksize(const void *block);
void *kvmalloc(size_t size, gfp_t flags);
void kvfree(const void *block);
void *vmalloc(size_t size);
void *vzalloc(size_t size);
void vfree(const void *block);
void *kmemdup(const void *from, size_t size, gfp_t flags);
void *kvmemdup(const void *from, size_t size, gfp_t flags);
char *kstrdup(const char *text, gfp_t flags);

static inline void *kzalloc(size_t size, gfp_t flags)
{
	return kmalloc(size, flags | __GFP_ZERO);
}

static inline void *kmalloc_array(size_t count, size_t size, gfp_t flags)
{
	return kmalloc(size_mul(count, size), flags);
}

static inline void *kcalloc(size_t count, size_t size, gfp_t flags)
{
	return kzalloc(size_mul(count, size), flags);
}

static inline void *krealloc_array(void *block, size_t count, size_t size,
				   gfp_t flags)
{
	return krealloc(block, size_mul(count, size), flags);
}

static inline void *kvzalloc(size_t size, gfp_t flags)
{
	return kvmalloc(size, flags | __GFP_ZERO);
}

static inline void *kvmalloc_array(size_t count, size_t size, gfp_t flags)
{
	return kvmalloc(size_mul(count, size), flags);
}

static inline void *kvcalloc(size_t count, size_t size, gfp_t flags)
{
	return kvzalloc(size_mul(count, size), flags);
}

#endif
