/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What must be true of every answer.
 */
#ifndef NETLINK_FUZZ_ANSWER_H
#define NETLINK_FUZZ_ANSWER_H

#include <linux/netlink.h>

#include "session.h"

/* Take one message of the module; false on a failure. */
bool answer_take(struct session *session, struct channel *channel,
		 const struct nlmsghdr *head);

/* Whether all has been answered that must be. */
bool answer_complete(struct session *session, struct channel *channel);

/* Whether a request asks for a listing. */
bool answer_lists(const struct sent *sent);

#endif
