/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pods that a command line asks about.
 */
#ifndef NLCTL_GRAPH_FOCUS_H
#define NLCTL_GRAPH_FOCUS_H

#include <stdbool.h>

#include "arguments.h"
#include "policy/cluster.h"
#include "policy/objects.h"

enum {
	OPTION_NAMESPACE = 320,
	OPTION_POD,
};

#define NAMESPACE_OPTION                                           \
	{                                                          \
		OPTION_NAMESPACE, "namespace", "NAME",             \
			"Only pods of this namespace; may repeat." \
	}
#define POD_OPTION                                   \
	{                                            \
		OPTION_POD, "pod", "NAMESPACE/NAME", \
			"Only this pod; may repeat." \
	}

/**
 * focus_choose() - find the pods that --node, --namespace and --pod say
 * @nlctl: the context
 * @arguments: the command line
 * @cluster: the manifests, which know the nodes of pods
 * @objects: the pods
 * @focus: receives for each pod whether all of these options say it, or all pods
 *	where none was given; the caller frees it in any case
 *
 * Return: false when an option names nothing that is there; a message was
 * printed.
 */
bool focus_choose(const struct nlctl *nlctl, const struct arguments *arguments,
		  const struct cluster *cluster, const struct objects *objects,
		  bool **focus);

#endif
