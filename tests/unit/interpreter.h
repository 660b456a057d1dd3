/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The verdict as the design has it, by the compiled objects and without any
 * cleverness.
 */
#ifndef UNIT_INTERPRETER_H
#define UNIT_INTERPRETER_H

#include "policy/cluster.h"
#include "policy/objects.h"

/** enum interpretation - @INTERPRETATION_AUDIT: passes, and is reported */
enum interpretation {
	INTERPRETATION_DENY,
	INTERPRETATION_AUDIT,
	INTERPRETATION_ACCEPT,
};

/**
 * interpret() - judge a connection by compiled objects
 * @cluster: what they were compiled from, to know which node is a pod's own
 * @objects: the objects
 * @client: address of the client
 * @server: address of the server
 * @protocol: IP protocol number
 * @port: port of the server, host byte order
 *
 * Return: the worse of what both ends say.
 */
enum interpretation interpret(const struct cluster *cluster,
			      const struct objects *objects,
			      const struct ip *client, const struct ip *server,
			      uint8_t protocol, uint16_t port);

/**
 * check_objects() - check what the kernel asks of objects
 * @objects: the objects
 *
 * Order, uniqueness, references, exclusive fields and lengths; the test fails
 * when one is not met.
 */
void check_objects(const struct objects *objects);

#endif
