// SPDX-License-Identifier: GPL-2.0-only
#include "agent/node_condition.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "output.h"
#include "policy/memory.h"

/* All in microseconds. The sign of life comes earlier by up to a tenth, at random. */
#define SIGN_OF_LIFE 300000000ull
#define END_TIME 2000000ull
#define TIMER_ACCURACY 1000

static const struct pace usual_pace = {
	.burst = 3,
	.interval = 10000000,
	.first_pause = 1000000,
	.last_pause = 60000000,
	.forbidden_pause = 600000000,
};

/**
 * struct node_condition - see node_condition.h
 * @submission: sends it
 * @path: where it is sent
 * @status: "True", "False" or "Unknown"; NULL before there is anything to tell
 * @reason: why, one word
 * @message: why, in words
 * @since: since when @status is what it is, as the API writes it
 * @known_status: what the API server had before this agent told anything; NULL
 *	when unknown
 * @known_since: since when
 * @body: what was last sent
 * @wanted: counts what is to be told
 * @sent: what of that the last request tells
 * @taken: what of that is done with
 * @told: the API server has taken a request
 * @life: timer of the next sign of life
 * @end: timer that ends the wait for the last word
 * @done: who waits for that; NULL without
 * @done_context: passed to it
 */
struct node_condition {
	struct submission *submission;
	char *path;
	const char *status;
	char *reason;
	char *message;
	char since[MOMENT_TEXT_MAX];
	char *known_status;
	char *known_since;
	char *body;
	uint64_t wanted;
	uint64_t sent;
	uint64_t taken;
	bool told;
	sd_event_source *life;
	sd_event_source *end;
	void (*done)(void *context);
	void *done_context;
};

static const char *now_text(char *buffer)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return moment_second_text(now.tv_sec * NANOSECONDS_PER_SECOND, buffer);
}

static void set_timer(sd_event_source *timer, uint64_t delay)
{
	sd_event_source_set_time_relative(timer, delay);
	sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT);
}

static void tell(struct node_condition *condition)
{
	condition->wanted++;
	set_timer(condition->life,
		  SIGN_OF_LIFE - arc4random_uniform(SIGN_OF_LIFE / 10));
	submission_wake(condition->submission);
}

/* --- the request */

static bool compose(void *context, struct question *question)
{
	struct node_condition *condition = context;
	char now[MOMENT_TEXT_MAX];
	json_t *entry, *patch;

	if (condition->taken == condition->wanted)
		return false;
	condition->sent = condition->wanted;
	entry = json_pack("{s:s, s:s, s:o, s:o, s:s, s:s}", "type",
			  NODE_CONDITION_TYPE, "status", condition->status,
			  "reason", json_text(condition->reason), "message",
			  json_text(condition->message), "lastTransitionTime",
			  condition->since, "lastHeartbeatTime", now_text(now));
	/* Strategic merge: conditions of other types stay as they are. */
	patch = json_pack("{s:{s:[o]}}", "status", "conditions", entry);
	free(condition->body);
	condition->body = json_dumps(patch, JSON_COMPACT);
	json_decref(patch);
	question->method = "PATCH";
	question->path = condition->path;
	question->content_type = "application/strategic-merge-patch+json";
	question->body = condition->body;
	return true;
}

static void finish(struct node_condition *condition)
{
	void (*done)(void *context) = condition->done;

	condition->done = NULL;
	sd_event_source_set_enabled(condition->end, SD_EVENT_OFF);
	if (done)
		done(condition->done_context);
}

static void ended(void *context, const struct response *response)
{
	struct node_condition *condition = context;

	/* What was refused is told with the next sign of life. */
	condition->taken = condition->sent;
	condition->told |= response->status < 300;
	if (condition->taken == condition->wanted)
		finish(condition);
}

/* --- timers */

static int live(sd_event_source *timer, uint64_t now, void *context)
{
	(void)timer;
	(void)now;
	tell(context);
	return 0;
}

static int give_up(sd_event_source *timer, uint64_t now, void *context)
{
	(void)timer;
	(void)now;
	finish(context);
	return 0;
}

static sd_event_source *new_timer(sd_event *event, sd_event_time_handler_t call,
				  void *context)
{
	sd_event_source *timer;

	/* Only want of memory or of descriptors can be in the way. */
	if (sd_event_add_time(event, &timer, CLOCK_MONOTONIC, 0, TIMER_ACCURACY,
			      call, context) < 0)
		abort();
	sd_event_source_set_enabled(timer, SD_EVENT_OFF);
	return timer;
}

/* --- the condition */

struct node_condition *node_condition_new(sd_event *event, struct api *api,
					  const char *node,
					  const struct pace *pace)
{
	struct node_condition *condition = xcalloc(1, sizeof(*condition));
	const struct submitter submitter = {
		.what = "the condition " NODE_CONDITION_TYPE " of the node",
		.permission = "patch nodes/status",
		.compose = compose,
		.ended = ended,
		.context = condition,
	};

	condition->path = xasprintf("/api/v1/nodes/%s/status", node);
	condition->submission = submission_new(event, api,
					       pace ? pace : &usual_pace,
					       &submitter);
	condition->life = new_timer(event, live, condition);
	condition->end = new_timer(event, give_up, condition);
	return condition;
}

/* Nothing has changed if this is what the agent before us said. */
static void keep_known(struct node_condition *condition)
{
	if (condition->known_status &&
	    !strcmp(condition->known_status, condition->status))
		snprintf(condition->since, sizeof(condition->since), "%s",
			 condition->known_since);
}

void node_condition_known(struct node_condition *condition, const json_t *node)
{
	const json_t *list =
		json_object_get(json_object_get(node, "status"), "conditions");
	json_t *entry;
	size_t i;

	if (condition->told)
		return;
	json_array_foreach(list, i, entry) {
		const char *type, *status, *since = NULL;

		if (json_unpack(entry, "{s:s, s:s, s?s}", "type", &type,
				"status", &status, "lastTransitionTime",
				&since) ||
		    strcmp(type, NODE_CONDITION_TYPE) || !since ||
		    strlen(since) >= sizeof(condition->since))
			continue;
		free(condition->known_status);
		free(condition->known_since);
		condition->known_status = xstrdup(status);
		condition->known_since = xstrdup(since);
	}
	if (condition->status)
		keep_known(condition);
}

static void set(struct node_condition *condition, const char *status,
		const char *reason, const char *message)
{
	bool first = !condition->status;
	bool turned = first || strcmp(condition->status, status);
	bool changed = turned || strcmp(condition->reason, reason);

	if (turned) {
		condition->status = status;
		now_text(condition->since);
	}
	if (!condition->told)
		keep_known(condition);
	free(condition->reason);
	free(condition->message);
	condition->reason = xstrdup(reason);
	condition->message = xstrdup(message);
	if (changed)
		tell(condition);
}

void node_condition_set(struct node_condition *condition, bool ready,
			const char *reason, const char *message)
{
	set(condition, ready ? "True" : "False", reason, message);
}

void node_condition_end(struct node_condition *condition,
			void (*done)(void *context), void *context)
{
	condition->done = done;
	condition->done_context = context;
	if (!condition->status) {
		set_timer(condition->end, 0);
		return;
	}
	set(condition, "Unknown", "AgentStopped",
	    "The agent has ended. The policy that was in force stays in force; what changes waits until an agent runs again.");
	sd_event_source_set_enabled(condition->life, SD_EVENT_OFF);
	set_timer(condition->end, END_TIME);
	submission_hurry(condition->submission);
}

struct submission_counts
node_condition_counts(const struct node_condition *condition)
{
	return submission_counts(condition->submission);
}

void node_condition_free(struct node_condition *condition)
{
	if (!condition)
		return;
	submission_free(condition->submission);
	sd_event_source_disable_unref(condition->life);
	sd_event_source_disable_unref(condition->end);
	free(condition->path);
	free(condition->reason);
	free(condition->message);
	free(condition->known_status);
	free(condition->known_since);
	free(condition->body);
	free(condition);
}
