/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sockets of libcurl's multi interface, in a loop of sd-event.
 */
#ifndef NLCTL_AGENT_SOCKETS_H
#define NLCTL_AGENT_SOCKETS_H

#include <curl/curl.h>
#include <systemd/sd-event.h>

struct sockets;

/**
 * sockets_new() - let a loop drive all transfers of a multi handle
 * @event: the loop
 * @multi: the handle; must outlive the result
 * @acted: is called from the loop whenever libcurl did something, and then outside
 *	of it, so that it may be called again
 * @context: passed to it
 *
 * Return: a new object, freed with sockets_free().
 */
struct sockets *sockets_new(sd_event *event, CURLM *multi,
			    void (*acted)(void *context), void *context);

/**
 * sockets_free() - take a multi handle out of its loop
 * @sockets: the object, or NULL; its transfers were removed
 */
void sockets_free(struct sockets *sockets);

#endif
