// SPDX-License-Identifier: GPL-2.0-only
#include "delivery.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "policy/memory.h"

/* How long a reader may take its time once somebody wants the end. */
#define PATIENCE_MS 1000

static void await(struct pollfd *descriptors, nfds_t count, int timeout)
{
	int ready;

	/* What stops and continues the program interrupts poll() too. */
	do
		ready = poll(descriptors, count, timeout);
	while (ready < 0 && errno == EINTR);
}

/* Whether a write of PIPE_BUF bytes would not wait, or fail at once. */
static bool has_room(const struct interrupt *interrupt)
{
	struct pollfd descriptors[] = {
		{ .fd = STDOUT_FILENO, .events = POLLOUT },
		{ .fd = interrupt->descriptor, .events = POLLIN },
	};

	await(descriptors, 2, -1);
	if (!descriptors[0].revents)
		await(descriptors, 1, PATIENCE_MS);
	return descriptors[0].revents;
}

static bool write_out(const char *text, size_t length,
		      const struct interrupt *interrupt)
{
	while (length) {
		size_t part = length < PIPE_BUF ? length : PIPE_BUF;

		if (!has_room(interrupt)) {
			/* The signal is pending: with this it ends us. */
			sigprocmask(SIG_SETMASK, &interrupt->before, NULL);
			return false;
		}
		if (fwrite(text, 1, part, stdout) != part || fflush(stdout))
			return false;
		text += part;
		length -= part;
	}
	return true;
}

void delivery_begin(struct delivery *delivery)
{
	delivery->output = stdout;
	stdout = xopen_memstream(&delivery->text, &delivery->length);
}

bool delivery_end(struct delivery *delivery, const struct interrupt *interrupt)
{
	bool written;

	fclose(stdout);
	stdout = delivery->output;
	written = write_out(delivery->text, delivery->length, interrupt);
	free(delivery->text);
	return written;
}
