/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random namespaces, nodes and pods.
 *
 * There are the nodes "one" and "two". A pod's address says which of them it
 * is on, so that no two of them have living pods of one address: which pod
 * owns it then depends on the node that is asked.
 */
#ifndef GENERATOR_PODS_H
#define GENERATOR_PODS_H

#include <jansson.h>
#include "generator/chance.h"

/* Return a new manifest each. */
json_t *generate_namespace(struct chance *chance, const char *name);
json_t *generate_node(struct chance *chance, const char *name);

/**
 * generate_pod() - a pod of any kind
 * @chance: decides
 * @crowd: how many pods and addresses there are to choose from, 8 or more
 *
 * Some pods share an address with one that has ended, is pending or is being
 * deleted, some claim that of a node, some have one family or no address.
 *
 * Return: a new manifest.
 */
json_t *generate_pod(struct chance *chance, unsigned int crowd);

/* Move a pod to other addresses and perhaps another node; some end by it. */
void generate_place(struct chance *chance, unsigned int crowd, json_t *pod);

#endif
