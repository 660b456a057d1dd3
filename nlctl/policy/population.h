/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pods that policies see, with the addresses that are theirs and the
 * identities they stand under.
 */
#ifndef NLCTL_POLICY_POPULATION_H
#define NLCTL_POLICY_POPULATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "policy/cluster.h"
#include "policy/objects.h"
#include "policy/problem.h"

/**
 * struct inhabitant - a pod with an address of its own
 * @pod: the pod, borrowed from the cluster
 * @ips: its addresses without those that another pod owns; ordered
 * @ip_count: length of @ips, at least 1
 * @identity: index into the identities of the population
 */
struct inhabitant {
	const struct cluster_pod *pod;
	struct ip *ips;
	size_t ip_count;
	size_t identity;
};

/**
 * struct identity - what pods of one namespace, of equal labels and of equal
 * named ports have in common
 * @key: all of that as text
 * @namespace: the namespace, borrowed from the cluster
 * @pod: one of the pods, to read labels and ports from
 * @number: allotted to it
 */
struct identity {
	char *key;
	const struct cluster_namespace *namespace;
	const struct cluster_pod *pod;
	uint32_t number;
};

/**
 * struct population - all inhabitants of a cluster
 * @inhabitants: ordered by key of the pod
 * @inhabitant_count: length of @inhabitants
 * @identities: ordered by key of the first of their pods, so that those of a
 *	namespace stand together
 * @identity_count: length of @identities
 */
struct population {
	struct inhabitant *inhabitants;
	size_t inhabitant_count;
	struct identity *identities;
	size_t identity_count;
};

/**
 * population_build() - find the inhabitants of a cluster
 * @cluster: the Kubernetes objects; must outlive the population
 * @node: name of the node whose pods are to be enforced, or NULL
 * @live: objects whose identity numbers are kept where possible, or NULL
 * @population: receives the result; freed with population_clear()
 * @problems: receives warnings of addresses that more than one pod claims
 *
 * Left out are pods of the host network, those that have ended and those
 * without address. Of several pods with one address the one on @node owns it,
 * then the one that is not being deleted, then the one that runs, then the
 * first by key.
 */
void population_build(const struct cluster *cluster, const char *node,
		      const struct objects *live, struct population *population,
		      struct problems *problems);

/**
 * population_clear() - free what a population owns and zero it
 * @population: the population
 */
void population_clear(struct population *population);

#endif
