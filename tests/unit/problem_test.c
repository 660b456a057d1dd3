// SPDX-License-Identifier: GPL-2.0-only
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include "policy/problem.h"

static void test_problems_are_bounded(void **state)
{
	struct problems problems = {};
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < PROBLEMS_MAX + 5; i++)
		problem_add(&problems, SEVERITY_WARNING, NULL, "Pod x/y",
			    "spec", "no %zu", i);
	assert_int_equal(problems.count, PROBLEMS_MAX);
	assert_int_equal(problems.warnings, PROBLEMS_MAX + 5);
	text = all_problems(&problems);
	assert_non_null(strstr(text, "warning: Pod x/y: spec: no 99\n"));
	assert_non_null(strstr(text, "\nand 5 more problems\n"));
	free(text);
	problems_clear(&problems);
}

static void test_errors_displace_warnings(void **state)
{
	struct problems problems = {};
	size_t i;

	(void)state;
	for (i = 0; i < PROBLEMS_MAX; i++)
		problem_add(&problems, SEVERITY_WARNING, NULL, NULL, NULL,
			    "warning %zu", i);
	assert_true(problems_full(&problems, SEVERITY_WARNING));
	for (i = 0; i < 2; i++)
		problem_add(&problems, SEVERITY_ERROR, NULL, NULL, NULL,
			    "error %zu", i);
	assert_int_equal(problems.count, PROBLEMS_MAX);
	assert_int_equal(problems.warnings, PROBLEMS_MAX);
	assert_int_equal(problems.errors, 2);
	assert_string_equal(problems.list[PROBLEMS_MAX - 3].text, "warning 97");
	assert_string_equal(problems.list[PROBLEMS_MAX - 2].text, "error 0");
	assert_string_equal(problems.list[PROBLEMS_MAX - 1].text, "error 1");
	for (; i < PROBLEMS_MAX; i++)
		problem_add(&problems, SEVERITY_ERROR, NULL, NULL, NULL, "x");
	assert_string_equal(problems.list[0].text, "error 0");
	assert_true(problems_full(&problems, SEVERITY_ERROR));
	problems_clear(&problems);
}

static void test_problems_sort(void **state)
{
	static const struct place places[] = {
		{ "b", 1, 1 }, { "a", 9, 1 }, { "a", 0, 0 },
		{ "a", 2, 1 }, { "a", 9, 1 }, { NULL, 0, 0 },
	};
	struct problems problems = {};
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(places); i++)
		problem_add(&problems, SEVERITY_ERROR, &places[i], NULL, NULL,
			    "%zu", i);
	problems_sort(&problems);
	text = all_problems(&problems);
	assert_string_equal(text, "error: 5\na: error: 2\na:2: error: 3\n"
				  "a:9: error: 1\na:9: error: 4\nb:1: error: "
				  "0\n");
	free(text);
	problems_clear(&problems);
}

static void test_control_characters(void **state)
{
	struct problems problems = {};
	char *text;

	(void)state;
	problem_add(&problems, SEVERITY_ERROR, NULL, "Pod \x1b[2J", "a\tb",
		    "\"%s\" is \x7f \xc3\xa9", "\r\n");
	text = all_problems(&problems);
	assert_string_equal(text,
			    "error: Pod \\x1b[2J: a\\x09b: \"\\x0d\\x0a\" is "
			    "\\x7f \xc3\xa9\n");
	free(text);
	problems_clear(&problems);
}

static void test_problems_move(void **state)
{
	struct problems problems = {}, others = {};
	size_t i;

	(void)state;
	problem_add(&problems, SEVERITY_ERROR, NULL, NULL, NULL, "first");
	for (i = 0; i < PROBLEMS_MAX; i++)
		problem_add(&others, SEVERITY_WARNING, NULL, NULL, NULL, "x");
	assert_false(problems_full(&problems, SEVERITY_WARNING));
	assert_true(problems_full(&others, SEVERITY_WARNING));
	problems_move(&problems, &others);
	assert_true(problems_full(&problems, SEVERITY_WARNING));
	assert_int_equal(problems.errors, 1);
	assert_int_equal(problems.warnings, PROBLEMS_MAX);
	assert_string_equal(problems.list[0].text, "first");
	assert_int_equal(others.count, 0);
	assert_int_equal(others.errors, 0);
	problems_clear(&problems);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_problems_are_bounded),
		cmocka_unit_test(test_errors_displace_warnings),
		cmocka_unit_test(test_problems_sort),
		cmocka_unit_test(test_control_characters),
		cmocka_unit_test(test_problems_move),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
