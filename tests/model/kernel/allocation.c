// SPDX-License-Identifier: GPL-2.0-only

#include <sanitizer/asan_interface.h>
#include <stdio.h>
#include <stdlib.h>

#include <linux/bug.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "kernel.h"

/* Which function frees a block. */
enum kind {
	KIND_SLAB = 0x51ab,
	KIND_LARGE = 0x1a26e,
	KIND_PERCPU = 0x9e2c,
	KIND_PAGE = 0x9a6e,
};

/* Stands before a block, out of bounds for all but the functions below. */
struct header {
	void *start;
	size_t size;
	enum kind kind;
	u32 room;
	/* Of a page. */
	u32 references;
};

static u64 live_allocations, live_bytes;
static u64 until_failure;
static bool fails_onwards, failed, poisons;

/**
 * kernel_fail_allocation - let an allocation fail
 * @number: 1 for the next one; 0 for none
 * @onwards: all that follow fail likewise
 */
void kernel_fail_allocation(u64 number, bool onwards)
{
	until_failure = number;
	fails_onwards = onwards;
	failed = false;
}

/* Whether one has failed since kernel_fail_allocation(). */
bool kernel_allocation_failed(void)
{
	return failed;
}

/* Let blocks that need not be zero hold rubbish. */
void kernel_poison(bool poison)
{
	poisons = poison;
}

u64 kernel_live_allocations(void)
{
	return live_allocations;
}

/* As asked for, without what an allocator adds. */
u64 kernel_live_bytes(void)
{
	return live_bytes;
}

void kernel_bug(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: %s\n", file, line, what);
	abort();
}

static bool fails(gfp_t flags)
{
	if (flags & __GFP_NOFAIL || !until_failure)
		return false;
	if (until_failure > 1) {
		until_failure--;
		return false;
	}
	if (!fails_onwards)
		until_failure = 0;
	failed = true;
	return true;
}

/* No better than what the kernel promises. */
static size_t alignment(size_t size)
{
	size_t divisor = size & -size;

	if (size > KMALLOC_MAX_CACHE_SIZE || divisor > PAGE_SIZE)
		return PAGE_SIZE;
	return divisor < ARCH_KMALLOC_MINALIGN ? ARCH_KMALLOC_MINALIGN :
						 divisor;
}

static void *allocate(size_t size, size_t align, gfp_t flags, enum kind kind)
{
	size_t room = align > sizeof(struct header) ? align :
						      sizeof(struct header);
	struct header *header;
	char *start;

	if (fails(flags))
		return NULL;
	if (posix_memalign((void **)&start, align < 16 ? 16 : align,
			   room + size)) {
		fputs("out of real memory\n", stderr);
		abort();
	}
	header = (struct header *)(start + room) - 1;
	*header = (struct header){ start, size, kind, room, 1 };
	ASAN_POISON_MEMORY_REGION(start, room);
	live_allocations++;
	live_bytes += size;
	if (flags & __GFP_ZERO)
		memset(start + room, 0, size);
	else if (poisons)
		memset(start + room, 0xa5, size);
	return start + room;
}

static struct header *header_of(const void *block)
{
	struct header *header = (struct header *)block - 1;

	ASAN_UNPOISON_MEMORY_REGION(header, sizeof(*header));
	BUG_ON(header->kind != KIND_SLAB && header->kind != KIND_LARGE &&
	       header->kind != KIND_PERCPU && header->kind != KIND_PAGE);
	return header;
}

static void close_header(struct header *header)
{
	ASAN_POISON_MEMORY_REGION(header, sizeof(*header));
}

static void release(const void *block, enum kind kind, enum kind other)
{
	struct header *header;
	void *start;
	u32 room;

	if (ZERO_OR_NULL_PTR(block))
		return;
	header = header_of(block);
	BUG_ON(header->kind != kind && header->kind != other);
	live_allocations--;
	live_bytes -= header->size;
	start = header->start;
	room = header->room;
	header->kind = 0;
	ASAN_UNPOISON_MEMORY_REGION(start, room);
	free(start);
}

void *kmalloc(size_t size, gfp_t flags)
{
	if (!size)
		return ZERO_SIZE_PTR;
	if (size > KMALLOC_MAX_SIZE) {
		BUG_ON(!(flags & __GFP_NOWARN));
		return NULL;
	}
	return allocate(size, alignment(size), flags, KIND_SLAB);
}

void kfree(const void *block)
{
	release(block, KIND_SLAB, KIND_SLAB);
}

size_t ksize(const void *block)
{
	struct header *header;
	size_t size;

	if (ZERO_OR_NULL_PTR(block))
		return 0;
	header = header_of(block);
	size = header->size;
	close_header(header);
	return size;
}

/* Always moves, so that whoever keeps the old pointer is found out. */
void *krealloc(const void *block, size_t size, gfp_t flags)
{
	size_t old = ksize(block);
	void *to;

	if (!size) {
		kfree(block);
		return ZERO_SIZE_PTR;
	}
	to = kmalloc(size, flags);
	if (!to)
		return NULL;
	if (old)
		memcpy(to, block, old < size ? old : size);
	kfree(block);
	return to;
}

void *kvmalloc(size_t size, gfp_t flags)
{
	if (!size)
		return ZERO_SIZE_PTR;
	if (size > INT32_MAX) {
		BUG_ON(!(flags & __GFP_NOWARN));
		return NULL;
	}
	return allocate(size, alignment(size), flags, KIND_LARGE);
}

void kvfree(const void *block)
{
	release(block, KIND_LARGE, KIND_SLAB);
}

void *vmalloc(size_t size)
{
	return size ? allocate(size, PAGE_SIZE, 0, KIND_LARGE) : NULL;
}

void *vzalloc(size_t size)
{
	return size ? allocate(size, PAGE_SIZE, __GFP_ZERO, KIND_LARGE) : NULL;
}

void vfree(const void *block)
{
	release(block, KIND_LARGE, KIND_LARGE);
}

void *kmemdup(const void *from, size_t size, gfp_t flags)
{
	void *to = kmalloc(size, flags);

	if (to && size)
		memcpy(to, from, size);
	return to;
}

void *kvmemdup(const void *from, size_t size, gfp_t flags)
{
	void *to = kvmalloc(size, flags);

	if (to && size)
		memcpy(to, from, size);
	return to;
}

char *kstrdup(const char *text, gfp_t flags)
{
	return text ? kmemdup(text, strlen(text) + 1, flags) : NULL;
}

/* Zeroed, as in the kernel. */
void *__alloc_percpu_gfp(size_t size, size_t align, gfp_t flags)
{
	if (!size || size > PCPU_MIN_UNIT_SIZE || align > PAGE_SIZE) {
		BUG_ON(!(flags & __GFP_NOWARN));
		return NULL;
	}
	return allocate(size, align, flags | __GFP_ZERO, KIND_PERCPU);
}

void free_percpu(void *block)
{
	release(block, KIND_PERCPU, KIND_PERCPU);
}

struct page *alloc_page(gfp_t flags)
{
	return allocate(PAGE_SIZE, PAGE_SIZE, flags, KIND_PAGE);
}

unsigned long __get_free_page(gfp_t flags)
{
	return (unsigned long)alloc_page(flags);
}

unsigned long get_zeroed_page(gfp_t flags)
{
	return __get_free_page(flags | __GFP_ZERO);
}

static u32 change_references(const struct page *page, int by)
{
	struct header *header = header_of(page);
	u32 references;

	BUG_ON(header->kind != KIND_PAGE || !header->references);
	header->references += by;
	references = header->references;
	close_header(header);
	return references;
}

void get_page(struct page *page)
{
	change_references(page, 1);
}

void put_page(struct page *page)
{
	if (!change_references(page, -1))
		release(page, KIND_PAGE, KIND_PAGE);
}

int page_count(const struct page *page)
{
	return change_references(page, 0);
}

void free_page(unsigned long address)
{
	if (address)
		put_page((struct page *)address);
}
