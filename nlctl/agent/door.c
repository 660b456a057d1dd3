// SPDX-License-Identifier: GPL-2.0-only
#include "agent/door.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <utlist.h>

#include "agent/log.h"
#include "policy/memory.h"

#define QUESTION_MAX 4096
#define VISITORS_MAX 1024
/* Milliseconds for asking, without which nobody is heard. */
#define ASKING_LIMIT 5000
/* And until a new visitor is let in again after the system refused one. */
#define REST 1000

/**
 * struct visitor - a connection
 * @door: that it came through
 * @fd: its socket
 * @io: when there is something to hear
 * @timer: when it has taken too long
 * @question: what was heard so far
 * @length: bytes of it
 * @asked: the question was passed on
 * @prev: in the list of the door
 * @next: likewise
 */
struct visitor {
	struct door *door;
	int fd;
	sd_event_source *io;
	sd_event_source *timer;
	char question[QUESTION_MAX];
	size_t length;
	bool asked;
	struct visitor *prev;
	struct visitor *next;
};

struct door {
	sd_event *event;
	int fd;
	sd_event_source *io;
	sd_event_source *rest;
	char *path;
	dev_t device;
	ino_t inode;
	struct host host;
	struct visitor *visitors;
	size_t visitor_count;
};

static void visitor_free(struct visitor *visitor)
{
	struct door *door = visitor->door;

	DL_DELETE(door->visitors, visitor);
	door->visitor_count--;
	sd_event_source_disable_unref(visitor->io);
	sd_event_source_disable_unref(visitor->timer);
	close(visitor->fd);
	free(visitor);
	/* There is room again. */
	if (door->io && !door->rest)
		sd_event_source_set_enabled(door->io, SD_EVENT_ON);
}

void visitor_answer(struct visitor *visitor, json_t *answer)
{
	char *words = json_dumps(answer, JSON_COMPACT);
	char *line = xasprintf("%s\n", words);

	/* An answer fits the socket's buffer; who is gone does not hear it. */
	send(visitor->fd, line, strlen(line), MSG_NOSIGNAL | MSG_DONTWAIT);
	free(line);
	free(words);
	json_decref(answer);
	visitor_free(visitor);
}

static void leave(struct visitor *visitor)
{
	if (visitor->asked)
		visitor->door->host.left(visitor->door->host.context, visitor);
}

static int on_late(sd_event_source *source, uint64_t time, void *data)
{
	struct visitor *visitor = data;

	(void)source;
	(void)time;
	leave(visitor);
	visitor_answer(visitor, json_pack("{s:s}", "state", "late"));
	return 0;
}

void visitor_limit(struct visitor *visitor, uint64_t milliseconds)
{
	visitor->timer = sd_event_source_disable_unref(visitor->timer);
	sd_event_add_time_relative(visitor->door->event, &visitor->timer,
				   CLOCK_MONOTONIC, milliseconds * 1000, 1,
				   on_late, visitor);
}

/* Pass a whole question on; the visitor may be gone then. */
static void ask(struct visitor *visitor)
{
	const struct host *host = &visitor->door->host;
	json_t *question =
		json_loadb(visitor->question, visitor->length, 0, NULL);

	visitor->asked = true;
	if (json_is_object(question))
		host->asked(host->context, visitor, question);
	else
		visitor_answer(visitor,
			       json_pack("{s:s, s:s}", "state", "unknown",
					 "text", "the question is no JSON"));
	json_decref(question);
}

static int on_heard(sd_event_source *source, int fd, uint32_t events,
		    void *data)
{
	struct visitor *visitor = data;
	ssize_t part;

	(void)source;
	(void)events;
	part = recv(fd, visitor->question + visitor->length,
		    QUESTION_MAX - visitor->length, MSG_DONTWAIT);
	if (part < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	/* Gone, or talking on and on. */
	if (part <= 0 || visitor->asked) {
		leave(visitor);
		visitor_free(visitor);
		return 0;
	}
	visitor->length += part;
	if (visitor->question[visitor->length - 1] == '\n')
		ask(visitor);
	else if (visitor->length == QUESTION_MAX)
		visitor_free(visitor);
	return 0;
}

static bool is_superuser(int fd)
{
	struct ucred peer = {};
	socklen_t length = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length))
		return false;
	if (!peer.uid || peer.uid == geteuid())
		return true;
	log_warning("user %u, process %d, is not let in", peer.uid, peer.pid);
	return false;
}

static int on_rested(sd_event_source *source, uint64_t time, void *data)
{
	struct door *door = data;

	(void)source;
	(void)time;
	door->rest = sd_event_source_disable_unref(door->rest);
	sd_event_source_set_enabled(door->io, SD_EVENT_ON);
	return 0;
}

/* Without this the loop would try again all the time. */
static void take_rest(struct door *door)
{
	sd_event_source_set_enabled(door->io, SD_EVENT_OFF);
	if (!door->rest)
		sd_event_add_time_relative(door->event, &door->rest,
					   CLOCK_MONOTONIC, REST * 1000, 0,
					   on_rested, door);
}

static int on_knocked(sd_event_source *source, int fd, uint32_t events,
		      void *data)
{
	struct door *door = data;
	struct visitor *visitor;
	int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)events;
	if (peer < 0) {
		if (errno != EAGAIN && errno != EINTR &&
		    errno != ECONNABORTED) {
			log_warning("cannot let anyone in at %s: %s",
				    door->path, strerror(errno));
			take_rest(door);
		}
		return 0;
	}
	if (!is_superuser(peer)) {
		close(peer);
		return 0;
	}
	visitor = xcalloc(1, sizeof(*visitor));
	visitor->door = door;
	visitor->fd = peer;
	DL_APPEND(door->visitors, visitor);
	door->visitor_count++;
	if (sd_event_add_io(door->event, &visitor->io, peer, EPOLLIN, on_heard,
			    visitor) < 0) {
		visitor_free(visitor);
		return 0;
	}
	visitor_limit(visitor, ASKING_LIMIT);
	/* The others wait outside. */
	if (door->visitor_count >= VISITORS_MAX)
		sd_event_source_set_enabled(source, SD_EVENT_OFF);
	return 0;
}

/* A socket appears under its name when it can be connected to. */
static int listen_at(const char *path, char **problem)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int length, fd;

	length = snprintf(address.sun_path, sizeof(address.sun_path), "%s.new",
			  path);
	if (length >= (int)sizeof(address.sun_path)) {
		*problem =
			xasprintf("%s is too long a name for a socket", path);
		return -1;
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || (unlink(address.sun_path) && errno != ENOENT) ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    chmod(address.sun_path, 0600) || listen(fd, SOMAXCONN) ||
	    rename(address.sun_path, path)) {
		*problem = xasprintf("cannot open the socket %s: %s", path,
				     strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

struct door *door_new(sd_event *event, const char *path,
		      const struct host *host, char **problem)
{
	struct door *door = xcalloc(1, sizeof(*door));
	struct stat status;
	int error;

	door->event = sd_event_ref(event);
	door->host = *host;
	door->path = xstrdup(path);
	door->fd = listen_at(path, problem);
	if (door->fd < 0)
		goto err_free;
	if (!stat(path, &status)) {
		door->device = status.st_dev;
		door->inode = status.st_ino;
	}
	error = sd_event_add_io(event, &door->io, door->fd, EPOLLIN, on_knocked,
				door);
	if (error >= 0)
		return door;
	*problem = xasprintf("cannot wait at the socket %s: %s", path,
			     strerror(-error));
err_free:
	door_free(door);
	return NULL;
}

/* The socket may be that of a newer agent already. */
static void remove_socket(const struct door *door)
{
	struct stat status;

	if (!stat(door->path, &status) && status.st_dev == door->device &&
	    status.st_ino == door->inode)
		unlink(door->path);
}

void door_free(struct door *door)
{
	struct visitor *visitor, *next;

	if (!door)
		return;
	door->io = sd_event_source_disable_unref(door->io);
	door->rest = sd_event_source_disable_unref(door->rest);
	DL_FOREACH_SAFE(door->visitors, visitor, next)
		visitor_free(visitor);
	if (door->fd >= 0) {
		remove_socket(door);
		close(door->fd);
	}
	sd_event_unref(door->event);
	free(door->path);
	free(door);
}
