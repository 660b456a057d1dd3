// SPDX-License-Identifier: GPL-2.0-only
#include "interrupt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>

int interrupt_open(const struct nlctl *nlctl)
{
	sigset_t signals;
	int descriptor;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	descriptor = signalfd(-1, &signals, SFD_CLOEXEC);
	if (descriptor < 0)
		nlctl_error(nlctl, "cannot wait for signals: %s",
			    strerror(errno));
	return descriptor;
}

enum interrupt_result interrupt_wait(const struct nlctl *nlctl, int interrupt,
				     int descriptor, int timeout)
{
	struct pollfd descriptors[] = {
		{ .fd = interrupt, .events = POLLIN },
		{ .fd = descriptor, .events = POLLIN },
	};
	int count;

	/* What stops and continues the program interrupts poll() too. */
	do
		count = poll(descriptors, 2, timeout);
	while (count < 0 && errno == EINTR);
	if (count < 0) {
		nlctl_error(nlctl, "cannot wait: %s", strerror(errno));
		return INTERRUPT_FAILED;
	}
	if (descriptors[0].revents)
		return INTERRUPT_ENDED;
	return count ? INTERRUPT_READY : INTERRUPT_ELAPSED;
}
