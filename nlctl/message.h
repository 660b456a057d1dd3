/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages, for the files that know attributes: encode.c, decode.c and
 * query.c.
 */
#ifndef NLCTL_MESSAGE_H
#define NLCTL_MESSAGE_H

#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <stdbool.h>
#include <stdint.h>

#include "netlink.h"

/* A message of a list is sent once it is this long. */
#define MESSAGE_LENGTH 32768

/* Room for a message of a list, which may have become that long when one more
 * attribute of the largest size that there is begins; and for any other.
 */
#define ROOM_LARGE (MESSAGE_LENGTH + 2 * 65536)
#define ROOM_SMALL 4096

/**
 * typedef message_reader - take in one message of an answer
 * @header: the message; its length was checked
 * @data: the caller's
 *
 * Return: false when the message makes no sense.
 */
typedef bool (*message_reader)(struct nlmsghdr *header, void *data);

/**
 * message_new() - begin a request
 * @netlink: the connection
 * @command: the operation
 * @flags: NLM_F_DUMP or 0
 * @room: its greatest length
 *
 * Return: a message that message_send() frees.
 */
struct nl_msg *message_new(struct netlink *netlink, uint8_t command, int flags,
			   size_t room);

/**
 * message_send() - send a request and wait until it is answered
 * @netlink: the connection
 * @message: the request; freed in any case
 * @reader: called for each message of the answer; NULL when none is expected
 * @data: for @reader
 *
 * Return: 0; -EAGAIN when the kernel says that what a dump listed changed
 * meanwhile; -EBADMSG when @reader refused a message; or another error.
 */
int message_send(struct netlink *netlink, struct nl_msg *message,
		 message_reader reader, void *data);

/**
 * message_stage() - send a request that stages something, and count it
 * @netlink: the connection
 * @message: the request; freed in any case
 *
 * Return: as message_send() does.
 */
int message_stage(struct netlink *netlink, struct nl_msg *message);

/**
 * message_take_staged() - count the staged requests, and begin anew
 * @netlink: the connection
 *
 * Return: how many message_stage() has sent since the last call; a commit tells
 * the kernel, which refuses it when one got lost.
 */
uint32_t message_take_staged(struct netlink *netlink);

/**
 * message_receive() - take in the events that have arrived
 * @netlink: the connection, after netlink_subscribe()
 * @reader: called for each event
 * @data: for @reader
 *
 * Return: 0; -ENOBUFS when the socket overflowed and events were lost; or
 * another error.
 */
int message_receive(struct netlink *netlink, message_reader reader, void *data);

/**
 * message_fail() - note why a request failed before it reached the kernel
 * @netlink: the connection
 * @error: a negative errno value
 * @format: the text, as for printf()
 *
 * Return: @error.
 */
int message_fail(struct netlink *netlink, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
