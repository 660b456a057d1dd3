/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The socket that podwall-cni comes to: each visitor asks one question, a line of
 * JSON, and gets one answer, at once or later.
 *
 * Only the superuser gets in. A visitor who does not say what he wants is sent away
 * after a while.
 */
#ifndef NLCTL_AGENT_DOOR_H
#define NLCTL_AGENT_DOOR_H

#include <jansson.h>
#include <stdint.h>
#include <systemd/sd-event.h>

struct door;
struct visitor;

/**
 * struct host - who answers
 * @asked: a visitor has asked; may answer at once; @question is an object, which
 *	lives until it returns
 * @left: a visitor who has asked is gone, or was told that it takes too long: there
 *	is none to answer any more
 * @context: passed to both
 */
struct host {
	void (*asked)(void *context, struct visitor *visitor,
		      const json_t *question);
	void (*left)(void *context, struct visitor *visitor);
	void *context;
};

/**
 * door_new() - open a socket for visitors
 * @event: the loop
 * @path: of the socket; what is there is replaced
 * @host: who answers; copied
 * @problem: set to why that is impossible, which the caller frees, when it is
 *
 * Return: the door, freed with door_free(); or NULL.
 */
struct door *door_new(sd_event *event, const char *path,
		      const struct host *host, char **problem);

/**
 * visitor_limit() - tell a visitor that it takes too long, after a time
 * @visitor: the visitor
 * @milliseconds: the time from now on
 */
void visitor_limit(struct visitor *visitor, uint64_t milliseconds);

/**
 * visitor_answer() - answer a visitor, who is gone then
 * @visitor: the visitor
 * @answer: an object, which is taken over
 */
void visitor_answer(struct visitor *visitor, json_t *answer);

/**
 * door_free() - send all visitors away, and close the socket
 * @door: the door, or NULL
 *
 * The host is told nothing.
 */
void door_free(struct door *door);

#endif
