/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs on their way to the module, and its answers, each held against what
 * must be true of it.
 */
#ifndef NETLINK_FUZZ_SESSION_H
#define NETLINK_FUZZ_SESSION_H

#include "coverage.h"
#include "encode.h"
#include "tally.h"

/* The fuzzer's own socket, beside those of programs. */
#define CONTROL SOCKETS

/**
 * struct sent - a message that was sent
 * @sequence: of it
 * @operation: that its command stands for, or NULL
 * @flags: of it
 * @foreign: it is not of the family's type
 * @stub: it is shorter than its headers
 * @framed: generic netlink gets to see it
 * @answered: all has come that comes
 * @replied: a reply has come
 */
struct sent {
	uint32_t sequence;
	const struct grammar_operation *operation;
	uint16_t flags;
	bool foreign;
	bool stub;
	bool framed;
	bool answered;
	bool replied;
};

/**
 * struct channel - a socket
 * @file: its descriptor, -1 when it is closed
 * @requests: staged since its transaction began
 * @sent: what waits for an answer
 * @count: of them
 * @listing: sequence of the listing that is under way, or 0
 * @generation: of that listing, once a message of it has come; else 0
 */
struct channel {
	int file;
	uint32_t requests;
	struct sent sent[MESSAGES_MAX * 2];
	unsigned int count;
	uint32_t listing;
	uint64_t generation;
};

/**
 * struct session - all that is known of the module
 * @family: its number
 * @sequence: of the latest message
 * @generation: that is current
 * @garbled: the rest of a message may be taken for another one
 * @unsure: it may have been a commit: any generation will do
 * @channels: the sockets
 * @buffer: of the messages that are sent together
 * @coverage: of this thread
 * @points: that the program has passed
 * @tally: of this worker
 * @sink: receives what the control socket is answered, or NULL
 * @sink_data: for it
 * @sink_arena: owns what it receives
 * @failure: what is not true, empty as long as nothing is
 * @refusal: the last one's error on the control socket
 * @reason: its text
 */
struct session {
	uint16_t family;
	uint32_t sequence;
	uint64_t generation;
	bool garbled;
	bool unsure;
	struct channel channels[SOCKETS + 1];
	struct buffer buffer;
	struct coverage *coverage;
	struct points *points;
	struct tally *tally;
	void (*sink)(void *data, const struct grammar_operation *operation,
		     struct list *list);
	void *sink_data;
	struct arena *sink_arena;
	char failure[512];
	int refusal;
	char reason[256];
};

/* Find the family, open the control socket; ends the program when it cannot. */
void session_open(struct session *session);
void session_close(struct session *session);

/* Close the sockets of programs. */
void session_close_channels(struct session *session);

/* Say that something is not true; the first one stays. Returns false. */
bool session_fail(struct session *session, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Send messages of one socket together, the last of which may be left half
 * read, and take all answers that there are. False on a failure.
 */
bool session_send(struct session *session, unsigned int socket,
		  struct message *const *messages, unsigned int count);

/* Run a program; after each commit, something is asked, which may be NULL. */
bool session_run(struct session *session, const struct program *program,
		 bool (*after_commit)(struct session *, void *), void *data);

/* Ask on the control socket; what comes goes to the sink. */
bool session_ask(struct session *session, struct message *const *messages,
		 unsigned int count);

#endif
