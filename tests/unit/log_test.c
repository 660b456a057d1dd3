// SPDX-License-Identifier: GPL-2.0-only
/*
 * The agent's log, and readers that do not read it.
 */
#include "support.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/log.h"
#include "policy/memory.h"

/* Whatever waits for a reader ends the program. */
#define PATIENCE 60

#define ROOM (1 << 20)

/**
 * struct fixture - standard error, and who reads it
 * @standard_error: what it is else
 * @reader: the other end; does not wait
 * @writer: what is written to
 * @text: what was read last, as text
 */
struct fixture {
	int standard_error;
	int reader;
	int writer;
	char text[ROOM];
};

static void begin(struct fixture *fixture, int reader, int writer)
{
	alarm(PATIENCE);
	unsetenv("JOURNAL_STREAM");
	fflush(stderr);
	fixture->standard_error = dup(STDERR_FILENO);
	fixture->reader = reader;
	fixture->writer = writer;
	assert_int_equal(fcntl(reader, F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(dup2(writer, STDERR_FILENO), STDERR_FILENO);
}

static void close_reader(struct fixture *fixture)
{
	close(fixture->reader);
	fixture->reader = -1;
}

/* Lines that are still to be told of are told to nobody. */
static void end(struct fixture *fixture)
{
	dup2(fixture->standard_error, STDERR_FILENO);
	close(fixture->standard_error);
	close(fixture->writer);
	if (fixture->reader >= 0)
		close_reader(fixture);
	alarm(0);
}

static void begin_pipe(struct fixture *fixture)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	begin(fixture, ends[0], ends[1]);
}

static void begin_socket(struct fixture *fixture)
{
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	begin(fixture, ends[0], ends[1]);
}

/* All that is there; returns its bytes. */
static size_t drain(struct fixture *fixture)
{
	size_t length = 0;
	ssize_t count;

	while ((count = read(fixture->reader, fixture->text + length,
			     ROOM - 1 - length)) > 0)
		length += count;
	fixture->text[length] = '\0';
	return length;
}

/* With 0 bytes, until there is no room; returns their number. Whoever writes
 * next must not find a descriptor that does not wait.
 */
static size_t fill(struct fixture *fixture, size_t size)
{
	static const char bytes[PIPE_BUF];
	size_t length = 0;
	ssize_t count;

	fcntl(fixture->writer, F_SETFL, O_NONBLOCK);
	while ((count = write(fixture->writer, bytes, size)) > 0)
		length += count;
	fcntl(fixture->writer, F_SETFL, 0);
	return length;
}

static void test_pipe(void **state)
{
	struct fixture *fixture = *state;
	unsigned int i;
	size_t filled;

	begin_pipe(fixture);
	log_notice("%s", "before");
	drain(fixture);
	assert_string_equal(fixture->text, "nlctl: agent: before\n");
	filled = fill(fixture, PIPE_BUF);
	for (i = 0; i < 1234; i++)
		log_error("lost %u", i);
	assert_int_equal(drain(fixture), filled);
	log_notice("after");
	drain(fixture);
	assert_string_equal(fixture->text,
			    "nlctl: agent: 1234 lines were lost, since nobody read them\n"
			    "nlctl: agent: after\n");
	log_notice("well");
	drain(fixture);
	assert_string_equal(fixture->text, "nlctl: agent: well\n");
}

/* The log itself fills it, too, and each line is there or counted. */
static void test_unread(void **state)
{
	struct fixture *fixture = *state;
	unsigned int i, whole = 0, lost = 0;
	char *line, *rest;

	begin_pipe(fixture);
	for (i = 0; i < 10000; i++)
		log_warning("%u", i);
	drain(fixture);
	log_warning("%u", i);
	rest = fixture->text;
	while ((line = strsep(&rest, "\n")) && *line) {
		assert_int_equal(atoi(line + strlen("nlctl: agent: ")), whole);
		whole++;
	}
	assert_true(whole > 1000);
	drain(fixture);
	assert_int_equal(sscanf(fixture->text,
				"nlctl: agent: %u lines were lost", &lost),
			 1);
	assert_int_equal(whole + lost, 10000);
}

static void test_one(void **state)
{
	struct fixture *fixture = *state;

	begin_pipe(fixture);
	setenv("JOURNAL_STREAM", "1:2", 1);
	fill(fixture, 1);
	log_error("lost");
	drain(fixture);
	log_notice("after");
	drain(fixture);
	assert_string_equal(fixture->text,
			    "<4>nlctl: agent: 1 line was lost, since nobody read it\n"
			    "<5>nlctl: agent: after\n");
}

/* A pipe with room for a page takes a page, but no byte more. */
static void test_last_page(void **state)
{
	static char text[3 * PIPE_BUF];
	struct fixture *fixture = *state;
	char page[PIPE_BUF];

	memset(text, 'x', sizeof(text) - 1);
	begin_pipe(fixture);
	fill(fixture, PIPE_BUF);
	assert_int_equal(read(fixture->reader, page, sizeof(page)), PIPE_BUF);
	log_error("%s", text);
	log_error("%s", text);
	drain(fixture);
	log_error("%s", text);
	assert_int_equal(drain(fixture), PIPE_BUF);
	assert_non_null(strstr(fixture->text, "agent: 1 line was lost"));
	assert_string_equal(fixture->text + PIPE_BUF - 5, "x...\n");
}

struct cut_row {
	const char *name;
	const char *part; /* what the line has again and again */
	size_t count;
	size_t length; /* of what comes, with the newline */
};

/* "nlctl: agent: " and the newline are 15 bytes. */
static const struct cut_row cut_rows[] = {
	{ "short", "x", 10, 25 },
	{ "as long as may be", "x", PIPE_BUF - 15, PIPE_BUF },
	{ "one byte too long", "x", PIPE_BUF - 14, PIPE_BUF },
	{ "much too long", "x", 10 * PIPE_BUF, PIPE_BUF },
	{ "two bytes each", "\u00e4", PIPE_BUF, PIPE_BUF },
	{ "three bytes each", "\u20ac", PIPE_BUF, PIPE_BUF - 1 },
	{ "four bytes each", "\U0001f600", PIPE_BUF, PIPE_BUF - 2 },
};

static char *repeat(const struct cut_row *row)
{
	size_t size = strlen(row->part), i;
	char *text = xcalloc(row->count * size + 1, 1);

	for (i = 0; i < row->count; i++)
		memcpy(text + i * size, row->part, size);
	return text;
}

static void test_cut(void **state)
{
	static struct fixture fixture;
	const struct cut_row *row = *state;
	size_t size = strlen(row->part), begins = strlen("nlctl: agent: ");
	size_t whole = row->count * size + begins + 1;
	char *text = repeat(row);
	const char *mark;

	begin_pipe(&fixture);
	log_notice("%s", text);
	assert_int_equal(drain(&fixture), row->length);
	mark = fixture.text + row->length - strlen("...\n");
	if (whole <= PIPE_BUF) {
		assert_memory_equal(fixture.text + begins, text,
				    whole - begins - 1);
	} else {
		assert_string_equal(mark, "...\n");
		/* Characters are whole. */
		assert_int_equal((mark - fixture.text - begins) % size, 0);
		assert_memory_equal(mark - size, row->part, size);
	}
	end(&fixture);
	free(text);
}

static void test_socket(void **state)
{
	struct fixture *fixture = *state;
	unsigned int i;

	begin_socket(fixture);
	for (i = 0; i < 10000; i++)
		log_notice("%u", i);
	assert_true(drain(fixture) > 0);
	log_notice("after");
	drain(fixture);
	assert_non_null(strstr(fixture->text, " lines were lost"));
	assert_non_null(strstr(fixture->text, "nlctl: agent: after\n"));
}

/* Nobody who could be told: that is no reason to end. */
static void test_closed(void **state)
{
	struct fixture *fixture = *state;

	signal(SIGPIPE, SIG_IGN);
	begin_pipe(fixture);
	close_reader(fixture);
	log_error("lost");
	log_error("lost");
	end(fixture);
	begin_pipe(fixture);
	log_error("after");
	drain(fixture);
	assert_non_null(strstr(fixture->text, "agent: 2 lines were lost"));
}

/* A file takes all, and is whole. */
static void test_file(void **state)
{
	const struct cut_row row = { .part = "x", .count = 10 * PIPE_BUF };
	struct fixture *fixture = *state;
	char *text = repeat(&row);
	FILE *file = tmpfile();

	assert_non_null(file);
	begin(fixture, dup(fileno(file)), dup(fileno(file)));
	log_error("%s", text);
	log_error("a\nb");
	lseek(fixture->reader, 0, SEEK_SET);
	assert_int_equal(drain(fixture),
			 15 + row.count + 15 + strlen("a\\x0ab"));
	assert_non_null(strstr(fixture->text, "x\nnlctl: agent: a\\x0ab\n"));
	fclose(file);
	free(text);
}

static int make_fixture(void **state)
{
	*state = xcalloc(1, sizeof(struct fixture));
	return 0;
}

static int free_fixture(void **state)
{
	end(*state);
	free(*state);
	return 0;
}

#define FIXTURE_TEST(function) \
	cmocka_unit_test_setup_teardown(function, make_fixture, free_fixture)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_pipe),   FIXTURE_TEST(test_unread),
		FIXTURE_TEST(test_one),	   FIXTURE_TEST(test_last_page),
		FIXTURE_TEST(test_socket), FIXTURE_TEST(test_closed),
		FIXTURE_TEST(test_file),
	};
	int failed = cmocka_run_group_tests_name("log", tests, NULL, NULL);

	failed += table_tests("a line", cut_rows, COUNT(cut_rows),
			      sizeof(*cut_rows), test_cut);
	return !!failed;
}
