// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "event.h"
#include "interrupt.h"
#include "names.h"
#include "output.h"
#include "policy/memory.h"
#include "query.h"

enum {
	OPTION_COUNT = 256,
};

static const struct option options[] = {
	{ OPTION_COUNT, "count", "N", "End after N events." },
	{},
};

/**
 * struct monitor - a monitor at work
 * @nlctl: the context
 * @limit: end after so many events; 0 for never
 * @seen: events that were printed
 * @lost: events that the module said it lost so far
 */
struct monitor {
	const struct nlctl *nlctl;
	uint64_t limit;
	uint64_t seen;
	uint64_t lost;
};

/* Room for "2026-01-31T12:34:56.789Z". */
#define TIME_TEXT_MAX 32

static const char *time_text(char *buffer)
{
	struct timespec now;
	struct tm broken;
	size_t length;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &broken);
	length = strftime(buffer, TIME_TEXT_MAX, "%FT%T", &broken);
	snprintf(buffer + length, TIME_TEXT_MAX - length, ".%03ldZ",
		 now.tv_nsec / 1000000);
	return buffer;
}

/* How many events were lost, when that is known, is the difference of two
 * counters; 0 stands for an unknown number.
 */
static void print_lost(const struct nlctl *nlctl, uint64_t lost)
{
	char when[TIME_TEXT_MAX];
	json_t *record;

	time_text(when);
	if (nlctl->json) {
		record = json_pack("{s:s, s:s}", "event", "lost", "time", when);
		if (lost)
			json_object_set_new(record, "count", json_number(lost));
		output_json_line(record);
	} else if (lost) {
		printf("%s lost %" PRIu64
		       " events: rate limit or memory of the module\n",
		       when, lost);
	} else {
		printf("%s lost events: they came faster than they were read\n",
		       when);
	}
}

static char *end_text(const struct ip *ip, uint16_t port)
{
	char text[NETWORK_TEXT_MAX];

	ip_text(ip, text);
	if (!port)
		return xstrdup(text);
	return xasprintf(ip->family == AF_INET6 ? "[%s]:%u" : "%s:%u", text,
			 port);
}

static void print_drop_text(const struct event *event)
{
	const struct connection *connection = &event->connection;
	const struct decision *decision = &event->decision;
	char *client = end_text(&connection->client, connection->client_port);
	char *server = end_text(&connection->server, connection->server_port);
	char protocol[PROTOCOL_TEXT_MAX];
	char when[TIME_TEXT_MAX];
	char *line;

	line = xasprintf("%s %s %s %s %s %s -> %s %s length %u%s%s",
			 time_text(when),
			 decision->mode == PODWALL_MODE_AUDIT ? "audit" :
								"drop",
			 decision->pod ? decision->pod : "-",
			 name_of(ENUMERATION_DIRECTION, decision->direction),
			 protocol_text(connection->protocol, protocol), client,
			 server, name_of(ENUMERATION_REASON, decision->reason),
			 event->length, decision->origin ? " by " : "",
			 decision->origin ? decision->origin : "");
	puts(text_clean(line));
	free(line);
	free(server);
	free(client);
}

static void set_ip(json_t *record, const char *key, const struct ip *ip)
{
	char text[NETWORK_TEXT_MAX];

	json_object_set_new(record, key, json_string(ip_text(ip, text)));
}

static void print_drop_json(const struct event *event)
{
	const struct connection *connection = &event->connection;
	json_t *record = decision_json(&event->decision);
	char protocol[PROTOCOL_TEXT_MAX];
	char when[TIME_TEXT_MAX];

	json_object_set_new(record, "event", json_string("drop"));
	json_object_set_new(record, "time", json_string(time_text(when)));
	json_object_set_new(record, "direction",
			    json_string(name_of(ENUMERATION_DIRECTION,
						event->decision.direction)));
	json_object_set_new(record, "audit",
			    json_boolean(event->decision.mode ==
					 PODWALL_MODE_AUDIT));
	set_ip(record, "client", &connection->client);
	set_ip(record, "server", &connection->server);
	json_object_set_new(record, "protocol",
			    json_string(protocol_text(connection->protocol,
						      protocol)));
	if (connection->client_port)
		json_object_set_new(record, "client_port",
				    json_integer(connection->client_port));
	if (connection->server_port)
		json_object_set_new(record, "server_port",
				    json_integer(connection->server_port));
	json_object_set_new(record, "length", json_integer(event->length));
	json_object_set_new(record, "lost", json_number(event->lost));
	output_json_line(record);
}

static void take_drop(const struct event *event, void *data)
{
	struct monitor *monitor = data;

	if (monitor->limit && monitor->seen == monitor->limit)
		return;
	if (event->lost > monitor->lost) {
		print_lost(monitor->nlctl, event->lost - monitor->lost);
		monitor->lost = event->lost;
	}
	if (monitor->nlctl->json)
		print_drop_json(event);
	else
		print_drop_text(event);
	fflush(stdout);
	monitor->seen++;
}

static int watch(struct monitor *monitor, struct netlink *netlink,
		 int interrupt)
{
	const struct event_handlers handlers = { .event = take_drop,
						 .data = monitor };
	int error;

	while (!monitor->limit || monitor->seen < monitor->limit) {
		/* Nobody is left to print for; main() says why. */
		if (ferror(stdout))
			return EXIT_FAILURE;
		switch (interrupt_wait(monitor->nlctl, interrupt,
				       netlink_descriptor(netlink), -1)) {
		case INTERRUPT_FAILED:
			return EXIT_FAILURE;
		case INTERRUPT_ENDED:
			return EXIT_SUCCESS;
		default:
			break;
		}
		error = event_read(netlink, &handlers);
		if (error == -ENOBUFS) {
			print_lost(monitor->nlctl, 0);
			fflush(stdout);
		} else if (error) {
			return netlink_report(monitor->nlctl, netlink);
		}
	}
	return EXIT_SUCCESS;
}

static int run(struct nlctl *nlctl, const struct arguments *arguments)
{
	const char *count = arguments_value(arguments, OPTION_COUNT);
	struct monitor monitor = { .nlctl = nlctl };
	struct netlink *netlink;
	struct status status = {};
	int result = EXIT_FAILURE;
	int interrupt;

	if (count && (!number_parse(count, UINT32_MAX, &monitor.limit) ||
		      !monitor.limit)) {
		nlctl_error(nlctl, "\"%s\" is not a number from 1 to %u", count,
			    UINT32_MAX);
		return EXIT_USAGE;
	}
	netlink = netlink_open(nlctl);
	if (!netlink)
		return EXIT_FAILURE;
	if (read_status(netlink, &status) ||
	    event_subscribe(netlink, EVENT_DROPS)) {
		netlink_report(nlctl, netlink);
		goto out;
	}
	monitor.lost = status.events_lost;
	interrupt = interrupt_open(nlctl);
	if (interrupt < 0)
		goto out;
	fputs("listening\n", stderr);
	result = watch(&monitor, netlink, interrupt);
	close(interrupt);

out:
	status_clear(&status);
	netlink_close(netlink);
	return result;
}

const struct command monitor_command = {
	.name = "monitor",
	.synopsis = "[--count N]",
	.summary =
		"Print packets as they are dropped, or would be but for audit mode.",
	.description =
		"Every event is one line, and with JSON one object. \"listening\" on standard\n"
		"error says that none will be missed from now on; what is lost nevertheless is\n"
		"told in a line of its own.",
	.options = options,
	.example = "nlctl monitor -o json",
	.exit_codes =
		"0 also after SIGINT and SIGTERM; 1 when the module is unloaded meanwhile.",
	.run = run,
};
