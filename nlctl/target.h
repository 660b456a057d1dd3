/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ends and ports of a connection as a person names them.
 */
#ifndef NLCTL_TARGET_H
#define NLCTL_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "nlctl.h"
#include "policy/objects.h"

/**
 * struct target - an end of a connection
 * @text: as it was given; borrowed
 * @is_pod: a pod by its key, which is @text; else an address
 * @ip: the address
 */
struct target {
	const char *text;
	bool is_pod;
	struct ip ip;
};

/**
 * struct service_port - what a connection goes to on the server
 * @text: as it was given; borrowed
 * @protocol: IP protocol number
 * @port: host byte order; 0 for protocols without ports
 */
struct service_port {
	const char *text;
	uint8_t protocol;
	uint16_t port;
};

/**
 * target_parse() - read NAMESPACE/NAME or an address
 * @nlctl: the context
 * @text: the text
 * @target: receives the result, which borrows @text
 *
 * Return: false when it is neither; a message was printed.
 */
bool target_parse(const struct nlctl *nlctl, const char *text,
		  struct target *target);

/**
 * service_port_parse() - read PORT/PROTOCOL, or a protocol without ports
 * @nlctl: the context
 * @text: "80/tcp", "icmp" or "47", say
 * @port: receives the result, which borrows @text
 *
 * Return: false when it is neither; a message was printed.
 */
bool service_port_parse(const struct nlctl *nlctl, const char *text,
			struct service_port *port);

/**
 * service_port_family() - whether a protocol exists in an address family
 * @port: what a connection goes to
 * @family: AF_INET or AF_INET6
 *
 * ICMP belongs to IPv4, and ICMPv6 to IPv6, alone.
 */
bool service_port_family(const struct service_port *port, int family);

#endif
