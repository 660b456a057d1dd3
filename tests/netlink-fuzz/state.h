/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All that the module lists, as the requests that make it again.
 */
#ifndef NETLINK_FUZZ_STATE_H
#define NETLINK_FUZZ_STATE_H

#include "session.h"

/**
 * struct state - what is listed
 * @arena: owns it
 * @messages: requests that make objects
 * @count: of them
 * @room: for so many
 * @settings: the request that makes settings, or NULL when they were not asked
 * @generation: that is listed
 * @digest: of objects and settings, in whichever order they are listed
 */
struct state {
	struct arena arena;
	struct message **messages;
	unsigned int count;
	unsigned int room;
	struct message *settings;
	uint64_t generation;
	uint64_t digest;
};

/* Read everything; false on a failure. */
bool state_read(struct session *session, struct state *state);
void state_free(struct state *state);

/* Make the module hold nothing, and settings those of a state. */
bool state_reset(struct session *session, const struct state *begin);

/* Send what is listed back after a flush, and see that it is listed again. */
bool state_restore(struct session *session);

#endif
