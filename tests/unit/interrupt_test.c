// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals end waits while there is a span for that, and the program otherwise.
 */
#include "support.h"

#include <signal.h>
#include <unistd.h>
#include "interrupt.h"

#define PATIENCE 60000

static const struct nlctl nlctl;

static bool is_blocked(int signal)
{
	sigset_t now;

	assert_int_equal(sigprocmask(SIG_BLOCK, NULL, &now), 0);
	return sigismember(&now, signal);
}

struct wait_row {
	const char *name;
	int signal; /* that comes; 0 for none */
	bool readable; /* there is something to read */
	enum interrupt_result result;
};

static const struct wait_row wait_rows[] = {
	{ "nothing comes", 0, false, INTERRUPT_ELAPSED },
	{ "something to read", 0, true, INTERRUPT_READY },
	{ "SIGINT", SIGINT, false, INTERRUPT_ENDED },
	{ "SIGTERM", SIGTERM, false, INTERRUPT_ENDED },
	{ "SIGHUP", SIGHUP, false, INTERRUPT_ENDED },
	{ "SIGQUIT", SIGQUIT, false, INTERRUPT_ENDED },
	{ "a signal and something to read", SIGINT, true, INTERRUPT_ENDED },
};

static void test_wait(void **state)
{
	const struct wait_row *row = *state;
	struct interrupt interrupt;
	int ends[2];

	/* Whoever started the test may have them ignored. */
	signal(SIGHUP, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	assert_int_equal(pipe(ends), 0);
	if (row->readable)
		assert_int_equal(write(ends[1], "x", 1), 1);
	assert_true(interrupt_open(&nlctl, &interrupt));
	assert_true(is_blocked(SIGINT));
	assert_true(is_blocked(SIGTERM));
	if (row->signal)
		raise(row->signal);
	assert_int_equal(interrupt_wait(&nlctl, &interrupt, ends[0],
					row->result == INTERRUPT_ELAPSED ?
						1 :
						PATIENCE),
			 row->result);
	/* What came ends nothing any more; this program would be ended. */
	interrupt_close(&interrupt);
	assert_false(is_blocked(SIGINT));
	assert_false(is_blocked(SIGTERM));
	interrupt_close(&interrupt);
	close(ends[0]);
	close(ends[1]);
}

/* Signals that came while nobody waited are the same wish. */
static void test_unread(void **state)
{
	struct interrupt interrupt;

	(void)state;
	assert_true(interrupt_open(&nlctl, &interrupt));
	raise(SIGINT);
	raise(SIGTERM);
	interrupt_close(&interrupt);
	assert_false(is_blocked(SIGINT));
}

/* As nohup has it. */
static void test_ignored(void **state)
{
	struct interrupt interrupt;

	(void)state;
	signal(SIGHUP, SIG_IGN);
	assert_true(interrupt_open(&nlctl, &interrupt));
	assert_false(is_blocked(SIGHUP));
	raise(SIGHUP);
	assert_int_equal(interrupt_wait(&nlctl, &interrupt, -1, 1),
			 INTERRUPT_ELAPSED);
	interrupt_close(&interrupt);
	signal(SIGHUP, SIG_DFL);
}

/* What was blocked before stays so. */
static void test_before(void **state)
{
	struct interrupt interrupt = INTERRUPT_CLOSED;
	sigset_t blocked, before;

	(void)state;
	interrupt_close(&interrupt);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGUSR1);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	assert_true(interrupt_open(&nlctl, &interrupt));
	interrupt_close(&interrupt);
	assert_true(is_blocked(SIGTERM));
	assert_true(is_blocked(SIGUSR1));
	assert_false(is_blocked(SIGINT));
	sigprocmask(SIG_SETMASK, &before, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unread),
		cmocka_unit_test(test_ignored),
		cmocka_unit_test(test_before),
	};
	int failed;

	failed = table_tests("a wait", wait_rows, COUNT(wait_rows),
			     sizeof(*wait_rows), test_wait);
	failed += cmocka_run_group_tests_name("a span", tests, NULL, NULL);
	return failed;
}
