// SPDX-License-Identifier: GPL-2.0-only

#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "array.h"

/**
 * podwall_array_reserve - make room at the end of an array
 * @array: the array
 * @more: elements that must fit beside those in use
 * @size: of an element in bytes; the same in every call
 *
 * Context: Process context; may sleep.
 * Return: 0, or -ENOMEM with the array unchanged.
 */
int podwall_array_reserve(struct podwall_array *array, u32 more, size_t size)
{
	void *elements;
	u32 room;

	if (check_add_overflow(array->count, more, &room))
		return -ENOMEM;
	if (room <= array->room)
		return 0;
	/* Doubling keeps the copying linear in what is appended. */
	if (array->room <= U32_MAX / 2)
		room = max(room, array->room * 2);
	/* The size comes from userspace: too much is no reason to warn. */
	elements = kvmalloc_array(room, size,
				  GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!elements)
		return -ENOMEM;
	if (array->count)
		memcpy(elements, array->elements, array->count * size);
	kvfree(array->elements);
	array->elements = elements;
	array->room = room;
	return 0;
}

/**
 * podwall_array_append - add a zeroed element
 * @array: the array
 * @size: of an element in bytes
 *
 * Context: Process context; may sleep.
 * Return: the element, valid until the array grows, or NULL without memory.
 */
void *podwall_array_append(struct podwall_array *array, size_t size)
{
	void *element;

	if (podwall_array_reserve(array, 1, size))
		return NULL;
	element = array->elements + array->count++ * size;
	memset(element, 0, size);
	return element;
}

/**
 * podwall_array_trim - give back room that will not be needed
 * @array: the array
 * @size: of an element in bytes
 *
 * Without memory for that the array stays as it is.
 *
 * Context: Process context; may sleep.
 */
void podwall_array_trim(struct podwall_array *array, size_t size)
{
	void *elements;

	if (array->room - array->count <= array->count / 16)
		return;
	if (!array->count) {
		podwall_array_free(array);
		return;
	}
	elements = kvmalloc_array(array->count, size,
				  GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!elements)
		return;
	memcpy(elements, array->elements, array->count * size);
	kvfree(array->elements);
	array->elements = elements;
	array->room = array->count;
}

/**
 * podwall_array_free - free the elements and leave the array empty
 * @array: the array; what its elements own is the caller's
 *
 * Context: Process context; may sleep.
 */
void podwall_array_free(struct podwall_array *array)
{
	kvfree(array->elements);
	*array = (struct podwall_array){};
}
