/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The model to the objects that the kernel of one node holds: all at once, or
 * as one Kubernetes object after the other comes and goes.
 */
#ifndef NLCTL_POLICY_COMPILER_H
#define NLCTL_POLICY_COMPILER_H

#include <stdbool.h>
#include <stddef.h>
#include "policy/cluster.h"
#include "policy/difference.h"
#include "policy/objects.h"
#include "policy/problem.h"

struct compiler;

/**
 * struct compiler_counts - how much a compiler holds
 * @namespaces: that were put in
 * @nodes: likewise
 * @pods: likewise, of all nodes
 * @policies: likewise
 * @cluster_policies: likewise
 * @local_pods: pods of this node that were collected last; so are the others:
 * @identities: that peer sets name
 * @addresses: that stand under these
 * @peer_sets: that rules refer to
 * @rule_sets: that pods of this node use
 */
struct compiler_counts {
	size_t namespaces;
	size_t nodes;
	size_t pods;
	size_t policies;
	size_t cluster_policies;
	size_t local_pods;
	size_t identities;
	size_t addresses;
	size_t peer_sets;
	size_t rule_sets;
};

/**
 * compiler_new() - begin with no objects
 * @node: name of the node whose pods are to be enforced, or NULL to enforce
 *	every pod that has an address; copied
 *
 * Return: a compiler for compiler_free().
 */
struct compiler *compiler_new(const char *node);

/**
 * compiler_free() - free a compiler with all objects that it holds
 * @compiler: the compiler; NULL is allowed
 */
void compiler_free(struct compiler *compiler);

/* Put an object in, which the compiler then owns. One of the same key is freed.
 * Pods wait until their namespace has been put in; until then they are not
 * there. What is put in changes nothing until changes are collected.
 */
void compiler_put_namespace(struct compiler *compiler,
			    struct cluster_namespace *namespace);
void compiler_put_node(struct compiler *compiler, struct cluster_node *node);
void compiler_put_pod(struct compiler *compiler, struct cluster_pod *pod);
void compiler_put_policy(struct compiler *compiler,
			 struct network_policy *policy);
void compiler_put_cluster_policy(struct compiler *compiler,
				 struct cluster_policy *policy);

/* Take the object of that key out and free it; false when there is none. */
bool compiler_remove_namespace(struct compiler *compiler, const char *name);
bool compiler_remove_node(struct compiler *compiler, const char *name);
bool compiler_remove_pod(struct compiler *compiler, const char *key);
bool compiler_remove_policy(struct compiler *compiler, const char *key);
bool compiler_remove_cluster_policy(struct compiler *compiler, const char *key);

/**
 * compiler_objects() - all that the kernel is to hold
 * @compiler: the compiler
 * @live: objects that the kernel has now. The first time, their numbers are kept
 *	wherever they still fit, so that a small change gives a small
 *	difference; later the compiler keeps its own. An interface that only
 *	they know is kept each time. May be NULL
 * @objects: receives a copy, which the caller frees with objects_clear(); what
 *	it held before is not freed
 *
 * Changes that were not collected are in it, and collected with it. The first
 * numbers depend on the objects that were put in and on @live alone, not on the
 * order in which they came. An address is in the result only while rules refer
 * to its identity, and so are identities, peer sets and rule sets.
 */
void compiler_objects(struct compiler *compiler, const struct objects *live,
		      struct objects *objects);

/**
 * compiler_changes() - what has changed since this was asked last
 * @compiler: the compiler
 * @difference: receives the changes since the last compiler_changes() or
 *	compiler_objects(), in the order that struct difference promises; freed
 *	with difference_clear(). They point into the compiler, and hold until
 *	the next call that changes it or collects
 *
 * What keeps its content keeps its id and its number, and what goes gives its
 * own back only when this has been collected: no number changes its meaning
 * within one difference, but for a rule set that pods keep while its content
 * changes. If the kernel does not take the changes, the caller has to compare
 * compiler_objects() with what the kernel holds.
 */
void compiler_changes(struct compiler *compiler, struct difference *difference);

/**
 * compiler_changed() - whether there may be something to collect
 * @compiler: the compiler
 *
 * Return: false when nothing that matters was put in or taken out since changes
 * were collected last; true when they may still come to nothing.
 */
bool compiler_changed(const struct compiler *compiler);

/**
 * compiler_find_pod() - a pod of this node as it was collected last
 * @compiler: the compiler
 * @key: namespace/name
 *
 * Return: the pod, which holds as long as changes do; NULL when it is not
 * there, waits for its namespace, has no address, or is on another node.
 */
const struct pod *compiler_find_pod(const struct compiler *compiler,
				    const char *key);

/**
 * compiler_problems() - what was found wrong since this was asked last
 * @compiler: the compiler
 * @problems: receives warnings of addresses that pods claim in vain; none is
 *	told again while it holds
 */
void compiler_problems(struct compiler *compiler, struct problems *problems);

/* How much a compiler holds. */
struct compiler_counts compiler_counts(const struct compiler *compiler);

/**
 * compile() - compile the policies of a cluster for a node
 * @cluster: the Kubernetes objects
 * @node: name of the node whose pods are to be enforced, or NULL to enforce
 *	every pod that has an address
 * @live: objects that the kernel has now, whose numbers are kept wherever they
 *	still fit, so that a small change gives a small difference; may be NULL
 * @objects: receives the result, which the caller frees with objects_clear();
 *	what it held before is not freed
 * @problems: receives addresses that more than one pod claims, namespaces and
 *	nodes whose labels are needed and missing, and the like
 *
 * The result depends on the contents of @cluster and @live alone, not on the
 * order in which the cluster's objects were read.
 *
 * Return: false when an error was added to @problems; @objects is then empty.
 */
bool compile(const struct cluster *cluster, const char *node,
	     const struct objects *live, struct objects *objects,
	     struct problems *problems);

/**
 * compile_check() - whether a cluster can be compiled
 * @cluster: the Kubernetes objects
 * @problems: receives what compile() would tell
 *
 * Return: false when an error was added to @problems.
 */
bool compile_check(const struct cluster *cluster, struct problems *problems);

#endif
