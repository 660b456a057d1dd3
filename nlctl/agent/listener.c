// SPDX-License-Identifier: GPL-2.0-only
#include "agent/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/log.h"
#include "policy/memory.h"

/* Connections that wait until the loop accepts them. */
#define BACKLOG 128

/* The two halves of "ADDRESS:PORT"; the brackets around an IPv6 address are taken
 * off. The second points into @text. NULL when there are not two.
 */
static char *split(char *text, const char **address)
{
	char *colon = strrchr(text, ':');
	size_t length;

	if (!colon || !colon[1])
		return NULL;
	*colon = '\0';
	length = strlen(text);
	*address = text;
	if (*text != '[')
		return *text && !strchr(text, ':') ? colon + 1 : NULL;
	if (text[length - 1] != ']')
		return NULL;
	text[length - 1] = '\0';
	*address = text + 1;
	/* Brackets are for nothing else. */
	return strchr(*address, ':') ? colon + 1 : NULL;
}

/* Names are not looked up: a name server may be a pod. */
static struct addrinfo *parse(const char *listen)
{
	const struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *result = NULL;
	char *copy = xstrdup(listen);
	const char *address;
	const char *port = split(copy, &address);
	char *end;

	/* What the library makes of too big a port, is another one. */
	if (port && strspn(port, "0123456789") == strlen(port) &&
	    strtoul(port, &end, 10) <= UINT16_MAX &&
	    getaddrinfo(address, port, &hints, &result))
		result = NULL;
	free(copy);
	if (!result)
		log_error("\"%s\" is not an address and a port to listen on, such as 127.0.0.1:9750 or [::1]:9750",
			  listen);
	return result;
}

static void tell_failure(const char *listen, int error)
{
	switch (error) {
	case EADDRINUSE:
		log_error("cannot listen on %s: another program does; see \"ss -tlnp\" for which, end it if it is another agent, or choose another port with --listen",
			  listen);
		break;
	case EADDRNOTAVAIL:
		log_error("cannot listen on %s: no interface has that address; give one of this node with --listen",
			  listen);
		break;
	case EACCES:
		log_error("cannot listen on %s: ports below 1024 need CAP_NET_BIND_SERVICE; choose another with --listen",
			  listen);
		break;
	default:
		log_error("cannot listen on %s: %s", listen, strerror(error));
	}
}

int listener_open(const char *listen_at)
{
	struct addrinfo *info = parse(listen_at);
	const int on = 1;
	int descriptor;

	if (!info)
		return -1;
	descriptor = socket(info->ai_family,
			    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* Connections of the agent before us may still linger. */
	if (descriptor < 0 ||
	    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(descriptor, info->ai_addr, info->ai_addrlen) ||
	    listen(descriptor, BACKLOG)) {
		tell_failure(listen_at, errno);
		if (descriptor >= 0)
			close(descriptor);
		descriptor = -1;
	}
	freeaddrinfo(info);
	return descriptor;
}

unsigned int listener_port(int descriptor)
{
	struct sockaddr_in6 address = {};
	socklen_t length = sizeof(address);

	if (getsockname(descriptor, (struct sockaddr *)&address, &length))
		return 0;
	/* Both families have it at the same place. */
	return ntohs(address.sin6_port);
}
