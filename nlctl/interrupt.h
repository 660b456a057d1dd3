/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * To wait until something arrives, or somebody ends the wait.
 */
#ifndef NLCTL_INTERRUPT_H
#define NLCTL_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

#include "nlctl.h"

/**
 * enum interrupt_result - how a wait ended
 * @INTERRUPT_READY: there is something to read
 * @INTERRUPT_ELAPSED: the time is over
 * @INTERRUPT_ENDED: a signal came that asks for the end
 * @INTERRUPT_FAILED: a message was printed
 */
enum interrupt_result {
	INTERRUPT_READY,
	INTERRUPT_ELAPSED,
	INTERRUPT_ENDED,
	INTERRUPT_FAILED,
};

/**
 * struct interrupt - a span in which signals end waits; closed it has no
 * descriptor
 * @descriptor: readable once a signal came; -1 outside the span
 * @before: which signals were blocked before
 */
struct interrupt {
	int descriptor;
	sigset_t before;
};

#define INTERRUPT_CLOSED         \
	{                        \
		.descriptor = -1 \
	}

/**
 * interrupt_open() - have signals end waits instead of the program
 * @nlctl: the context
 * @interrupt: receives the span, which the caller ends with interrupt_close()
 *
 * SIGINT and SIGTERM; SIGHUP and SIGQUIT, unless they are ignored.
 *
 * Return: false after a message; nothing has changed then.
 */
bool interrupt_open(const struct nlctl *nlctl, struct interrupt *interrupt);

/**
 * interrupt_wait() - wait
 * @nlctl: the context
 * @interrupt: the span
 * @descriptor: what may become readable; -1 for nothing
 * @timeout: the longest time, in milliseconds; -1 for any
 */
enum interrupt_result interrupt_wait(const struct nlctl *nlctl,
				     const struct interrupt *interrupt,
				     int descriptor, int timeout);

/**
 * interrupt_close() - have signals end the program again
 * @interrupt: the span; may be closed already
 *
 * One that came within the span ends nothing any more.
 */
void interrupt_close(struct interrupt *interrupt);

#endif
