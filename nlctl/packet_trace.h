/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * To catch one packet by the tracepoint podwall:verdict.
 */
#ifndef NLCTL_PACKET_TRACE_H
#define NLCTL_PACKET_TRACE_H

#include "interrupt.h"
#include "nlctl.h"
#include "packet.h"
#include "packet_wish.h"

struct packet_trace;

/**
 * packet_trace_open() - begin to trace
 * @nlctl: the context
 * @wish: which packet is waited for, in this network namespace; must outlive
 *	the trace
 *
 * In a trace instance of its own, which nobody else sees.
 *
 * Return: the trace, ended with packet_trace_close(); NULL after a message.
 */
struct packet_trace *packet_trace_open(const struct nlctl *nlctl,
				       const struct packet_wish *wish);

/**
 * packet_trace_wait() - wait for the packet
 * @nlctl: the context
 * @trace: the trace
 * @interrupt: what also ends the wait
 * @timeout: the longest time, in milliseconds; -1 for any
 * @packet: receives the packet; freed with packet_clear() in any case
 *
 * Return: INTERRUPT_READY with a packet, or why there is none.
 */
enum interrupt_result packet_trace_wait(const struct nlctl *nlctl,
					struct packet_trace *trace,
					const struct interrupt *interrupt,
					int timeout, struct packet *packet);

/**
 * packet_trace_close() - end a trace, and leave nothing of it behind
 * @trace: the trace, or NULL
 */
void packet_trace_close(struct packet_trace *trace);

#endif
