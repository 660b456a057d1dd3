// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/commands.h"
#include "judge.h"
#include "live.h"
#include "names.h"
#include "output.h"
#include "policy/memory.h"
#include "progress.h"
#include "sources.h"

enum {
	OPTION_PORT = 256,
};

static const struct option options[] = {
	FILE_OPTION,
	LENIENT_OPTION,
	{ OPTION_PORT, "port", "PORT/PROTOCOL",
	  "Ask about this port; may repeat." },
	{},
};

/**
 * struct cell - one pair of pods and one port
 * @verdict: 0 when there is no answer
 * @audited: it is accepted, and would be denied but for audit mode
 */
struct cell {
	enum podwall_verdict verdict;
	bool audited;
};

/**
 * struct matrix - all pairs of pods, for some ports
 * @ports: the ports
 * @port_count: length of @ports
 * @pods: the pods
 * @pod_count: length of @pods
 * @cells: by port, client and server
 */
struct matrix {
	struct service_port *ports;
	size_t port_count;
	struct end *pods;
	size_t pod_count;
	struct cell *cells;
};

static struct cell *cell_of(const struct matrix *matrix, size_t port,
			    size_t from, size_t to)
{
	size_t row = port * matrix->pod_count + from;

	return &matrix->cells[row * matrix->pod_count + to];
}

static struct cell read_cell(const struct explanation *explanation)
{
	return (struct cell){ explanation->verdict,
			      explanation_audited(explanation) };
}

static int fill(struct matrix *matrix, struct judge *judge)
{
	size_t port, from, to;

	free(matrix->pods);
	free(matrix->cells);
	matrix->pods = judge_pods(judge, &matrix->pod_count);
	matrix->cells = xcalloc(matrix->port_count * matrix->pod_count,
				matrix->pod_count * sizeof(*matrix->cells));
	progress_begin("judging pairs", matrix->port_count * matrix->pod_count *
						matrix->pod_count);
	for (port = 0; port < matrix->port_count; port++)
		for (from = 0; from < matrix->pod_count; from++)
			for (to = 0; to < matrix->pod_count; to++) {
				struct ruling ruling;
				int error;

				progress_step(1);
				if (from == to)
					continue;
				error = judge_ask(judge, &matrix->pods[from],
						  &matrix->pods[to],
						  &matrix->ports[port],
						  &ruling);
				if (!error && ruling.worst)
					*cell_of(matrix, port, from, to) =
						read_cell(ruling.worst);
				ruling_clear(&ruling);
				if (error)
					return error;
			}
	return 0;
}

static void print_json(const struct matrix *matrix)
{
	json_t *cells = json_array();
	size_t port, from, to;

	for (port = 0; port < matrix->port_count; port++)
		for (from = 0; from < matrix->pod_count; from++)
			for (to = 0; to < matrix->pod_count; to++) {
				const struct cell *cell =
					cell_of(matrix, port, from, to);

				if (!cell->verdict)
					continue;
				json_array_append_new(
					cells,
					json_pack("{s:o, s:o, s:o, s:s, s:b}",
						  "from",
						  json_text(matrix->pods[from]
								    .text),
						  "to",
						  json_text(matrix->pods[to]
								    .text),
						  "port",
						  json_text(matrix->ports[port]
								    .text),
						  "verdict",
						  name_of(ENUMERATION_VERDICT,
							  cell->verdict),
						  "audited", cell->audited));
			}
	output_json(json_pack("{s:o}", "cells", cells));
}

static char mark(const struct matrix *matrix, size_t port, size_t from,
		 size_t to)
{
	const struct cell *cell = cell_of(matrix, port, from, to);

	if (from == to)
		return '-';
	switch (cell->verdict) {
	case PODWALL_VERDICT_ACCEPT:
		return cell->audited ? '!' : '.';
	case PODWALL_VERDICT_DENY:
		return 'X';
	}
	return ' ';
}

/* Columns are headed by numbers, because names would not fit the screen. */
static void print_grids(const struct matrix *matrix)
{
	int digits = snprintf(NULL, 0, "%zu", matrix->pod_count);
	int width = 0;
	size_t port, from, to;

	for (from = 0; from < matrix->pod_count; from++) {
		int length = snprintf(NULL, 0, "%s", matrix->pods[from].text);

		width = length > width ? length : width;
	}
	for (port = 0; port < matrix->port_count; port++) {
		printf("%s%s\n%*s", port ? "\n" : "", matrix->ports[port].text,
		       digits + 1 + width, "");
		for (to = 0; to < matrix->pod_count; to++)
			printf(" %*zu", digits, to + 1);
		putchar('\n');
		for (from = 0; from < matrix->pod_count; from++) {
			char *name =
				text_clean(xstrdup(matrix->pods[from].text));

			printf("%*zu %-*s", digits, from + 1, width, name);
			free(name);
			for (to = 0; to < matrix->pod_count; to++)
				printf(" %*c", digits,
				       mark(matrix, port, from, to));
			putchar('\n');
		}
	}
	puts("\nrows: from, columns: to; . accept, X deny, ! denied but for audit mode,\n- the same pod, blank: no answer, and explain says why");
}

/* The ports of the command line; false when one is bad or there is none. */
static bool parse_ports(const struct nlctl *nlctl,
			const struct arguments *arguments,
			struct matrix *matrix)
{
	const char **texts;
	bool valid;
	size_t i;

	texts = arguments_values(arguments, OPTION_PORT, &matrix->port_count);
	matrix->ports = xcalloc(matrix->port_count, sizeof(*matrix->ports));
	valid = matrix->port_count;
	if (!valid)
		nlctl_error(nlctl, "option --port is needed");
	for (i = 0; valid && i < matrix->port_count; i++)
		valid = service_port_parse(nlctl, texts[i], &matrix->ports[i]);
	free(texts);
	return valid;
}

static int run(struct nlctl *nlctl, const struct arguments *arguments)
{
	int status = EXIT_FAILURE;
	struct matrix matrix = {};
	struct judge judge = {};
	unsigned int attempts = 0;
	int error;

	if (!parse_ports(nlctl, arguments, &matrix) ||
	    !sources_check(nlctl, arguments, false)) {
		status = EXIT_USAGE;
		goto out;
	}
	if (!judge_open(nlctl, arguments, false, &judge))
		goto out;
	error = fill(&matrix, &judge);
	progress_end();
	while (live_retry(error, &attempts)) {
		error = judge_refresh(&judge);
		if (!error)
			error = fill(&matrix, &judge);
		progress_end();
	}
	if (error) {
		netlink_report(nlctl, judge.netlink);
		goto out;
	}
	if (nlctl->json)
		print_json(&matrix);
	else
		print_grids(&matrix);
	status = EXIT_SUCCESS;

out:
	judge_close(&judge);
	free(matrix.ports);
	free(matrix.pods);
	free(matrix.cells);
	return status;
}

const struct command matrix_command = {
	.name = "matrix",
	.synopsis =
		"[-f FILE ...] [--lenient] --port PORT/PROTOCOL [--port ...]",
	.summary =
		"Tell for every pair of pods whether one may reach the other.",
	.description =
		"Without -f the module answers for the pods of this node; with -f the\n"
		"manifests do, without the module. Connections of a pod to itself are left out.",
	.options = options,
	.example = "nlctl matrix -f policies/ --port 80/tcp --port 53/udp",
	.exit_codes = "0 tells that there is an answer, whatever the verdicts.",
	.run = run,
};
