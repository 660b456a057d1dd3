// SPDX-License-Identifier: GPL-2.0-only
/*
 * The node's blocks among those that are guarded.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "agent/guard.h"
#include "policy/memory.h"

struct guard_row {
	const char *name;
	const char *blocks; /* the node's, separated by spaces */
	bool closed;
	const char *before; /* what is guarded */
	const char *after;
	bool changes;
};

static const struct guard_row rows[] = {
	{ "the first", "10.0.1.0/24 fd00:1::/64", true, "",
	  "10.0.1.0/24 fd00:1::/64", true },
	{ "they are there", "10.0.1.0/24", true, "10.0.1.0/24 192.0.2.0/24",
	  "10.0.1.0/24 192.0.2.0/24", false },
	{ "a larger one has it", "10.0.1.0/24", true, "10.0.0.0/8",
	  "10.0.0.0/8", false },
	{ "others stay", "10.0.1.0/24", true, "192.0.2.0/24",
	  "192.0.2.0/24 10.0.1.0/24", true },
	{ "none", "", true, "192.0.2.0/24", "192.0.2.0/24", false },
	{ "open", "10.0.1.0/24 fd00:1::/64", false,
	  "10.0.1.0/24 192.0.2.0/24 fd00:1::/64", "192.0.2.0/24", true },
	{ "open already", "10.0.1.0/24", false, "192.0.2.0/24", "192.0.2.0/24",
	  false },
	{ "a larger one is somebody else's", "10.0.1.0/24", false, "10.0.0.0/8",
	  "10.0.0.0/8", false },
	{ "none, and open", "", false, "10.0.1.0/24", "10.0.1.0/24", false },
};

static struct network *parse(const char *text, size_t *count)
{
	char *copy = xstrdup(text), *rest = copy, *word;
	struct network *blocks = NULL;

	*count = 0;
	while ((word = strsep(&rest, " ")))
		if (*word)
			assert_true(network_parse(word,
						  array_add(blocks, *count)));
	free(copy);
	return blocks;
}

static void test_guard(void **state)
{
	const struct guard_row *row = *state;
	char buffer[NETWORK_TEXT_MAX], *text;
	struct settings settings = {};
	struct guard guard = {};
	struct network *blocks;
	size_t count, length, i;
	FILE *stream;

	blocks = parse(row->blocks, &count);
	guard_set(&guard, blocks, count, row->closed);
	free(blocks);
	settings.guarded = parse(row->before, &settings.guarded_count);
	assert_int_equal(guard_change(&guard, &settings), row->changes);
	/* What was done once has not to be done again. */
	assert_false(guard_change(&guard, &settings));
	stream = xopen_memstream(&text, &length);
	for (i = 0; i < settings.guarded_count; i++)
		fprintf(stream, "%s%s", i ? " " : "",
			network_text(&settings.guarded[i], buffer));
	fclose(stream);
	assert_string_equal(text, row->after);
	free(text);
	settings_clear(&settings);
	guard_clear(&guard);
}

int main(void)
{
	return table_tests("guard", rows, COUNT(rows), sizeof(*rows),
			   test_guard);
}
