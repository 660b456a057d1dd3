// SPDX-License-Identifier: GPL-2.0-only
#include "live.h"

#include <errno.h>
#include <time.h>

#include "decode.h"
#include "message.h"
#include "query.h"

/* How often the state is read, and how often something is done with it. */
#define READ_ATTEMPTS 10
#define ATTEMPTS 5

/* An empty dump says no generation, so it is read on both sides of the dumps
 * as well.
 */
static int read_once(struct netlink *netlink, struct objects *objects,
		     struct settings *settings)
{
	struct settings again;
	uint64_t before, after;
	int error;

	error = read_settings(netlink, settings, &before);
	if (error)
		return error;
	error = read_objects(netlink, objects, before);
	if (error)
		goto err_settings;
	error = read_settings(netlink, &again, &after);
	if (error)
		goto err_objects;
	settings_clear(&again);
	if (before == after)
		return 0;
	error = message_fail(netlink, -EAGAIN,
			     "the policy changed while it was read");

err_objects:
	objects_clear(objects);
err_settings:
	settings_clear(settings);
	return error;
}

static void take_pause(unsigned int attempt)
{
	struct timespec pause = { .tv_nsec = 5000000L * attempt };

	nanosleep(&pause, NULL);
}

int live_read(struct netlink *netlink, struct objects *objects,
	      struct settings *settings)
{
	unsigned int attempt;
	int error = 0;

	*objects = (struct objects){};
	*settings = (struct settings){};
	for (attempt = 1; attempt <= READ_ATTEMPTS; attempt++) {
		error = read_once(netlink, objects, settings);
		if (error != -EAGAIN)
			return error;
		take_pause(attempt);
	}
	return message_fail(
		netlink, error,
		"the policy changed each of the %u times that it was read; try again",
		READ_ATTEMPTS);
}

bool live_retry(int error, unsigned int *attempts)
{
	++*attempts;
	if (error != -ESTALE || *attempts >= ATTEMPTS)
		return false;
	take_pause(*attempts);
	return true;
}
