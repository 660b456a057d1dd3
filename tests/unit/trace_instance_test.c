// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which trace instances somebody left behind.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "policy/memory.h"
#include "trace_instance.h"

static unsigned long namespace_number(void)
{
	struct stat namespace;

	assert_int_equal(stat("/proc/self/ns/pid", &namespace), 0);
	return namespace.st_ino;
}

/* Names, with the number of our process namespace for N, and that of a process
 * that is gone for P.
 */
struct name_row {
	const char *name;
	bool stale;
};

static const struct name_row name_rows[] = {
	{ "nlctl-N-P", true },
	{ "nlctl-N-P ", false },
	{ "nlctl-N-Px", false },
	{ "nlctl-N-0P", false },
	{ "nlctl-N- P", false },
	{ "nlctl-N--P", false },
	{ "nlctl-N-0", false },
	{ "nlctl-N-1", false },
	{ "nlctl-N-P000000000000", false },
	{ "nlctl-N", false },
	{ "nlctl-1-P", false },
	{ "nlctl--N-P", false },
	{ "nlctl-P", false },
	{ "nlctl-0badcafe", false },
	{ "podwall-N-P", false },
	{ "my-nlctl-N-P", false },
	{ "", false },
};

/* The number of a process that has ended. */
static pid_t end_process(void)
{
	pid_t process = fork();

	assert_return_code(process, 0);
	if (!process)
		_exit(0);
	assert_int_equal(waitpid(process, NULL, 0), process);
	return process;
}

static char *fill_in(const char *name, pid_t process)
{
	size_t length;
	char *text;
	FILE *stream = xopen_memstream(&text, &length);

	for (; *name; name++) {
		if (*name == 'N')
			fprintf(stream, "%lu", namespace_number());
		else if (*name == 'P')
			fprintf(stream, "%d", process);
		else
			fputc(*name, stream);
	}
	fclose(stream);
	return text;
}

static void test_name(void **state)
{
	const struct name_row *row = *state;
	char *name = fill_in(row->name, end_process());

	assert_int_equal(trace_instance_is_stale(name), row->stale);
	free(name);
}

/* A process is gone when somebody has heard of its end. */
static void test_alive(void **state)
{
	int ends[2];
	pid_t process;
	char *name;
	char byte;

	(void)state;
	assert_return_code(pipe(ends), 0);
	process = fork();
	assert_return_code(process, 0);
	if (!process) {
		close(ends[1]);
		_exit(read(ends[0], &byte, 1) != 0);
	}
	close(ends[0]);
	name = fill_in("nlctl-N-P", process);
	assert_false(trace_instance_is_stale(name));
	close(ends[1]);
	assert_int_equal(waitpid(process, NULL, 0), process);
	assert_true(trace_instance_is_stale(name));
	free(name);
}

/* Who had our number before us has ended. */
static void test_own(void **state)
{
	char *name = trace_instance_name();
	char *wanted = fill_in("nlctl-N-P", getpid());

	(void)state;
	assert_string_equal(name, wanted);
	assert_true(trace_instance_is_stale(name));
	free(wanted);
	free(name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alive),
		cmocka_unit_test(test_own),
	};
	int failed;

	failed = table_tests("name", name_rows, COUNT(name_rows),
			     sizeof(*name_rows), test_name);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return !!failed;
}
