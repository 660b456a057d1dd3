/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The orders of rows.
 */
#ifndef NLCTL_TALLY_ORDER_H
#define NLCTL_TALLY_ORDER_H

#include <stdbool.h>
#include <stddef.h>

#include "tally.h"

/**
 * enum tally_order - by what rows are ordered
 * @TALLY_BY_PLACE: as tally_make() leaves them
 * @TALLY_BY_CONNECTIONS: the most connections first
 * @TALLY_BY_PACKETS: the most packets first
 * @TALLY_BY_BYTES: the most bytes first
 * @TALLY_BY_NAME: by the name of pod or rule, or the reason
 */
enum tally_order {
	TALLY_BY_PLACE,
	TALLY_BY_CONNECTIONS,
	TALLY_BY_PACKETS,
	TALLY_BY_BYTES,
	TALLY_BY_NAME,
};

/**
 * tally_order_parse() - read the name of an order
 * @name: connections, packets, bytes or name
 * @order: receives it
 */
bool tally_order_parse(const char *name, enum tally_order *order);

/**
 * tally_sort() - order the rows
 * @tally: the reading
 * @order: by what; equal rows are as tally_make() leaves them
 *
 * Once there was a reading before, recent amounts are what is ordered by.
 */
void tally_sort(struct tally *tally, enum tally_order order);

/**
 * tally_array_sort() - qsort(), which must not be called with NULL
 * @array: of elements; may be NULL when there are none
 * @count: of elements
 * @size: bytes of one
 * @compare: as for qsort()
 */
void tally_array_sort(void *array, size_t count, size_t size,
		      int (*compare)(const void *a, const void *b));

/* The orders that tally_make() leaves rows in, as for qsort(). */
int tally_compare_reasons(const void *a, const void *b);
int tally_compare_pods(const void *a, const void *b);
/* Rules come first, by tier; then what decides without one. */
int tally_compare_deciders(const struct tally_decider *a,
			   const struct tally_decider *b);

/* The order of pointers to parts by what identifies their counters, whatever
 * happens to other rules: rule set, direction, kind, cookie and ordinal.
 */
int tally_compare_keys(const void *a, const void *b);

/**
 * tally_parts_by_key() - all parts in the order of tally_compare_keys()
 * @tally: the reading
 *
 * Return: an array that the caller frees; of pointers into @tally.
 */
struct tally_part **tally_parts_by_key(const struct tally *tally);

#endif
