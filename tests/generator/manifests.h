/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The manifests of a cluster: a JSON array of Kubernetes objects.
 */
#ifndef GENERATOR_MANIFESTS_H
#define GENERATOR_MANIFESTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include "generator/chance.h"
#include "policy/cluster.h"

/* Put an object in, and take the reference over. One of the same kind,
 * namespace and name is replaced.
 */
void manifests_put(json_t *manifests, json_t *object);

/**
 * manifests_pick() - choose one of the objects of a kind
 * @manifests: the objects
 * @chance: decides
 * @kind: the end of the kinds' names: "NetworkPolicy" stands for
 *	ClusterNetworkPolicy too
 * @index: receives where it stands
 *
 * Return: false when there is none.
 */
bool manifests_pick(const json_t *manifests, struct chance *chance,
		    const char *kind, size_t *index);

/**
 * manifests_read() - read the objects as nlctl reads a file
 * @manifests: the objects
 * @cluster: receives them; start with zeroes
 * @problems: receives what is wrong
 *
 * Rules with a peer that nlctl does not know fail closed, as with --lenient.
 *
 * Return: false when an error was added to @problems.
 */
bool manifests_read(const json_t *manifests, struct cluster *cluster,
		    struct problems *problems);

/* Write the objects as documents of a YAML file, each on a line of its own that
 * begins with @prefix.
 */
void manifests_print(const json_t *manifests, const char *prefix, FILE *stream);

#endif
