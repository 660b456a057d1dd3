/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether an address is the node's own, as the module sees it.
 */
#ifndef NLCTL_NODE_ADDRESS_H
#define NLCTL_NODE_ADDRESS_H

#include <stdbool.h>

#include "policy/objects.h"

/**
 * is_node_address() - whether an interface of the network namespace has it
 * @ip: the address
 *
 * Return: true for the addresses of interfaces, and for all of the IPv4
 * loopback block.
 */
bool is_node_address(const struct ip *ip);

#endif
