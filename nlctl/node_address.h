/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether an address is the node's own, as the module sees it.
 */
#ifndef NLCTL_NODE_ADDRESS_H
#define NLCTL_NODE_ADDRESS_H

#include <stdbool.h>

#include "policy/objects.h"

/**
 * is_node_address() - whether the network namespace has it
 * @ip: the address
 *
 * Return: true where the module says so: for what has a local route of IPv4, and
 * for the addresses of interfaces of IPv6.
 */
bool is_node_address(const struct ip *ip);

#endif
