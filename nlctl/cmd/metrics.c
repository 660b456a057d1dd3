// SPDX-License-Identifier: GPL-2.0-only
#include "metrics.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd/commands.h"
#include "decode.h"
#include "file.h"
#include "live.h"

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

/* The pods are those of the policy that the status is of. */
static int read_once(struct netlink *netlink, struct status *status,
		     struct objects *objects, bool pods)
{
	int error = read_status(netlink, status);

	if (error || !pods)
		return error;
	error = read_pods(netlink, objects);
	if (!error && objects->pod_count &&
	    objects->generation != status->generation)
		error = -ESTALE;
	if (error)
		status_clear(status);
	if (error)
		objects_clear(objects);
	return error == -EAGAIN ? -ESTALE : error;
}

/* Read all there is; false after a message. */
static bool read_module(const struct nlctl *nlctl, bool pods,
			struct status *status, struct objects *objects)
{
	struct netlink *netlink = netlink_open(nlctl);
	unsigned int attempts = 0;
	int error;

	if (!netlink)
		return false;
	do
		error = read_once(netlink, status, objects, pods);
	while (live_retry(error, &attempts));
	if (error)
		netlink_report(nlctl, netlink);
	netlink_close(netlink);
	return !error;
}

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
	bool pods = arguments_has(arguments, OPTION_PODS);
	struct metrics metrics = { .tool_version = nlctl_version() };
	struct machine machine = {};
	struct objects objects = {};
	struct status status = {};
	int result = EXIT_FAILURE;
	char *text;

	if (machine_has_module()) {
		if (!read_module(nlctl, pods, &status, &objects))
			return EXIT_FAILURE;
		machine_look(&machine, &status);
		metrics.status = &status;
		metrics.machine = &machine;
		metrics.objects = pods ? &objects : NULL;
	}
	clock_gettime(CLOCK_REALTIME, &metrics.read);
	text = metrics_text(&metrics);
	if (put(nlctl, arguments_value(arguments, OPTION_OUTPUT_FILE), text))
		result = EXIT_SUCCESS;
	free(text);
	machine_clear(&machine);
	objects_clear(&objects);
	status_clear(&status);
	return result;
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
