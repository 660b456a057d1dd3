/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * To wait until something arrives, or somebody ends the wait.
 */
#ifndef NLCTL_INTERRUPT_H
#define NLCTL_INTERRUPT_H

#include "nlctl.h"

/**
 * enum interrupt_result - how a wait ended
 * @INTERRUPT_READY: there is something to read
 * @INTERRUPT_ELAPSED: the time is over
 * @INTERRUPT_ENDED: SIGINT or SIGTERM came
 * @INTERRUPT_FAILED: a message was printed
 */
enum interrupt_result {
	INTERRUPT_READY,
	INTERRUPT_ELAPSED,
	INTERRUPT_ENDED,
	INTERRUPT_FAILED,
};

/**
 * interrupt_open() - have SIGINT and SIGTERM end waits instead of the program
 * @nlctl: the context
 *
 * Return: a descriptor for interrupt_wait(), which the caller closes; or -1
 * after a message.
 */
int interrupt_open(const struct nlctl *nlctl);

/**
 * interrupt_wait() - wait
 * @nlctl: the context
 * @interrupt: what interrupt_open() returned
 * @descriptor: what may become readable; -1 for nothing
 * @timeout: the longest time, in milliseconds; -1 for any
 */
enum interrupt_result interrupt_wait(const struct nlctl *nlctl, int interrupt,
				     int descriptor, int timeout);

#endif
