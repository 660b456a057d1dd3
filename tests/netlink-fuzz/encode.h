/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages as bytes.
 */
#ifndef NETLINK_FUZZ_ENCODE_H
#define NETLINK_FUZZ_ENCODE_H

#include "program.h"

/**
 * struct buffer - bytes, growing
 * @data: them
 * @size: how many
 * @room: for so many
 */
struct buffer {
	uint8_t *data;
	size_t size;
	size_t room;
};

void buffer_add(struct buffer *buffer, const void *data, size_t size);
void buffer_free(struct buffer *buffer);

/**
 * struct now - what a sender knows
 * @family: the number of the family
 * @sequence: of the message
 * @generation: that is current
 * @requests: staged on the message's socket since its transaction began
 */
struct now {
	uint16_t family;
	uint32_t sequence;
	uint64_t generation;
	uint32_t requests;
};

/* What a number should be by its name, where something can be said of it. */
bool now_knows(const struct grammar_attribute *definition);

/* Add a message that does not close. */
void encode_message(struct buffer *buffer, const struct message *message,
		    const struct now *now);

#endif
