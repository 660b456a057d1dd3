// SPDX-License-Identifier: GPL-2.0-only
#include "agent/enforcer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "agent/comparison.h"
#include "agent/complaint.h"
#include "agent/guard.h"
#include "agent/log.h"
#include "agent/module_link.h"
#include "clock.h"
#include "netlink.h"
#include "policy/difference.h"
#include "policy/memory.h"
#include "query.h"
#include "transaction.h"

/* Microseconds, as sd-event counts. */
#define MILLISECOND ((uint64_t)1000)
#define SECOND (1000 * MILLISECOND)
#define COLLECT (1 * MILLISECOND)
#define LOOK (2 * SECOND)
#define RETRY_MIN (100 * MILLISECOND)
#define RETRY_MAX (30 * SECOND)

/* Nanoseconds that a change may be on its way while all is well. */
#define LATE NANOSECONDS_PER_SECOND

struct enforcer {
	struct compiler *compiler;
	struct enforcer_owner owner;
	uint64_t compare; /* nanoseconds between two comparisons */
	struct module_link link;
	bool begun;
	bool whole; /* compare the whole, not commit changes */
	bool lost; /* changes that the compiler gave are not in force */
	bool behind; /* the last attempt failed, or there was none yet */
	struct complaint trouble; /* why the kernel refused it */
	uint64_t since; /* when the oldest event arrived, by clock_now(); or 0 */
	uint64_t retry; /* microseconds to wait after the next failure */
	uint64_t compared; /* when the whole was compared, by clock_now() */
	struct guard guard;
	struct enforcer_counts counts;
	sd_event_source *work;
	sd_event_source *look;
};

/* Work after so many microseconds, or sooner if that was said before. */
static void schedule(struct enforcer *enforcer, uint64_t delay)
{
	uint64_t next = clock_now() / NANOSECONDS_PER_MICROSECOND + delay;
	uint64_t due;
	int enabled;

	sd_event_source_get_enabled(enforcer->work, &enabled);
	sd_event_source_get_time(enforcer->work, &due);
	if (enabled != SD_EVENT_OFF && due <= next)
		return;
	sd_event_source_set_time(enforcer->work, next);
	sd_event_source_set_enabled(enforcer->work, SD_EVENT_ONESHOT);
}

/* What failed is tried again, later each time, or soon after a change. */
static void postpone(struct enforcer *enforcer)
{
	schedule(enforcer, enforcer->retry);
	enforcer->retry *= 2;
	if (enforcer->retry > RETRY_MAX)
		enforcer->retry = RETRY_MAX;
}

static void clear_trouble(struct enforcer *enforcer)
{
	if (complaint_clear(&enforcer->trouble))
		log_notice("the kernel takes the policy again");
}

static void set_trouble(struct enforcer *enforcer, const char *text)
{
	if (complaint_raise(&enforcer->trouble, text))
		log_error("the kernel refuses the policy, and what it holds stays in force: %s",
			  text);
	enforcer->owner.refused(enforcer->owner.context, text);
}

/* All that the compiler has is in force. */
static void succeed(struct enforcer *enforcer, bool committed)
{
	uint64_t delay = 0;

	if (committed)
		enforcer->counts.commits++;
	if (committed && enforcer->since)
		delay = clock_now() - enforcer->since;
	enforcer->since = 0;
	enforcer->behind = false;
	enforcer->lost = false;
	enforcer->whole = false;
	enforcer->retry = RETRY_MIN;
	clear_trouble(enforcer);
	module_link_answered(&enforcer->link);
	enforcer->owner.committed(enforcer->owner.context,
				  enforcer->counts.generation, delay);
}

/* What was to be committed is not in force; what the kernel holds has to be read
 * anew: at once if another writer was faster, unless that happens again and again.
 */
static void fail(struct enforcer *enforcer, int error, const char *text)
{
	enforcer->whole = true;
	/* A change that was only overtaken is on its way still. */
	if (error != -ESTALE || !enforcer->since)
		enforcer->behind = true;
	enforcer->lost = enforcer->begun;
	if (error == -ESTALE) {
		enforcer->counts.stale++;
		if (enforcer->retry == RETRY_MIN)
			schedule(enforcer, 0);
	} else {
		enforcer->counts.refused++;
		set_trouble(enforcer, text);
	}
	postpone(enforcer);
}

/* The kernel could not even be asked. If that is because the module was unloaded,
 * the next one guards nothing.
 */
static void lose(struct enforcer *enforcer)
{
	enforcer->counts.failed++;
	enforcer->whole = true;
	enforcer->behind = true;
	enforcer->guard.due = true;
	module_link_lose(&enforcer->link);
	postpone(enforcer);
}

static void commit_changes(struct enforcer *enforcer)
{
	struct difference difference;
	bool empty;
	int error = 0;

	compiler_changes(enforcer->compiler, &difference);
	empty = difference_empty(&difference);
	if (!empty)
		error = transaction_change(enforcer->link.netlink,
					   enforcer->since, &difference,
					   enforcer->counts.generation,
					   &enforcer->counts.generation);
	difference_clear(&difference);
	if (error)
		fail(enforcer, error, netlink_text(enforcer->link.netlink));
	else
		succeed(enforcer, !empty);
}

static void tell_withdrawn(struct enforcer *enforcer,
			   const struct comparison *comparison)
{
	if (comparison->gone)
		log_notice("%zu pods that are gone are taken out all the same",
			   comparison->gone);
	enforcer->owner.withdrawn(enforcer->owner.context,
				  enforcer->counts.generation);
}

static void end_comparison(struct enforcer *enforcer,
			   const struct comparison *comparison, bool ours)
{
	bool empty = comparison_empty(comparison);

	enforcer->counts.comparisons++;
	if (!empty && enforcer->compared && (comparison->foreign || !ours)) {
		comparison_tell(comparison, enforcer->counts.generation);
		enforcer->counts.repairs++;
	}
	enforcer->compared = clock_now();
	succeed(enforcer, !empty);
}

/* Of what the kernel held in the beginning, and after a failure, nobody says
 * that it should be what the compiler has.
 */
static void commit_whole(struct enforcer *enforcer)
{
	bool ours = enforcer->lost || compiler_changed(enforcer->compiler);
	struct comparison comparison;
	int error;

	error = comparison_run(&comparison, enforcer->compiler,
			       enforcer->link.netlink, enforcer->since,
			       &enforcer->counts.generation);
	if (comparison.unread)
		lose(enforcer);
	else if (error)
		fail(enforcer, error, comparison.refusal);
	else
		end_comparison(enforcer, &comparison, ours);
	if (comparison.withdrawn)
		tell_withdrawn(enforcer, &comparison);
	comparison_clear(&comparison);
}

/* What somebody else has committed in front of it is found by comparing. When the
 * kernel refuses the blocks, the policy is enforced all the same, and on_look()
 * tries them again. Returns whether the kernel could be asked.
 */
static bool enforce_guard(struct enforcer *enforcer)
{
	uint64_t before, after;
	struct settings settings;
	int error;

	if (read_settings(enforcer->link.netlink, &settings, &before)) {
		lose(enforcer);
		return false;
	}
	error = guard_enforce(&enforcer->guard, enforcer->link.netlink,
			      &settings, before, &after);
	settings_clear(&settings);
	if (error == -ESTALE) {
		enforcer->counts.stale++;
		enforcer->whole = true;
		schedule(enforcer, RETRY_MIN);
		return true;
	}
	if (error)
		enforcer->counts.refused++;
	else if (before != enforcer->counts.generation)
		enforcer->whole = true;
	else
		enforcer->counts.generation = after;
	return true;
}

static int on_work(sd_event_source *source, uint64_t due, void *context)
{
	struct enforcer *enforcer = context;

	(void)source;
	(void)due;
	if (!module_link_open(&enforcer->link)) {
		enforcer->behind = true;
		schedule(enforcer, LOOK);
		return 0;
	}
	if (enforcer->guard.due && !enforce_guard(enforcer))
		return 0;
	if (enforcer->begun && enforcer->whole)
		commit_whole(enforcer);
	else if (enforcer->begun)
		commit_changes(enforcer);
	return 0;
}

static void look_at_guard(struct enforcer *enforcer, struct settings *settings)
{
	bool foreign;

	if (enforcer->guard.due ||
	    !guard_look(&enforcer->guard, settings, &foreign))
		return;
	enforcer->counts.repairs += foreign;
	schedule(enforcer, 0);
}

/* Whether somebody else has committed, or it is time to compare anyway. The blocks
 * are looked at though there is nothing to compare: that is when pods need them.
 */
static int on_look(sd_event_source *source, uint64_t due, void *context)
{
	struct enforcer *enforcer = context;
	struct settings settings;
	uint64_t generation;

	(void)due;
	sd_event_source_set_time_relative(source, LOOK);
	if (!enforcer->link.netlink)
		return 0;
	/* It fails when the module was unloaded, say. */
	if (read_settings(enforcer->link.netlink, &settings, &generation)) {
		lose(enforcer);
		return 0;
	}
	module_link_answered(&enforcer->link);
	look_at_guard(enforcer, &settings);
	settings_clear(&settings);
	if (!enforcer->begun)
		return 0;
	/* Somebody else may have made room for what was refused. */
	if (generation != enforcer->counts.generation ||
	    (!enforcer->behind &&
	     clock_now() - enforcer->compared >= enforcer->compare)) {
		enforcer->whole = true;
		schedule(enforcer, 0);
	}
	return 0;
}

struct enforcer *enforcer_new(sd_event *event, struct compiler *compiler,
			      unsigned int compare,
			      const struct enforcer_owner *owner)
{
	struct enforcer *enforcer = xcalloc(1, sizeof(*enforcer));

	*enforcer = (struct enforcer){
		.compiler = compiler,
		.owner = *owner,
		.compare = compare * NANOSECONDS_PER_SECOND,
		.whole = true,
		.behind = true,
		.retry = RETRY_MIN,
	};
	sd_event_add_time(event, &enforcer->work, CLOCK_BOOTTIME, 0, 1, on_work,
			  enforcer);
	sd_event_source_set_enabled(enforcer->work, SD_EVENT_OFF);
	sd_event_add_time_relative(event, &enforcer->look, CLOCK_BOOTTIME, LOOK,
				   0, on_look, enforcer);
	sd_event_source_set_enabled(enforcer->look, SD_EVENT_ON);
	return enforcer;
}

void enforcer_begin(struct enforcer *enforcer)
{
	if (enforcer->begun)
		return;
	enforcer->begun = true;
	schedule(enforcer, 0);
}

void enforcer_changed(struct enforcer *enforcer)
{
	if (!enforcer->since)
		enforcer->since = clock_now();
	if (!enforcer->begun)
		return;
	/* To compare the whole takes longer. */
	schedule(enforcer, enforcer->trouble.text ? RETRY_MIN : COLLECT);
}

void enforcer_guard(struct enforcer *enforcer, const struct network *blocks,
		    size_t count, bool closed)
{
	guard_set(&enforcer->guard, blocks, count, closed);
	schedule(enforcer, 0);
}

/* A change is on its way for a moment all the time. */
static bool is_late(const struct enforcer *enforcer)
{
	return enforcer->since && clock_now() - enforcer->since >= LATE;
}

bool enforcer_ready(const struct enforcer *enforcer, char **reason)
{
	*reason = NULL;
	if (!enforcer->link.netlink)
		*reason = xstrdup(enforcer->link.silence.text ?
					  enforcer->link.silence.text :
					  "the module was not asked yet");
	else if (enforcer->trouble.text)
		*reason = xasprintf("the kernel refuses the policy: %s",
				    enforcer->trouble.text);
	else if (enforcer->guard.trouble.text)
		*reason = xasprintf("the kernel refuses the guarded blocks: %s",
				    enforcer->guard.trouble.text);
	else if (!enforcer->begun)
		*reason =
			xstrdup("the picture of the cluster is not whole yet");
	else if (enforcer->behind || is_late(enforcer))
		*reason = xasprintf("generation %" PRIu64
				    " is in force, and a change is not yet",
				    enforcer->counts.generation);
	return !*reason;
}

struct enforcer_counts enforcer_counts(const struct enforcer *enforcer)
{
	struct enforcer_counts counts = enforcer->counts;

	counts.waiting_since = enforcer->since;
	return counts;
}

void enforcer_free(struct enforcer *enforcer)
{
	if (!enforcer)
		return;
	sd_event_source_unref(enforcer->work);
	sd_event_source_unref(enforcer->look);
	module_link_close(&enforcer->link);
	complaint_clear(&enforcer->trouble);
	guard_clear(&enforcer->guard);
	free(enforcer);
}
