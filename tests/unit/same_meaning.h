/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What objects mean, whatever their ids and numbers are.
 */
#ifndef UNIT_SAME_MEANING_H
#define UNIT_SAME_MEANING_H

#include "policy/difference.h"
#include "policy/objects.h"

/**
 * meaning() - objects as text, without a number that was allotted
 * @objects: in the order that struct objects promises
 *
 * Peer sets stand by their names, an identity by the first of its addresses, and
 * rule sets where a pod uses them.
 *
 * Return: the text, for the caller to free.
 */
char *meaning(const struct objects *objects);

/**
 * apply_difference() - change objects as the kernel would
 * @objects: the objects
 * @difference: the changes; the test fails if one does not fit: what is there
 *	is not added, what is not there neither removed nor replaced, and what
 *	is replaced differs
 */
void apply_difference(struct objects *objects,
		      const struct difference *difference);

/* The test fails, and prints what differs, when objects are not the same. */
void assert_same_objects(const struct objects *a, const struct objects *b);

#endif
