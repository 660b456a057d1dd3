// SPDX-License-Identifier: GPL-2.0-only
/*
 * Output that a signal can end: a process prints into a pipe, and the test reads
 * from it, or does not.
 */
#include "support.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "delivery.h"

/* More than a pipe has room for. */
#define LINES 40000

static const struct nlctl nlctl = { .verb = "test" };

/* The exit statuses of the process. */
enum {
	DELIVERED,
	NOT_DELIVERED,
	FAILED,
};

/**
 * struct scene - a process that prints
 * @process: its number
 * @output: where its standard output can be read
 */
struct scene {
	pid_t process;
	int output;
};

static void print_lines(void)
{
	unsigned int i;

	for (i = 0; i < LINES; i++)
		printf("%u\n", i);
}

/* What the process does; nothing of cmocka is used there. */
static int run(int signal_number)
{
	struct interrupt interrupt;
	struct delivery delivery;
	bool delivered;

	if (!interrupt_open(&nlctl, &interrupt))
		return FAILED;
	if (signal_number)
		raise(signal_number);
	delivery_begin(&delivery);
	print_lines();
	delivered = delivery_end(&delivery, &interrupt);
	if (delivered == !!ferror(stdout))
		return FAILED;
	interrupt_close(&interrupt);
	return delivered ? DELIVERED : NOT_DELIVERED;
}

/* A signal that the process sends to itself is pending before it prints. */
static void start(struct scene *scene, int signal_number)
{
	int ends[2];

	assert_return_code(pipe2(ends, O_CLOEXEC), 0);
	fflush(stdout);
	scene->process = fork();
	assert_return_code(scene->process, 0);
	if (!scene->process) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		signal(SIGPIPE, SIG_IGN);
		signal(SIGHUP, SIG_DFL);
		signal(SIGQUIT, SIG_DFL);
		_exit(run(signal_number));
	}
	close(ends[1]);
	scene->output = ends[0];
}

static int finish(struct scene *scene)
{
	int status;

	assert_int_equal(waitpid(scene->process, &status, 0), scene->process);
	close(scene->output);
	return status;
}

/* All of it, a bit at a time, for a reader that is slow. */
static void read_lines(const struct scene *scene, size_t part)
{
	char *text = calloc(LINES, sizeof("40000"));
	size_t length = 0;
	unsigned int i;
	ssize_t count;
	char *rest;

	assert_non_null(text);
	while ((count = read(scene->output, text + length, part)) > 0)
		length += count;
	assert_int_equal(count, 0);
	rest = text;
	for (i = 0; i < LINES; i++) {
		assert_int_equal(strtoul(rest, &rest, 10), i);
		assert_int_equal(*rest, '\n');
		rest++;
	}
	assert_ptr_equal(rest, text + length);
	free(text);
}

struct reader_row {
	const char *name;
	int signal; /* that has come; 0 for none */
	size_t part; /* that is read at a time */
};

static const struct reader_row reader_rows[] = {
	{ "a reader", 0, 65536 },
	{ "a slow one", 0, 100 },
	{ "a reader, after a signal", SIGTERM, 65536 },
	{ "a slow one, after a signal", SIGINT, 100 },
};

static void test_reader(void **state)
{
	const struct reader_row *row = *state;
	struct scene scene;
	int status;

	start(&scene, row->signal);
	read_lines(&scene, row->part);
	status = finish(&scene);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), DELIVERED);
}

struct signal_row {
	const char *name;
	int signal;
	bool before; /* it comes before something is printed */
};

static const struct signal_row signal_rows[] = {
	{ "SIGTERM, before", SIGTERM, true },
	{ "SIGTERM, when the pipe is full", SIGTERM, false },
	{ "SIGINT, before", SIGINT, true },
	{ "SIGINT, when the pipe is full", SIGINT, false },
	{ "SIGHUP, when the pipe is full", SIGHUP, false },
};

/* Nobody reads, so it never ends but by the signal. */
static void test_signal(void **state)
{
	const struct signal_row *row = *state;
	struct scene scene;
	int status;
	char first;

	start(&scene, row->before ? row->signal : 0);
	/* By now it has signals end waits, and prints. */
	assert_int_equal(read(scene.output, &first, 1), 1);
	if (!row->before)
		kill(scene.process, row->signal);
	status = finish(&scene);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), row->signal);
}

static void test_no_reader(void **state)
{
	struct scene scene;
	int status;

	(void)state;
	start(&scene, 0);
	close(scene.output);
	status = finish(&scene);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), NOT_DELIVERED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_reader),
	};
	int failed;

	/* What a shell starts in the background ignores it. */
	signal(SIGINT, SIG_DFL);
	failed = table_tests("readers", reader_rows, COUNT(reader_rows),
			     sizeof(*reader_rows), test_reader);
	failed += table_tests("signals", signal_rows, COUNT(signal_rows),
			      sizeof(*signal_rows), test_signal);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return !!failed;
}
