/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connections to ask about.
 */
#ifndef DIFFERENTIAL_CONNECTIONS_H
#define DIFFERENTIAL_CONNECTIONS_H

#include "explanation.h"
#include "generator/chance.h"
#include "policy/cluster.h"

/**
 * struct ends - addresses that connections of a cluster may begin and end at
 * @list: of pods, whatever has become of them, of what is outside, and the
 *	first and last address of each block and exception with their neighbours
 * @count: length of @list
 * @pod_count: how many at its beginning are of pods
 * @own: those of @list that belong to pods of the module's node
 * @own_count: length of @own
 */
struct ends {
	struct ip *list;
	size_t count;
	size_t pod_count;
	struct ip *own;
	size_t own_count;
};

void ends_collect(const struct cluster *cluster, struct ends *ends);
void ends_clear(struct ends *ends);

/* The pod of the module's node that has an address; NULL when none has. */
const struct cluster_pod *own_pod(const struct cluster *cluster,
				  const struct ip *ip);

/**
 * connection_choose() - choose a connection
 * @chance: decides
 * @cluster: the cluster
 * @ends: its ends
 *
 * Nearly always a pod of the module's node has part in it, and never is a pod
 * its own peer: only a service leads there, which the evaluator knows nothing
 * of.
 */
struct connection connection_choose(struct chance *chance,
				    const struct cluster *cluster,
				    const struct ends *ends);

#endif
