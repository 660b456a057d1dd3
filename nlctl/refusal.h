/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel says of a request that it refuses.
 */
#ifndef NLCTL_REFUSAL_H
#define NLCTL_REFUSAL_H

#include <linux/netlink.h>

/**
 * refusal_of_error() - read an error message
 * @header: the message, of type NLMSG_ERROR; libnl has checked its length
 *
 * Return: the text, which the caller frees.
 */
char *refusal_of_error(const struct nlmsghdr *header);

/**
 * refusal_of_done() - read the end of a list that an error cut off
 * @header: the message, of type NLMSG_DONE, with room for an int
 *
 * Return: the text, which the caller frees.
 */
char *refusal_of_done(const struct nlmsghdr *header);

#endif
