// SPDX-License-Identifier: GPL-2.0-only
#include "module_metrics.h"

#include <errno.h>
#include <time.h>

#include "decode.h"
#include "live.h"
#include "metrics.h"
#include "policy/memory.h"

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

/* Read all there is, or set @problem. */
static bool read_module(bool pods, struct status *status,
			struct objects *objects, char **problem)
{
	struct netlink *netlink = netlink_connect(problem);
	unsigned int attempts = 0;
	int error;

	if (!netlink)
		return false;
	do
		error = read_once(netlink, status, objects, pods);
	while (live_retry(error, &attempts));
	if (error)
		*problem = xstrdup(netlink_text(netlink));
	netlink_close(netlink);
	return !error;
}

char *module_metrics_text(bool pods, char **problem)
{
	struct metrics metrics = { .tool_version = nlctl_version() };
	struct machine machine = {};
	struct objects objects = {};
	struct status status = {};
	char *text;

	*problem = NULL;
	if (machine_has_module()) {
		if (!read_module(pods, &status, &objects, problem))
			return NULL;
		machine_look(&machine, &status);
		metrics.status = &status;
		metrics.machine = &machine;
		metrics.objects = pods ? &objects : NULL;
	}
	clock_gettime(CLOCK_REALTIME, &metrics.read);
	text = metrics_text(&metrics);
	machine_clear(&machine);
	objects_clear(&objects);
	status_clear(&status);
	return text;
}
