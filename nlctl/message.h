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
 * @reader: called for the answer, or for each message of a list; NULL when
 *	there is none, or it does not matter
 * @data: for @reader
 *
 * Of errors of the requests before it, since message_begin(), the first is
 * returned.
 *
 * Return: 0; -EAGAIN when the kernel says that what a dump listed changed
 * meanwhile; -EBADMSG when @reader refused a message; or another error.
 */
int message_send(struct netlink *netlink, struct nl_msg *message,
		 message_reader reader, void *data);

/**
 * message_begin() - send the request that begins a transaction
 * @netlink: the connection
 * @message: the request; freed in any case
 *
 * Nobody waits for its answer, nor for those of what is staged then: a refusal
 * is returned by a later message_stage(), or by the message_send() that commits,
 * which the kernel refuses too.
 *
 * Return: 0, or an error when it could not be sent.
 */
int message_begin(struct netlink *netlink, struct nl_msg *message);

/**
 * message_stage() - send a request that stages something, and count it
 * @netlink: the connection, after message_begin()
 * @message: the request; freed in any case
 *
 * Return: 0, or the error of this request or of one before it.
 */
int message_stage(struct netlink *netlink, struct nl_msg *message);

/**
 * message_abort() - end a transaction in which something went wrong
 * @netlink: the connection, whose error stays as it is
 * @message: the request that ends it; freed in any case, and sent unless the
 *	kernel has dropped the transaction
 */
void message_abort(struct netlink *netlink, struct nl_msg *message);

/**
 * message_staged() - count the staged requests
 * @netlink: the connection
 *
 * Return: how many message_stage() has sent since message_begin(); a commit
 * tells the kernel, which refuses it when one got lost.
 */
uint32_t message_staged(const struct netlink *netlink);

/**
 * message_receive() - take in the events that have arrived
 * @netlink: the connection, after event_subscribe()
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
