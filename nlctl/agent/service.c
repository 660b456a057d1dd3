// SPDX-License-Identifier: GPL-2.0-only
#include "agent/service.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "agent/connections.h"
#include "agent/listener.h"
#include "agent/log.h"
#include "exposition.h"
#include "policy/memory.h"

/* Connections at a time; beyond the second number the oldest is cut off, before
 * the library would accept no more.
 */
#define CONNECTIONS_MAX 64u
#define CONNECTIONS_KEPT 48u

/* Seconds for a connection, which serves one request. */
#define CONNECTION_SECONDS 10u

/* Bytes for a request without its body, which nobody reads, and an answer's head. */
#define CONNECTION_MEMORY 16384u

/* How late a timer may be, in microseconds. */
#define TIMER_ACCURACY 1000

#define TEXT_PLAIN "text/plain; charset=utf-8"

/**
 * struct service - see service.h
 * @event: the loop
 * @source: what to serve
 * @daemon: the library's
 * @input: tells that the library has something to do
 * @timer: the same
 * @connections: that are open
 * @closed: one was closed since the library was last run
 * @port: where it listens
 */
struct service {
	sd_event *event;
	struct service_source source;
	struct MHD_Daemon *daemon;
	sd_event_source *input;
	sd_event_source *timer;
	struct connections *connections;
	bool closed;
	unsigned int port;
};

/* --- connections */

static void connection_changed(void *context,
			       struct MHD_Connection *mhd_connection,
			       void **own,
			       enum MHD_ConnectionNotificationCode code)
{
	struct service *service = context;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		const union MHD_ConnectionInfo *info =
			MHD_get_connection_info(mhd_connection,
						MHD_CONNECTION_INFO_CONNECTION_FD);

		*own = connections_add(service->connections, info->connect_fd);
	} else {
		connections_remove(service->connections, *own);
		*own = NULL;
		service->closed = true;
	}
}

/* --- answers */

/* Takes the text over. */
static enum MHD_Result answer(struct MHD_Connection *connection,
			      unsigned int status, const char *type, char *text)
{
	struct MHD_Response *response =
		MHD_create_response_from_buffer(strlen(text), text,
						MHD_RESPMEM_MUST_FREE);
	enum MHD_Result result;

	if (!response) {
		free(text);
		return MHD_NO;
	}
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL,
				"no-store");
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	/* The time of a connection is that of its request. */
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW,
					"GET, HEAD");
	result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

/* Whether the query has a name, with or without a value other than 0. */
static bool asks(struct MHD_Connection *connection, const char *name)
{
	const char *value = NULL;
	size_t length;

	return MHD_lookup_connection_value_n(connection, MHD_GET_ARGUMENT_KIND,
					     name, strlen(name), &value,
					     &length) == MHD_YES &&
	       !(value && !strcmp(value, "0"));
}

static enum MHD_Result answer_checks(struct MHD_Connection *connection,
				     const char *title, struct checks *checks)
{
	bool passed = checks_passed(checks);
	char *text, *failures;

	if (asks(connection, "verbose")) {
		text = checks_report(checks, title);
	} else if (passed) {
		text = xstrdup("ok\n");
	} else {
		failures = checks_failures(checks, "\n");
		text = xasprintf("%s\n", failures);
		free(failures);
	}
	checks_clear(checks);
	return answer(connection,
		      passed ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE,
		      TEXT_PLAIN, text);
}

/* To have come here is all that life is. */
static enum MHD_Result answer_health(struct service *service,
				     struct MHD_Connection *connection)
{
	struct checks checks = {};

	(void)service;
	checks_pass(&checks, "ping");
	return answer_checks(connection, "healthz", &checks);
}

static enum MHD_Result answer_ready(struct service *service,
				    struct MHD_Connection *connection)
{
	struct checks checks = {};

	checks_pass(&checks, "ping");
	service->source.check(service->source.context, &checks);
	return answer_checks(connection, "readyz", &checks);
}

static enum MHD_Result answer_metrics(struct service *service,
				      struct MHD_Connection *connection)
{
	char *text = service->source.metrics(service->source.context,
					     asks(connection, "pods"));

	if (text)
		return answer(connection, MHD_HTTP_OK, EXPOSITION_CONTENT_TYPE,
			      text);
	return answer(
		connection, MHD_HTTP_SERVICE_UNAVAILABLE, TEXT_PLAIN,
		xstrdup("the module cannot be asked; the agent's log says why\n"));
}

static const struct page {
	const char *path;
	enum MHD_Result (*answer)(struct service *service,
				  struct MHD_Connection *connection);
} pages[] = {
	{ "/healthz", answer_health },
	{ "/readyz", answer_ready },
	{ "/metrics", answer_metrics },
};

/* The library calls this with the head of a request, with each part of its body,
 * and at its end. An answer is given to the head alone: then the library reads
 * no body.
 */
static enum MHD_Result handle(void *context, struct MHD_Connection *connection,
			      const char *path, const char *method,
			      const char *version, const char *body,
			      size_t *body_length, void **request)
{
	struct service *service = context;
	size_t i;

	(void)version;
	(void)body;
	(void)body_length;
	(void)request;
	if (strcmp(method, "GET") && strcmp(method, "HEAD"))
		return answer(connection, MHD_HTTP_METHOD_NOT_ALLOWED,
			      TEXT_PLAIN, xstrdup("only GET and HEAD\n"));
	for (i = 0; i < sizeof(pages) / sizeof(*pages); i++)
		if (!strcmp(path, pages[i].path))
			return pages[i].answer(service, connection);
	return answer(connection, MHD_HTTP_NOT_FOUND, TEXT_PLAIN,
		      xstrdup("there are /healthz, /readyz and /metrics\n"));
}

/* --- the loop */

static void run(struct service *service)
{
	unsigned MHD_LONG_LONG milliseconds;

	service->closed = false;
	MHD_run(service->daemon);
	/* Where there were too many, it accepts again when it is run again; but all
	 * else has its turn before: they may come faster than they are served.
	 */
	if (service->closed) {
		milliseconds = 0;
	} else if (MHD_get_timeout(service->daemon, &milliseconds) != MHD_YES) {
		sd_event_source_set_enabled(service->timer, SD_EVENT_OFF);
		return;
	}
	sd_event_source_set_time_relative(service->timer, milliseconds * 1000);
	sd_event_source_set_enabled(service->timer, SD_EVENT_ONESHOT);
}

static int on_input(sd_event_source *source, int descriptor, uint32_t events,
		    void *context)
{
	(void)source;
	(void)descriptor;
	(void)events;
	run(context);
	return 0;
}

static int on_timer(sd_event_source *timer, uint64_t now, void *context)
{
	(void)timer;
	(void)now;
	run(context);
	return 0;
}

static bool start(struct service *service, int listener)
{
	const union MHD_DaemonInfo *info;

	service->daemon =
		MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, handle, service,
				 MHD_OPTION_LISTEN_SOCKET, listener,
				 MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX,
				 MHD_OPTION_CONNECTION_TIMEOUT,
				 CONNECTION_SECONDS,
				 MHD_OPTION_CONNECTION_MEMORY_LIMIT,
				 (size_t)CONNECTION_MEMORY,
				 MHD_OPTION_NOTIFY_CONNECTION,
				 connection_changed, service, MHD_OPTION_END);
	if (!service->daemon)
		return false;
	info = MHD_get_daemon_info(service->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	if (sd_event_add_time(service->event, &service->timer, CLOCK_MONOTONIC,
			      0, TIMER_ACCURACY, on_timer, service) < 0)
		return false;
	sd_event_source_set_enabled(service->timer, SD_EVENT_OFF);
	return sd_event_add_io(service->event, &service->input, info->epoll_fd,
			       EPOLLIN, on_input, service) >= 0;
}

struct service *service_new(sd_event *event, const char *listen,
			    const struct service_source *source)
{
	int listener = listener_open(listen);
	struct service *service;

	if (listener < 0)
		return NULL;
	service = xcalloc(1, sizeof(*service));
	service->event = sd_event_ref(event);
	service->source = *source;
	service->port = listener_port(listener);
	service->connections = connections_new(event, CONNECTIONS_KEPT,
					       CONNECTION_SECONDS * 1000000ull);
	if (start(service, listener))
		return service;
	log_error("cannot serve on %s: %s", listen, strerror(errno));
	/* The library closes it, if it got so far. */
	if (!service->daemon)
		close(listener);
	service_free(service);
	return NULL;
}

unsigned int service_port(const struct service *service)
{
	return service->port;
}

void service_free(struct service *service)
{
	if (!service)
		return;
	sd_event_source_disable_unref(service->input);
	/* Which closes the connections, and tells so. */
	if (service->daemon)
		MHD_stop_daemon(service->daemon);
	sd_event_source_disable_unref(service->timer);
	connections_free(service->connections);
	sd_event_unref(service->event);
	free(service);
}
