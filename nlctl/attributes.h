/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Values out of netlink attributes that were validated, and into new ones.
 */
#ifndef NLCTL_ATTRIBUTES_H
#define NLCTL_ATTRIBUTES_H

#include <netlink/attr.h>
#include <netlink/msg.h>
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

/**
 * attribute_put_ip() - append an address to a message
 * @message: the message
 * @ip: the address
 * @ipv4: type of the attribute for IPv4
 * @ipv6: type of the attribute for IPv6
 *
 * Return: 0, or libnl's negative code when there is no room.
 */
int attribute_put_ip(struct nl_msg *message, const struct ip *ip, int ipv4,
		     int ipv6);

/**
 * attribute_put_network() - append a nested block of addresses to a message
 * @message: the message
 * @type: type of the nest
 * @network: the block
 *
 * Return: as attribute_put_ip().
 */
int attribute_put_network(struct nl_msg *message, int type,
			  const struct network *network);

#endif
