/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why a kind of objects cannot be kept up to date: what a response says of it, and
 * what people are told.
 */
#ifndef NLCTL_AGENT_FAILURE_H
#define NLCTL_AGENT_FAILURE_H

#include <stdbool.h>

#include "agent/api.h"
#include "agent/reflector.h"

/**
 * failure_read() - see whether a response is a failure
 * @response: how a request ended
 * @answer: receives what is known of that: without a failure it is fine so far
 * @words: receives what was said of a failure, which the caller frees; NULL for none
 *
 * Return: whether it is one; else there is a body to decode.
 */
bool failure_read(const struct response *response,
		  struct reflector_answer *answer, char **words);

/**
 * failure_is() - whether an answer is one that people are told of
 * @reflector: what was asked, which has not learned of the answer yet
 * @answer: the answer
 */
bool failure_is(const struct reflector *reflector,
		const struct reflector_answer *answer);

/**
 * failure_text() - say what failed, what to do, and what becomes of it
 * @reflector: what was asked, which has not learned of the answer yet
 * @answer: the answer; one that is fine says that the kind is defined and not served
 * @words: what was said of the failure; NULL for nothing
 *
 * Return: a line for the log, which the caller frees.
 */
char *failure_text(const struct reflector *reflector,
		   const struct reflector_answer *answer, const char *words);

#endif
