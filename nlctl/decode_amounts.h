/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Amounts out of messages.
 */
#ifndef NLCTL_DECODE_AMOUNTS_H
#define NLCTL_DECODE_AMOUNTS_H

#include <netlink/attr.h>
#include <stdbool.h>

#include "policy/objects.h"

/**
 * decode_amounts() - take in an amount for each bounded resource
 * @nest: the attribute; NULL changes nothing
 * @amounts: receives them
 *
 * Return: false when it makes no sense.
 */
bool decode_amounts(struct nlattr *nest, struct amounts *amounts);

#endif
