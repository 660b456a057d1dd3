/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel is to know of the pods of this node.
 */
#ifndef NLCTL_POLICY_POD_PUBLICATION_H
#define NLCTL_POLICY_POD_PUBLICATION_H

#include "policy/compiler_state.h"
#include "policy/difference.h"

/**
 * publish_pod() - collect how a pod has changed, and take it for published
 * @compiler: the compiler; what was published before becomes outdated
 * @inhabitant: the pod; one that was never of this node has no changes
 * @live: objects that may know its interface, or NULL
 * @difference: receives the change, if there is one
 */
void publish_pod(struct compiler *compiler, struct inhabitant *inhabitant,
		 const struct objects *live, struct difference *difference);

#endif
