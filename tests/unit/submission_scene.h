/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes that tests make, and what the API server answers.
 */
#ifndef SUBMISSION_SCENE_H
#define SUBMISSION_SCENE_H

#include "support.h"

#include "agent/submission.h"
#include "api_double.h"

static const struct pace quick = {
	.burst = 1000,
	.interval = 1000,
	.first_pause = 1000,
	.last_pause = 4000,
	.forbidden_pause = 5000,
};

#define STATUS(code)             \
	{                        \
		.status = (code) \
	}
#define SAYS(code, words)                       \
	{                                       \
		.status = (code), .body = words \
	}
#define NO_ANSWER(words)           \
	{                          \
		.failure = (words) \
	}

/**
 * struct sender - whose writes the tests make
 * @method: how
 * @verdicts: what answers mean, one after another, until VERDICT_USUAL
 * @left: how many requests there are to make
 * @composed: how often one was asked for
 * @postponed: how many were put off, of which all but the second are a first failure
 * @ended: statuses of those that ended
 * @ended_count: their number
 * @body: of the last one
 */
struct sender {
	const char *method;
	const enum verdict *verdicts;
	unsigned int left;
	unsigned int composed;
	unsigned int postponed;
	long ended[100];
	size_t ended_count;
	char *body;
};

static bool compose(void *context, struct question *question)
{
	struct sender *sender = context;

	if (!sender->left)
		return false;
	free(sender->body);
	sender->body = xasprintf("body %u", ++sender->composed);
	question->method = sender->method;
	question->path = "/path";
	question->content_type = "text/plain";
	question->body = sender->body;
	return true;
}

static void ended(void *context, const struct response *response)
{
	struct sender *sender = context;

	sender->left--;
	assert_true(sender->ended_count < COUNT(sender->ended));
	sender->ended[sender->ended_count++] = response->status;
}

static enum verdict judge(void *context, long status)
{
	struct sender *sender = context;

	assert_true(status < 200 || status >= 300);
	if (!sender->verdicts || *sender->verdicts == VERDICT_USUAL)
		return VERDICT_USUAL;
	return *sender->verdicts++;
}

/* Each is told of that is another write's. */
static bool postpone(void *context, long status)
{
	struct sender *sender = context;

	(void)status;
	sender->left--;
	return sender->postponed++ != 1;
}

static struct submission *begin(struct sender *sender, const struct pace *pace)
{
	const struct submitter submitter = {
		.what = "Things",
		.permission = "create things",
		.compose = compose,
		.judge = judge,
		.postpone = postpone,
		.ended = ended,
		.context = sender,
	};

	return submission_new(double_api.event, double_server, pace,
			      &submitter);
}

#endif
