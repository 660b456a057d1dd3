// SPDX-License-Identifier: GPL-2.0-only
#include "agent/attachments.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>

#include "agent/attachment_table.h"
#include "agent/door.h"
#include "agent/log.h"
#include "agent/waiters.h"
#include "attachment_file.h"
#include "policy/memory.h"

/* Milliseconds until a directory that was removed is made again. */
#define LOST_PAUSE 1000

#define FILE_EVENTS                                                 \
	(IN_MOVED_TO | IN_MOVED_FROM | IN_CLOSE_WRITE | IN_DELETE | \
	 IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)

struct attachments {
	sd_event *event;
	char *directory;
	void (*changed)(void *context, const char *key);
	void *context;
	struct attachment_table *table;
	struct door *door;
	sd_event_source *watch;
	sd_event_source *lost;
	struct waiters *waiters;
};

/* --- the files */

/* Have the table say what the file says. A file that cannot be read changes
 * nothing: there may be an earlier version, which was right.
 */
static void refresh(struct attachments *attachments, const char *name,
		    bool tell)
{
	struct attachment *attachment;
	char *problem, *before = NULL, *key;
	bool differs = true;

	attachment =
		attachment_file_read(attachments->directory, name, &problem);
	if (problem) {
		log_warning("%s; the file is passed over", problem);
		free(problem);
		return;
	}
	if (attachment) {
		key = xstrdup(attachment->key);
		differs = attachment_table_put(attachments->table, name,
					       attachment, &before);
	} else {
		key = attachment_table_remove(attachments->table, name);
		waiters_dismiss(attachments->waiters, name);
	}
	if (tell && before)
		attachments->changed(attachments->context, before);
	if (tell && key && differs)
		attachments->changed(attachments->context, key);
	free(before);
	free(key);
}

/* Both what is there, and what was there and is no more. */
static void refresh_all(struct attachments *attachments, bool tell)
{
	char **names, *problem;
	size_t count, i;

	names = attachment_table_names(attachments->table, &count);
	for (i = 0; i < count; i++)
		refresh(attachments, names[i], tell);
	attachment_file_list_free(names, count);
	problem = attachment_file_list(attachments->directory, &names, &count);
	if (problem)
		log_error("%s", problem);
	free(problem);
	for (i = 0; i < count; i++)
		refresh(attachments, names[i], tell);
	attachment_file_list_free(names, count);
}

static char *begin(struct attachments *attachments, bool tell);

static int on_lost(sd_event_source *source, uint64_t time, void *data)
{
	struct attachments *attachments = data;
	char *problem = begin(attachments, true);

	(void)time;
	if (problem) {
		free(problem);
		sd_event_source_set_time_relative(source, LOST_PAUSE * 1000);
		sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
		return 0;
	}
	log_notice("%s is there again", attachments->directory);
	attachments->lost = sd_event_source_disable_unref(attachments->lost);
	return 0;
}

/* Whoever removes the directory removes the socket as well. */
static void lose(struct attachments *attachments)
{
	if (attachments->lost)
		return;
	log_error("%s was removed or moved away; it is made again",
		  attachments->directory);
	sd_event_add_time_relative(attachments->event, &attachments->lost,
				   CLOCK_MONOTONIC, LOST_PAUSE * 1000, 0,
				   on_lost, attachments);
}

static int on_file(sd_event_source *source, const struct inotify_event *event,
		   void *data)
{
	struct attachments *attachments = data;

	(void)source;
	if (event->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED))
		lose(attachments);
	else if (event->mask & IN_Q_OVERFLOW)
		refresh_all(attachments, true);
	else if (event->len && attachment_file_is(event->name))
		refresh(attachments, event->name, true);
	return 0;
}

/* --- the plugin */

static const char *take_text(const json_t *question, const char *key)
{
	const char *text = json_string_value(json_object_get(question, key));

	return text ? text : "";
}

/* What every question says of what it waits for. */
static struct expectation take_expectation(const json_t *question)
{
	return (struct expectation){
		.file = take_text(question, "file"),
		.limit =
			json_number_value(json_object_get(question, "timeout")),
	};
}

static void refuse(struct visitor *visitor, const char *reason)
{
	visitor_answer(visitor, json_pack("{s:s, s:s}", "state", "unknown",
					  "text", reason));
}

static void ask_add(struct attachments *attachments, struct visitor *visitor,
		    const json_t *question, const char *name)
{
	struct expectation expectation = take_expectation(question);
	struct attachment *attachment;
	char *problem, *key;

	attachment =
		attachment_file_read(attachments->directory, name, &problem);
	free(problem);
	if (!attachment) {
		refuse(visitor, "the agent cannot read the file");
		return;
	}
	expectation.key = attachment->key;
	expectation.ips = attachment->ips;
	expectation.ip_count = attachment->ip_count;
	waiters_add(attachments->waiters, visitor, &expectation);
	key = xstrdup(attachment->key);
	attachment_free(attachment);
	refresh(attachments, name, false);
	/* Though nothing is new to the table, it is to the waiter. */
	attachments->changed(attachments->context, key);
	free(key);
}

/* The file is gone, so the question has what it said. */
static void ask_delete(struct attachments *attachments, struct visitor *visitor,
		       const json_t *question, const char *name)
{
	struct expectation expectation = take_expectation(question);
	const json_t *texts = json_object_get(question, "ips");
	const char *key = take_text(question, "pod");
	struct ip *ips = NULL;
	size_t count = 0, i;
	json_t *value;
	struct ip ip;

	json_array_foreach(texts, i, value)
		if (json_is_string(value) &&
		    ip_parse(json_string_value(value), &ip))
			*array_add(ips, count) = ip;
	expectation.key = key;
	expectation.ips = ips;
	expectation.ip_count = count;
	expectation.leaving = true;
	waiters_add(attachments->waiters, visitor, &expectation);
	free(ips);
	refresh(attachments, name, false);
	attachments->changed(attachments->context, key);
}

static void on_asked(void *context, struct visitor *visitor,
		     const json_t *question)
{
	struct attachments *attachments = context;
	const char *command = take_text(question, "command");
	const char *name = take_text(question, "file");

	if (!attachment_file_is(name))
		refuse(visitor, "the question names no file");
	else if (!strcmp(command, "ADD"))
		ask_add(attachments, visitor, question, name);
	else if (!strcmp(command, "DEL"))
		ask_delete(attachments, visitor, question, name);
	else
		refuse(visitor, "the agent does not know such a question");
}

static void on_left(void *context, struct visitor *visitor)
{
	struct attachments *attachments = context;

	waiters_left(attachments->waiters, visitor);
}

/* --- the owner */

/* The socket is there before the files are read: a plugin that found none has left
 * its file by then.
 */
static char *begin(struct attachments *attachments, bool tell)
{
	const struct host host = { on_asked, on_left, attachments };
	char *problem, *path, *files;
	int error;

	problem = attachment_directory_make(attachments->directory);
	if (problem)
		return problem;
	/* Those who wait at the old door are told nothing. */
	waiters_clear(attachments->waiters);
	door_free(attachments->door);
	path = xasprintf("%s/" AGENT_SOCKET, attachments->directory);
	attachments->door = door_new(attachments->event, path, &host, &problem);
	free(path);
	if (!attachments->door)
		return problem;
	attachments->watch = sd_event_source_disable_unref(attachments->watch);
	files = attachment_directory(attachments->directory);
	error = sd_event_add_inotify(attachments->event, &attachments->watch,
				     files, FILE_EVENTS, on_file, attachments);
	if (error < 0)
		problem = xasprintf("cannot watch %s: %s", files,
				    strerror(-error));
	else
		refresh_all(attachments, tell);
	free(files);
	return problem;
}

struct attachments *
attachments_new(sd_event *event, const char *directory,
		void (*changed)(void *context, const char *key), void *context)
{
	struct attachments *attachments = xcalloc(1, sizeof(*attachments));
	char *problem;

	attachments->event = sd_event_ref(event);
	attachments->directory = xstrdup(directory);
	attachments->changed = changed;
	attachments->context = context;
	attachments->table = attachment_table_new();
	attachments->waiters = waiters_new(attachments->table);
	problem = begin(attachments, false);
	if (!problem)
		return attachments;
	log_error("%s", problem);
	free(problem);
	attachments_free(attachments);
	return NULL;
}

const struct attachment *attachments_find(const struct attachments *attachments,
					  const char *key)
{
	return attachment_table_find(attachments->table, key);
}

size_t attachments_ips(const struct attachments *attachments, const char *key,
		       struct ip *ips, size_t room)
{
	return attachment_table_ips(attachments->table, key, ips, room);
}

const struct attachment *
attachments_find_ip(const struct attachments *attachments, const struct ip *ip)
{
	return attachment_table_find_ip(attachments->table, ip);
}

bool attachments_gone(const struct attachments *attachments, const char *key,
		      const struct ip *ip)
{
	return attachment_table_gone(attachments->table, key, ip);
}

void attachments_enforced(struct attachments *attachments, const char *key,
			  const struct ip *ips, size_t count,
			  uint64_t generation)
{
	waiters_enforced(attachments->waiters, key, ips, count, generation);
}

void attachments_withdrawn(struct attachments *attachments, const char *key,
			   const struct ip *ips, size_t count,
			   uint64_t generation)
{
	waiters_withdrawn(attachments->waiters, key, ips, count, generation);
}

void attachments_refused(struct attachments *attachments, const char *key,
			 const char *reason)
{
	waiters_refused(attachments->waiters, key, reason);
}

void attachments_forget(struct attachments *attachments, const char *key)
{
	attachment_table_forget(attachments->table, key);
}

void attachments_remember(struct attachments *attachments, const char *key)
{
	attachment_table_remember(attachments->table, key);
}

void attachments_free(struct attachments *attachments)
{
	if (!attachments)
		return;
	sd_event_source_disable_unref(attachments->watch);
	sd_event_source_disable_unref(attachments->lost);
	waiters_free(attachments->waiters);
	door_free(attachments->door);
	attachment_table_free(attachments->table);
	sd_event_unref(attachments->event);
	free(attachments->directory);
	free(attachments);
}
