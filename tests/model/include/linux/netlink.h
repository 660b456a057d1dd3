/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_NETLINK_H
#define PODWALL_MODEL_LINUX_NETLINK_H

#include <linux/types.h>

struct nlattr;

struct netlink_ext_ack {
	const struct nlattr *bad_attr;
};

#define NL_SET_BAD_ATTR(extack, attribute)                \
	do {                                              \
		if (extack)                               \
			(extack)->bad_attr = (attribute); \
	} while (0)

#endif
