// SPDX-License-Identifier: GPL-2.0-only
#include "agent/enforcer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "agent/guard.h"
#include "agent/log.h"
#include "agent/withdrawal.h"
#include "clock.h"
#include "live.h"
#include "machine.h"
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

struct enforcer {
	sd_event *event;
	struct compiler *compiler;
	struct enforcer_owner owner;
	uint64_t compare; /* nanoseconds between two comparisons */
	struct netlink *netlink;
	bool missing; /* there was nothing to connect to */
	char *silence; /* why the kernel could not be asked, as was told; or NULL */
	bool begun;
	bool whole; /* compare the whole, not commit changes */
	bool lost; /* changes that the compiler gave are not in force */
	bool behind; /* something that was asked for is not in force */
	char *trouble; /* why, in the kernel's words; NULL when it is not known */
	uint64_t since; /* when the oldest event arrived, by clock_now(); or 0 */
	uint64_t retry; /* microseconds to wait after the next failure */
	uint64_t compared; /* when the whole was compared, by clock_now() */
	struct guard guard;
	bool guard_due; /* the guarded blocks have to be looked at */
	char *guard_trouble; /* why the kernel refused them; NULL when it did not */
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
	if (enforcer->trouble)
		log_notice("the kernel takes the policy again");
	free(enforcer->trouble);
	enforcer->trouble = NULL;
}

static void set_trouble(struct enforcer *enforcer, const char *text)
{
	bool known = enforcer->trouble && !strcmp(enforcer->trouble, text);

	if (!known) {
		free(enforcer->trouble);
		enforcer->trouble = xstrdup(text);
		log_error("the kernel refuses the policy, and what it holds stays in force: %s",
			  text);
	}
	enforcer->owner.refused(enforcer->owner.context, text);
}

/* The same again is not worth a line. */
static void tell_silence(struct enforcer *enforcer, const char *text)
{
	if (enforcer->silence && !strcmp(enforcer->silence, text))
		return;
	log_error("cannot ask the module: %s; it is tried again", text);
	free(enforcer->silence);
	enforcer->silence = xstrdup(text);
}

static void clear_silence(struct enforcer *enforcer)
{
	if (enforcer->silence)
		log_notice("the module answers again");
	free(enforcer->silence);
	enforcer->silence = NULL;
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
	clear_silence(enforcer);
	enforcer->owner.committed(enforcer->owner.context,
				  enforcer->counts.generation, delay);
}

/* What was to be committed is not in force; what the kernel holds has to be read
 * anew: at once if another writer was faster, unless that happens again and again.
 */
static void fail(struct enforcer *enforcer, int error)
{
	enforcer->whole = true;
	enforcer->behind = true;
	enforcer->lost = enforcer->begun;
	if (error == -ESTALE) {
		enforcer->counts.stale++;
		if (enforcer->retry == RETRY_MIN)
			schedule(enforcer, 0);
	} else {
		enforcer->counts.refused++;
		set_trouble(enforcer, netlink_text(enforcer->netlink));
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
	enforcer->guard_due = true;
	tell_silence(enforcer, netlink_text(enforcer->netlink));
	netlink_close(enforcer->netlink);
	enforcer->netlink = NULL;
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
		error = transaction_change(enforcer->netlink, enforcer->since,
					   &difference,
					   enforcer->counts.generation,
					   &enforcer->counts.generation);
	difference_clear(&difference);
	if (error)
		fail(enforcer, error);
	else
		succeed(enforcer, !empty);
}

/* Whoever it was. With changes of our own in it there is no telling which is
 * which, nor does it matter.
 */
static void tell_repair(struct enforcer *enforcer,
			const struct difference *difference, bool foreign)
{
	size_t added = difference_count(difference, CHANGE_ADD);
	size_t removed = difference_count(difference, CHANGE_REMOVE);
	size_t replaced = difference_count(difference, CHANGE_REPLACE);

	log_warning(
		"%s; put right: %zu added, %zu removed, %zu replaced; generation %" PRIu64,
		foreign ? "somebody else changed the policy" :
			  "the kernel held what nobody had asked for",
		added, removed, replaced, enforcer->counts.generation);
	enforcer->counts.repairs++;
}

static void withdraw_pods(struct enforcer *enforcer,
			  const struct difference *difference)
{
	struct difference withdrawal;

	withdrawal_find(difference, &withdrawal);
	if (withdrawal.pod_count &&
	    !transaction_change(enforcer->netlink, 0, &withdrawal,
				enforcer->counts.generation,
				&enforcer->counts.generation))
		log_notice("%zu pods that are gone are taken out all the same",
			   withdrawal.pod_count);
	difference_clear(&withdrawal);
}

/* Of what the kernel held in the beginning, and after a failure, nobody says
 * that it should be what the compiler has.
 */
static void commit_whole(struct enforcer *enforcer)
{
	bool ours = enforcer->lost || compiler_changed(enforcer->compiler);
	struct difference difference;
	struct objects live, desired;
	struct settings settings;
	bool foreign, empty;
	int error = 0;

	if (live_read(enforcer->netlink, &live, &settings)) {
		lose(enforcer);
		return;
	}
	settings_clear(&settings);
	foreign = live.generation != enforcer->counts.generation;
	compiler_objects(enforcer->compiler, &live, &desired);
	difference_find(&live, &desired, &difference);
	enforcer->counts.generation = live.generation;
	empty = difference_empty(&difference);
	if (!empty)
		error = transaction_change(enforcer->netlink, enforcer->since,
					   &difference, live.generation,
					   &enforcer->counts.generation);
	if (error) {
		fail(enforcer, error);
		if (error != -ESTALE)
			withdraw_pods(enforcer, &difference);
	} else {
		enforcer->counts.comparisons++;
		if (!empty && enforcer->compared && (foreign || !ours))
			tell_repair(enforcer, &difference, foreign);
		enforcer->compared = clock_now();
		succeed(enforcer, !empty);
	}
	difference_clear(&difference);
	objects_clear(&desired);
	objects_clear(&live);
}

static void set_guard_trouble(struct enforcer *enforcer, const char *text)
{
	if (enforcer->guard_trouble && !strcmp(enforcer->guard_trouble, text))
		return;
	log_error("the kernel refuses the guarded blocks of this node, which stay as they were: %s",
		  text);
	free(enforcer->guard_trouble);
	enforcer->guard_trouble = xstrdup(text);
}

static void clear_guard_trouble(struct enforcer *enforcer)
{
	free(enforcer->guard_trouble);
	enforcer->guard_trouble = NULL;
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

	if (read_settings(enforcer->netlink, &settings, &before)) {
		lose(enforcer);
		return false;
	}
	error = guard_enforce(&enforcer->guard, enforcer->netlink, &settings,
			      before, &after);
	settings_clear(&settings);
	if (error == -ESTALE) {
		enforcer->counts.stale++;
		enforcer->whole = true;
		schedule(enforcer, RETRY_MIN);
		return true;
	}
	enforcer->guard_due = false;
	if (error) {
		enforcer->counts.refused++;
		set_guard_trouble(enforcer, netlink_text(enforcer->netlink));
		return true;
	}
	clear_guard_trouble(enforcer);
	if (before != enforcer->counts.generation)
		enforcer->whole = true;
	else
		enforcer->counts.generation = after;
	return true;
}

/* The module may be loaded after the agent has begun. */
static bool open_module(struct enforcer *enforcer)
{
	char *problem = NULL;

	if (enforcer->netlink)
		return true;
	if (enforcer->missing && !machine_has_module())
		return false;
	enforcer->netlink = netlink_connect(&problem);
	enforcer->missing = !enforcer->netlink;
	if (!enforcer->netlink)
		tell_silence(enforcer, problem);
	free(problem);
	return enforcer->netlink;
}

static int on_work(sd_event_source *source, uint64_t due, void *context)
{
	struct enforcer *enforcer = context;

	(void)source;
	(void)due;
	if (!open_module(enforcer)) {
		enforcer->behind = true;
		/* It costs little to see that there is none. */
		schedule(enforcer, LOOK);
		return 0;
	}
	if (enforcer->guard_due && !enforce_guard(enforcer))
		return 0;
	if (enforcer->begun && enforcer->whole)
		commit_whole(enforcer);
	else if (enforcer->begun)
		commit_changes(enforcer);
	return 0;
}

static void look_at_guard(struct enforcer *enforcer, struct settings *settings)
{
	if (enforcer->guard_due || !guard_change(&enforcer->guard, settings))
		return;
	if (!enforcer->guard_trouble) {
		log_warning("somebody else changed the guarded blocks; put right");
		enforcer->counts.repairs++;
	}
	enforcer->guard_due = true;
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
	if (!enforcer->netlink)
		return 0;
	/* It fails when the module was unloaded, say. */
	if (read_settings(enforcer->netlink, &settings, &generation)) {
		lose(enforcer);
		return 0;
	}
	clear_silence(enforcer);
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
		.event = event,
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
	enforcer->behind = true;
	/* To compare the whole takes longer. */
	schedule(enforcer, enforcer->trouble ? RETRY_MIN : COLLECT);
}

void enforcer_guard(struct enforcer *enforcer, const struct network *blocks,
		    size_t count, bool closed)
{
	guard_set(&enforcer->guard, blocks, count, closed);
	enforcer->guard_due = true;
	schedule(enforcer, 0);
}

bool enforcer_ready(const struct enforcer *enforcer, char **reason)
{
	*reason = NULL;
	if (!enforcer->netlink)
		*reason = xstrdup(enforcer->silence ?
					  enforcer->silence :
					  "the module was not asked yet");
	else if (enforcer->trouble)
		*reason = xasprintf("the kernel refuses the policy: %s",
				    enforcer->trouble);
	else if (enforcer->guard_trouble)
		*reason = xasprintf("the kernel refuses the guarded blocks: %s",
				    enforcer->guard_trouble);
	else if (!enforcer->begun)
		*reason =
			xstrdup("the picture of the cluster is not whole yet");
	else if (enforcer->behind)
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
	netlink_close(enforcer->netlink);
	free(enforcer->trouble);
	free(enforcer->silence);
	free(enforcer->guard_trouble);
	guard_clear(&enforcer->guard);
	free(enforcer);
}
