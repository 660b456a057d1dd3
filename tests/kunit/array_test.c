// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/limits.h>
#include <linux/string.h>

#include "array.h"

/* A size that divides no power of two shows a wrong step at once. */
struct element {
	u32 words[3];
};

static void append_keeps_what_was_there(struct kunit *test)
{
	struct podwall_array array = {};
	struct element *element;
	u32 i;

	for (i = 0; i < 1000; i++) {
		element = podwall_array_append(&array, sizeof(*element));
		KUNIT_ASSERT_NOT_NULL(test, element);
		KUNIT_ASSERT_EQ(test, 0,
				element->words[0] | element->words[1] |
				element->words[2]);
		*element = (struct element){ { i, ~i, i * i } };
	}

	KUNIT_EXPECT_EQ(test, array.count, 1000);
	KUNIT_EXPECT_GE(test, array.room, array.count);
	element = array.elements;
	for (i = 0; i < array.count; i++) {
		KUNIT_ASSERT_EQ(test, element[i].words[0], i);
		KUNIT_ASSERT_EQ(test, element[i].words[1], ~i);
		KUNIT_ASSERT_EQ(test, element[i].words[2], i * i);
	}
	podwall_array_free(&array);
}

static void append_zeroes_used_memory(struct kunit *test)
{
	struct podwall_array array = {};
	u32 *element;

	KUNIT_ASSERT_EQ(test, 0, podwall_array_reserve(&array, 4, sizeof(u32)));
	memset(array.elements, 0xff, 4 * sizeof(u32));
	element = podwall_array_append(&array, sizeof(u32));
	KUNIT_ASSERT_NOT_NULL(test, element);
	KUNIT_EXPECT_EQ(test, *element, 0);
	podwall_array_free(&array);
}

static void reserve_makes_room_once(struct kunit *test)
{
	struct podwall_array array = {};
	void *elements;
	u32 i;

	KUNIT_ASSERT_EQ(test, 0, podwall_array_reserve(&array, 10, sizeof(u32)));
	KUNIT_EXPECT_EQ(test, array.room, 10);
	KUNIT_EXPECT_EQ(test, array.count, 0);
	elements = array.elements;
	for (i = 0; i < 10; i++)
		podwall_array_append(&array, sizeof(u32));
	KUNIT_EXPECT_PTR_EQ(test, array.elements, elements);
	KUNIT_EXPECT_EQ(test, array.room, 10);

	KUNIT_ASSERT_EQ(test, 0, podwall_array_reserve(&array, 1, sizeof(u32)));
	KUNIT_EXPECT_EQ(test, array.room, 20);
	KUNIT_EXPECT_EQ(test, array.count, 10);

	KUNIT_ASSERT_EQ(test, 0, podwall_array_reserve(&array, 90, sizeof(u32)));
	KUNIT_EXPECT_EQ(test, array.room, 100);
	podwall_array_free(&array);
}

static void reserve_of_nothing_owns_nothing(struct kunit *test)
{
	struct podwall_array array = {};

	KUNIT_EXPECT_EQ(test, 0, podwall_array_reserve(&array, 0, sizeof(u32)));
	KUNIT_EXPECT_NULL(test, array.elements);
	KUNIT_EXPECT_EQ(test, array.room, 0);
}

static void reserve_refuses_overflow(struct kunit *test)
{
	struct podwall_array array = {};
	void *elements;

	KUNIT_ASSERT_NOT_NULL(test, podwall_array_append(&array, sizeof(u32)));
	elements = array.elements;

	KUNIT_EXPECT_EQ(test, -ENOMEM,
			podwall_array_reserve(&array, U32_MAX, sizeof(u32)));

	KUNIT_EXPECT_PTR_EQ(test, array.elements, elements);
	KUNIT_EXPECT_EQ(test, array.count, 1);
	KUNIT_EXPECT_EQ(test, array.room, 1);
	podwall_array_free(&array);
}

static void free_leaves_it_empty(struct kunit *test)
{
	struct podwall_array array = {};

	KUNIT_ASSERT_NOT_NULL(test, podwall_array_append(&array, sizeof(u32)));
	podwall_array_free(&array);
	KUNIT_EXPECT_NULL(test, array.elements);
	KUNIT_EXPECT_EQ(test, array.count, 0);
	KUNIT_EXPECT_EQ(test, array.room, 0);
	podwall_array_free(&array);
	KUNIT_EXPECT_NOT_NULL(test, podwall_array_append(&array, sizeof(u32)));
	podwall_array_free(&array);
}

static const struct trim_case {
	const char *desc;
	u32 count;
	u32 reserve;
	u32 room;
} trim_cases[] = {
	{ "never used", 0, 0, 0 },
	{ "empty", 0, 10, 0 },
	{ "full", 10, 0, 10 },
	{ "half full", 100, 100, 100 },
	{ "one short of full", 3, 1, 3 },
	{ "too little to be worth it", 160, 10, 170 },
	{ "just worth it", 160, 11, 160 },
};

KUNIT_ARRAY_PARAM_DESC(trim, trim_cases, desc);

static void trim_keeps_elements(struct kunit *test)
{
	const struct trim_case *row = test->param_value;
	struct podwall_array array = {};
	struct element *element;
	u32 i;

	KUNIT_ASSERT_EQ(test, 0,
			podwall_array_reserve(&array, row->count + row->reserve,
					      sizeof(*element)));
	for (i = 0; i < row->count; i++) {
		element = podwall_array_append(&array, sizeof(*element));
		KUNIT_ASSERT_NOT_NULL(test, element);
		*element = (struct element){ { i, ~i, i * i } };
	}
	podwall_array_trim(&array, sizeof(*element));

	KUNIT_EXPECT_EQ(test, array.count, row->count);
	KUNIT_EXPECT_EQ(test, array.room, row->room);
	element = array.elements;
	if (!row->room)
		KUNIT_EXPECT_NULL(test, array.elements);
	for (i = 0; i < array.count; i++)
		KUNIT_ASSERT_EQ(test, element[i].words[1], ~i);
	KUNIT_EXPECT_NOT_NULL(test,
			      podwall_array_append(&array, sizeof(*element)));
	podwall_array_free(&array);
}

static const struct order_case {
	const char *desc;
	u32 left;
	u32 right;
	int order;
} order_cases[] = {
	{ "equal", 7, 7, 0 },
	{ "less", 6, 7, -1 },
	{ "more", 7, 6, 1 },
	{ "further apart than half of all", 0, U32_MAX, -1 },
	{ "the same the other way", U32_MAX, 0, 1 },
};

KUNIT_ARRAY_PARAM_DESC(order, order_cases, desc);

static void numbers_have_an_order(struct kunit *test)
{
	const struct order_case *row = test->param_value;

	KUNIT_EXPECT_EQ(test, podwall_compare_u32(&row->left, &row->right),
			row->order);
}

static struct kunit_case array_cases[] = {
	KUNIT_CASE(append_keeps_what_was_there),
	KUNIT_CASE(append_zeroes_used_memory),
	KUNIT_CASE(reserve_makes_room_once),
	KUNIT_CASE(reserve_of_nothing_owns_nothing),
	KUNIT_CASE(reserve_refuses_overflow),
	KUNIT_CASE(free_leaves_it_empty),
	KUNIT_CASE_PARAM(trim_keeps_elements, trim_gen_params),
	KUNIT_CASE_PARAM(numbers_have_an_order, order_gen_params),
	{}
};

static struct kunit_suite array_suite = {
	.name = "podwall_array",
	.test_cases = array_cases,
};

kunit_test_suite(array_suite);
