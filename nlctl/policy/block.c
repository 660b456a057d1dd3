// SPDX-License-Identifier: GPL-2.0-only
#include "policy/block.h"

#include <stdlib.h>
#include "policy/memory.h"

static int compare_networks(const void *a, const void *b)
{
	return network_compare(a, b);
}

/* One of the two networks that a network consists of. */
static struct network half(const struct network *network, bool upper)
{
	struct network part = *network;
	uint8_t *bytes = part.base.family == AF_INET ?
				 (uint8_t *)&part.base.v4 :
				 part.base.v6.s6_addr;

	if (upper)
		bytes[part.prefix_length / 8] |= 0x80 >> part.prefix_length % 8;
	part.prefix_length++;
	return part;
}

/* Whether two networks are the halves of one, which then receives that. */
static bool join(const struct network *lower, const struct network *upper,
		 struct network *whole)
{
	struct network other;

	if (!lower->prefix_length ||
	    lower->prefix_length != upper->prefix_length)
		return false;
	*whole = *lower;
	whole->prefix_length--;
	if (network_mask(whole))
		return false;
	other = half(whole, true);
	return !network_compare(&other, upper);
}

struct block block_copy(const struct block *block)
{
	struct block copy = { .network = block->network };
	struct network *except, whole;
	size_t count = block->except_count, kept = 0, i;

	except = xmemdup(block->except, count * sizeof(*except));
	if (count > 1)
		qsort(except, count, sizeof(*except), compare_networks);
	/* A network comes before those inside it, and what is kept so far is
	 * in order, so only the last one can hold or join the next.
	 */
	for (i = 0; i < count; i++) {
		if (kept &&
		    network_contains(&except[kept - 1], &except[i].base))
			continue;
		except[kept++] = except[i];
		while (kept > 1 &&
		       join(&except[kept - 2], &except[kept - 1], &whole) &&
		       whole.prefix_length > block->network.prefix_length)
			except[--kept - 1] = whole;
	}
	copy.except = except;
	copy.except_count = kept;
	return copy;
}

void block_split(struct block *block, struct block **blocks, size_t *count)
{
	size_t i;
	int upper;

	if (block->except_count <= BLOCK_EXCEPTS_MAX) {
		*array_add(*blocks, *count) = *block;
		*block = (struct block){};
		return;
	}
	for (upper = 0; upper < 2; upper++) {
		struct block part = { .network = half(&block->network, upper) };
		bool empty = false;

		for (i = 0; i < block->except_count; i++) {
			const struct network *except = &block->except[i];

			if (!network_contains(&part.network, &except->base))
				continue;
			if (except->prefix_length == part.network.prefix_length)
				empty = true;
			*array_add(part.except, part.except_count) = *except;
		}
		if (empty)
			free(part.except);
		else
			block_split(&part, blocks, count);
	}
	free(block->except);
	*block = (struct block){};
}
