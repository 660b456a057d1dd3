/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A list of numbers in a message: an attribute for each, all of one type.
 */
#ifndef NLCTL_NUMBER_LIST_H
#define NLCTL_NUMBER_LIST_H

#include <netlink/msg.h>
#include <stddef.h>
#include <stdint.h>

/**
 * number_list_put() - add the first of many numbers to a message
 * @message: the message
 * @type: of the attributes
 * @numbers: the numbers
 * @count: how many
 * @length: the message takes no more once it is so long, in bytes
 *
 * The message becomes what nla_put_u32() makes of it, number by number. That takes
 * ten times as long, and most of the time of a change where a list has thousands.
 *
 * Return: how many were added: all, or those until the message was full; 0 also
 * when they do not fit the room that the message has.
 */
size_t number_list_put(struct nl_msg *message, int type,
		       const uint32_t *numbers, size_t count, size_t length);

#endif
