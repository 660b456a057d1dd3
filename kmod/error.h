/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_ERROR_H
#define PODWALL_ERROR_H

#include <linux/compiler_attributes.h>

struct netlink_ext_ack;
struct nlattr;

/**
 * struct podwall_error - why a request is refused, for a person to read
 * @extack: the request's extended acknowledgment, which takes the attribute
 *	at fault; NULL where there is none
 * @text: empty until podwall_error_set()
 *
 * The kernel's own formatted texts end after 80 bytes, and 6.1 has none:
 * too short to name an object, a field and a limit.
 */
struct podwall_error {
	struct netlink_ext_ack *extack;
	char text[256];
};

__printf(3, 4)
int podwall_error_set(struct podwall_error *error, int code,
		      const char *format, ...);
__printf(4, 5)
int podwall_error_set_attribute(struct podwall_error *error, int code,
				const struct nlattr *attribute,
				const char *format, ...);

#endif
