/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The next packet of a pod, and the story of its connection.
 */
#ifndef NLCTL_PACKET_EXPLANATION_H
#define NLCTL_PACKET_EXPLANATION_H

#include <stdbool.h>

#include "judge.h"
#include "packet_trace.h"

/**
 * packet_explain() - wait for a packet and explain it
 * @nlctl: the context
 * @judge: the module, opened with the rules
 * @wish: which packet
 * @timeout: the longest time to wait, in milliseconds; -1 for any
 * @wide: tell of every rule
 *
 * Return: an exit code; failures were told.
 */
int packet_explain(const struct nlctl *nlctl, struct judge *judge,
		   const struct packet_wish *wish, int timeout, bool wide);

#endif
