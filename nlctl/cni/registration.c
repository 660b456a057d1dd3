// SPDX-License-Identifier: GPL-2.0-only
#include "cni/registration.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "attachment_file.h"
#include "clock.h"
#include "policy/memory.h"

/* More than any answer takes. */
#define ANSWER_MAX 4096

/* The time that is left, but never none: 0 would mean for ever. */
static uint64_t time_left(uint64_t deadline)
{
	uint64_t now = clock_now();

	return deadline > now + NANOSECONDS_PER_MILLISECOND ?
		       deadline - now :
		       NANOSECONDS_PER_MILLISECOND;
}

/* Whoever answers has to be who may open a pod. */
static bool is_trusted(int fd)
{
	struct ucred peer = {};
	socklen_t length = sizeof(peer);

	return !getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) &&
	       (!peer.uid || peer.uid == geteuid());
}

/* A connection, or -1 with the reason. */
static int open_connection(const char *directory, uint64_t deadline,
			   char **text)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	uint64_t left = time_left(deadline);
	struct timeval limit = {
		.tv_sec = left / NANOSECONDS_PER_SECOND,
		.tv_usec = left % NANOSECONDS_PER_SECOND / 1000,
	};
	int length, fd;

	length = snprintf(address.sun_path, sizeof(address.sun_path), "%s/%s",
			  directory, AGENT_SOCKET);
	if (length >= (int)sizeof(address.sun_path)) {
		*text = xasprintf("%s is too long a name for a socket's directory",
				  directory);
		return -1;
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		goto err_text;
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
		goto err_text;
	if (is_trusted(fd))
		return fd;
	*text = xasprintf("%s belongs to somebody else", address.sun_path);
	close(fd);
	return -1;

err_text:
	*text = xasprintf("cannot reach the agent at %s: %s", address.sun_path,
			  strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Behind a DEL there is no file any more that could be read. */
static json_t *question(const char *command,
			const struct attachment *attachment, uint64_t deadline)
{
	json_t *whole = attachment_json(attachment);
	char *name = attachment_file_name(attachment->container,
					  attachment->interface);
	json_t *tree = json_pack("{s:s, s:s, s:O, s:O, s:I}", "command",
				 command, "file", name, "pod",
				 json_object_get(whole, "pod"), "ips",
				 json_object_get(whole, "ips"), "timeout",
				 (json_int_t)(time_left(deadline) /
					      NANOSECONDS_PER_MILLISECOND));

	free(name);
	json_decref(whole);
	return tree;
}

static bool put_question(int fd, const char *command,
			 const struct attachment *attachment, uint64_t deadline,
			 char **text)
{
	json_t *tree = question(command, attachment, deadline);
	char *words = json_dumps(tree, JSON_COMPACT);
	char *line = xasprintf("%s\n", words);
	size_t length = strlen(line);
	bool sent = send(fd, line, length, MSG_NOSIGNAL) == (ssize_t)length;

	if (!sent)
		*text = xasprintf("cannot ask the agent: %s", strerror(errno));
	free(line);
	free(words);
	json_decref(tree);
	return sent;
}

/* One line; false with the reason. */
static bool hear(int fd, uint64_t deadline, char *line, char **text)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	size_t length = 0;
	ssize_t part;
	int ready;

	while (length < ANSWER_MAX) {
		if (clock_now() >= deadline) {
			*text = xstrdup("the agent does not answer in time");
			return false;
		}
		ready = poll(&poll_fd, 1,
			     (time_left(deadline) +
			      NANOSECONDS_PER_MILLISECOND - 1) /
				     NANOSECONDS_PER_MILLISECOND);
		if (ready <= 0)
			continue;
		part = recv(fd, line + length, ANSWER_MAX - length, 0);
		if (part < 0 && errno == EINTR)
			continue;
		if (part <= 0) {
			*text = xstrdup("the agent went away without an answer");
			return false;
		}
		length += part;
		if (memchr(line, '\n', length)) {
			*(char *)memchr(line, '\n', length) = '\0';
			return true;
		}
	}
	*text = xstrdup("the agent's answer makes no sense");
	return false;
}

static enum registration understand(const char *line, char **text)
{
	json_t *tree = json_loads(line, 0, NULL);
	const char *state = json_string_value(json_object_get(tree, "state"));
	const char *words = json_string_value(json_object_get(tree, "text"));
	enum registration registration = REGISTRATION_UNHEARD;

	if (state && !strcmp(state, "done")) {
		registration = REGISTRATION_DONE;
	} else if (state && !strcmp(state, "refused")) {
		registration = REGISTRATION_REFUSED;
		*text = xstrdup(words ? words : "the agent says no more");
	} else if (state && !strcmp(state, "late")) {
		*text = xstrdup("the agent is not done in time");
	} else {
		*text = xasprintf("the agent's answer makes no sense%s%s",
				  words ? ": " : "", words ? words : "");
	}
	json_decref(tree);
	return registration;
}

enum registration registration_tell(const char *directory, const char *command,
				    const struct attachment *attachment,
				    uint64_t deadline, char **text)
{
	enum registration registration = REGISTRATION_UNHEARD;
	char line[ANSWER_MAX];
	int fd;

	*text = NULL;
	fd = open_connection(directory, deadline, text);
	if (fd < 0)
		return registration;
	if (put_question(fd, command, attachment, deadline, text) &&
	    hear(fd, deadline, line, text))
		registration = understand(line, text);
	close(fd);
	return registration;
}
