// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of any letters in the text for Graphviz.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "graph/attempts.h"
#include "graph/graph.h"
#include "graph/picture.h"
#include "policy/memory.h"

struct quote_row {
	const char *name;
	const char *pod;
	const char *label; /* as it stands in the text for Graphviz */
};

static const struct quote_row quote_rows[] = {
	{ "a plain name", "web", "web" },
	{ "a quote", "a\"] ; b [label=\"c", "a\\\"] ; b [label=\\\"c" },
	{ "escapes of Graphviz", "\\N\\G", "\\\\N\\\\G" },
	{ "an entity", "&lt;b&gt;", "&amp;lt;b&amp;gt;" },
	{ "markup", "</script><b>", "</script><b>" },
	{ "control characters", "a\x01\x1b[1m\x7f", "a??[1m?" },
	{ "UTF-8", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7",
	  "\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7" },
	{ "no UTF-8",
	  "\xff"
	  "a\xc3",
	  "?a?" },
	{ "too long UTF-8", "\xc0\xaf", "??" },
	{ "a control character of two bytes", "\xc2\x9b", "??" },
	{ "half a surrogate", "\xed\xa0\x80", "???" },
	{ "a newline", "a\nb", "a\\nb" },
};

static void test_quotes(void **state)
{
	const struct quote_row *row = *state;
	struct attempts none = {};
	struct pod pod = { .uid = "" };
	struct objects objects = { .pods = &pod, .pod_count = 1 };
	struct graph_source source = { .objects = &objects };
	struct graph graph;
	char *text, *wanted;
	size_t length;
	FILE *stream;

	pod.key = xasprintf("n/%s", row->pod);
	graph_build(&source, &graph);
	stream = xopen_memstream(&text, &length);
	picture_print(&graph, &none, stream);
	fclose(stream);
	wanted = xasprintf(" label=\"%s\" tooltip=\"n/%s\" ", row->label,
			   row->label);
	if (!strstr(text, wanted))
		fail_msg("%s is not in %s", wanted, text);
	free(wanted);
	free(text);
	graph_clear(&graph);
	free(pod.key);
}

int main(void)
{
	return table_tests("quotes", quote_rows, COUNT(quote_rows),
			   sizeof(*quote_rows), test_quotes);
}
