/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An API server that answers what a test tells it to.
 *
 * It stands in for agent/api.c, so that only one file of a program may include
 * it, and no file that needs the real one.
 */
#ifndef UNIT_API_DOUBLE_H
#define UNIT_API_DOUBLE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/api.h"
#include "agent/submission.h"
#include "policy/memory.h"

#define ASKED_MAX 5000

/**
 * struct request - a request that is under way
 * @source: answers from the loop; NULL while answers are held back
 * @question: what was asked; only its function and context are used
 */
struct request {
	sd_event_source *source;
	struct question question;
};

/**
 * struct asked - what was asked, all of it owned
 * @time: when, in microseconds of CLOCK_MONOTONIC
 */
struct asked {
	char *method;
	char *path;
	char *content_type;
	char *body;
	uint64_t time;
};

/**
 * double_api - the server
 * @event: the loop
 * @answers: what to answer, one after another; after them, @usual
 * @answer_count: length of @answers
 * @usual: HTTP status
 * @hold: answer nothing at all
 * @asked: what was asked
 * @count: length of @asked
 * @cancelled: requests that were given up
 * @said: what was logged
 * @said_length: its bytes
 */
static struct {
	sd_event *event;
	const struct response *answers;
	size_t answer_count;
	long usual;
	bool hold;
	struct asked asked[ASKED_MAX];
	size_t count;
	unsigned int cancelled;
	char *said;
	size_t said_length;
	FILE *standard_error;
} double_api;

/* Never read: functions of the double need no object. */
static struct api *const double_server;

/* For those who write to it: no test has to wait for them. */
static const struct pace double_pace = {
	.burst = 10000,
	.interval = 1,
	.first_pause = 1000,
	.last_pause = 1000,
	.next_pause = 1000,
	.forbidden_pause = 1000,
};

/* A test that begins with a new server. */
#define DOUBLE_TEST(function) \
	cmocka_unit_test_setup_teardown(function, double_begin, double_end)

static int double_answer(sd_event_source *source, void *context)
{
	struct response response = { .status = double_api.usual };
	struct request *request = context;

	(void)source;
	if (double_api.answer_count) {
		response = *double_api.answers++;
		double_api.answer_count--;
	}
	response.length = response.body ? strlen(response.body) : 0;
	request->question.done(request->question.context, &response);
	sd_event_source_disable_unref(request->source);
	free(request);
	return 0;
}

struct request *api_ask(struct api *api, const struct question *question)
{
	struct request *request = xcalloc(1, sizeof(*request));
	struct asked *asked = &double_api.asked[double_api.count++];
	struct timespec now;

	assert_ptr_equal(api, double_server);
	assert_true(double_api.count < ASKED_MAX);
	assert_true(question->time_limit > 0);
	clock_gettime(CLOCK_MONOTONIC, &now);
	asked->time = now.tv_sec * 1000000ull + now.tv_nsec / 1000;
	asked->method = xstrdup(question->method);
	asked->path = xstrdup(question->path);
	asked->content_type = xstrdup(question->content_type);
	asked->body = xstrdup(question->body);
	request->question = *question;
	if (!double_api.hold) {
		assert_true(sd_event_add_defer(double_api.event,
					       &request->source, double_answer,
					       request) >= 0);
	}
	return request;
}

void api_cancel(struct request *request)
{
	if (!request)
		return;
	double_api.cancelled++;
	sd_event_source_disable_unref(request->source);
	free(request);
}

/* A new loop and a new server, which keeps what is logged. */
static int double_begin(void **state)
{
	(void)state;
	memset(&double_api, 0, sizeof(double_api));
	double_api.usual = 201;
	/* The journal's marks are not expected. */
	unsetenv("JOURNAL_STREAM");
	double_api.standard_error = stderr;
	stderr = xopen_memstream(&double_api.said, &double_api.said_length);
	return sd_event_new(&double_api.event) < 0;
}

static int double_end(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < double_api.count; i++) {
		free(double_api.asked[i].method);
		free(double_api.asked[i].path);
		free(double_api.asked[i].content_type);
		free(double_api.asked[i].body);
	}
	fclose(stderr);
	stderr = double_api.standard_error;
	free(double_api.said);
	sd_event_unref(double_api.event);
	return 0;
}

/* What was logged so far. */
static const char *double_said(void)
{
	fflush(stderr);
	return double_api.said;
}

/* Run the loop until so much was asked; the test fails when it never is. */
static void double_run_until(size_t count)
{
	unsigned int patience = 1000;

	while (double_api.count < count) {
		assert_true(patience-- > 0);
		assert_true(sd_event_run(double_api.event, 10000) >= 0);
	}
	assert_int_equal(double_api.count, count);
}

/* Run the loop until nothing happens for a while. */
static void double_settle(void)
{
	while (sd_event_run(double_api.event, 20000) > 0)
		;
}

#endif
