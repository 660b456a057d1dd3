/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Allocation that cannot fail.
 *
 * nlctl prints "out of memory" and aborts when the C library has none left:
 * no caller could do better, and nothing is lost, because the kernel drops an
 * unfinished transaction and keeps the policy that it has.
 */
#ifndef NLCTL_POLICY_MEMORY_H
#define NLCTL_POLICY_MEMORY_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

/**
 * xcalloc() - zeroed memory for an array
 * @count: number of elements
 * @size: bytes of one element
 *
 * Return: memory that the caller frees with free(); never NULL.
 */
void *xcalloc(size_t count, size_t size);

/**
 * xreallocarray() - reallocarray() that cannot fail
 * @array: what to resize, or NULL
 * @count: number of elements; 0 is treated as 1
 * @size: bytes of one element
 *
 * Return: the resized array, which the caller frees with free().
 */
void *xreallocarray(void *array, size_t count, size_t size);

/**
 * xmemdup() - copy memory
 * @memory: what to copy; may be NULL when @length is 0
 * @length: its bytes
 *
 * Return: NULL when @length is 0, else a copy that the caller frees.
 */
void *xmemdup(const void *memory, size_t length);

/**
 * xstrdup() - copy a string
 * @text: the string
 *
 * Return: a copy that the caller frees.
 */
char *xstrdup(const char *text) __attribute__((nonnull(1), returns_nonnull));

/**
 * xasprintf() - format into a new string
 * @format: as for printf()
 *
 * Return: the string, which the caller frees.
 */
char *xasprintf(const char *format, ...)
	__attribute__((format(printf, 1, 2), nonnull(1), returns_nonnull));

/**
 * xvasprintf() - format into a new string
 * @format: as for vprintf()
 * @arguments: its arguments
 *
 * Return: the string, which the caller frees.
 */
char *xvasprintf(const char *format, va_list arguments)
	__attribute__((format(printf, 1, 0), nonnull(1), returns_nonnull));

/**
 * xopen_memstream() - open_memstream() that cannot fail
 * @text: set to the text when the stream is closed; the caller frees it
 * @length: set to its bytes
 *
 * Return: the stream.
 */
FILE *xopen_memstream(char **text, size_t *length);

/**
 * array_room() - make room for one more element at the end of an array
 * @array: the array, or NULL while @count is 0
 * @count: elements that it holds
 * @size: bytes of one element
 *
 * An array that grows only through this function doubles its memory each time
 * @count reaches a power of two, so it needs no capacity beside the count.
 *
 * Return: the array, perhaps moved; the new element is zeroed.
 */
void *array_room(void *array, size_t count, size_t size);

/**
 * array_add() - append a zeroed element to an array
 * @array: lvalue: a pointer to the elements
 * @count: lvalue: their number, which is incremented
 *
 * Return: a pointer to the new element.
 */
#define array_add(array, count)                                           \
	({                                                                \
		__auto_type array_ = &(array);                            \
		size_t *count_ = &(count);                                \
		*array_ = array_room(*array_, *count_, sizeof(**array_)); \
		&(*array_)[(*count_)++];                                  \
	})

#endif
