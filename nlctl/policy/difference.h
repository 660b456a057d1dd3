/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What has to change for one policy state to become another.
 */
#ifndef NLCTL_POLICY_DIFFERENCE_H
#define NLCTL_POLICY_DIFFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include "policy/objects.h"

enum change_kind {
	CHANGE_ADD, /* only @after is set */
	CHANGE_REMOVE, /* only @before is set */
	CHANGE_REPLACE, /* both are set, and they differ */
};

struct address_change {
	enum change_kind kind;
	const struct address *before;
	const struct address *after;
};

struct peer_set_change {
	enum change_kind kind;
	const struct peer_set *before;
	const struct peer_set *after;
};

struct rule_set_change {
	enum change_kind kind;
	const struct rule_set *before;
	const struct rule_set *after;
};

struct pod_change {
	enum change_kind kind;
	const struct pod *before;
	const struct pod *after;
};

/**
 * struct difference - changes from one policy state to another
 * @addresses: ordered by address
 * @address_count: length of @addresses
 * @peer_sets: ordered by id
 * @peer_set_count: length of @peer_sets
 * @rule_sets: ordered by id
 * @rule_set_count: length of @rule_sets
 * @pods: ordered by key
 * @pod_count: length of @pods
 *
 * The changes point into the two states, which must live as long.
 */
struct difference {
	struct address_change *addresses;
	size_t address_count;
	struct peer_set_change *peer_sets;
	size_t peer_set_count;
	struct rule_set_change *rule_sets;
	size_t rule_set_count;
	struct pod_change *pods;
	size_t pod_count;
};

/**
 * difference_find() - compare two policy states
 * @live: what is, in the order that struct objects promises; NULL for nothing
 * @desired: what shall be, likewise
 * @difference: receives the changes; freed with difference_clear()
 *
 * Addresses are matched by value, peer sets and rule sets by id, pods by key.
 * Generation and counters are ignored.
 */
void difference_find(const struct objects *live, const struct objects *desired,
		     struct difference *difference);

/**
 * change_kind() - what kind of change it is
 * @before: what was, or NULL
 * @after: what shall be, or NULL; not both are
 */
enum change_kind change_kind(const void *before, const void *after);

/**
 * difference_count() - count the changes of one kind
 * @difference: the changes
 * @kind: which to count
 */
size_t difference_count(const struct difference *difference,
			enum change_kind kind);

/**
 * difference_empty() - whether there is nothing to change
 * @difference: the changes
 */
bool difference_empty(const struct difference *difference);

/**
 * difference_print() - write the changes for a person, one a line
 * @difference: the changes
 * @stream: where to write
 *
 * A line starts with "+" for an addition, "-" for a removal and "~" for a
 * replacement, and then says what changes:
 * "~ rule-set 3 (egress: NetworkPolicy default/x): 2 rules, was 1".
 */
void difference_print(const struct difference *difference, FILE *stream);

/**
 * difference_clear() - free the lists of changes and zero them
 * @difference: the changes
 */
void difference_clear(struct difference *difference);

#endif
