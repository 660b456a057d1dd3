// SPDX-License-Identifier: GPL-2.0-only
#include "progress.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MILLISECONDS 1000000ULL
/* What is over sooner is not told, nor what follows it so soon. */
#define PATIENCE (1000 * MILLISECONDS)
/* What is over sooner than this would only flicker. */
#define GLIMPSE (200 * MILLISECONDS)
#define INTERVAL (100 * MILLISECONDS)

/**
 * struct progress - what is being done; there is one terminal
 * @what: what is done
 * @total: of how many steps; 0 if unknown
 * @done: steps that were done
 * @began: when it began
 * @chain_began: when that began which it follows without a pause
 * @ended: when the last ended
 * @lock: for @stop and @changed
 * @changed: @stop changed
 * @stop: the line is to go
 * @thread: writes the line
 * @running: there is a thread
 */
static struct progress {
	const char *what;
	size_t total;
	atomic_size_t done;
	uint64_t began;
	uint64_t chain_began;
	uint64_t ended;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool stop;
	pthread_t thread;
	bool running;
} progress = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* By the one clock that pthread_cond_timedwait() has and nobody sets. */
static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

static bool wanted(void)
{
	const char *terminal = getenv("TERM");

	return isatty(STDERR_FILENO) && terminal && strcmp(terminal, "dumb");
}

static void show(void)
{
	size_t done = atomic_load(&progress.done);
	uint64_t seconds = (now() - progress.chain_began) / 1000000000;

	fprintf(stderr, "\r%s", progress.what);
	if (progress.total)
		fprintf(stderr, ", %zu of %zu", done, progress.total);
	else if (done)
		fprintf(stderr, ", %zu", done);
	fprintf(stderr, ", %llu s\033[K", (unsigned long long)seconds);
	fflush(stderr);
}

/* Wait until a time, or until the line is to go; false for that. */
static bool wait_until(uint64_t time)
{
	struct timespec until = { time / 1000000000, time % 1000000000 };

	while (!progress.stop)
		if (pthread_cond_timedwait(&progress.changed, &progress.lock,
					   &until) == ETIMEDOUT)
			return !progress.stop;
	return false;
}

static void *run(void *unused)
{
	uint64_t time = progress.chain_began + PATIENCE;
	bool shown = false;

	(void)unused;
	if (time < progress.began + GLIMPSE)
		time = progress.began + GLIMPSE;
	pthread_mutex_lock(&progress.lock);
	while (wait_until(time)) {
		show();
		shown = true;
		time = now() + INTERVAL;
	}
	pthread_mutex_unlock(&progress.lock);
	if (shown)
		fputs("\r\033[K", stderr);
	return NULL;
}

/* Signals are for the thread that works. */
static bool start_thread(void)
{
	pthread_condattr_t attributes;
	sigset_t all, before;
	bool started;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&progress.changed, &attributes);
	pthread_condattr_destroy(&attributes);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	started = !pthread_create(&progress.thread, NULL, run, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!started)
		pthread_cond_destroy(&progress.changed);
	return started;
}

void progress_begin(const char *what, size_t total)
{
	if (!wanted())
		return;
	progress_end();
	progress.what = what;
	progress.total = total;
	progress.stop = false;
	atomic_store(&progress.done, 0);
	progress.began = now();
	if (progress.began > progress.ended + GLIMPSE)
		progress.chain_began = progress.began;
	progress.running = start_thread();
}

void progress_step(size_t steps)
{
	atomic_fetch_add(&progress.done, steps);
}

void progress_end(void)
{
	if (!progress.running)
		return;
	pthread_mutex_lock(&progress.lock);
	progress.stop = true;
	pthread_cond_signal(&progress.changed);
	pthread_mutex_unlock(&progress.lock);
	pthread_join(progress.thread, NULL);
	pthread_cond_destroy(&progress.changed);
	progress.running = false;
	progress.ended = now();
}
