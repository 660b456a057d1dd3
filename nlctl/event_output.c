// SPDX-License-Identifier: GPL-2.0-only
#include "event_output.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "names.h"
#include "output.h"
#include "policy/memory.h"
#include "reason_text.h"
#include "state.h"
#include "style.h"

/**
 * struct word - what a line begins with behind the time
 * @text: the word, which is the event's name in JSON, too
 * @style: its style
 */
struct word {
	const char *text;
	enum style style;
};

static const struct word accept_word = { "accept", STYLE_ACCEPT };
static const struct word audit_word = { "audit", STYLE_WARN };
static const struct word drop_word = { "drop", STYLE_DENY };
static const struct word change_word = { "change", STYLE_STRONG };
static const struct word lost_word = { "lost", STYLE_WARN };

static const struct word *word_of(const struct event *event)
{
	if (event->accepted)
		return &accept_word;
	return event->decision.mode == PODWALL_MODE_AUDIT ? &audit_word :
							    &drop_word;
}

static void write_head(FILE *stream, uint64_t time, const struct word *word)
{
	char when[MOMENT_TEXT_MAX];

	fprintf(stream, "%s%s%s %s%-6s%s ", style_begin(STYLE_FAINT),
		moment_clock_text(time, when), style_end(),
		style_begin(word->style), word->text, style_end());
}

/* What came from outside. */
static void write_clean(FILE *stream, const char *text)
{
	char *clean = xstrdup(text);

	fputs(text_clean(clean), stream);
	free(clean);
}

static void write_end(FILE *stream, const char *pod, const struct ip *ip,
		      uint16_t port)
{
	char text[NETWORK_TEXT_MAX];

	if (pod) {
		fputs(style_begin(STYLE_STRONG), stream);
		write_clean(stream, pod);
		fprintf(stream, "%s ", style_end());
	}
	ip_text(ip, text);
	if (!port)
		fputs(text, stream);
	else if (ip->family == AF_INET6)
		fprintf(stream, "[%s]:%u", text, port);
	else
		fprintf(stream, "%s:%u", text, port);
}

static void write_decision(FILE *stream, const struct decision *decision)
{
	const struct reason_details details = {
		.reason = decision->reason,
		.verdict = decision->verdict,
		.origin = decision->origin,
	};
	char *reason = reason_brief(&details);

	fputs(name_of(ENUMERATION_DIRECTION, decision->direction), stream);
	if (decision->pod) {
		fputs(" of ", stream);
		write_clean(stream, decision->pod);
	}
	fputs(": ", stream);
	fputs(text_clean(reason), stream);
	free(reason);
}

char *event_text(const struct event *event, uint64_t count)
{
	const struct connection *connection = &event->connection;
	char protocol[PROTOCOL_TEXT_MAX];
	size_t length;
	char *text;
	FILE *stream = xopen_memstream(&text, &length);

	write_head(stream, event->time, word_of(event));
	write_end(stream, event->client_pod, &connection->client,
		  connection->client_port);
	fputs(" -> ", stream);
	write_end(stream, event->server_pod, &connection->server,
		  connection->server_port);
	fprintf(stream, " %s  ", protocol_text(connection->protocol, protocol));
	write_decision(stream, &event->decision);
	if (count > 1)
		fprintf(stream, "  %s(x%" PRIu64 ")%s",
			style_begin(STYLE_STRONG), count, style_end());
	fclose(stream);
	return text;
}

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

char *change_text(const struct change *change)
{
	char delay[DURATION_TEXT_MAX];
	size_t length;
	char *text;
	FILE *stream = xopen_memstream(&text, &length);

	write_head(stream, change->time, &change_word);
	fprintf(stream, "generation %" PRIu64, change->generation);
	if (change->command) {
		fputs(" by ", stream);
		write_clean(stream, change->command);
	}
	fprintf(stream, " %s(process %u, user %u)%s: %u request%s, in %s; ",
		style_begin(STYLE_FAINT), change->process, change->user,
		style_end(), change->requests, plural(change->requests),
		duration_text(change->delay, delay));
	fprintf(stream, "%u pod%s, %u rule%s", change->used.pods,
		plural(change->used.pods), change->used.rules,
		plural(change->used.rules));
	fclose(stream);
	return text;
}

char *lost_text(uint64_t time, uint64_t count)
{
	size_t length;
	char *text;
	FILE *stream = xopen_memstream(&text, &length);

	write_head(stream, time, &lost_word);
	if (count)
		fprintf(stream,
			"%" PRIu64
			" event%s: above the event rate, or faster than they were read",
			count, plural(count));
	else
		fputs("events: they came faster than they were read", stream);
	fclose(stream);
	return text;
}

static json_t *begin_json(const char *name, uint64_t time)
{
	char when[MOMENT_TEXT_MAX];

	return json_pack("{s:s, s:s}", "event", name, "time",
			 moment_text(time, when));
}

static void set_text(json_t *record, const char *key, const char *text)
{
	if (text)
		json_object_set_new(record, key, json_text(text));
}

static void set_end(json_t *record, const char *key, const struct ip *ip,
		    const char *port_key, uint16_t port)
{
	char text[NETWORK_TEXT_MAX];

	json_object_set_new(record, key, json_string(ip_text(ip, text)));
	if (port)
		json_object_set_new(record, port_key, json_integer(port));
}

json_t *event_json(const struct event *event)
{
	const struct connection *connection = &event->connection;
	json_t *record = begin_json(word_of(event)->text, event->time);
	char protocol[PROTOCOL_TEXT_MAX];

	json_object_update_new(record, decision_json(&event->decision));
	json_object_set_new(record, "direction",
			    json_string(name_of(ENUMERATION_DIRECTION,
						event->decision.direction)));
	set_end(record, "client", &connection->client, "client_port",
		connection->client_port);
	set_end(record, "server", &connection->server, "server_port",
		connection->server_port);
	set_text(record, "client_pod", event->client_pod);
	set_text(record, "server_pod", event->server_pod);
	json_object_set_new(record, "protocol",
			    json_string(protocol_text(connection->protocol,
						      protocol)));
	json_object_set_new(record, "length", json_integer(event->length));
	json_object_set_new(record, "generation",
			    json_number(event->generation));
	json_object_set_new(record, "lost", json_number(event->lost));
	if (event->decision.pod)
		json_object_set_new(record, "pod_lost",
				    json_number(event->pod_lost));
	return record;
}

json_t *change_json(const struct change *change)
{
	json_t *record = begin_json(change_word.text, change->time);

	set_text(record, "command", change->command);
	json_object_set_new(record, "process", json_integer(change->process));
	json_object_set_new(record, "user", json_integer(change->user));
	json_object_set_new(record, "generation",
			    json_number(change->generation));
	json_object_set_new(record, "requests", json_integer(change->requests));
	json_object_set_new(record, "delay_nanoseconds",
			    json_number(change->delay));
	json_object_set_new(record, "used", amounts_json(&change->used));
	json_object_set_new(record, "lost", json_number(change->lost));
	return record;
}

json_t *lost_json(uint64_t time, uint64_t count)
{
	json_t *record = begin_json(lost_word.text, time);

	if (count)
		json_object_set_new(record, "count", json_number(count));
	return record;
}
