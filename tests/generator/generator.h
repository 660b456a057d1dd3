/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random clusters, as manifests, and small changes of them.
 */
#ifndef GENERATOR_GENERATOR_H
#define GENERATOR_GENERATOR_H

#include <jansson.h>
#include "generator/chance.h"

/* Addresses that no pod has: of nodes, in blocks, and far outside. */
extern const char *const generator_outsiders[];
extern const unsigned int generator_outsider_count;

/**
 * generate_cluster() - a cluster of three namespaces and two nodes
 * @chance: decides
 *
 * Most are small, for that finds as much; some have two dozen pods. Node "one"
 * is always among the nodes.
 *
 * Return: its manifests, a new array.
 */
json_t *generate_cluster(struct chance *chance);

/**
 * generate_change() - change one thing
 * @chance: decides
 * @manifests: of a cluster
 *
 * One policy is added, edited or removed, one pod added, removed, relabelled or
 * moved, one namespace or node relabelled, or one of all these put in or out of
 * audit mode.
 */
void generate_change(struct chance *chance, json_t *manifests);

#endif
