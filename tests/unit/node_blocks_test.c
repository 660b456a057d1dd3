// SPDX-License-Identifier: GPL-2.0-only
/*
 * A node's blocks, one version of its object after the other.
 */
#include "support.h"

#include <jansson.h>

#include "agent/node_blocks.h"

struct version_row {
	const char *spec;
	bool differs;
	size_t count;
};

/* In this order. */
static const struct version_row rows[] = {
	{ "{}", false, 0 },
	{ "{\"podCIDR\": \"10.0.1.0/24\"}", true, 1 },
	{ "{\"podCIDR\": \"10.0.1.0/24\", \"taints\": []}", false, 1 },
	{ "{\"podCIDRs\": [\"10.0.1.0/24\"]}", false, 1 },
	{ "{\"podCIDRs\": [\"10.0.1.0/25\"]}", true, 1 },
	{ "{\"podCIDRs\": [\"10.0.1.0/25\", \"2001:db8::/64\"]}", true, 2 },
	{ "{\"podCIDRs\": [\"10.0.1.0/25\", \"2001:db8::/64\"]}", false, 2 },
	{ "{\"podCIDRs\": [\"10.0.1.0/25\", \"2001:db8:1::/64\"]}", true, 2 },
	{ "{\"podCIDRs\": [\"10.0.1.0/25\"]}", true, 1 },
	{ "{}", true, 0 },
};

static void test_versions(void **state)
{
	struct node_blocks blocks = {};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		json_t *spec = json_loads(rows[i].spec, 0, NULL);
		json_t *node = json_pack("{s:{s:s}, s:o}", "metadata", "name",
					 "one", "spec", spec);

		assert_int_equal(node_blocks_read(&blocks, node),
				 rows[i].differs);
		assert_int_equal(blocks.count, rows[i].count);
		json_decref(node);
	}
	node_blocks_clear(&blocks);
	assert_null(blocks.list);
	assert_int_equal(blocks.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_versions),
	};

	return !!cmocka_run_group_tests(tests, NULL, NULL);
}
