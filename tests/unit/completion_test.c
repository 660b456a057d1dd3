// SPDX-License-Identifier: GPL-2.0-only
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "completion.h"
#include "policy/memory.h"

static const struct option own[] = {
	{ 'f', "file", "FILE", "" },
	{ 256, "dry-run", NULL, "" },
	{ 257, "deny", "drop|reject", "" },
	{ 258, "pod", "NAMESPACE/NAME", "" },
	{ 259, "namespace", "NAME", "" },
	{ 260, "watch", "[SECONDS]", "" },
	{ 261, "limit", "NAME=N", "" },
	{ 262, "direction", "DIRECTION", "" },
	{ 263, "policy", "NAME", "" },
	{ 264, "count", "N", "" },
	{ 265, "packet", "POD", "" },
	{},
};

static const struct command do_command = {
	.name = "do",
	.summary = "",
	.synopsis = "[one|two] [--deny drop|reject] three|four",
	.options = own,
	.word_max = 1,
};

static const struct command explain_command = {
	.name = "explain",
	.summary = "",
	.synopsis = "FROM TO PORT",
	.word_max = 3,
};

static const struct command save_command = {
	.name = "save",
	.summary = "",
	.synopsis = "[FILE|-]",
	.word_max = 1,
};

static const struct command bare_command = {
	.name = "bare",
	.summary = "",
	.synopsis = "",
};

static const struct command secret_command = {
	.name = "secret",
	.summary = "",
	.synopsis = "a|b",
	.hidden = true,
	.word_max = 1,
};

static const struct command draw_command = {
	.name = "draw",
	.summary = "",
	.synopsis = "",
	.formats = "svg|html",
	.formats_text = "Draw.",
};

static const struct command tell_command = {
	.name = "tell",
	.summary = "",
	.synopsis = "",
	.formats = "words",
	.formats_text = "Tell.",
};

static const struct command *const all[] = {
	&do_command,	 &explain_command, &save_command, &bare_command,
	&secret_command, &draw_command,	   &tell_command, NULL,
};

#define COMMON "--output --netns --help --version"
#define OWN                                                          \
	"--file --dry-run --deny --pod --namespace --watch --limit " \
	"--direction --policy --count --packet " COMMON

struct row {
	const char *line; /* words, and a bar at the end of each */
	const char *words;
	enum completion_kind kind;
	const char *prefix;
	const char *netns;
};

static const struct row rows[] = {
	{ "|", "do explain save bare draw tell", 0, "", NULL },
	{ "do|", "do explain save bare draw tell", 0, "", NULL },
	{ "-|", COMMON, 0, "", NULL },
	{ "-o||", "table json", 0, "", NULL },
	{ "-o|json||", "do explain save bare draw tell", 0, "", NULL },
	{ "-ojson||", "do explain save bare draw tell", 0, "", NULL },
	{ "--output|j|", "table json", 0, "", NULL },
	{ "--output=|", "--output=table --output=json", 0, "--output=", NULL },
	{ "-o|", COMMON, 0, "", NULL },
	{ "draw|-o||", "svg html", 0, "", NULL },
	{ "draw|--output=|", "--output=svg --output=html", 0,
	  "--output=", NULL },
	{ "tell|-o||", "words", 0, "", NULL },
	{ "-n||", "", COMPLETION_NETNS, "", NULL },
	{ "-n|x|do|--pod||", "", COMPLETION_PODS, "", "x" },
	{ "-nx|do|--pod||", "", COMPLETION_PODS, "", "x" },
	{ "do|--netns=x|--pod||", "", COMPLETION_PODS, "", "x" },
	{ "do|--pod=d|", "", COMPLETION_PODS, "--pod=", NULL },
	{ "do||", "one two", 0, "", NULL },
	{ "do|t|", "one two", 0, "", NULL },
	{ "do|one||", OWN, 0, "", NULL },
	{ "do|--|", OWN, 0, "", NULL },
	{ "do|-|", OWN, 0, "", NULL },
	{ "do|--||", "one two", 0, "", NULL },
	{ "do|--|one||", "", 0, "", NULL },
	{ "do|--|-x|", "one two", 0, "", NULL },
	{ "do|-f||", "", COMPLETION_FILES, "", NULL },
	{ "do|-f|x||", "one two", 0, "", NULL },
	{ "do|-fx||", "one two", 0, "", NULL },
	{ "do|-fx|", "", COMPLETION_FILES, "-f", NULL },
	{ "do|--dry-run||", "one two", 0, "", NULL },
	{ "do|--dry-run=x|", OWN, 0, "", NULL },
	{ "do|--deny||", "drop reject", 0, "", NULL },
	{ "do|--deny|drop|--deny||", "drop reject", 0, "", NULL },
	{ "do|--namespace||", "", COMPLETION_NAMESPACES, "", NULL },
	{ "do|--policy||", "", COMPLETION_POLICIES, "", NULL },
	{ "do|--direction||", "ingress egress", 0, "", NULL },
	{ "do|--limit=|",
	  "--limit=addresses= --limit=peer_sets= --limit=rule_sets= "
	  "--limit=pods= --limit=rules= --limit=members= --limit=guarded= "
	  "--limit=transactions= --limit=memory=",
	  0, "--limit=", NULL },
	{ "do|--count||", "", 0, "", NULL },
	{ "do|--packet||", "", COMPLETION_PODS, "", NULL },
	{ "do|--count|", OWN, 0, "", NULL },
	/* An argument that may be missing is a number if it is there. */
	{ "do|--watch||", "one two", 0, "", NULL },
	{ "do|--watch|5||", "one two", 0, "", NULL },
	{ "do|--watch|one||", OWN, 0, "", NULL },
	{ "do|--unknown||", "one two", 0, "", NULL },
	{ "do|--unknown=x|", OWN, 0, "", NULL },
	{ "do|--den|", OWN, 0, "", NULL },
	{ "explain||", "", COMPLETION_PODS, "", NULL },
	{ "explain|a||", "", COMPLETION_PODS, "", NULL },
	{ "explain|a|b||", "80/tcp 443/tcp 53/udp 53/tcp icmp icmpv6", 0, "",
	  NULL },
	{ "explain|a|b|c||", COMMON, 0, "", NULL },
	/* A dash alone is a word. */
	{ "explain|-||", "", COMPLETION_PODS, "", NULL },
	{ "save||", "", COMPLETION_FILES, "", NULL },
	{ "save|x||", COMMON, 0, "", NULL },
	{ "bare||", COMMON, 0, "", NULL },
	{ "secret||", "a b", 0, "", NULL },
	{ "nonsense||", "", 0, "", NULL },
	{ "nonsense|--|", "", 0, "", NULL },
	{ "--||", "do explain save bare draw tell", 0, "", NULL },
};

static size_t split(char *line, const char **words)
{
	size_t count = 0;

	while (*line) {
		words[count++] = line;
		line = strchr(line, '|');
		*line++ = '\0';
	}
	return count;
}

static void test_row(void **state)
{
	const struct row *row = *state;
	char *line = xstrdup(row->line);
	struct completion completion;
	const char *words[8];
	char *text = NULL;
	size_t length, i;
	FILE *out = xopen_memstream(&text, &length);

	completion_find(all, words, split(line, words), &completion);
	for (i = 0; i < completion.count; i++)
		fprintf(out, "%s%s", i ? " " : "", completion.list[i].text);
	fclose(out);
	assert_string_equal(text, row->words);
	assert_int_equal(completion.kind, row->kind);
	assert_string_equal(completion.prefix, row->prefix);
	assert_int_equal(!completion.netns, !row->netns);
	if (row->netns)
		assert_string_equal(completion.netns, row->netns);
	completion_clear(&completion);
	free(text);
	free(line);
}

int main(void)
{
	return !!table_tests("completion", rows, COUNT(rows), sizeof(*rows),
			     test_row);
}
