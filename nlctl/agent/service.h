/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Health and metrics, over HTTP.
 *
 * /healthz is 200 as long as the loop runs. /readyz is 200 when all checks of its
 * owner pass, else 503 with a line for each that does not. ?verbose lists all of
 * them. /metrics is what the owner makes of it; ?pods=1 asks to tell of each pod.
 */
#ifndef NLCTL_AGENT_SERVICE_H
#define NLCTL_AGENT_SERVICE_H

#include <stdbool.h>
#include <systemd/sd-event.h>

#include "agent/check.h"

/**
 * struct service_source - what the service asks its owner
 * @check: adds what has to be fine for the agent to be ready; no check is ready
 * @metrics: returns metrics in the text exposition format, which the service
 *	frees, or NULL when they cannot be read now: then the answer is 503
 * @context: passed to both
 *
 * Both are called from the loop.
 */
struct service_source {
	void (*check)(void *context, struct checks *checks);
	char *(*metrics)(void *context, bool pods);
	void *context;
};

struct service;

/**
 * service_new() - begin to serve
 * @event: the loop
 * @listen: "ADDRESS:PORT", an IPv6 address in brackets; port 0 takes any
 * @source: what to serve; copied
 *
 * Connections are few, small and short: whoever is slow or asks for much is cut
 * off. SIGPIPE has to be ignored by the program.
 *
 * Return: the service, freed with service_free(); or NULL after a line of log
 * that says what to do.
 */
struct service *service_new(sd_event *event, const char *listen,
			    const struct service_source *source);

/**
 * service_port() - where it listens
 * @service: the service
 *
 * Return: the port, of use when it was told to take any.
 */
unsigned int service_port(const struct service *service);

/**
 * service_free() - serve no more
 * @service: the service, or NULL
 */
void service_free(struct service *service);

#endif
