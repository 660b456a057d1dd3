/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counts out of messages.
 */
#ifndef NLCTL_DECODE_TRAFFIC_H
#define NLCTL_DECODE_TRAFFIC_H

#include <netlink/attr.h>
#include <stdbool.h>

#include "policy/objects.h"

/**
 * decode_traffic() - take in what was decided for one reason
 * @nest: the attribute
 * @traffic: receives it
 *
 * Return: false when it makes no sense.
 */
bool decode_traffic(struct nlattr *nest, struct traffic *traffic);

#endif
