// SPDX-License-Identifier: GPL-2.0-only
#include "interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* What whoever started the program has it ignore, as nohup does SIGHUP, stays
 * ignored: blocked, it would arrive all the same.
 */
static void add_signal(sigset_t *signals, int signal)
{
	struct sigaction action;

	if (!sigaction(signal, NULL, &action) && action.sa_handler != SIG_IGN)
		sigaddset(signals, signal);
}

bool interrupt_open(const struct nlctl *nlctl, struct interrupt *interrupt)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	add_signal(&signals, SIGHUP);
	add_signal(&signals, SIGQUIT);
	sigprocmask(SIG_BLOCK, &signals, &interrupt->before);
	interrupt->descriptor = signalfd(-1, &signals, SFD_CLOEXEC);
	if (interrupt->descriptor >= 0)
		return true;
	nlctl_error(nlctl, "cannot wait for signals: %s", strerror(errno));
	sigprocmask(SIG_SETMASK, &interrupt->before, NULL);
	return false;
}

enum interrupt_result interrupt_wait(const struct nlctl *nlctl,
				     const struct interrupt *interrupt,
				     int descriptor, int timeout)
{
	struct pollfd descriptors[] = {
		{ .fd = interrupt->descriptor, .events = POLLIN },
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

/* A signal that ended a wait has done what it was for; one that is pending
 * beside it, or was sent twice, is the same wish.
 */
void interrupt_close(struct interrupt *interrupt)
{
	struct signalfd_siginfo info;

	if (interrupt->descriptor < 0)
		return;
	fcntl(interrupt->descriptor, F_SETFL, O_NONBLOCK);
	while (read(interrupt->descriptor, &info, sizeof(info)) > 0)
		;
	close(interrupt->descriptor);
	interrupt->descriptor = -1;
	sigprocmask(SIG_SETMASK, &interrupt->before, NULL);
}
