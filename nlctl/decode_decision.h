/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connections and how they are decided, out of messages.
 */
#ifndef NLCTL_DECODE_DECISION_H
#define NLCTL_DECODE_DECISION_H

#include <netlink/attr.h>
#include <stdbool.h>

#include "explanation.h"

/**
 * decode_decision() - take in how one direction is decided
 * @nest: the attribute
 * @decision: receives it; zeroed before, cleared by the caller in any case
 *
 * Return: false when it makes no sense.
 */
bool decode_decision(struct nlattr *nest, struct decision *decision);

/**
 * decode_connection() - take in a connection
 * @nest: the attribute
 * @connection: receives it
 *
 * Return: false when it makes no sense.
 */
bool decode_connection(struct nlattr *nest, struct connection *connection);

#endif
