/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_COMPAT_NETLINK_H
#define PODWALL_COMPAT_NETLINK_H

#include <linux/netlink.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
/* Netlink asks this of each listener in the namespace, before it asks for room. */
static inline int podwall_netlink_note(struct sock *listener,
				       struct sk_buff *message, void *heard)
{
	*(bool *)heard = true;
	return 0;
}
#endif

/*
 * Before 6.6 nobody can tell whether a network namespace has a listener: then it
 * counts as having one.
 */
static inline int
podwall_netlink_broadcast(struct sock *socket, struct sk_buff *message,
			  u32 group, gfp_t flags, bool *heard)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
	*heard = true;
	return netlink_broadcast(socket, message, 0, group, flags);
#else
	return netlink_broadcast_filtered(socket, message, 0, group, flags,
					  podwall_netlink_note, heard);
#endif
}

#endif
