// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs of netlink messages against the module in the kernel, by workers in
 * network namespaces of their own, as TAP.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "worker.h"

#define WORKERS_MAX 8
/* A worker that does nothing for so long hangs. */
#define HANG_SECONDS 180
/* So often is told how far it is. */
#define PROGRESS_SECONDS 60

/**
 * struct crew - the workers
 * @count: of them
 * @running: of them, still
 * @failed: of them
 * @hung: one does not go on
 * @pids: of those that run, else 0
 * @tallies: of each, in memory that is shared
 * @steps: of each, when last looked at
 * @since: when these changed
 */
struct crew {
	unsigned int count;
	unsigned int running;
	unsigned int failed;
	bool hung;
	pid_t pids[WORKERS_MAX];
	struct tally *tallies;
	unsigned long steps[WORKERS_MAX];
	time_t since[WORKERS_MAX];
};

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void refuse(const char *program)
{
	fprintf(stderr,
		"usage: %s [--seed N] [--messages N] [--seconds N] [--workers N] [--points N]\n"
		"\t[--seeds DIRECTORY] [--replay FILE] [--print] [--distil] [--trace]\n",
		program);
	exit(2);
}

static unsigned long read_number(const char *program, const char *text)
{
	unsigned long number;
	char *end;

	errno = 0;
	number = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno)
		refuse(program);
	return number;
}

/* Exits when they make no sense. */
static struct options read_options(int count, char **arguments)
{
	static const struct option names[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "messages", required_argument, NULL, 'm' },
		{ "seconds", required_argument, NULL, 't' },
		{ "workers", required_argument, NULL, 'w' },
		{ "points", required_argument, NULL, 'p' },
		{ "seeds", required_argument, NULL, 'd' },
		{ "replay", required_argument, NULL, 'r' },
		{ "print", no_argument, NULL, 'P' },
		{ "distil", no_argument, NULL, 'D' },
		{ "trace", no_argument, NULL, 'T' },
		{},
	};
	struct timespec time;
	struct options options = { .workers = 2 };
	const char *program = arguments[0];
	int name;

	clock_gettime(CLOCK_REALTIME, &time);
	options.seed = (uint64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
	while ((name = getopt_long(count, arguments, "", names, NULL)) != -1) {
		switch (name) {
		case 's':
			options.seed = read_number(program, optarg);
			break;
		case 'm':
			options.messages = read_number(program, optarg);
			break;
		case 't':
			options.seconds = read_number(program, optarg);
			break;
		case 'w':
			options.workers = read_number(program, optarg);
			break;
		case 'p':
			options.points = read_number(program, optarg);
			break;
		case 'd':
			options.seeds = optarg;
			break;
		case 'r':
			options.replay = optarg;
			break;
		case 'P':
			options.print = true;
			break;
		case 'D':
			options.distil = true;
			break;
		case 'T':
			options.trace = true;
			break;
		default:
			refuse(program);
		}
	}
	if (optind < count || !options.workers || options.workers > WORKERS_MAX)
		refuse(program);
	if (options.replay || options.distil)
		options.workers = 1;
	return options;
}

static void start(struct crew *crew, const struct options *options)
{
	unsigned int i;

	crew->tallies = mmap(NULL, WORKERS_MAX * sizeof(*crew->tallies),
			     PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			     -1, 0);
	if (crew->tallies == MAP_FAILED) {
		perror("shared memory");
		exit(2);
	}
	fflush(stdout);
	for (i = 0; i < options->workers; i++) {
		crew->pids[i] = fork();
		if (crew->pids[i] < 0) {
			perror("fork");
			exit(2);
		}
		if (!crew->pids[i])
			exit(worker_run(options, i, &crew->tallies[i]));
		crew->since[i] = seconds();
		crew->count++;
		crew->running++;
	}
}

/* A worker that the kernel has killed says no more. */
static void print_last_program(struct crew *crew, unsigned int i)
{
	const struct tally *tally = &crew->tallies[i];

	if (tally->failed)
		return;
	printf("# worker %u, message %lu: the last program is this:\n%s\n", i,
	       tally->messages, tally->program);
}

static void look_after(struct crew *crew, unsigned int i)
{
	const struct tally *tally = &crew->tallies[i];
	unsigned long steps = *(volatile unsigned long *)&tally->replies +
			      *(volatile unsigned long *)&tally->acknowledged +
			      *(volatile unsigned long *)&tally->programs;

	if (steps != crew->steps[i]) {
		crew->steps[i] = steps;
		crew->since[i] = seconds();
	} else if (seconds() - crew->since[i] > HANG_SECONDS) {
		printf("# worker %u does not go on\n", i);
		print_last_program(crew, i);
		crew->hung = true;
	}
}

static void print_progress(const struct crew *crew, time_t start, time_t *told)
{
	unsigned long messages = 0, points = 0;
	unsigned int i;

	if (seconds() - *told < PROGRESS_SECONDS)
		return;
	*told = seconds();
	for (i = 0; i < crew->count; i++) {
		messages += crew->tallies[i].messages;
		if (crew->tallies[i].points > points)
			points = crew->tallies[i].points;
	}
	printf("# %lu messages, %lu points after %lld s\n", messages, points,
	       (long long)(*told - start));
}

static void collect(struct crew *crew)
{
	const struct timespec pause = { .tv_nsec = 100 * 1000 * 1000 };
	const time_t start = seconds();
	time_t told = start;
	int status;
	unsigned int i;

	/* What one has found, the others need not look for. */
	while (crew->running && !crew->hung && !crew->failed) {
		print_progress(crew, start, &told);
		for (i = 0; i < crew->count; i++) {
			if (!crew->pids[i])
				continue;
			look_after(crew, i);
			if (waitpid(crew->pids[i], &status, WNOHANG) <= 0)
				continue;
			crew->pids[i] = 0;
			crew->running--;
			if (!status)
				continue;
			if (!WIFEXITED(status) || WEXITSTATUS(status) != 1)
				printf("# worker %u ends with status 0x%x\n", i,
				       status);
			print_last_program(crew, i);
			crew->failed++;
		}
		nanosleep(&pause, NULL);
	}
	for (i = 0; i < crew->count; i++)
		if (crew->pids[i])
			kill(crew->pids[i], SIGKILL);
}

static struct tally sum(const struct crew *crew)
{
	struct tally all = {};
	unsigned int i, error;

	for (i = 0; i < crew->count; i++) {
		const struct tally *one = &crew->tallies[i];

		all.programs += one->programs;
		all.messages += one->messages;
		all.sockets += one->sockets;
		all.acknowledged += one->acknowledged;
		for (error = 0; error < ERRORS_MAX; error++)
			all.refused[error] += one->refused[error];
		all.mute += one->mute;
		all.accepted_commits += one->accepted_commits;
		all.refused_commits += one->refused_commits;
		all.replies += one->replies;
		all.listings += one->listings;
		all.left += one->left;
		all.compared += one->compared;
		all.restored += one->restored;
		/* Most of what one passes the other does as well. */
		if (one->points > all.points)
			all.points = one->points;
		all.seeds += one->seeds;
		all.kept += one->kept;
		all.cut += one->cut;
	}
	return all;
}

static void print_counts(const struct tally *all, const struct options *options)
{
	unsigned int error;

	printf("# counts: %lu messages in %lu programs on %lu sockets; %lu acknowledged, %lu replies\n",
	       all->messages, all->programs, all->sockets, all->acknowledged,
	       all->replies);
	printf("# commits: %lu accepted, %lu refused; %lu times compared after a refusal; %lu times sent back\n",
	       all->accepted_commits, all->refused_commits, all->compared,
	       all->restored);
	printf("# listings: %lu read, %lu left half read\n", all->listings,
	       all->left);
	printf("# refusals:");
	for (error = 0; error < ERRORS_MAX; error++)
		if (all->refused[error])
			printf(" %s %lu", strerrorname_np(error),
			       all->refused[error]);
	printf("; %lu by netlink itself, without a text\n", all->mute);
	printf("# points passed: %lu", all->points);
	if (options->points)
		printf(" of %u in the module", options->points);
	printf("; %lu programs kept of the seeds, %lu new, %lu traces cut off\n",
	       all->seeds, all->kept, all->cut);
}

static bool result(unsigned int number, bool fine, const char *format,
		   unsigned long count)
{
	printf("%sok %u - ", fine ? "" : "not ", number);
	printf(format, count);
	putchar('\n');
	return fine;
}

/* Of a few messages, these say nothing. */
static bool is_whole(const struct options *options)
{
	return options->messages >= 200000 && !options->distil &&
	       !options->replay;
}

/* A fuzzer that is refused everything, or nothing, tests little. */
static bool is_plentiful(const struct tally *all)
{
	unsigned long commits = all->accepted_commits + all->refused_commits;

	return all->accepted_commits > commits / 20 &&
	       all->refused_commits > commits / 20 && all->compared > 100 &&
	       all->restored > 100 && all->left > 100;
}

int main(int count, char **arguments)
{
	const struct options options = read_options(count, arguments);
	struct crew crew = {};
	struct tally all;
	bool fine;

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("# seed %llu\n", (unsigned long long)options.seed);
	start(&crew, &options);
	collect(&crew);
	all = sum(&crew);
	print_counts(&all, &options);
	fine = result(1, all.messages && !crew.failed,
		      "%lu messages: every answer is as it must be",
		      all.messages);
	fine &= result(2, !crew.hung, "%lu programs: no request hangs",
		       all.programs);
	if (is_whole(&options)) {
		fine &= result(3, all.messages >= options.messages,
			       "all %lu messages are sent in time",
			       options.messages);
		fine &= result(4, is_plentiful(&all),
			       "%lu commits: accepted and refused are plentiful",
			       all.accepted_commits + all.refused_commits);
	}
	puts(is_whole(&options) ? "1..4" : "1..2");
	return !fine;
}
