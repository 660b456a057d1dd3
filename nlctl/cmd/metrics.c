// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd/commands.h"
#include "file.h"
#include "module_metrics.h"

enum {
	OPTION_OUTPUT_FILE = 256,
	OPTION_PODS,
};

static const struct option options[] = {
	{ OPTION_OUTPUT_FILE, "output-file", "FILE",
	  "Replace FILE in one step, instead of printing." },
	{ OPTION_PODS, "pods", NULL, "Tell of each pod as well." },
	{},
};

/* Everybody may read the file: node_exporter is not root. Its directory may not
 * be root's, so no link in it is followed; nor is one replaced, or a device.
 */
static bool put(const struct nlctl *nlctl, const char *path, const char *text)
{
	struct stat info;
	int error;

	if (!path) {
		fputs(text, stdout);
		return true;
	}
	if (!lstat(path, &info) && !S_ISREG(info.st_mode)) {
		nlctl_error(nlctl,
			    "%s is not a regular file, which alone is replaced; leave out --output-file to print",
			    path);
		return false;
	}
	error = file_replace(path, text, 0644);
	if (error)
		nlctl_error(nlctl, "cannot write %s: %s", path,
			    strerror(error));
	return !error;
}

static int run(struct nlctl *nlctl, const struct arguments *arguments)
{
	char *problem, *text;
	bool written;

	text = module_metrics_text(arguments_has(arguments, OPTION_PODS),
				   &problem);
	if (!text)
		nlctl_error(nlctl, "%s", problem);
	free(problem);
	if (!text)
		return EXIT_FAILURE;
	written = put(nlctl, arguments_value(arguments, OPTION_OUTPUT_FILE),
		      text);
	free(text);
	return written ? EXIT_SUCCESS : EXIT_FAILURE;
}

const struct command metrics_command = {
	.name = "metrics",
	.synopsis = "[--output-file FILE] [--pods]",
	.summary = "Write what was counted in the format of Prometheus.",
	.description =
		"With --output-file for the textfile collector of node_exporter: whoever reads\n"
		"the file sees the old content or the new. Where the module is not loaded,\n"
		"podwall_up is 0; it is not loaded to be asked.",
	.formats = "prometheus",
	.formats_text = "Print for Prometheus; status has the same as JSON.",
	.options = options,
	.example =
		"nlctl metrics --output-file /var/lib/prometheus/node-exporter/podwall.prom",
	.exit_codes =
		"0 also when the module is not loaded. After 1 the file is as it was.",
	.run = run,
};
