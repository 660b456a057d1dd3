// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random clusters: the module in the kernel is asked how it judges, and the
 * evaluator, which shares no code with what made the module's objects.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "chain.h"

#define FAILURES_MAX 3

/* A whole run takes so long, or longer where that is not enough for this many
 * clusters.
 */
#define SECONDS 90
#define SECONDS_MAX 600
#define CLUSTERS_LEAST 2000

/**
 * struct options - what is asked for
 * @seed: of the first chain; the next chain has the next one
 * @whole: neither of the following, so all results are judged
 * @chains: how many; 0 for as many as there is time for
 * @seconds: time after which no further chain begins; 0 for any
 */
struct options {
	uint64_t seed;
	bool whole;
	uint64_t chains;
	uint64_t seconds;
};

static struct timespec now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time;
}

static void refuse(const char *program, const char *option, const char *value)
{
	if (value)
		fprintf(stderr, "%s: --%s: \"%s\" is not a number\n", program,
			option, value);
	fprintf(stderr, "usage: %s [--seed N] [--chains N] [--seconds N]\n",
		program);
	exit(2);
}

static uint64_t read_number(const char *program, const char *option,
			    const char *text)
{
	unsigned long long number;
	char *end;

	errno = 0;
	number = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno)
		refuse(program, option, text);
	return number;
}

/* Exits when they make no sense. */
static struct options read_options(int count, char **arguments)
{
	static const struct option names[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "chains", required_argument, NULL, 'c' },
		{ "seconds", required_argument, NULL, 't' },
		{},
	};
	const struct timespec time = now(CLOCK_REALTIME);
	struct options options = {
		.seed = (uint64_t)time.tv_sec * 1000000000 + time.tv_nsec,
	};
	int name, index = 0;

	while ((name = getopt_long(count, arguments, "", names, &index)) !=
	       -1) {
		uint64_t number;

		if (name == '?')
			refuse(arguments[0], NULL, NULL);
		number = read_number(arguments[0], names[index].name, optarg);
		if (name == 's')
			options.seed = number;
		else if (name == 'c')
			options.chains = number;
		else
			options.seconds = number;
	}
	if (optind < count)
		refuse(arguments[0], NULL, NULL);
	options.whole = !options.chains && !options.seconds;
	return options;
}

static bool goes_on(const struct options *options, const struct counts *counts,
		    time_t start)
{
	uint64_t elapsed = now(CLOCK_MONOTONIC).tv_sec - start;

	if (counts->failures >= FAILURES_MAX)
		return false;
	if (options->whole)
		return elapsed < SECONDS ||
		       (counts->clusters < CLUSTERS_LEAST &&
			elapsed < SECONDS_MAX);
	return (!options->chains || counts->chains < options->chains) &&
	       (!options->seconds || elapsed < options->seconds);
}

static void print_counts(const struct counts *counts, unsigned int commits)
{
	const struct tally *tally = &counts->tally;

	printf("# %lu clusters in %lu chains, %lu of them a small change of another, %lu not on top of another; %u commits; %lu not compiled\n",
	       counts->clusters, counts->chains, counts->changed,
	       counts->restarted, commits, counts->passed_over);
	printf("# %lu questions: %lu accepted, %lu denied, %lu audited\n",
	       counts->questions, tally->accepted, tally->denied,
	       tally->audited);
	printf("# directions: %lu decided by admin, %lu by policy, %lu by baseline rules, %lu isolated, %lu passed for the node, %lu open\n",
	       tally->decided[PODWALL_TIER_ADMIN],
	       tally->decided[PODWALL_TIER_POLICY],
	       tally->decided[PODWALL_TIER_BASELINE], tally->isolated,
	       tally->node, tally->open);
}

/* One result; false when it is a failure. What has to be plentiful is not asked
 * of a part.
 */
static bool result(unsigned int number, bool fine, bool skipped,
		   const char *name)
{
	printf("%sok %u - %s%s\n", fine || skipped ? "" : "not ", number, name,
	       skipped ? " # SKIP only a part was asked for" : "");
	return fine || skipped;
}

static bool print_results(const struct options *options,
			  const struct counts *counts)
{
	const struct tally *tally = &counts->tally;
	const unsigned long *decided = tally->decided;
	unsigned long questions = counts->questions;
	bool part = !options->whole, fine;

	fine = result(1, counts->clusters && questions && !counts->failures,
		      false, "the module judges as the evaluator does");
	fine &= result(2,
		       tally->accepted > questions / 5 &&
			       tally->denied > questions / 5 &&
			       tally->audited > questions / 50,
		       part, "accepted, denied and audited are all plentiful");
	fine &= result(3,
		       decided[PODWALL_TIER_ADMIN] > questions / 100 &&
			       decided[PODWALL_TIER_POLICY] > questions / 20 &&
			       decided[PODWALL_TIER_BASELINE] >
				       questions / 200 &&
			       tally->isolated > questions / 20 &&
			       tally->node > questions / 200 &&
			       tally->open > questions / 20,
		       part,
		       "all tiers decide, isolation, the node and nothing");
	fine &= result(4,
		       counts->clusters >= CLUSTERS_LEAST &&
			       counts->changed > counts->clusters / 2 &&
			       counts->restarted > counts->clusters / 20,
		       part, "clusters are many, most of them small changes");
	puts("1..4");
	return fine;
}

int main(int count, char **arguments)
{
	const struct options options = read_options(count, arguments);
	const time_t start = now(CLOCK_MONOTONIC).tv_sec;
	struct counts counts = {};
	struct module module;
	bool fine;

	setlinebuf(stdout);
	printf("# --seed %llu\n", (unsigned long long)options.seed);
	if (!module_open(&module))
		return EXIT_FAILURE;
	while (goes_on(&options, &counts, start))
		chain_run(&module, options.seed + counts.chains, &counts);
	print_counts(&counts, module.commits);
	fine = print_results(&options, &counts);
	module_close(&module);
	return fine ? EXIT_SUCCESS : EXIT_FAILURE;
}
