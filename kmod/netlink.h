/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_NETLINK_H
#define PODWALL_NETLINK_H

int podwall_netlink_init(void);
void podwall_netlink_exit(void);

#endif
