// SPDX-License-Identifier: GPL-2.0-only
#include "warnings.h"

#include <stdlib.h>
#include <string.h>
#include "policy/advice.h"
#include "policy/memory.h"

char *advise_all(const char *text, bool may_fail)
{
	const struct manifest_options options = { .lenient = true };
	struct documents documents = {};
	struct problems problems = {}, found = {};
	struct cluster cluster = {};
	char *messages;
	size_t length, i;
	FILE *stream;

	documents_parse(&documents, "t", text, strlen(text), &problems);
	for (i = 0; i < documents.count; i++)
		manifest_decode(&documents, &documents.list[i], &options,
				&cluster, &problems);
	if (problems.errors && !may_fail) {
		problems_print(&problems, stderr);
		fail_msg("the manifests of the test have errors");
	}
	advise(&documents, &cluster, !problems.errors, &found);
	assert_int_equal(found.errors, 0);
	stream = xopen_memstream(&messages, &length);
	problems_print(&found, stream);
	fclose(stream);
	problems_clear(&found);
	problems_clear(&problems);
	cluster_clear(&cluster);
	documents_clear(&documents);
	return messages;
}

void check_messages(char *messages, const char *wanted)
{
	char *line, *rest = messages;
	const char *next = wanted ? wanted : "";

	while (*rest) {
		size_t length = strcspn(next, "\n");

		line = strsep(&rest, "\n");
		if (!length || strncmp(line, next, length) != 0)
			fail_msg("got \"%s\", wanted \"%.*s\"", line,
				 (int)length, next);
		next += length + (next[length] == '\n');
	}
	if (*next)
		fail_msg("nothing says \"%s\"", next);
	free(messages);
}

void test_row(void **state)
{
	const struct row *row = *state;

	check_messages(advise_all(row->text, false), row->messages);
}
