/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes to the API server, one after another, each tried until it is taken or
 * refused for good.
 */
#ifndef NLCTL_AGENT_SUBMISSION_H
#define NLCTL_AGENT_SUBMISSION_H

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "agent/api.h"

/**
 * DOC: When what is sent
 *
 * Whoever has something to send calls submission_wake(). As soon as no request is
 * under way, and the limits permit, the owner is asked to compose one: what is
 * sent is what is right by then, not what was right when it was first tried.
 *
 * Two limits delay that. A bucket of tokens, one for each request, bounds the
 * rate: it holds &pace.burst of them, and one comes back each &pace.interval. A
 * failure that may pass (no answer, 429, 5xx) is followed by a pause at random, up to
 * a limit that doubles from &pace.first_pause to &pace.last_pause, so that nodes do
 * not move in step; what the server asks for comes on top (backoff.h).
 *
 * What the API server forbids (403) is refused for good, and said once, with what
 * to grant. Nothing else is tried for &pace.forbidden_pause: a permission that is
 * granted later needs no restart.
 *
 * The owner may know better what an answer means, as that another request says the
 * same, or that one write may fail where others do not: &submitter.judge. Then the
 * owner puts that one off, for as long as it likes, and composes another. If that
 * fails in the same way, it is the server: each such failure in a row has a longer
 * pause behind it, up to &pace.next_pause. For example, "a" is what a webhook refuses:
 *
 *	a 500, a second, b 201, c 201, ...	a is put off
 *	a 500, a second, d 201, ...		and put off for longer
 *
 * and the same while the server's storage is away:
 *
 *	a 500, a second, b 500, 2 seconds, c 500, 4 seconds, d 500, ...
 */

/**
 * struct pace - how often to try; in microseconds but for the first
 * @burst: requests that may follow one another at once; at least 1
 * @interval: between two requests in the long run
 * @spread: after a rest a request waits up to so long, at random, lest all nodes
 *	tell the same at once
 * @first_pause: after the first failure, at most; counted in whole milliseconds
 * @last_pause: after many, at most; likewise
 * @next_pause: after many that may be one write's own, at most; likewise
 * @forbidden_pause: after a request that is not permitted
 */
struct pace {
	unsigned int burst;
	uint64_t interval;
	uint64_t spread;
	uint64_t first_pause;
	uint64_t last_pause;
	uint64_t next_pause;
	uint64_t forbidden_pause;
};

/**
 * struct submission_counts - what became of requests, for metrics
 * @taken: the API server has it, also when it had it before
 * @refused: it was refused for good
 * @failed: requests that will be tried again
 * @dropped: what was never sent, because too much waited
 */
struct submission_counts {
	uint64_t taken;
	uint64_t refused;
	uint64_t failed;
	uint64_t dropped;
};

/**
 * enum verdict - what an answer means to who asked, though it is no success
 * @VERDICT_USUAL: what it usually means
 * @VERDICT_TAKEN: the API server has what was to be said
 * @VERDICT_OTHERWISE: another request says it, which is composed next: nothing has
 *	ended, and nothing is counted
 * @VERDICT_POSTPONED: another write may go well, which is composed next
 */
enum verdict {
	VERDICT_USUAL,
	VERDICT_TAKEN,
	VERDICT_OTHERWISE,
	VERDICT_POSTPONED,
};

/**
 * struct submitter - whose writes these are
 * @what: them, for messages: "Events"
 * @permission: what has to be granted: "create on events in all namespaces"
 * @compose: makes the next request: sets method, path, content type and body of
 *	@question, which have to live until it is called again or the loop goes on;
 *	false when there is nothing to send
 * @judge: what an HTTP status means to the request last composed, asked for all but
 *	successes; NULL where it always means what it usually does. Who answers
 *	VERDICT_OTHERWISE again and again is sent without a pause.
 * @postpone: what was last composed has failed with an HTTP status, and is to be put
 *	off; returns whether it did not fail so before, which may have to be said. Only
 *	for VERDICT_POSTPONED
 * @ended: the request last composed was taken, or was refused for good; the status
 *	409 says that what was to be created is there already
 * @context: passed to all
 */
struct submitter {
	const char *what;
	const char *permission;
	bool (*compose)(void *context, struct question *question);
	enum verdict (*judge)(void *context, long status);
	bool (*postpone)(void *context, long status);
	void (*ended)(void *context, const struct response *response);
	void *context;
};

struct submission;

/**
 * submission_new() - prepare to send
 * @event: the loop
 * @api: the API server; must outlive the result
 * @pace: how often; copied
 * @submitter: who sends; copied
 *
 * Return: a new object, freed with submission_free().
 */
struct submission *submission_new(sd_event *event, struct api *api,
				  const struct pace *pace,
				  const struct submitter *submitter);

/**
 * submission_wake() - there is something to send
 * @submission: the object
 *
 * May be called at any time; compose is called from the loop.
 */
void submission_wake(struct submission *submission);

/**
 * submission_wait() - how long it takes until so many requests may be sent at once
 * @submission: the object
 * @count: their number, at most &pace.burst
 *
 * Return: microseconds, as far as the rate is concerned; 0 for now.
 */
uint64_t submission_wait(const struct submission *submission,
			 unsigned int count);

/**
 * submission_hurry() - give up the request under way, and all pauses
 * @submission: the object
 *
 * For what has to be said now or never.
 */
void submission_hurry(struct submission *submission);

/**
 * submission_counts() - what became of requests
 * @submission: the object
 */
struct submission_counts submission_counts(const struct submission *submission);

/**
 * submission_free() - give up what is under way, and free the object
 * @submission: the object, or NULL
 */
void submission_free(struct submission *submission);

#endif
