/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Values out of netlink attributes that were validated.
 */
#ifndef NLCTL_ATTRIBUTES_H
#define NLCTL_ATTRIBUTES_H

#include <netlink/attr.h>
#include <stdbool.h>
#include <stdint.h>

#include "policy/objects.h"

/* The number in an attribute, or 0 when there is no attribute. */
uint64_t attribute_u64(struct nlattr *attribute);
uint32_t attribute_u32(struct nlattr *attribute);

/* A copy of the text in an attribute, or NULL when there is no attribute. */
char *attribute_text(struct nlattr *attribute);

/**
 * attribute_ip() - take an address from attributes that were validated
 * @ipv4: the attribute for IPv4, or NULL
 * @ipv6: the attribute for IPv6, or NULL
 * @ip: receives the address
 *
 * Return: false unless there is exactly one.
 */
bool attribute_ip(struct nlattr *ipv4, struct nlattr *ipv6, struct ip *ip);

/**
 * attribute_network() - take in a nested block of addresses
 * @attribute: the nest
 * @network: receives the block
 *
 * Return: false when it makes no sense.
 */
bool attribute_network(struct nlattr *attribute, struct network *network);

#endif
