// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/commands.h"
#include "graph/attempts.h"
#include "graph/document.h"
#include "graph/focus.h"
#include "graph/graph.h"
#include "graph/graphviz.h"
#include "graph/page.h"
#include "graph/picture.h"
#include "graph/watch.h"
#include "live.h"
#include "output.h"
#include "policy/compiler.h"
#include "policy/memory.h"
#include "progress.h"
#include "report.h"
#include "sources.h"

enum {
	OPTION_LIVE = 256,
};

/* A picture of more vertices and lines is none that anybody could read, and
 * takes Graphviz minutes.
 */
#define PICTURE_MAX 600
/* Seconds for one that is small enough and odd nevertheless. */
#define PICTURE_SECONDS 120

/* What a program that reads it all into memory still bears. */
#define EDGES_MAX 50000
#define PAGE_CELLS_MAX 4000000
#define PAGE_ANSWERS_MAX 20000

#define LIVE_MAX 86400

static const struct option options[] = {
	FILE_OPTION,
	LENIENT_OPTION,
	{ OPTION_NODE, "node", "NAME",
	  "Only pods of this node; needs --file." },
	NAMESPACE_OPTION,
	POD_OPTION,
	{ OPTION_LIVE, "live", "SECONDS",
	  "Watch so long, and draw what is denied." },
	{},
};

/**
 * struct work - a graph in the making
 * @nlctl: the context
 * @arguments: the command line
 * @cluster: the manifests, with --file
 * @objects: what they compile to, or what the module holds
 * @settings: of the module
 * @focus: by pod: whether it was asked about
 * @attempts: what was denied
 * @graph: the graph
 * @seconds: how long to watch; 0 for not at all
 * @lost: events that were lost meanwhile
 */
struct work {
	struct nlctl *nlctl;
	const struct arguments *arguments;
	struct cluster cluster;
	struct objects objects;
	struct settings settings;
	bool *focus;
	struct attempts attempts;
	struct graph graph;
	uint64_t seconds;
	uint64_t lost;
};

/* --- where the policy comes from */

static bool read_manifests(struct work *work)
{
	struct problems problems = {};
	bool valid;

	if (!sources_read(work->nlctl, work->arguments, &work->cluster))
		return false;
	cluster_sort(&work->cluster);
	if (!sources_complete(work->nlctl, &work->cluster))
		return false;
	/* Every pod is judged, whatever its node. */
	valid = compile(&work->cluster, NULL, NULL, &work->objects, &problems);
	report_problems(&problems, stderr);
	problems_clear(&problems);
	if (!valid)
		nlctl_error(work->nlctl, "the manifests have errors");
	return valid;
}

static bool read_module(struct work *work)
{
	struct netlink *netlink = netlink_open(work->nlctl);
	int error;

	if (!netlink)
		return false;
	error = live_read(netlink, &work->objects, &work->settings);
	if (error)
		netlink_report(work->nlctl, netlink);
	netlink_close(netlink);
	return !error;
}

/* --- the graph */

/* What nobody could use is not made. */
static void refuse(const struct work *work, enum graph_result result)
{
	static const char advice[] =
		"ask about some pods only, with --namespace or --pod";

	switch (result) {
	case GRAPH_MANY_CLASSES:
		nlctl_error(work->nlctl,
			    "the rules tell %zu kinds of pods and addresses apart, and a graph has %d at most; give fewer manifests",
			    work->graph.class_count, GRAPH_CLASSES_MAX);
		break;
	case GRAPH_MANY_EDGES:
		nlctl_error(work->nlctl, "the graph has more than %d edges: %s",
			    EDGES_MAX, advice);
		break;
	case GRAPH_MANY_ANSWERS:
		nlctl_error(work->nlctl,
			    "the page would have more than %d different answers, too many for a browser: %s",
			    PAGE_ANSWERS_MAX, advice);
		break;
	default:
		nlctl_error(work->nlctl,
			    "the rules give more than %d different answers: %s",
			    GRAPH_MAPS_MAX, advice);
		break;
	}
}

static bool is_page(const struct work *work)
{
	const char *format = work->nlctl->format;

	return format && !strcmp(format, "html");
}

static bool build(struct work *work)
{
	const struct graph_source source = {
		.objects = &work->objects,
		.guarded = work->settings.guarded,
		.guarded_count = work->settings.guarded_count,
		.focus = work->focus,
		.answer_max = is_page(work) ? PAGE_ANSWERS_MAX : 0,
		.edge_max = is_page(work) ? 0 : EDGES_MAX,
	};
	enum graph_result result = graph_build(&source, &work->graph);

	progress_end();
	if (result == GRAPH_BUILT)
		attempts_place(&work->attempts, &work->graph);
	else
		refuse(work, result);
	return result == GRAPH_BUILT;
}

/* --- output */

static char *picture_text(const struct work *work, size_t *length)
{
	char *text;
	FILE *stream = xopen_memstream(&text, length);

	picture_print(&work->graph, &work->attempts, stream);
	fclose(stream);
	return text;
}

static char *draw(const struct work *work, char **svg)
{
	size_t length;
	char *text = picture_text(work, &length);
	char *why;

	progress_begin("drawing", 0);
	why = graphviz_draw(text, length, PICTURE_SECONDS, svg);
	progress_end();
	free(text);
	return why;
}

static int print_svg(const struct work *work)
{
	size_t size = picture_size(&work->graph, &work->attempts);
	char *svg, *why;

	if (size > PICTURE_MAX) {
		nlctl_error(work->nlctl,
			    "a picture of %zu boxes and lines would be hard to read, and has %d at most: ask about some pods only, with --namespace or --pod; -o dot, html and json have more",
			    size, PICTURE_MAX);
		return EXIT_FAILURE;
	}
	why = draw(work, &svg);
	if (why)
		nlctl_error(work->nlctl, "%s; -o dot, html and json need none",
			    why);
	else
		fputs(svg, stdout);
	free(svg);
	free(why);
	return svg ? EXIT_SUCCESS : EXIT_FAILURE;
}

static json_t *make_document(const struct work *work, bool edges)
{
	json_t *document = document_json(&work->graph, &work->attempts, edges);
	bool manifests = arguments_has(work->arguments, 'f');

	json_object_set_new(document, "source",
			    json_string(manifests ? "manifests" : "module"));
	if (!manifests)
		json_object_set_new(document, "generation",
				    json_number(work->objects.generation));
	json_object_set_new(document, "seconds", json_number(work->seconds));
	json_object_set_new(document, "lost", json_number(work->lost));
	return document;
}

static void print_page(const struct work *work)
{
	size_t size = picture_size(&work->graph, &work->attempts);
	/* They are the lines of the picture, and many without one. */
	json_t *document = make_document(work, size <= PICTURE_MAX);
	char *svg = NULL, *why, *source;

	if (arguments_has(work->arguments, 'f'))
		source =
			xasprintf("By manifests, judged for every pod. nlctl %s",
				  nlctl_version());
	else
		source =
			xasprintf("By the live policy of this node, generation %" PRIu64
				  ". nlctl %s",
				  work->objects.generation, nlctl_version());
	json_object_set_new(document, "source", json_text(source));
	document_add_cells(&work->graph, document);
	if (size > PICTURE_MAX)
		why = xasprintf(
			"A picture of %zu boxes and lines would be hard to read. nlctl graph --namespace or --pod draws fewer.",
			size);
	else
		why = draw(work, &svg);
	page_print(document, svg, why, stdout);
	free(why);
	free(svg);
	free(source);
	json_decref(document);
}

static int print_page_within(const struct work *work)
{
	size_t cells = work->graph.cell_count * work->graph.cell_count;

	if (cells > PAGE_CELLS_MAX) {
		nlctl_error(work->nlctl,
			    "the page would have %zu cells, too many for a browser: ask about some pods only, with --namespace or --pod",
			    cells);
		return EXIT_FAILURE;
	}
	print_page(work);
	return EXIT_SUCCESS;
}

static int print_graph(const struct work *work)
{
	const char *format = work->nlctl->format;

	if (format && !strcmp(format, "svg"))
		return print_svg(work);
	if (!format || !strcmp(format, "dot"))
		picture_print(&work->graph, &work->attempts, stdout);
	else if (!strcmp(format, "json"))
		output_json(make_document(work, true));
	else
		return print_page_within(work);
	return EXIT_SUCCESS;
}

static bool check_arguments(struct work *work)
{
	const char *live = arguments_value(work->arguments, OPTION_LIVE);
	bool manifests = arguments_has(work->arguments, 'f');

	if (!sources_check(work->nlctl, work->arguments, false))
		return false;
	if (live && manifests) {
		nlctl_error(
			work->nlctl,
			"option --live watches the module, and --file has manifests judged instead");
		return false;
	}
	if (!manifests && arguments_has(work->arguments, OPTION_NODE)) {
		nlctl_error(
			work->nlctl,
			"option --node needs --file: the module knows the pods of its own node only");
		return false;
	}
	if (live &&
	    (!number_parse(live, LIVE_MAX, &work->seconds) || !work->seconds)) {
		nlctl_error(work->nlctl,
			    "option --live: \"%s\" is not a number of seconds from 1 to %d",
			    live, LIVE_MAX);
		return false;
	}
	return true;
}

static int run(struct nlctl *nlctl, const struct arguments *arguments)
{
	struct work work = { .nlctl = nlctl, .arguments = arguments };
	int status = EXIT_FAILURE;

	if (!check_arguments(&work))
		return EXIT_USAGE;
	if (work.seconds &&
	    !watch_attempts(nlctl, work.seconds, &work.attempts, &work.lost))
		goto out;
	if (arguments_has(arguments, 'f') ? !read_manifests(&work) :
					    !read_module(&work))
		goto out;
	if (focus_choose(nlctl, arguments, &work.cluster, &work.objects,
			 &work.focus) &&
	    build(&work))
		status = print_graph(&work);

out:
	graph_clear(&work.graph);
	attempts_clear(&work.attempts);
	free(work.focus);
	settings_clear(&work.settings);
	objects_clear(&work.objects);
	cluster_clear(&work.cluster);
	return status;
}

const struct command graph_command = {
	.name = "graph",
	.synopsis =
		"[-f FILE ...] [--lenient] [--node NAME] [--namespace NAME ...] [--pod KEY ...] [--live SECONDS]",
	.summary = "Draw who may talk to whom.",
	.description =
		"A box is a pod, or pods that nothing tells apart; an arrow leads from a client to\n"
		"a server and names the ports that pass at both ends. Outside addresses are boxes\n"
		"where rules name their blocks. Without -f the module's policy is drawn, and --live\n"
		"adds what it denies meanwhile: red, or orange where audit mode lets it pass. With\n"
		"-f the manifests are judged for all pods. SVG, and the picture of a page, are\n"
		"drawn by Graphviz; a page (html) works without it and asks nobody for anything.",
	.formats = "dot|svg|html|json",
	.formats_text = "Print for Graphviz (default), or what was drawn.",
	.options = options,
	.example = "nlctl graph --live 60 -o html > graph.html",
	.run = run,
};
