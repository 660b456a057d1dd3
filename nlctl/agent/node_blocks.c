// SPDX-License-Identifier: GPL-2.0-only
#include "agent/node_blocks.h"

#include <stdlib.h>

#include "agent/object.h"

static bool same_blocks(const struct node_blocks *a,
			const struct node_blocks *b)
{
	size_t i;

	if (a->count != b->count)
		return false;
	for (i = 0; i < a->count; i++)
		if (network_compare(&a->list[i], &b->list[i]))
			return false;
	return true;
}

bool node_blocks_read(struct node_blocks *blocks, const json_t *node)
{
	struct node_blocks now = {};

	now.list = object_blocks(node, &now.count);
	if (same_blocks(&now, blocks)) {
		free(now.list);
		return false;
	}
	free(blocks->list);
	*blocks = now;
	return true;
}

void node_blocks_clear(struct node_blocks *blocks)
{
	free(blocks->list);
	*blocks = (struct node_blocks){};
}
