// SPDX-License-Identifier: GPL-2.0-only

#include <getopt.h>
#include <sanitizer/common_interface_defs.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "options.h"

/* Read by the sanitizers before main(), and no header declares them. */
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

static const struct options *playing;
static u64 playing_round;
static time_t started;

const char *__asan_default_options(void)
{
	return "detect_leaks=1:detect_stack_use_after_return=1:handle_abort=1";
}

const char *__ubsan_default_options(void)
{
	return "print_stacktrace=1:abort_on_error=1";
}

static u64 now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return (u64)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static void refuse(const char *program)
{
	fprintf(stderr,
		"usage: %s [--seed N] [--round N] [--rounds N] [--seconds N] [--size 0|1|2]\n",
		program);
	exit(2);
}

static u64 read_number(const char *program, const char *text)
{
	unsigned long long number;
	char *end;

	number = strtoull(text, &end, 10);
	if (!*text || *end)
		refuse(program);
	return number;
}

/* Exits when they make no sense. */
struct options options_read(int count, char **arguments)
{
	static const struct option names[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "round", required_argument, NULL, 'r' },
		{ "rounds", required_argument, NULL, 'n' },
		{ "seconds", required_argument, NULL, 't' },
		{ "size", required_argument, NULL, 'z' },
		{},
	};
	struct options options = { arguments[0], .seed = now(), .size = -1 };
	const char *program = arguments[0];
	int name;

	started = time(NULL);
	while ((name = getopt_long(count, arguments, "", names, NULL)) != -1) {
		switch (name) {
		case 's':
			options.seed = read_number(program, optarg);
			break;
		case 'r':
			options.first = read_number(program, optarg);
			options.rounds = 1;
			break;
		case 'n':
			options.rounds = read_number(program, optarg);
			break;
		case 't':
			options.seconds = read_number(program, optarg);
			break;
		case 'z':
			options.size = read_number(program, optarg);
			break;
		default:
			refuse(program);
		}
	}
	if (optind < count || options.size > 2)
		refuse(program);
	if (!options.rounds && !options.seconds)
		options.seconds = 10;
	return options;
}

/* Say how to play the round again that is being played. */
void options_say_how_to_repeat(void)
{
	if (!playing)
		return;
	printf("# repeat with %s --seed %llu --round %llu", playing->program,
	       playing->seed, playing_round);
	if (playing->size >= 0)
		printf(" --size %d", playing->size);
	putchar('\n');
}

/* Whether there is a round of a number to come, which then is being played. */
bool options_go_on(const struct options *options, u64 round)
{
	bool goes_on = true;

	if (options->rounds && round - options->first >= options->rounds)
		goes_on = false;
	if (options->seconds && (u64)(time(NULL) - started) >= options->seconds)
		goes_on = false;
	playing = goes_on ? options : NULL;
	playing_round = round;
	/* A sanitizer does not come back. */
	__sanitizer_set_death_callback(options_say_how_to_repeat);
	return goes_on;
}
