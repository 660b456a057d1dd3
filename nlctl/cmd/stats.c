// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "cmd/commands.h"
#include "delivery.h"
#include "interrupt.h"
#include "live.h"
#include "output.h"
#include "query.h"
#include "tally.h"
#include "tally_difference.h"
#include "tally_order.h"
#include "tally_output.h"

enum {
	OPTION_SORT = 256,
	OPTION_UNUSED,
	OPTION_WATCH,
	OPTION_COUNT,
};

static const struct option options[] = {
	{ OPTION_SORT, "sort", "connections|packets|bytes|name",
	  "Order the rows, the largest numbers first." },
	{ OPTION_UNUSED, "unused", NULL, "Only the rules that never matched." },
	{ OPTION_WATCH, "watch", "[SECONDS]",
	  "Read again every 2 seconds, or as often as said." },
	{ OPTION_COUNT, "count", "N", "End after N readings; for --watch." },
	{},
};

/**
 * struct request - what is asked for
 * @view: what is shown
 * @order: in which order
 * @unused: the rules that never matched, and nothing else
 * @watch: again and again
 * @interval: nanoseconds from one reading to the next
 * @limit: how many readings; 0 for any number
 */
struct request {
	enum tally_view view;
	enum tally_order order;
	bool unused;
	bool watch;
	uint64_t interval;
	uint64_t limit;
};

static bool take_view(const struct nlctl *nlctl,
		      const struct arguments *arguments,
		      struct request *request)
{
	static const char *const names[] = {
		[TALLY_REASONS] = "reasons",
		[TALLY_PODS] = "pods",
		[TALLY_RULES] = "rules",
	};
	size_t i;

	if (!arguments->word_count)
		return true;
	for (i = TALLY_REASONS; i <= TALLY_RULES; i++) {
		if (strcmp(names[i], arguments->words[0]) != 0)
			continue;
		request->view = i;
		return true;
	}
	nlctl_error(nlctl, "\"%s\" is not reasons, pods or rules",
		    arguments->words[0]);
	return false;
}

/* Seconds, which may have a fraction. */
static bool take_interval(const struct nlctl *nlctl, const char *text,
			  struct request *request)
{
	double seconds = 2;
	char *end;

	if (text) {
		seconds = strtod(text, &end);
		if (*end || text[strspn(text, "0123456789.")] ||
		    seconds < 0.1 || seconds > 86400) {
			nlctl_error(nlctl,
				    "option --watch: \"%s\" is not a time from 0.1 to 86400 seconds",
				    text);
			return false;
		}
	}
	request->interval = seconds * NANOSECONDS_PER_SECOND;
	return true;
}

static bool take_options(const struct nlctl *nlctl,
			 const struct arguments *arguments,
			 struct request *request)
{
	const char *sort = arguments_value(arguments, OPTION_SORT);
	const char *count = arguments_value(arguments, OPTION_COUNT);

	request->unused = arguments_has(arguments, OPTION_UNUSED);
	request->watch = arguments_has(arguments, OPTION_WATCH);
	if (sort && !tally_order_parse(sort, &request->order)) {
		nlctl_error(nlctl,
			    "option --sort: \"%s\" is not connections, packets, bytes or name",
			    sort);
		return false;
	}
	if (request->unused && request->view != TALLY_SUMMARY &&
	    request->view != TALLY_RULES) {
		nlctl_error(nlctl, "option --unused goes with rules only");
		return false;
	}
	if (count && !request->watch) {
		nlctl_error(nlctl, "option --count goes with --watch only");
		return false;
	}
	if (count && (!number_parse(count, UINT32_MAX, &request->limit) ||
		      !request->limit)) {
		nlctl_error(nlctl,
			    "option --count: \"%s\" is not a number from 1 to %u",
			    count, UINT32_MAX);
		return false;
	}
	return take_interval(nlctl, arguments_value(arguments, OPTION_WATCH),
			     request);
}

static int read_tally(struct netlink *netlink, struct tally *tally)
{
	struct settings settings;
	struct objects objects;
	struct status status;
	int error;

	error = live_read(netlink, &objects, &settings);
	if (error)
		return error;
	settings_clear(&settings);
	error = read_status(netlink, &status);
	if (error)
		objects_clear(&objects);
	else
		tally_make(tally, &objects, &status, clock_now());
	return error;
}

static void print_heading(const struct tally *tally, uint64_t number)
{
	char when[MOMENT_TEXT_MAX];
	struct timespec now;

	/* A terminal shows the last reading alone. */
	if (isatty(STDOUT_FILENO))
		fputs("\033[H\033[J", stdout);
	else if (number > 1)
		putchar('\n');
	clock_gettime(CLOCK_REALTIME, &now);
	moment_clock_text(now.tv_sec * NANOSECONDS_PER_SECOND + now.tv_nsec,
			  when);
	printf("%s generation %llu\n", when,
	       (unsigned long long)tally->objects.generation);
}

static void show(const struct nlctl *nlctl, const struct request *request,
		 struct tally *tally, uint64_t number)
{
	json_t *object = NULL;

	tally_sort(tally, request->order);
	if (nlctl->json && request->unused)
		object = tally_unused_json(tally);
	else if (nlctl->json)
		object = tally_json(tally, request->view, request->watch);
	if (object && request->watch)
		output_json_line(object);
	else if (object)
		output_json(object);
	if (object)
		return;

	if (request->watch)
		print_heading(tally, number);
	if (request->unused)
		tally_print_unused(tally);
	else
		tally_print(tally, request->view, request->watch);
}

/* Wait for the next reading; it is time for it when the time has elapsed. */
static enum interrupt_result await(const struct nlctl *nlctl,
				   const struct request *request,
				   const struct interrupt *interrupt,
				   uint64_t *next)
{
	uint64_t now = clock_now();
	int timeout = 0;

	*next += request->interval;
	if (*next > now)
		timeout = (*next - now + NANOSECONDS_PER_MILLISECOND - 1) /
			  NANOSECONDS_PER_MILLISECOND;
	else
		*next = now;
	return interrupt_wait(nlctl, interrupt, -1, timeout);
}

static int watch(const struct nlctl *nlctl, const struct request *request,
		 struct netlink *netlink, const struct interrupt *interrupt)
{
	struct tally before = {}, tally = {};
	uint64_t next = clock_now();
	uint64_t number = 0;
	enum interrupt_result waited = INTERRUPT_ELAPSED;
	struct delivery delivery;
	int result = EXIT_SUCCESS;

	do {
		if (read_tally(netlink, &tally)) {
			result = netlink_report(nlctl, netlink);
			break;
		}
		if (number++)
			tally_compare(&tally, &before);
		delivery_begin(&delivery);
		show(nlctl, request, &tally, number);
		/* Nobody is left to print for; main() says why. */
		if (!delivery_end(&delivery, interrupt))
			result = EXIT_FAILURE;
		tally_clear(&before);
		before = tally;
		if (result || number == request->limit)
			break;
		waited = await(nlctl, request, interrupt, &next);
	} while (waited == INTERRUPT_ELAPSED);
	tally_clear(&before);
	return waited == INTERRUPT_FAILED ? EXIT_FAILURE : result;
}

static int print_once(const struct nlctl *nlctl, const struct request *request,
		      struct netlink *netlink)
{
	struct tally tally;

	if (read_tally(netlink, &tally))
		return netlink_report(nlctl, netlink);
	show(nlctl, request, &tally, 1);
	tally_clear(&tally);
	return EXIT_SUCCESS;
}

static int run(struct nlctl *nlctl, const struct arguments *arguments)
{
	struct request request = {};
	struct netlink *netlink;
	int result = EXIT_FAILURE;
	struct interrupt interrupt;

	if (!take_view(nlctl, arguments, &request) ||
	    !take_options(nlctl, arguments, &request))
		return EXIT_USAGE;
	netlink = netlink_open(nlctl);
	if (!netlink)
		return EXIT_FAILURE;
	if (!request.watch) {
		result = print_once(nlctl, &request, netlink);
		goto out;
	}
	if (!interrupt_open(nlctl, &interrupt))
		goto out;
	result = watch(nlctl, &request, netlink, &interrupt);
	interrupt_close(&interrupt);

out:
	netlink_close(netlink);
	return result;
}

const struct command stats_command = {
	.name = "stats",
	.synopsis =
		"[reasons|pods|rules] [--sort COLUMN] [--unused] [--watch [SECONDS]] [--count N]",
	.summary = "Print what was counted: in total, by reason, pod and rule.",
	.description =
		"Without a word: packets and events in total, then what was decided by reason,\n"
		"then by rule. A connection counts where its first packet is decided. Verdict\n"
		"audit is what would have been denied but for audit mode. A rule of a policy is\n"
		"one row, however many pods it is for; rules that pass are not counted.\n"
		"With --watch, what was counted in a second since the reading before stands\n"
		"beside the totals and is what --sort goes by; with JSON, each reading is one\n"
		"line.",
	.options = options,
	.example = "nlctl stats rules --sort packets --watch 5",
	.exit_codes =
		"0 also after SIGINT and SIGTERM, unless nobody reads what it prints.",
	.word_max = 1,
	.run = run,
};
