// SPDX-License-Identifier: GPL-2.0-only
#include "target.h"

#include <string.h>

#include "arguments.h"
#include "names.h"

/* Names of Kubernetes objects are made of these. */
#define NAME_BYTES "abcdefghijklmnopqrstuvwxyz0123456789.-"

bool target_parse(const struct nlctl *nlctl, const char *text,
		  struct target *target)
{
	size_t first = strspn(text, NAME_BYTES);
	size_t second;

	*target = (struct target){ .text = text };
	if (ip_parse(text, &target->ip))
		return true;
	if (first && text[first] == '/') {
		second = strspn(text + first + 1, NAME_BYTES);
		target->is_pod = second && !text[first + 1 + second];
	}
	if (!target->is_pod)
		nlctl_error(nlctl,
			    "\"%s\" is neither NAMESPACE/NAME of a pod nor an address",
			    text);
	return target->is_pod;
}

bool service_port_parse(const struct nlctl *nlctl, const char *text,
			struct service_port *port)
{
	const char *slash = strchr(text, '/');
	char digits[8] = "";
	uint64_t number = 0;

	*port = (struct service_port){ .text = text };
	/* Whoever writes 80 means a port, not the protocol of that number. */
	if (!slash && number_parse(text, UINT16_MAX, &number)) {
		nlctl_error(nlctl,
			    "\"%s\" lacks its protocol: write %s/tcp, %s/udp or %s/sctp",
			    text, text, text, text);
		return false;
	}
	if (slash && slash - text < (ptrdiff_t)sizeof(digits))
		memcpy(digits, text, slash - text);
	if (!protocol_parse(slash ? slash + 1 : text, &port->protocol) ||
	    (slash && !number_parse(digits, UINT16_MAX, &number))) {
		nlctl_error(nlctl,
			    "\"%s\" is not of the form PORT/PROTOCOL, as 80/tcp is, nor a protocol without ports, as icmp is",
			    text);
		return false;
	}
	if (protocol_has_ports(port->protocol) && !number) {
		nlctl_error(nlctl,
			    "\"%s\": the protocol needs a port from 1 to 65535, as in 80/tcp",
			    text);
		return false;
	}
	if (!protocol_has_ports(port->protocol) && slash) {
		nlctl_error(nlctl, "\"%s\": the protocol has no ports", text);
		return false;
	}
	port->port = number;
	return true;
}

bool service_port_family(const struct service_port *port, int family)
{
	if (port->protocol == IPPROTO_ICMP)
		return family == AF_INET;
	if (port->protocol == IPPROTO_ICMPV6)
		return family == AF_INET6;
	return true;
}
