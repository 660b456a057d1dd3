/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_GFP_H
#define PODWALL_MODEL_LINUX_GFP_H

#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/types.h>

#define PAGE_SHIFT 12
#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define PAGE_MASK (~(PAGE_SIZE - 1))

#define __GFP_ZERO 0x01u
#define __GFP_NOWARN 0x02u
#define __GFP_NOFAIL 0x04u
#define __GFP_ACCOUNT 0x08u
#define __GFP_RETRY_MAYFAIL 0x10u
#define __GFP_NORETRY 0x20u
#define GFP_KERNEL 0x100u
#define GFP_ATOMIC 0x200u
#define GFP_NOWAIT 0x400u
#define GFP_KERNEL_ACCOUNT (GFP_KERNEL | __GFP_ACCOUNT)

/* A page is known by its address. */
struct page;

struct page *alloc_page(gfp_t flags);
unsigned long __get_free_page(gfp_t flags);
unsigned long get_zeroed_page(gfp_t flags);
void free_page(unsigned long address);
void get_page(struct page *page);
void put_page(struct page *page);
int page_count(const struct page *page);

static inline struct page *virt_to_page(const void *address)
{
	return (struct page *)((unsigned long)address & PAGE_MASK);
}

static inline void *page_address(const struct page *page)
{
	return (void *)page;
}

#endif
