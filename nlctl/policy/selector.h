/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Label selectors: what they match and how they read.
 */
#ifndef NLCTL_POLICY_SELECTOR_H
#define NLCTL_POLICY_SELECTOR_H

#include <stdbool.h>
#include "policy/model.h"

/**
 * selector_matches() - whether a selector selects an object
 * @selector: the selector; an empty one selects everything
 * @labels: the object's labels
 *
 * NotIn and DoesNotExist are met by an object without the key.
 */
bool selector_matches(const struct selector *selector,
		      const struct labels *labels);

/**
 * selector_text() - the canonical text of a selector
 * @selector: the selector
 *
 * The text is kubectl's selector syntax with the requirements in order and
 * without repetition, so two selectors that say the same in another order give
 * the same text: "app=web,tier in (a,b),!legacy"; "" for the empty selector.
 *
 * Return: a string that the caller frees.
 */
char *selector_text(const struct selector *selector);

/**
 * peer_text() - the canonical text of a peer
 * @peer: a from or to entry
 * @namespace: namespace of its policy; NULL when it has none
 *
 * "pods{role=a} in namespaces{team=b}", "10.0.0.0/8 except 10.1.0.0/16", or
 * "nodes{zone=c}". A peer that names no namespaces reads like one that selects @namespace by its
 * name label, which is the same.
 *
 * Return: a string that the caller frees.
 */
char *peer_text(const struct policy_peer *peer, const char *namespace);

/* Whether the value is one of those that the requirement lists. */
bool requirement_has_value(const struct requirement *requirement,
			   const char *value);

#endif
