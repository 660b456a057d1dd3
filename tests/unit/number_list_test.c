// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists of numbers in messages: what libnl makes of the same, one by one.
 */
#include "support.h"

#include "number_list.h"

#define ROOM 8192
#define MANY 1000
#define TYPE 3

/* With so many bytes of an attribute before the list. */
static struct nl_msg *begin(size_t room, size_t before)
{
	struct nl_msg *message = nlmsg_alloc_size(room);

	assert_non_null(message);
	assert_non_null(nlmsg_put(message, 7, 8, 9, 4, 0));
	if (before)
		assert_int_equal(nla_put(message, 1, before,
					 "the beginning of it"),
				 0);
	return message;
}

/* Returns how many. */
static size_t put_one_by_one(struct nl_msg *message, const uint32_t *numbers,
			     size_t count, size_t length)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (nlmsg_hdr(message)->nlmsg_len >= length)
			break;
		assert_int_equal(nla_put_u32(message, TYPE, numbers[i]), 0);
	}
	return i;
}

static void check(const uint32_t *numbers, size_t count, size_t before,
		  size_t length)
{
	struct nl_msg *expected = begin(ROOM, before);
	struct nl_msg *message = begin(ROOM, before);
	size_t wanted = put_one_by_one(expected, numbers, count, length);

	assert_int_equal(number_list_put(message, TYPE, numbers, count, length),
			 wanted);
	assert_int_equal(nlmsg_hdr(message)->nlmsg_len,
			 nlmsg_hdr(expected)->nlmsg_len);
	assert_memory_equal(nlmsg_hdr(message), nlmsg_hdr(expected),
			    nlmsg_hdr(expected)->nlmsg_len);
	nlmsg_free(message);
	nlmsg_free(expected);
}

static void test_lengths(void **state)
{
	static const uint32_t numbers[] = { 0, 1, UINT32_MAX, 0x01020304 };
	size_t count, before, length;

	(void)state;
	for (count = 0; count <= 4; count++)
		for (before = 0; before < 10; before++)
			for (length = 1; length < 80; length++)
				check(numbers, count, before, length);
}

static void test_room(void **state)
{
	static const uint32_t numbers[] = { 5, 6, 7 };
	/* Headers, and what two numbers take. */
	size_t length = NLMSG_HDRLEN + 4 + 2 * 8;
	struct nl_msg *message = begin(length, 0);
	size_t before = nlmsg_hdr(message)->nlmsg_len;

	(void)state;
	assert_int_equal(number_list_put(message, TYPE, numbers, 3, ROOM), 0);
	assert_int_equal(nlmsg_hdr(message)->nlmsg_len, before);
	assert_int_equal(number_list_put(message, TYPE, numbers, 2, ROOM), 2);
	assert_int_equal(nlmsg_hdr(message)->nlmsg_len, length);
	assert_int_equal(number_list_put(message, TYPE, numbers, 1, ROOM), 0);
	nlmsg_free(message);
}

static void test_many(void **state)
{
	uint32_t numbers[MANY];
	size_t i;

	(void)state;
	for (i = 0; i < MANY; i++)
		numbers[i] = i * 2654435761u;
	for (i = 0; i < MANY; i += 13)
		check(numbers, i, i % 10, ROOM / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests_name("number list", tests, NULL, NULL);
}
