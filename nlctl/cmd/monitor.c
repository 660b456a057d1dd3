// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "clock.h"
#include "cmd/commands.h"
#include "delivery.h"
#include "event.h"
#include "event_output.h"
#include "filter.h"
#include "filter_option.h"
#include "interrupt.h"
#include "names.h"
#include "output.h"
#include "query.h"
#include "repeat.h"

/* How long events are still taken in that come as fast as they are read. */
#define DRAIN_TIME NANOSECONDS_PER_SECOND

enum {
	OPTION_COUNT = 256,
	/* In the order of enum filter_option. */
	OPTION_POD,
	OPTION_NAMESPACE,
	OPTION_DIRECTION,
	OPTION_REASON,
	OPTION_POLICY,
	OPTION_ACCEPTED,
	OPTION_CHANGES,
	OPTION_EVERY,
};

static const struct option options[] = {
	{ OPTION_POD, "pod", "NAMESPACE/NAME",
	  "Events of this pod, at either end; may repeat." },
	{ OPTION_NAMESPACE, "namespace", "NAME",
	  "Events of pods of this namespace; may repeat." },
	{ OPTION_DIRECTION, "direction", "ingress|egress",
	  "Events of this direction." },
	{ OPTION_REASON, "reason", "REASON",
	  "Events for this reason, as \"isolated\"; may repeat." },
	{ OPTION_POLICY, "policy", "TEXT",
	  "Events of policies with TEXT in their name; may repeat." },
	{ OPTION_ACCEPTED, "accepted", NULL,
	  "Accepted connections as well, of pods that ask for it." },
	{ OPTION_CHANGES, "changes", NULL, "Changes of the policy as well." },
	{ OPTION_EVERY, "every", NULL,
	  "A line for every event, however often it repeats." },
	{ OPTION_COUNT, "count", "N", "End after N events." },
	{},
};

/**
 * struct monitor - a monitor at work
 * @nlctl: the context
 * @interrupt: the span in which signals end waits, and output
 * @filter: which events are wanted
 * @repeats: what was told lately; unused when every event is
 * @every: every event is told
 * @groups: bits of EVENT_*
 * @limit: end after so many events; 0 for never
 * @seen: events that were wanted so far
 * @lost: events that the module said it lost so far
 */
struct monitor {
	const struct nlctl *nlctl;
	struct interrupt interrupt;
	struct filter filter;
	struct repeats repeats;
	bool every;
	unsigned int groups;
	uint64_t limit;
	uint64_t seen;
	uint64_t lost;
};

static void print_json(const struct monitor *monitor, json_t *record)
{
	struct delivery delivery;

	delivery_begin(&delivery);
	output_json_line(record);
	delivery_end(&delivery, &monitor->interrupt);
}

/* The line is taken over. */
static void print_text(const struct monitor *monitor, char *line)
{
	struct delivery delivery;

	delivery_begin(&delivery);
	puts(line);
	free(line);
	delivery_end(&delivery, &monitor->interrupt);
}

static void print_event(const struct monitor *monitor,
			const struct event *event, uint64_t count)
{
	if (monitor->nlctl->json)
		print_json(monitor, event_json(event));
	else
		print_text(monitor, event_text(event, count));
}

static void print_lost(const struct monitor *monitor, uint64_t time,
		       uint64_t count)
{
	if (monitor->nlctl->json)
		print_json(monitor, lost_json(time, count));
	else
		print_text(monitor, lost_text(time, count));
}

static uint64_t time_of_day(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * NANOSECONDS_PER_SECOND + now.tv_nsec;
}

/* The module counts what it loses; each event says how much that is by then. */
static void take_lost(struct monitor *monitor, uint64_t time, uint64_t lost)
{
	if (lost <= monitor->lost)
		return;
	print_lost(monitor, time, lost - monitor->lost);
	monitor->lost = lost;
}

static void print_repeats(struct monitor *monitor, uint64_t now)
{
	struct event event;
	uint64_t count;

	while ((count = repeats_next(&monitor->repeats, now, &event))) {
		print_event(monitor, &event, count);
		event_clear(&event);
	}
}

static bool is_done(const struct monitor *monitor)
{
	return monitor->limit && monitor->seen >= monitor->limit;
}

static void take_event(const struct event *event, void *data)
{
	struct monitor *monitor = data;
	uint64_t now = clock_now();

	if (is_done(monitor))
		return;
	take_lost(monitor, event->time, event->lost);
	if (!filter_passes(&monitor->filter, event))
		return;
	monitor->seen++;
	print_repeats(monitor, now);
	if (monitor->every || repeats_take(&monitor->repeats, event, now))
		print_event(monitor, event, 1);
}

static void take_change(const struct change *change, void *data)
{
	struct monitor *monitor = data;

	if (is_done(monitor))
		return;
	take_lost(monitor, change->time, change->lost);
	monitor->seen++;
	if (monitor->nlctl->json)
		print_json(monitor, change_json(change));
	else
		print_text(monitor, change_text(change));
}

/* What no event says. */
static void ask_lost(struct monitor *monitor, struct netlink *questions)
{
	struct status status;

	if (read_status(questions, &status))
		return;
	take_lost(monitor, time_of_day(), status.events_lost);
	status_clear(&status);
}

/* Take in what has arrived. The module counts an event that some listener had no
 * room for, but not for which, and how many: how many we miss nobody knows, and
 * what it counted may be all above the event rate.
 */
static int take_events(struct monitor *monitor, struct netlink *netlink,
		       struct netlink *questions)
{
	const struct event_handlers handlers = { .event = take_event,
						 .change = take_change,
						 .data = monitor };
	int error = event_read(netlink, &handlers);

	if (error == -ENOBUFS) {
		print_lost(monitor, time_of_day(), 0);
		ask_lost(monitor, questions);
		error = 0;
	}
	return error;
}

/* What had arrived by the end is told, too; what still comes may be endless. */
static void drain(struct monitor *monitor, struct netlink *netlink,
		  struct netlink *questions)
{
	static const struct interrupt closed = INTERRUPT_CLOSED;
	uint64_t end = clock_now() + DRAIN_TIME;

	while (!is_done(monitor) && !ferror(stdout) && clock_now() < end &&
	       interrupt_wait(monitor->nlctl, &closed,
			      netlink_descriptor(netlink),
			      0) == INTERRUPT_READY &&
	       !take_events(monitor, netlink, questions))
		;
}

static int watch(struct monitor *monitor, struct netlink *netlink,
		 struct netlink *questions)
{
	while (!is_done(monitor)) {
		/* Nobody is left to print for; main() says why. */
		if (ferror(stdout))
			return EXIT_FAILURE;
		switch (interrupt_wait(monitor->nlctl, &monitor->interrupt,
				       netlink_descriptor(netlink),
				       repeats_wait(&monitor->repeats,
						    clock_now()))) {
		case INTERRUPT_FAILED:
			return EXIT_FAILURE;
		case INTERRUPT_ENDED:
			drain(monitor, netlink, questions);
			return EXIT_SUCCESS;
		case INTERRUPT_ELAPSED:
			print_repeats(monitor, clock_now());
			continue;
		case INTERRUPT_READY:
			break;
		}
		if (take_events(monitor, netlink, questions))
			return netlink_report(monitor->nlctl, netlink);
		print_repeats(monitor, clock_now());
	}
	return EXIT_SUCCESS;
}

/* Events come by one connection, and what is asked for by another. */
static int listen_and_tell(struct monitor *monitor, struct netlink *netlink,
			   struct netlink *questions)
{
	const struct nlctl *nlctl = monitor->nlctl;
	struct status status;
	int result;

	if (event_subscribe(netlink, monitor->groups))
		return netlink_report(nlctl, netlink);
	if (read_status(questions, &status))
		return netlink_report(nlctl, questions);
	monitor->lost = status.events_lost;
	status_clear(&status);
	if (!interrupt_open(nlctl, &monitor->interrupt))
		return EXIT_FAILURE;
	fputs("listening\n", stderr);
	result = watch(monitor, netlink, questions);
	print_repeats(monitor, UINT64_MAX);
	ask_lost(monitor, questions);
	interrupt_close(&monitor->interrupt);
	return result;
}

static bool take_option(struct monitor *monitor,
			const struct option_value *option)
{
	const struct nlctl *nlctl = monitor->nlctl;
	const char *value = option->value;

	switch (option->id) {
	case OPTION_POD ... OPTION_POLICY:
		return filter_take(nlctl, &monitor->filter,
				   option->id - OPTION_POD, value);
	case OPTION_ACCEPTED:
		monitor->groups |= EVENT_ACCEPTS;
		return true;
	case OPTION_CHANGES:
		monitor->groups |= EVENT_CHANGES;
		return true;
	case OPTION_EVERY:
		monitor->every = true;
		return true;
	default:
		if (number_parse(value, UINT32_MAX, &monitor->limit) &&
		    monitor->limit)
			return true;
		nlctl_error(nlctl,
			    "option --count: \"%s\" is not a number from 1 to %u",
			    value, UINT32_MAX);
		return false;
	}
}

static int run(struct nlctl *nlctl, const struct arguments *arguments)
{
	/* A program that reads JSON counts for itself. */
	struct monitor monitor = { .nlctl = nlctl,
				   .every = nlctl->json,
				   .groups = EVENT_DROPS };
	struct netlink *netlink = NULL, *questions = NULL;
	int result = EXIT_FAILURE;
	size_t i;

	for (i = 0; i < arguments->option_count; i++) {
		if (take_option(&monitor, &arguments->options[i]))
			continue;
		result = EXIT_USAGE;
		goto out;
	}
	if (!filter_check(nlctl, &monitor.filter,
			  monitor.groups & EVENT_ACCEPTS)) {
		result = EXIT_USAGE;
		goto out;
	}
	netlink = netlink_open(nlctl);
	if (netlink)
		questions = netlink_open(nlctl);
	if (questions)
		result = listen_and_tell(&monitor, netlink, questions);

out:
	netlink_close(questions);
	netlink_close(netlink);
	repeats_clear(&monitor.repeats);
	filter_clear(&monitor.filter);
	return result;
}

const struct command monitor_command = {
	.name = "monitor",
	.synopsis =
		"[--pod KEY] [--namespace NAME] [--direction ingress|egress]\n"
		"                     [--reason REASON] [--policy TEXT] [--accepted] [--changes] [--every] [--count N]",
	.summary =
		"Print packets as they are dropped, or would be but for audit mode.",
	.description =
		"Each line says when, what became of the packet, both ends, and which rule or\n"
		"policies decided for which pod. What repeats an event within five seconds, from\n"
		"whatever port of the client, becomes one line with its number behind it,\n"
		"(x12); --every prints all. With JSON every event is an object.\n"
		"Of several pods, namespaces, directions, reasons or policies one has to fit;\n"
		"of different options, all. They do not concern changes.\n"
		"--accepted tells of pods with the annotation podwall.io/report: accepted.\n"
		"\"listening\" on standard error says that none will be missed from now on; what\n"
		"is lost nevertheless is told in a line of its own.",
	.options = options,
	.example = "nlctl monitor --namespace shop --reason isolated",
	.exit_codes =
		"0 also after SIGINT and SIGTERM, unless nobody reads what it prints;\n"
		"1 when the module is unloaded meanwhile.",
	.run = run,
};
