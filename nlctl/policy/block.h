/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Blocks of addresses with exceptions, in few and bounded pieces.
 */
#ifndef NLCTL_POLICY_BLOCK_H
#define NLCTL_POLICY_BLOCK_H

#include <stddef.h>
#include "policy/objects.h"

/* Exceptions that the kernel takes with one block. */
#define BLOCK_EXCEPTS_MAX 512

/**
 * block_copy() - copy a block with as few exceptions as say the same
 * @block: the block
 *
 * The exceptions of the copy are ordered by network_compare(); none lies in
 * another, and no two are the halves of a network that could stand for both.
 * Two exceptions that are all of the block stay two: each lies inside it.
 *
 * Return: a copy; the caller frees its @except.
 */
struct block block_copy(const struct block *block);

/**
 * block_split() - split a block until no part has too many exceptions
 * @block: a block from block_copy(); taken over
 * @blocks: array to append the parts to, which hold the same addresses
 * @count: length of @blocks
 *
 * Halves of which nothing is left are dropped.
 */
void block_split(struct block *block, struct block **blocks, size_t *count);

#endif
