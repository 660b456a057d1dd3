// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "agent/inventory.h"

static void test_see(void **state)
{
	struct inventory inventory = { .list = 3 };
	struct known *known;

	(void)state;
	known = inventory_see(&inventory, "a/x");
	assert_string_equal(known->key, "a/x");
	assert_int_equal(known->listed, 3);
	assert_false(known->good);
	assert_false(known->refused);
	known->good = true;

	inventory.list = 4;
	assert_ptr_equal(inventory_find(&inventory, "a/x"), known);
	assert_int_equal(known->listed, 3);
	assert_ptr_equal(inventory_see(&inventory, "a/x"), known);
	assert_int_equal(known->listed, 4);
	assert_true(known->good);

	assert_null(inventory_find(&inventory, "a/y"));
	assert_null(inventory_find(&inventory, "a/"));
	assert_ptr_not_equal(inventory_see(&inventory, ""), known);
	assert_int_equal(inventory_count(&inventory), 2);
	inventory_clear(&inventory);
	assert_int_equal(inventory_count(&inventory), 0);
}

static void test_refuse(void **state)
{
	struct inventory inventory = {};
	struct known *a, *b;

	(void)state;
	a = inventory_see(&inventory, "a");
	b = inventory_see(&inventory, "b");
	inventory_refuse(&inventory, a, false);
	assert_int_equal(inventory.refused, 0);
	inventory_refuse(&inventory, a, true);
	inventory_refuse(&inventory, a, true);
	assert_int_equal(inventory.refused, 1);
	inventory_refuse(&inventory, b, true);
	assert_int_equal(inventory.refused, 2);
	inventory_refuse(&inventory, a, false);
	assert_int_equal(inventory.refused, 1);
	inventory_remove(&inventory, b);
	assert_int_equal(inventory.refused, 0);
	assert_int_equal(inventory_count(&inventory), 1);
	inventory_clear(&inventory);
}

/* As many as a cluster has: each is found, and no other. */
static void test_many(void **state)
{
	struct inventory inventory = {};
	char key[32];
	int i;

	(void)state;
	for (i = 0; i < 10000; i++) {
		snprintf(key, sizeof(key), "namespace-%d/pod-%d", i % 10, i);
		inventory.list = i;
		inventory_see(&inventory, key);
	}
	assert_int_equal(inventory_count(&inventory), 10000);
	for (i = 0; i < 10000; i++) {
		struct known *known;

		snprintf(key, sizeof(key), "namespace-%d/pod-%d", i % 10, i);
		known = inventory_find(&inventory, key);
		assert_non_null(known);
		assert_int_equal(known->listed, i);
		if (i % 2)
			inventory_remove(&inventory, known);
	}
	assert_int_equal(inventory_count(&inventory), 5000);
	inventory_clear(&inventory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_see),
		cmocka_unit_test(test_refuse),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests_name("inventory", tests, NULL, NULL);
}
