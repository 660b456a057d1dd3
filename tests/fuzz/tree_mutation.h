/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Changes of JSON trees, for what bytes at random seldom get right.
 */
#ifndef FUZZ_TREE_MUTATION_H
#define FUZZ_TREE_MUTATION_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * tree_mutate() - change a few values or keys
 * @tree: an object or an array
 * @from: where values are taken from, which may be @tree
 * @seed: of what is changed
 *
 * A change of what YAML's aliases share is one in many places, and what they
 * share in turn grows out of all bounds.
 *
 * Return: false when one of the trees is too large to be written; then @tree may
 * have changed in part.
 */
bool tree_mutate(json_t *tree, const json_t *from, uint32_t seed);

#endif
