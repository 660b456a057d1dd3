/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The blocks of addresses that a node gives to its pods, as its object says it.
 */
#ifndef NLCTL_AGENT_NODE_BLOCKS_H
#define NLCTL_AGENT_NODE_BLOCKS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "policy/objects.h"

/**
 * struct node_blocks - the blocks; starts with zeroes
 * @list: the blocks, in the order of the object
 * @count: length of @list
 */
struct node_blocks {
	struct network *list;
	size_t count;
};

/**
 * node_blocks_read() - take the blocks that a node has now
 * @blocks: those that it had; receives those that it has
 * @node: its object
 *
 * Return: whether they differ.
 */
bool node_blocks_read(struct node_blocks *blocks, const json_t *node);

/* Free what the structure owns and zero it. */
void node_blocks_clear(struct node_blocks *blocks);

#endif
