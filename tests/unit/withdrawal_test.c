// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which pods leave the kernel when there is no room for the policy.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "agent/withdrawal.h"
#include "policy/memory.h"

struct withdrawal_row {
	const char *name;
	enum change_kind kind;
	const char *uid_before;
	const char *ips_before; /* separated by spaces */
	const char *uid_after;
	const char *ips_after;
	bool leaves;
};

static const struct withdrawal_row rows[] = {
	{ "a pod that comes", CHANGE_ADD, "", "", "1", "10.0.0.1", false },
	{ "a pod that goes", CHANGE_REMOVE, "1", "10.0.0.1", "", "", true },
	{ "other rules", CHANGE_REPLACE, "1", "10.0.0.1 fd00::1", "1",
	  "10.0.0.1 fd00::1", false },
	{ "another address", CHANGE_REPLACE, "1", "10.0.0.1", "1", "10.0.0.2",
	  true },
	{ "one address more", CHANGE_REPLACE, "1", "10.0.0.1", "1",
	  "10.0.0.1 fd00::1", true },
	{ "one address less", CHANGE_REPLACE, "1", "10.0.0.1 fd00::1", "1",
	  "10.0.0.1", true },
	{ "another family", CHANGE_REPLACE, "1", "10.0.0.1 fd00::1", "1",
	  "10.0.0.1 10.0.0.2", true },
	{ "another pod of that name", CHANGE_REPLACE, "1", "10.0.0.1", "2",
	  "10.0.0.1", true },
};

static struct pod make_pod(const char *uid, const char *ips)
{
	char *copy = xstrdup(ips), *rest = copy, *word;
	struct pod pod = { .key = xstrdup("a/x"), .uid = xstrdup(uid) };

	while ((word = strsep(&rest, " ")))
		if (*word)
			assert_true(ip_parse(word,
					     array_add(pod.ips, pod.ip_count)));
	free(copy);
	return pod;
}

static void test_withdrawal(void **state)
{
	const struct withdrawal_row *row = *state;
	struct pod before = make_pod(row->uid_before, row->ips_before);
	struct pod after = make_pod(row->uid_after, row->ips_after);
	struct pod_change change = {
		.kind = row->kind,
		.before = row->kind == CHANGE_ADD ? NULL : &before,
		.after = row->kind == CHANGE_REMOVE ? NULL : &after,
	};
	const struct address address = {};
	struct address_change address_change = { .kind = CHANGE_ADD,
						 .after = &address };
	const struct difference difference = {
		.addresses = &address_change,
		.address_count = 1,
		.pods = &change,
		.pod_count = 1,
	};
	struct difference withdrawal;

	withdrawal_find(&difference, &withdrawal);
	assert_int_equal(withdrawal.address_count, 0);
	assert_int_equal(withdrawal.pod_count, row->leaves);
	if (row->leaves) {
		assert_int_equal(withdrawal.pods[0].kind, CHANGE_REMOVE);
		assert_ptr_equal(withdrawal.pods[0].before, &before);
	}
	difference_clear(&withdrawal);
	pod_clear(&before);
	pod_clear(&after);
}

int main(void)
{
	return table_tests("withdrawal", rows, COUNT(rows), sizeof(*rows),
			   test_withdrawal);
}
