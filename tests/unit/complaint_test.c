// SPDX-License-Identifier: GPL-2.0-only
/*
 * When what goes wrong has to be said.
 */
#include "support.h"

#include <string.h>

#include "agent/complaint.h"

static void test_complaint(void **state)
{
	struct complaint complaint = {};
	char words[] = "no room";

	(void)state;
	assert_false(complaint_clear(&complaint));
	assert_true(complaint_raise(&complaint, words));
	assert_false(complaint_raise(&complaint, "no room"));
	/* The words are its own. */
	memset(words, 'x', strlen(words));
	assert_string_equal(complaint.text, "no room");
	assert_true(complaint_raise(&complaint, "no memory"));
	assert_string_equal(complaint.text, "no memory");
	assert_true(complaint_raise(&complaint, "7 of 5 rules"));
	assert_false(complaint_raise(&complaint, "8 of 5 rules"));
	assert_string_equal(complaint.text, "8 of 5 rules");
	assert_true(complaint_raise(&complaint, "8 of 5 pods"));
	assert_true(complaint_clear(&complaint));
	assert_null(complaint.text);
	assert_false(complaint_clear(&complaint));
	assert_true(complaint_raise(&complaint, "no memory"));
	assert_true(complaint_clear(&complaint));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_complaint),
	};

	return cmocka_run_group_tests_name("complaint", tests, NULL, NULL);
}
