/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers that are taken, to allot free ones: ids and identities.
 */
#ifndef NLCTL_POLICY_NUMBERS_H
#define NLCTL_POLICY_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

struct taken_number;

/**
 * struct numbers - a set of numbers; start with zeroes
 * @taken: the members
 * @next: no number from 1 up to this one is free
 */
struct numbers {
	struct taken_number *taken;
	uint32_t next;
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
 * numbers_clear() - free all numbers
 * @numbers: the set
 */
void numbers_clear(struct numbers *numbers);

#endif
