// SPDX-License-Identifier: GPL-2.0-only

#include <linux/slab.h>
#include <linux/string.h>
#include <linux/xarray.h>

#define NODES_AT_ONCE 16

/* Where an index is, or would have to be. */
static size_t find(const struct xarray *array, unsigned long index)
{
	size_t low = 0, high = array->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (array->nodes[middle].index < index)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool holds(const struct xarray *array, size_t at, unsigned long index)
{
	return at < array->count && array->nodes[at].index == index;
}

void *xa_load(const struct xarray *array, unsigned long index)
{
	size_t at = find(array, index);

	return holds(array, at, index) ? array->nodes[at].entry : NULL;
}

static bool reserve(struct xarray *array, gfp_t flags)
{
	struct xa_node *nodes;

	if (array->count < array->room)
		return true;
	nodes = kvmalloc_array(array->room + NODES_AT_ONCE, sizeof(*nodes),
			       flags);
	if (!nodes)
		return false;
	if (array->count)
		memcpy(nodes, array->nodes, array->count * sizeof(*nodes));
	kvfree(array->nodes);
	array->nodes = nodes;
	array->room += NODES_AT_ONCE;
	return true;
}

static void *take_out(struct xarray *array, size_t at)
{
	void *entry = array->nodes[at].entry;

	array->count--;
	memmove(&array->nodes[at], &array->nodes[at + 1],
		(array->count - at) * sizeof(*array->nodes));
	if (!array->count)
		xa_destroy(array);
	return entry;
}

void *xa_store(struct xarray *array, unsigned long index, void *entry,
	       gfp_t flags)
{
	size_t at = find(array, index);
	void *old;

	if (holds(array, at, index)) {
		old = array->nodes[at].entry;
		if (!entry)
			return take_out(array, at);
		array->nodes[at].entry = entry;
		return old;
	}
	if (!entry)
		return NULL;
	if (!reserve(array, flags))
		return kernel_xa_error(-ENOMEM);
	memmove(&array->nodes[at + 1], &array->nodes[at],
		(array->count - at) * sizeof(*array->nodes));
	array->nodes[at] = (struct xa_node){ index, entry };
	array->count++;
	return NULL;
}

int xa_insert(struct xarray *array, unsigned long index, void *entry,
	      gfp_t flags)
{
	if (xa_load(array, index))
		return -EBUSY;
	return xa_err(xa_store(array, index, entry, flags));
}

void *xa_erase(struct xarray *array, unsigned long index)
{
	return xa_store(array, index, NULL, 0);
}

void xa_destroy(struct xarray *array)
{
	kvfree(array->nodes);
	*array = (struct xarray){};
}

/* The first entry from an index on, or behind it. */
void *kernel_xa_find(const struct xarray *array, unsigned long *index,
		     bool after)
{
	size_t at;

	if (after && *index == ~0UL)
		return NULL;
	at = find(array, *index + after);
	if (at == array->count)
		return NULL;
	*index = array->nodes[at].index;
	return array->nodes[at].entry;
}
