/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers in order.
 */
#ifndef NLCTL_POLICY_NUMBER_ORDER_H
#define NLCTL_POLICY_NUMBER_ORDER_H

#include <stddef.h>
#include <stdint.h>

/**
 * numbers_sort() - put numbers in ascending order
 * @numbers: the numbers; some may be equal
 * @count: length of @numbers
 */
void numbers_sort(uint32_t *numbers, size_t count);

#endif
