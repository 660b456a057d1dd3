/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who bears a label.
 */
#ifndef NLCTL_POLICY_LABEL_INDEX_H
#define NLCTL_POLICY_LABEL_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include "policy/model.h"

struct label_key;

/**
 * struct bearer - somebody who bears labels
 * @self: who he is
 * @group: what he belongs to, to be looked at first: he himself may be far away in
 *	memory; NULL for nothing
 */
struct bearer {
	void *self;
	void *group;
};

/**
 * struct label_index - finds what bears labels by one of them; start with zeroes
 * @keys: the keys that anybody has a label of
 *
 * Most keys are in no selector, and the values of some are different for every
 * pod. So only the bearers of keys that were opened are kept. Whoever wants to
 * open one has to enter all that were added before.
 */
struct label_index {
	struct label_key *keys;
};

/**
 * label_index_add() - add somebody
 * @index: the index
 * @labels: his labels
 * @bearer: who he is, added once
 */
void label_index_add(struct label_index *index, const struct labels *labels,
		     struct bearer bearer);

/**
 * label_index_remove() - remove somebody
 * @index: the index
 * @labels: the labels that he was added with
 * @self: who he is
 */
void label_index_remove(struct label_index *index, const struct labels *labels,
			const void *self);

/* Whether the bearers of a key are known: so it is when there are none. */
bool label_index_is_open(const struct label_index *index, const char *key);

/**
 * label_index_open() - begin to keep the bearers of a key
 * @index: the index
 * @key: one that is not open; label_index_enter() follows for all bearers
 */
void label_index_open(struct label_index *index, const char *key);

/**
 * label_index_enter() - let somebody be found by his label of a key
 * @index: the index
 * @key: a key that was opened after he was added
 * @labels: his labels
 * @bearer: who he is
 */
void label_index_enter(struct label_index *index, const char *key,
		       const struct labels *labels, struct bearer bearer);

/**
 * label_index_find() - who bears a label
 * @index: the index
 * @key: its key, which is open
 * @value: its value
 * @count: set to how many there are
 *
 * Return: those who were added with the label, each once and in any order,
 * valid until the index changes.
 */
const struct bearer *label_index_find(const struct label_index *index,
				      const char *key, const char *value,
				      size_t *count);

/* Forget everybody. */
void label_index_clear(struct label_index *index);

#endif
