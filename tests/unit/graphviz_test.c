// SPDX-License-Identifier: GPL-2.0-only
/*
 * What becomes of a picture when dot does well, fails, hangs or is not there. A
 * script stands in for it.
 */
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "graph/graphviz.h"
#include "policy/memory.h"

#define PATIENCE 60

/* A directory with a stand-in for dot, and the PATH of before. */
struct stand_in {
	char directory[32];
	char *path;
	char *program;
};

static void put_stand_in(struct stand_in *stand_in, const char *script)
{
	char *path;
	FILE *file;

	*stand_in = (struct stand_in){ .directory = "/tmp/dot-XXXXXX" };
	assert_non_null(mkdtemp(stand_in->directory));
	stand_in->path = xstrdup(getenv("PATH"));
	stand_in->program = xasprintf("%s/dot", stand_in->directory);
	path = xasprintf("%s:%s", stand_in->directory, stand_in->path);
	if (script) {
		file = fopen(stand_in->program, "w");
		assert_non_null(file);
		fprintf(file, "#!/bin/sh\n%s\n", script);
		fclose(file);
		chmod(stand_in->program, 0755);
	}
	setenv("PATH", script ? path : stand_in->directory, 1);
	free(path);
}

static void take_stand_in(struct stand_in *stand_in)
{
	setenv("PATH", stand_in->path, 1);
	unlink(stand_in->program);
	rmdir(stand_in->directory);
	free(stand_in->path);
	free(stand_in->program);
}

struct draw_row {
	const char *name;
	const char *script; /* NULL for no program */
	unsigned int seconds;
	const char *why; /* NULL where there is a picture */
};

static const struct draw_row draw_rows[] = {
	{ "a picture", "echo '<svg>'; cat; echo '</svg>'", PATIENCE, NULL },
	{ "a large picture",
	  "echo '<svg>'; cat; head -c 3000000 /dev/zero | tr '\\0' x; echo '</svg>'",
	  PATIENCE, NULL },
	{ "its options are those for an SVG",
	  "[ \"$*\" = '-q -Tsvg' ] || exit 9; echo '<svg></svg>'", PATIENCE,
	  NULL },
	{ "half a picture", "echo '<svg>'", PATIENCE,
	  "dot of Graphviz failed with status 0" },
	{ "a picture and a failure", "echo '<svg></svg>'; exit 3", PATIENCE,
	  "dot of Graphviz failed with status 3" },
	{ "a program that dies", "kill -SEGV $$", PATIENCE,
	  "dot of Graphviz was ended by signal 11" },
	{ "a program that hangs", "exec sleep 1000", 1,
	  "dot of Graphviz was not done in 1 s and was ended" },
	{ "a program that hangs without its output", "exec sleep 1000 >&-", 1,
	  "dot of Graphviz was not done in 1 s and was ended" },
	{ "no program", NULL, PATIENCE,
	  "Graphviz draws the picture, and its program \"dot\" is not there: install the package graphviz" },
};

static void test_draw(void **state)
{
	const struct draw_row *row = *state;
	struct stand_in stand_in;
	char *svg, *why;

	put_stand_in(&stand_in, row->script);
	why = graphviz_draw("digraph {}\n", 11, row->seconds, &svg);
	take_stand_in(&stand_in);
	if (row->why) {
		assert_non_null(why);
		assert_string_equal(why, row->why);
		assert_null(svg);
	} else {
		assert_null(why);
		assert_non_null(strstr(svg, "</svg>"));
	}
	/* Whatever became of it, it was waited for. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	free(why);
	free(svg);
}

/* Who draws is killed, and so is the program: the pipe that it holds is closed. */
static void test_killed(void **state)
{
	struct stand_in stand_in;
	char *script, *svg, letter;
	struct pollfd end = { .events = POLLIN };
	int ends[2];
	pid_t process;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	script = xasprintf("echo x >&%d; exec sleep 1000", ends[1]);
	put_stand_in(&stand_in, script);
	process = fork();
	if (!process) {
		close(ends[0]);
		free(graphviz_draw("", 0, 10 * PATIENCE, &svg));
		_exit(0);
	}
	assert_true(process > 0);
	close(ends[1]);
	end.fd = ends[0];
	assert_int_equal(poll(&end, 1, PATIENCE * 1000), 1);
	assert_int_equal(read(ends[0], &letter, 1), 1);
	assert_int_equal(read(ends[0], &letter, 1), 1);
	kill(process, SIGKILL);
	assert_int_equal(waitpid(process, NULL, 0), process);
	assert_int_equal(poll(&end, 1, PATIENCE * 1000), 1);
	assert_int_equal(read(ends[0], &letter, 1), 0);
	close(ends[0]);
	take_stand_in(&stand_in);
	free(script);
}

/* The program is not begun with the signals that the caller has blocked. */
static void test_signals(void **state)
{
	struct stand_in stand_in;
	sigset_t blocked, before;
	char *svg, *why;

	(void)state;
	put_stand_in(
		&stand_in,
		"grep -q '^SigBlk:.0000000000000000$' /proc/self/status && echo '<svg></svg>'");
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	why = graphviz_draw("", 0, PATIENCE, &svg);
	sigprocmask(SIG_SETMASK, &before, NULL);
	take_stand_in(&stand_in);
	assert_null(why);
	free(svg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_signals),
	};
	int failed;

	failed = table_tests("a picture", draw_rows, COUNT(draw_rows),
			     sizeof(*draw_rows), test_draw);
	failed += cmocka_run_group_tests_name("dot", tests, NULL, NULL);
	return failed;
}
