/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The manifests that a command line names, and what they would change.
 */
#ifndef NLCTL_SOURCES_H
#define NLCTL_SOURCES_H

#include <stdbool.h>

#include "arguments.h"
#include "netlink.h"
#include "policy/cluster.h"
#include "policy/difference.h"
#include "policy/objects.h"

/* The options that verbs with manifests share, for their tables. */
enum {
	OPTION_LENIENT = 300,
	OPTION_NODE,
	OPTION_ALLOW_EMPTY,
};

#define FILE_OPTION                                                              \
	{                                                                        \
		'f', "file", "FILE",                                             \
			"Read manifests from a file, a directory, or - (stdin)." \
	}
#define LENIENT_OPTION                                                           \
	{                                                                        \
		OPTION_LENIENT, "lenient", NULL,                                 \
			"Pass over unknown kinds; fail closed on unknown peers." \
	}
#define NODE_OPTION                                                       \
	{                                                                 \
		OPTION_NODE, "node", "NAME",                              \
			"Enforce the pods of this node, not all of them." \
	}

#define ALLOW_EMPTY_OPTION                                                  \
	{                                                                   \
		OPTION_ALLOW_EMPTY, "allow-empty", NULL,                    \
			"Allow sources without objects and unknown nodes: " \
			"removes the policy."                               \
	}

/**
 * sources_check() - whether the command line names sources as it may
 * @nlctl: the context
 * @arguments: the command line
 * @needed: there must be one
 *
 * Return: false when it is wrong; a message was printed.
 */
bool sources_check(const struct nlctl *nlctl, const struct arguments *arguments,
		   bool needed);

/**
 * sources_read() - read all manifests that the command line names
 * @nlctl: the context
 * @arguments: the command line; has -f at least once
 * @cluster: receives the objects; freed with cluster_clear() in any case
 *
 * Return: false when something is wrong with them, which was printed.
 */
bool sources_read(const struct nlctl *nlctl, const struct arguments *arguments,
		  struct cluster *cluster);

/**
 * sources_complete() - whether manifests have all that an answer hangs on
 * @nlctl: the context
 * @cluster: the manifests
 *
 * A selector of namespaces or nodes whose labels nobody gave would be answered
 * by a guess.
 *
 * Return: false when something is missing, which was printed.
 */
bool sources_complete(const struct nlctl *nlctl, const struct cluster *cluster);

/**
 * sources_read_whole() - read the manifests that shall be the whole policy
 * @nlctl: the context
 * @arguments: the command line; has -f at least once
 * @cluster: receives the objects; freed with cluster_clear() in any case
 *
 * What is missing from the whole is removed. So a source without any object
 * and a node that no manifest names are refused, unless the command line
 * allows them: more likely something in front of nlctl failed.
 *
 * Return: false when something is wrong with them, which was printed.
 */
bool sources_read_whole(const struct nlctl *nlctl,
			const struct arguments *arguments,
			struct cluster *cluster);

/**
 * struct plan - what the module holds, what it shall hold, and the difference
 * @live: objects of the module
 * @desired: objects compiled from manifests
 * @difference: from @live to @desired
 */
struct plan {
	struct objects live;
	struct objects desired;
	struct difference difference;
};

/**
 * plan_make() - compile manifests against what the module holds now
 * @nlctl: the context
 * @netlink: the connection
 * @cluster: the manifests
 * @node: name of the node, or NULL for all pods
 * @plan: receives the result; freed with plan_clear() when it succeeded
 *
 * Return: false when that is impossible; the reasons were printed.
 */
bool plan_make(const struct nlctl *nlctl, struct netlink *netlink,
	       const struct cluster *cluster, const char *node,
	       struct plan *plan);

/**
 * plan_print() - print the changes
 * @nlctl: the context
 * @plan: the changes
 * @generation: of the module now
 * @done: the changes were made, not only planned
 */
void plan_print(const struct nlctl *nlctl, const struct plan *plan,
		uint64_t generation, bool done);

/**
 * plan_clear() - free what a plan owns and zero it
 * @plan: the plan
 */
void plan_clear(struct plan *plan);

#endif
