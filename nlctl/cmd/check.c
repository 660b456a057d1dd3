// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>

#include "cmd/commands.h"
#include "output.h"
#include "policy/advice.h"
#include "policy/compiler.h"
#include "policy/manifest.h"
#include "progress.h"
#include "report.h"
#include "sources.h"

enum {
	OPTION_STRICT = 256,
};

static const struct option options[] = {
	FILE_OPTION,
	LENIENT_OPTION,
	{ OPTION_STRICT, "strict", NULL, "Fail for warnings too." },
	{},
};

/* Read one source. Like apply, refuse one that says nothing: an empty directory
 * is more likely a wrong one.
 */
static void read_source(const char *path,
			const struct manifest_options *options_given,
			struct documents *documents, struct cluster *cluster,
			struct problems *problems)
{
	size_t errors = problems->errors, i = documents->count, read = 0;
	struct place place = { .file = path };

	documents_read(documents, path, problems);
	for (; i < documents->count; i++)
		read += manifest_decode(documents, &documents->list[i],
					options_given, cluster, problems);
	if (!read && problems->errors == errors)
		problem_add(problems, SEVERITY_ERROR, &place, NULL, NULL,
			    "has no object; correct the source, or leave it out");
}

static void check(const struct arguments *arguments,
		  struct documents *documents, struct problems *problems)
{
	struct manifest_options options_given = {
		.lenient = arguments_has(arguments, OPTION_LENIENT),
	};
	struct cluster cluster = {};
	struct objects objects = {};
	const char **paths;
	size_t count, i;
	bool whole;

	paths = arguments_values(arguments, 'f', &count);
	for (i = 0; i < count; i++)
		read_source(paths[i], &options_given, documents, &cluster,
			    problems);
	free(paths);
	whole = !problems->errors;
	/* The compiler finds what objects say against one another. */
	if (whole && compile(&cluster, NULL, NULL, &objects, problems))
		objects_clear(&objects);
	advise(documents, &cluster, whole, problems);
	cluster_clear(&cluster);
}

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static void print_text(const struct documents *documents,
		       const struct problems *problems)
{
	report_problems(problems, stdout);
	printf("%zu object%s, %zu error%s, %zu warning%s\n", documents->count,
	       plural(documents->count), problems->errors,
	       plural(problems->errors), problems->warnings,
	       plural(problems->warnings));
}

static void print_json(const struct nlctl *nlctl,
		       const struct problems *problems)
{
	size_t all = problems->errors + problems->warnings;

	output_json(report_json(problems));
	if (all > problems->count)
		nlctl_error(nlctl,
			    "%zu more problem%s not listed; %zu error%s in all",
			    all - problems->count,
			    all - problems->count == 1 ? " is" : "s are",
			    problems->errors, plural(problems->errors));
}

static int run(struct nlctl *nlctl, const struct arguments *arguments)
{
	struct documents documents = {};
	struct problems problems = {};
	bool fine;

	if (!sources_check(nlctl, arguments, true))
		return EXIT_USAGE;
	progress_begin("checking", 0);
	check(arguments, &documents, &problems);
	problems_sort(&problems);
	progress_end();
	if (nlctl->json)
		print_json(nlctl, &problems);
	else
		print_text(&documents, &problems);
	fine = !problems.errors &&
	       !(problems.warnings && arguments_has(arguments, OPTION_STRICT));
	problems_clear(&problems);
	documents_clear(&documents);
	return fine ? EXIT_SUCCESS : EXIT_FAILURE;
}

const struct command check_command = {
	.name = "check",
	.synopsis =
		"-f FILE|DIRECTORY|- [-f ...] [--lenient] [--strict] [-o json]",
	.summary = "Find what is wrong with manifests, without the module.",
	.description =
		"Every error is told that apply would refuse the manifests for, and warnings of\n"
		"what is valid and likely not meant: selectors that select nothing, policies that\n"
		"isolate because policyTypes was left out, rules that others leave nothing to,\n"
		"blocks with bits beyond their prefix, and egress policies that forget DNS.\n"
		"Selectors and DNS are looked at once there are no errors, and selectors only if\n"
		"pods or namespaces are among the manifests. Nothing is changed.",
	.options = options,
	.example = "nlctl check -f policies/ -f pods.yaml --strict",
	.exit_codes =
		"1 when there are errors, or with --strict warnings. Without that, warnings do\n"
		"not change the exit code.",
	.run = run,
};
