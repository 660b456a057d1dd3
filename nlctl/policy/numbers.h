/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers that are taken, to allot free ones: ids and identities.
 */
#ifndef NLCTL_POLICY_NUMBERS_H
#define NLCTL_POLICY_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct taken_number;

/**
 * struct numbers - a set of numbers; start with zeroes
 * @taken: the members
 * @next: a number from 1 up to this one is a member or in @released
 * @released: heap of numbers up to @next that were given back, the lowest
 *	first; some may have been taken again
 * @released_count: length of @released
 */
struct numbers {
	struct taken_number *taken;
	uint32_t next;
	uint32_t *released;
	size_t released_count;
};

/**
 * numbers_take() - take a number
 * @numbers: the set
 * @number: the number
 *
 * Return: false when it is taken already, or 0, which is never allotted.
 */
bool numbers_take(struct numbers *numbers, uint32_t number);

/**
 * numbers_allot() - take the lowest free number from 1
 * @numbers: the set
 *
 * Return: the number.
 */
uint32_t numbers_allot(struct numbers *numbers);

/**
 * numbers_release() - give a number back, to be allotted again
 * @numbers: the set
 * @number: one of its members
 */
void numbers_release(struct numbers *numbers, uint32_t number);

/* How many members a set has. */
size_t numbers_count(const struct numbers *numbers);

/**
 * numbers_clear() - free all numbers
 * @numbers: the set
 */
void numbers_clear(struct numbers *numbers);

#endif
