/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Both opinions on the connections of a cluster: what compiled objects do must
 * be what the evaluator says.
 */
#ifndef UNIT_OPINIONS_H
#define UNIT_OPINIONS_H

#include <stddef.h>
#include "policy/cluster.h"
#include "policy/objects.h"

/**
 * opinions_compare() - ask for connections between pods and outside addresses
 * @cluster: the Kubernetes objects
 * @objects: what they were compiled to
 * @most: about so many connections are asked for, evenly spread over all that
 *	there are; 0 for all of them
 *
 * The test fails when the opinions differ.
 *
 * Return: how many connections were asked for.
 */
size_t opinions_compare(const struct cluster *cluster,
			const struct objects *objects, size_t most);

#endif
