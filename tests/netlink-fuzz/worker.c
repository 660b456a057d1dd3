// SPDX-License-Identifier: GPL-2.0-only
#include "worker.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "complaints.h"
#include "corpus.h"
#include "mutate.h"
#include "state.h"
#include "text.h"

/**
 * struct worker - one of them
 * @options: of all
 * @number: of it
 * @chance: of its own
 * @session: with the module
 * @begin: what the module holds in a new network namespace
 * @corpus: to make programs of
 * @log: of the kernel
 * @printed: programs
 */
struct worker {
	const struct options *options;
	unsigned int number;
	struct chance chance;
	struct session session;
	struct state begin;
	struct corpus corpus;
	int log;
	unsigned int printed;
};

/* Other processes print as well: a program goes out whole. */
static void print_program(const char *prefix, const struct program *program)
{
	char *text, *line, *rest;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	text_write(stream, program);
	fclose(stream);
	flockfile(stdout);
	for (rest = text; (line = strsep(&rest, "\n")) && *line;)
		printf("%s%s\n", prefix, line);
	fflush(stdout);
	funlockfile(stdout);
	free(text);
}

static void print_seed(struct worker *worker, const struct program *program)
{
	char prefix[32];

	snprintf(prefix, sizeof(prefix), "seed %u-%u: ", worker->number,
		 worker->printed++);
	print_program(prefix, program);
}

/* After a commit that was refused, all is as before. */
static bool compare(struct session *session, void *data)
{
	struct state *before = data, now;

	if (!state_read(session, &now))
		return false;
	if (now.generation == before->generation) {
		session->tally->compared++;
		if (now.digest != before->digest)
			session_fail(session,
				     "a refused commit has changed something");
	}
	state_free(before);
	*before = now;
	coverage_clear(session->coverage);
	return !session->failure[0];
}

static bool run_closely(struct session *session, const struct program *program)
{
	struct state state;
	bool fine;

	if (!state_read(session, &state))
		return false;
	coverage_clear(session->coverage);
	fine = session_run(session, program, compare, &state);
	state_free(&state);
	return fine && state_restore(session);
}

static void look_at_log(struct worker *worker)
{
	char line[256];

	if (complaints_any(worker->log, line, sizeof(line)))
		session_fail(&worker->session, "the kernel complains: %s",
			     line);
}

static void note_program(struct tally *tally, const struct program *program)
{
	FILE *stream = fmemopen(tally->program, sizeof(tally->program), "w");

	if (!stream)
		return;
	text_write(stream, program);
	fclose(stream);
}

/* Run a program on an empty policy; what it passes is added to points. */
static bool run_program(struct worker *worker, const struct program *program,
			struct points *points, bool closely)
{
	struct session *session = &worker->session;
	bool fine;

	if (worker->options->trace)
		print_program("trace: ", program);
	session->points = points;
	note_program(session->tally, program);
	fine = state_reset(session, &worker->begin);
	if (fine)
		fine = closely ? run_closely(session, program) :
				 session_run(session, program, NULL, NULL);
	look_at_log(worker);
	if (fine && !session->failure[0])
		return true;
	session->tally->failed = 1;
	printf("# worker %u, message %lu: %s\n# by this program, which --replay runs again from a file:\n",
	       worker->number, session->tally->messages, session->failure);
	print_program("program: ", program);
	return false;
}

/* Leave out what a program passes the same points without. */
static bool minimise(struct worker *worker, struct program *program,
		     const struct points *needed)
{
	unsigned int at;

	for (at = program->count; at--;) {
		struct message *message = program->messages[at];
		struct points points = {};

		if (program->count == 1)
			break;
		program_remove(program, at);
		if (!run_program(worker, program, &points, false))
			return false;
		if (!points_within(needed, &points))
			program_insert(program, at, message);
	}
	return true;
}

/* The points that are known since some number of them was. */
static struct points points_since(const struct points *points,
				  unsigned int known)
{
	struct points since = {};
	unsigned int i;

	for (i = known; i < POINTS_MAX; i++)
		if (points_have(points, i))
			points_add(&since, i);
	return since;
}

/* Run a program, and keep it if it passes what none did. */
static bool try(struct worker *worker, struct program *program, bool *kept)
{
	struct coverage *coverage = worker->session.coverage;
	const unsigned int known = coverage->known;
	struct points points = {}, new;
	bool closely = chance_one_in(&worker->chance, 8);

	*kept = false;
	if (!run_program(worker, program, &points, closely))
		return false;
	worker->session.tally->points = coverage->known;
	worker->session.tally->cut = coverage->cut;
	if (coverage->known == known)
		return true;
	if (worker->options->print) {
		new = points_since(&points, known);
		if (!minimise(worker, program, &new))
			return false;
		print_seed(worker, program);
	}
	*kept = true;
	corpus_add(&worker->corpus, program, &points);
	return true;
}

static const struct program *any_kept(struct worker *worker)
{
	struct corpus *corpus = &worker->corpus;

	return &corpus->entries[chance_below(&worker->chance, corpus->count)]
			->program;
}

static bool fuzz_once(struct worker *worker)
{
	struct program program;
	bool kept, fine;

	if (!worker->corpus.count || chance_one_in(&worker->chance, 4)) {
		generate_program(&worker->chance, &program);
	} else {
		program_copy(&program, any_kept(worker));
		mutate(&worker->chance, &program, any_kept(worker));
	}
	fine = try(worker, &program, &kept);
	worker->session.tally->kept += kept;
	program_free(&program);
	return fine;
}

static bool run_seeds(struct worker *worker, struct corpus *seeds)
{
	unsigned int i;
	bool kept;

	for (i = 0; i < seeds->count; i++) {
		if (!try(worker, &seeds->entries[i]->program, &kept))
			return false;
		worker->session.tally->seeds += kept;
	}
	return true;
}

/* Those of some points that are not among others. */
static struct points points_beyond(const struct points *some,
				   const struct points *others)
{
	struct points beyond = {};
	unsigned int i;

	for (i = 0; i < POINTS_MAX; i++)
		if (points_have(some, i) && !points_have(others, i))
			points_add(&beyond, i);
	return beyond;
}

/* The seed that passes most of what is not passed yet, or NULL. */
static struct entry *best_seed(const struct corpus *seeds,
			       const struct points *passed,
			       struct points *beyond)
{
	struct entry *best = NULL;
	unsigned int i;

	*beyond = (struct points){};
	for (i = 0; i < seeds->count; i++) {
		struct points more =
			points_beyond(&seeds->entries[i]->points, passed);

		if (more.count <= beyond->count)
			continue;
		*beyond = more;
		best = seeds->entries[i];
	}
	return best;
}

/* Print seeds that together pass all that all of them do. */
static bool distil(struct worker *worker, const struct corpus *seeds)
{
	struct points passed = {}, beyond;
	struct entry *best;
	unsigned int i;

	for (i = 0; i < seeds->count; i++)
		if (!run_program(worker, &seeds->entries[i]->program,
				 &seeds->entries[i]->points, false))
			return false;
	while ((best = best_seed(seeds, &passed, &beyond))) {
		if (!minimise(worker, &best->program, &beyond))
			return false;
		print_seed(worker, &best->program);
		for (i = 0; i < POINTS_MAX; i++)
			if (points_have(&best->points, i))
				points_add(&passed, i);
	}
	return true;
}

static bool goes_on(const struct worker *worker, time_t start)
{
	const struct options *options = worker->options;
	const struct tally *tally = worker->session.tally;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (!options->messages ||
		tally->messages < options->messages / options->workers) &&
	       (!options->seconds ||
		now.tv_sec - start < (time_t)options->seconds);
}

static bool work(struct worker *worker)
{
	const struct options *options = worker->options;
	struct corpus seeds = {};
	struct timespec start;
	bool fine;

	clock_gettime(CLOCK_MONOTONIC, &start);
	if (options->seeds)
		corpus_read(&seeds, options->seeds);
	if (options->replay)
		corpus_read_file(&seeds, options->replay);
	if (options->distil)
		fine = distil(worker, &seeds);
	else
		fine = run_seeds(worker, &seeds);
	corpus_free(&seeds);
	if (options->distil || options->replay)
		return fine;
	while (fine && goes_on(worker, start.tv_sec))
		fine = fuzz_once(worker);
	return fine;
}

static void begin(struct worker *worker)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(worker->number, &cpus);
	/* With fewer processors they share. */
	sched_setaffinity(0, sizeof(cpus), &cpus);
	if (unshare(CLONE_NEWNET)) {
		perror("a network namespace");
		exit(2);
	}
	worker->log = complaints_open();
	coverage_open(worker->session.coverage);
	session_open(&worker->session);
}

int worker_run(const struct options *options, unsigned int number,
	       struct tally *tally)
{
	struct coverage *coverage = calloc(1, sizeof(*coverage));
	struct worker worker = {
		.options = options,
		.number = number,
		.chance = chance_begin(options->seed + number),
		.session = { .coverage = coverage, .tally = tally },
	};
	bool fine;

	begin(&worker);
	if (!coverage->trace)
		printf("# worker %u: without KCOV, nothing guides it\n",
		       number);
	fine = state_read(&worker.session, &worker.begin) && work(&worker);
	/* What is left would keep the module loaded. */
	if (fine)
		fine = state_reset(&worker.session, &worker.begin);
	if (!fine && worker.session.failure[0])
		printf("# worker %u: %s\n", number, worker.session.failure);
	corpus_free(&worker.corpus);
	state_free(&worker.begin);
	session_close(&worker.session);
	free(coverage);
	fflush(stdout);
	return !fine;
}
