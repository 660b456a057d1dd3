// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel answers: any messages are taken in or refused, and objects
 * and settings that were taken in are the same after nlctl has sent them, and
 * what it sent was read as the answer. All that was taken in can be printed.
 *
 * The input is a row of messages: a byte for the command, two for the length
 * of the attributes, and the attributes. It takes the place of netlink.c; a
 * request is answered by those of its command.
 */
#include "unit/support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agreement.h"
#include "decode.h"
#include "encode.h"
#include "event.h"
#include "event_output.h"
#include "explanation.h"
#include "filter.h"
#include "listing.h"
#include "message.h"
#include "near_miss.h"
#include "policy/difference.h"
#include "policy/memory.h"
#include "query.h"
#include "repeat.h"
#include "state.h"
#include "story.h"
#include "tally.h"
#include "tally_difference.h"
#include "tally_order.h"
#include "tally_output.h"
#include "walk.h"

#define HEADER_LENGTH 3

/**
 * struct netlink - a kernel that answers what it was told to
 * @row: messages, as in an input
 * @length: bytes of them
 */
struct netlink {
	uint8_t *row;
	size_t length;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct nl_msg *message_new(struct netlink *netlink, uint8_t command, int flags,
			   size_t room)
{
	struct nl_msg *message = nlmsg_alloc_size(room);

	(void)netlink;
	assert_non_null(message);
	assert_non_null(genlmsg_put(message, 0, 0, 0, 0, flags, command,
				    PODWALL_GENL_VERSION));
	return message;
}

static uint8_t command_of(struct nl_msg *message)
{
	return genlmsg_hdr(nlmsg_hdr(message))->cmd;
}

int message_stage(struct netlink *netlink, struct nl_msg *message)
{
	struct genlmsghdr *header = genlmsg_hdr(nlmsg_hdr(message));
	size_t length = genlmsg_attrlen(header, 0), at = netlink->length;

	assert_in_range(length, 0, UINT16_MAX);
	netlink->length += HEADER_LENGTH + length;
	netlink->row = xreallocarray(netlink->row, netlink->length, 1);
	netlink->row[at] = header->cmd;
	netlink->row[at + 1] = length;
	netlink->row[at + 2] = length >> 8;
	memcpy(netlink->row + at + HEADER_LENGTH, genlmsg_attrdata(header, 0),
	       length);
	nlmsg_free(message);
	return 0;
}

/* What lists objects is answered by what sets them. */
static uint8_t answer_command(uint8_t command)
{
	switch (command) {
	case PODWALL_CMD_ADDRESS_GET:
		return PODWALL_CMD_ADDRESS_NEW;
	case PODWALL_CMD_PEER_SET_GET:
		return PODWALL_CMD_PEER_SET_NEW;
	case PODWALL_CMD_RULE_SET_GET:
		return PODWALL_CMD_RULE_SET_NEW;
	case PODWALL_CMD_POD_GET:
		return PODWALL_CMD_POD_NEW;
	case PODWALL_CMD_SETTINGS_GET:
		return PODWALL_CMD_SETTINGS_SET;
	default:
		return command;
	}
}

/* In a block of its exact size. */
static bool deliver(uint8_t command, const uint8_t *attributes, size_t length,
		    message_reader reader, void *data)
{
	size_t all = NLMSG_HDRLEN + GENL_HDRLEN + length;
	struct nlmsghdr *header = xcalloc(all, 1);
	struct genlmsghdr *inner;
	bool fine;

	header->nlmsg_len = all;
	inner = nlmsg_data(header);
	inner->cmd = command;
	memcpy((uint8_t *)inner + GENL_HDRLEN, attributes, length);
	fine = reader(header, data);
	free(header);
	return fine;
}

static int answer(struct netlink *netlink, uint8_t command,
		  message_reader reader, void *data)
{
	size_t at = 0, length;

	while (netlink->length - at >= HEADER_LENGTH) {
		const uint8_t *frame = netlink->row + at;

		at += HEADER_LENGTH;
		length = frame[1] | frame[2] << 8;
		if (length > netlink->length - at)
			length = netlink->length - at;
		at += length;
		if (frame[0] == command &&
		    !deliver(command, frame + HEADER_LENGTH, length, reader,
			     data))
			return -EBADMSG;
	}
	return 0;
}

int message_send(struct netlink *netlink, struct nl_msg *message,
		 message_reader reader, void *data)
{
	uint8_t command = answer_command(command_of(message));

	nlmsg_free(message);
	return answer(netlink, command, reader, data);
}

/* A socket that listens hears of everything. */
int message_receive(struct netlink *netlink, message_reader reader, void *data)
{
	static const uint8_t commands[] = {
		PODWALL_CMD_DROP_NTF,
		PODWALL_CMD_ACCEPT_NTF,
		PODWALL_CMD_CHANGE_NTF,
	};
	size_t i;
	int error = 0;

	for (i = 0; !error && i < sizeof(commands); i++)
		error = answer(netlink, commands[i], reader, data);
	return error;
}

int message_fail(struct netlink *netlink, int error, const char *format, ...)
{
	(void)netlink;
	(void)format;
	return error;
}

/* Send everything, as a restore does; false for what does not fit messages. */
static bool send_objects(struct netlink *netlink, const struct objects *objects)
{
	const struct address **addresses;
	bool fine;
	size_t i;

	addresses = xcalloc(objects->address_count + 1, sizeof(*addresses));
	for (i = 0; i < objects->address_count; i++)
		addresses[i] = &objects->addresses[i];
	fine = !send_addresses(netlink, addresses, objects->address_count);
	free(addresses);
	for (i = 0; fine && i < objects->peer_set_count; i++)
		fine = !send_peer_set(netlink, &objects->peer_sets[i]);
	for (i = 0; fine && i < objects->rule_set_count; i++)
		fine = !send_rule_set(netlink, &objects->rule_sets[i]);
	for (i = 0; fine && i < objects->pod_count; i++)
		fine = !send_pod(netlink, &objects->pods[i]);
	return fine;
}

static void check_sent(const struct objects *objects)
{
	struct difference difference;
	struct netlink netlink = {};
	struct objects again = {};

	if (send_objects(&netlink, objects)) {
		assert_int_equal(read_objects(&netlink, &again, 0), 0);
		difference_find(objects, &again, &difference);
		if (!difference_empty(&difference))
			difference_print(&difference, stderr);
		assert_true(difference_empty(&difference));
		difference_clear(&difference);
		objects_clear(&again);
	}
	free(netlink.row);
}

/* No reader of nlctl knows these: it is enough that they can be made. */
static void check_removals(const struct objects *objects)
{
	struct netlink netlink = {};
	const struct address *address;
	size_t i;

	for (i = 0; i < objects->address_count; i++) {
		address = &objects->addresses[i];
		assert_int_equal(send_address_removals(&netlink, &address, 1),
				 0);
	}
	for (i = 0; i < objects->peer_set_count; i++)
		send_peer_set_removal(&netlink, objects->peer_sets[i].id);
	for (i = 0; i < objects->rule_set_count; i++)
		send_rule_set_removal(&netlink, objects->rule_sets[i].id);
	for (i = 0; i < objects->pod_count; i++)
		send_pod_removal(&netlink, objects->pods[i].key);
	free(netlink.row);
}

static void print_objects(const struct objects *objects)
{
	print_addresses(objects);
	print_peer_sets(objects, false);
	print_peer_sets(objects, true);
	print_rule_sets(objects, false);
	print_rule_sets(objects, true);
	print_pods(objects, false);
	print_pods(objects, true);
	json_decref(addresses_json(objects));
	json_decref(peer_sets_json(objects));
	json_decref(rule_sets_json(objects, true));
	json_decref(pods_json(objects, true));
}

static char *settings_text(const struct settings *settings)
{
	json_t *object = settings_json(settings);
	char *text = json_dumps(object, JSON_SORT_KEYS);

	json_decref(object);
	assert_non_null(text);
	return text;
}

static void check_settings(const struct settings *settings)
{
	struct settings_change change = {
		.values = *settings,
		.guarded = true,
		.event_rate = true,
		.limits = ~0U,
	};
	struct netlink netlink = {};
	struct settings again;
	char *before, *after;

	print_settings(settings);
	if (!send_settings(&netlink, &change)) {
		assert_int_equal(read_settings(&netlink, &again, NULL), 0);
		before = settings_text(settings);
		after = settings_text(&again);
		assert_string_equal(before, after);
		free(before);
		free(after);
		settings_clear(&again);
	}
	free(netlink.row);
}

/**
 * struct listener - what hears of events
 * @filter: what it wants
 * @repeats: what it was told lately
 * @now: its clock
 */
struct listener {
	struct filter filter;
	struct repeats repeats;
	uint64_t now;
};

static void tell_repeats(struct listener *listener, uint64_t now)
{
	struct event event;
	uint64_t count;

	while ((count = repeats_next(&listener->repeats, now, &event))) {
		char *text = event_text(&event, count);

		puts(text);
		free(text);
		event_clear(&event);
	}
}

static void take_event(const struct event *event, void *data)
{
	struct listener *listener = data;
	char *text = event_text(event, 1);

	puts(text);
	free(text);
	json_decref(event_json(event));
	filter_passes(&listener->filter, event);
	listener->now += event->time % (2 * REPEAT_TIME);
	tell_repeats(listener, listener->now);
	repeats_take(&listener->repeats, event, listener->now);
}

static void take_change(const struct change *change, void *data)
{
	char *text = change_text(change);

	(void)data;
	puts(text);
	free(text);
	json_decref(change_json(change));
}

static void hear_events(struct netlink *netlink)
{
	struct listener listener = {};
	const struct event_handlers handlers = {
		.event = take_event,
		.change = take_change,
		.data = &listener,
	};

	assert_true(filter_add_pod(&listener.filter, "a/a"));
	assert_true(filter_add_namespace(&listener.filter, "a"));
	assert_true(filter_add_origin(&listener.filter, "a"));
	event_read(netlink, &handlers);
	tell_repeats(&listener, UINT64_MAX);
	assert_int_equal(repeats_wait(&listener.repeats, listener.now), -1);
	filter_clear(&listener.filter);
}

static void tell_direction(const struct walk_question *question,
			   const struct walk_direction *walk,
			   const struct decision *decision,
			   struct story_direction *direction)
{
	direction->decision = decision;
	direction->walk = walk;
	direction->agrees = agrees_with_module(walk, decision);
	near_misses_find(question, walk, &direction->misses);
}

static void tell_story(const struct objects *objects,
		       const struct settings *settings,
		       const struct explanation *explanation)
{
	struct story story = {
		.explanation = explanation,
		.client.text = "client",
		.server.text = "server",
		.question = {
			.objects = objects,
			.settings = settings,
			.connection = explanation->connection,
		},
		.has_walk = true,
	};

	story.client.ip = explanation->connection.client;
	story.server.ip = explanation->connection.server;
	walk_connection(&story.question, &story.walk);
	tell_direction(&story.question, &story.walk.egress,
		       &explanation->egress, &story.egress);
	tell_direction(&story.question, &story.walk.ingress,
		       &explanation->ingress, &story.ingress);
	story_print(&story, "80/tcp", false);
	story_print(&story, "80/tcp", true);
	json_decref(story_json(&story));
	/* What makes and clears stories asks a kernel by itself. */
	near_misses_clear(&story.egress.misses);
	near_misses_clear(&story.ingress.misses);
	walk_clear(&story.walk);
}

/* Every address with every other would take too long. */
#define ENDS_MAX 4

static void tell_stories(struct netlink *netlink, const struct objects *objects)
{
	struct settings settings;
	size_t i, j;

	if (read_settings(netlink, &settings, NULL))
		return;
	for (i = 0; i < objects->address_count && i < ENDS_MAX; i++) {
		for (j = 0; j < objects->address_count && j < ENDS_MAX; j++) {
			struct explanation explanation;
			const struct connection connection = {
				.client = objects->addresses[i].ip,
				.server = objects->addresses[j].ip,
				.protocol = IPPROTO_TCP,
				.server_port = 80,
			};

			if (connection.client.family !=
				    connection.server.family ||
			    read_explanation(netlink, &connection,
					     &explanation))
				continue;
			tell_story(objects, &settings, &explanation);
			explanation_clear(&explanation);
		}
	}
	settings_clear(&settings);
}

/* All that is counted, twice over, as a monitor of the counters reads it. */
static void check_tally(struct netlink *netlink)
{
	struct tally before = {}, tally = {};
	unsigned int reading;

	for (reading = 1; reading <= 2; reading++) {
		struct objects objects = {};
		struct status status = {};

		if (read_objects(netlink, &objects, 0))
			break;
		if (read_status(netlink, &status)) {
			objects_clear(&objects);
			break;
		}
		tally_clear(&before);
		before = tally;
		tally_make(&tally, &objects, &status, reading);
		tally_compare(&tally, &before);
		tally_sort(&tally, TALLY_BY_PACKETS);
		tally_print(&tally, TALLY_SUMMARY, true);
		tally_print(&tally, TALLY_PODS, true);
		tally_print_unused(&tally);
		json_decref(tally_json(&tally, TALLY_SUMMARY, true));
		json_decref(tally_json(&tally, TALLY_PODS, false));
		json_decref(tally_unused_json(&tally));
	}
	tally_clear(&before);
	tally_clear(&tally);
}

static void read_others(struct netlink *netlink)
{
	struct explanation explanation;
	struct connection connection = {
		.client.family = AF_INET,
		.server.family = AF_INET,
		.protocol = IPPROTO_TCP,
	};
	struct settings settings;
	struct objects objects;
	struct status status;
	uint64_t generation;

	if (!read_pods(netlink, &objects))
		objects_clear(&objects);
	if (!read_settings(netlink, &settings, &generation)) {
		check_settings(&settings);
		settings_clear(&settings);
	}
	if (!read_status(netlink, &status))
		status_clear(&status);
	if (!read_explanation(netlink, &connection, &explanation)) {
		json_decref(explanation_json(&explanation));
		free(decision_text(&explanation.egress, "client"));
		free(decision_text(&explanation.ingress, "server"));
		explanation_clear(&explanation);
	}
	hear_events(netlink);
	check_tally(netlink);
}

/* What is printed for people goes nowhere. */
static void discard_output(void)
{
	static FILE *nowhere;

	if (!nowhere) {
		nowhere = fopen("/dev/null", "we");
		assert_non_null(nowhere);
		stdout = nowhere;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct netlink netlink = { (uint8_t *)data, size };
	struct objects objects = {};

	discard_output();
	if (!read_objects(&netlink, &objects, 0)) {
		check_sent(&objects);
		check_removals(&objects);
		print_objects(&objects);
		tell_stories(&netlink, &objects);
	}
	objects_clear(&objects);
	read_others(&netlink);
	return 0;
}
