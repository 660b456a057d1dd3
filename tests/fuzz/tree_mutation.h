/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Changes of JSON trees, for what bytes at random seldom get right.
 */
#ifndef FUZZ_TREE_MUTATION_H
#define FUZZ_TREE_MUTATION_H

#include <jansson.h>
#include <stdint.h>

/**
 * tree_mutate() - change a few values or keys
 * @tree: an object or an array
 * @from: where values are taken from, which may be @tree
 * @seed: of what is changed
 */
void tree_mutate(json_t *tree, const json_t *from, uint32_t seed);

#endif
