// SPDX-License-Identifier: GPL-2.0-only
#include "agent/sockets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

#include "agent/log.h"
#include "policy/memory.h"

/**
 * struct sockets - a multi handle in a loop
 * @event: the loop
 * @multi: the handle
 * @timer: when libcurl wants to be called though nothing happened
 * @acted: see sockets_new()
 * @context: passed to @acted
 */
struct sockets {
	sd_event *event;
	CURLM *multi;
	sd_event_source *timer;
	void (*acted)(void *context);
	void *context;
};

/* Memory and descriptors of epoll: nobody could go on without them. A loop that has
 * ended refuses everything, and needs nothing.
 */
static void must(int result, const char *what)
{
	if (result >= 0 || result == -ESTALE)
		return;
	log_error("cannot %s: %s", what, strerror(-result));
	abort();
}

static void act(struct sockets *sockets, curl_socket_t socket, int events)
{
	int running;

	curl_multi_socket_action(sockets->multi, socket, events, &running);
	sockets->acted(sockets->context);
}

static int on_ready(sd_event_source *source, int socket, uint32_t ready,
		    void *context)
{
	int events = 0;

	(void)source;
	if (ready & EPOLLIN)
		events |= CURL_CSELECT_IN;
	if (ready & EPOLLOUT)
		events |= CURL_CSELECT_OUT;
	if (ready & (EPOLLERR | EPOLLHUP))
		events |= CURL_CSELECT_ERR;
	act(context, socket, events);
	return 0;
}

static int on_time(sd_event_source *source, uint64_t time, void *context)
{
	(void)source;
	(void)time;
	act(context, CURL_SOCKET_TIMEOUT, 0);
	return 0;
}

/* libcurl says what it waits for, and that it is about to close a socket. */
static int on_socket(CURL *easy, curl_socket_t socket, int what, void *context,
		     void *socket_context)
{
	sd_event_source *source = socket_context;
	struct sockets *sockets = context;
	uint32_t events = 0;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		curl_multi_assign(sockets->multi, socket, NULL);
		sd_event_source_disable_unref(source);
		return 0;
	}
	if (what != CURL_POLL_OUT)
		events |= EPOLLIN;
	if (what != CURL_POLL_IN)
		events |= EPOLLOUT;
	if (source) {
		must(sd_event_source_set_io_events(source, events),
		     "wait for a connection");
		return 0;
	}
	must(sd_event_add_io(sockets->event, &source, socket, events, on_ready,
			     sockets),
	     "wait for a connection");
	curl_multi_assign(sockets->multi, socket, source);
	return 0;
}

static int on_timer(CURLM *multi, long milliseconds, void *context)
{
	struct sockets *sockets = context;

	(void)multi;
	if (milliseconds < 0) {
		sd_event_source_set_enabled(sockets->timer, SD_EVENT_OFF);
		return 0;
	}
	must(sd_event_source_set_time_relative(sockets->timer,
					       milliseconds * 1000ull),
	     "set a timer");
	sd_event_source_set_enabled(sockets->timer, SD_EVENT_ONESHOT);
	return 0;
}

struct sockets *sockets_new(sd_event *event, CURLM *multi,
			    void (*acted)(void *context), void *context)
{
	struct sockets *sockets = xcalloc(1, sizeof(*sockets));

	sockets->event = sd_event_ref(event);
	sockets->multi = multi;
	sockets->acted = acted;
	sockets->context = context;
	must(sd_event_add_time(event, &sockets->timer, CLOCK_MONOTONIC,
			       UINT64_MAX, 1000, on_time, sockets),
	     "set a timer");
	sd_event_source_set_enabled(sockets->timer, SD_EVENT_OFF);
	curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, sockets);
	curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(multi, CURLMOPT_TIMERDATA, sockets);
	return sockets;
}

void sockets_free(struct sockets *sockets)
{
	if (!sockets)
		return;
	sd_event_source_disable_unref(sockets->timer);
	sd_event_unref(sockets->event);
	free(sockets);
}
