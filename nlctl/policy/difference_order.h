/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The order of changes that were collected in another one.
 */
#ifndef NLCTL_POLICY_DIFFERENCE_ORDER_H
#define NLCTL_POLICY_DIFFERENCE_ORDER_H

#include "policy/difference.h"

/**
 * difference_sort() - put changes in the order that struct difference promises
 * @difference: the changes
 */
void difference_sort(struct difference *difference);

#endif
