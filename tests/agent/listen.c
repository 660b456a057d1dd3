// SPDX-License-Identifier: GPL-2.0-only
/*
 * Watches an API server as the agent does, and prints what its audience is told, a
 * line each, until it is told to end.
 *
 *	listen KUBECONFIG [LIMIT=NUMBER ...] [KIND ...]
 */
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-event.h>

#include "agent/api.h"
#include "agent/credentials.h"
#include "agent/log.h"
#include "agent/watcher.h"

static bool quiet;
static struct watcher *watchers[RESOURCE_COUNT];

/* "namespace/name" or "name". */
static void print(const char *what, const struct resource *resource,
		  const char *api_version, const json_t *object)
{
	const json_t *metadata = json_object_get(object, "metadata");
	const char *namespace =
		json_string_value(json_object_get(metadata, "namespace"));
	const char *name = json_string_value(json_object_get(metadata, "name"));
	const char *version =
		json_string_value(json_object_get(metadata, "resourceVersion"));

	printf("%s %s %s%s%s %s %s\n", what, resource->plural,
	       namespace ? namespace : "", namespace ? "/" : "", name, version,
	       api_version);
}

static void on_begin(void *context, const struct resource *resource)
{
	(void)context;
	printf("begin %s\n", resource->plural);
}

static void on_put(void *context, const struct resource *resource,
		   const char *api_version, json_t *object)
{
	(void)context;
	if (!quiet)
		print("put", resource, api_version, object);
}

static void on_removed(void *context, const struct resource *resource,
		       json_t *object)
{
	(void)context;
	print("removed", resource, "-", object);
}

static void on_end(void *context, const struct resource *resource)
{
	(void)context;
	printf("end %s\n", resource->plural);
}

/* On SIGUSR1: what the watchers have counted. */
static int on_signal(sd_event_source *source,
		     const struct signalfd_siginfo *info, void *context)
{
	size_t i;

	(void)info;
	(void)context;
	if (sd_event_source_get_signal(source) != SIGUSR1)
		return sd_event_exit(sd_event_source_get_event(source), 0);
	for (i = 0; i < RESOURCE_COUNT; i++) {
		struct watcher_counts counts;

		if (!watchers[i])
			continue;
		counts = watcher_counts(watchers[i]);
		printf("counts %s lists=%llu watches=%llu events=%llu failures=%llu complete=%d watching=%d served=%d\n",
		       watcher_resource(watchers[i])->plural,
		       (unsigned long long)counts.lists,
		       (unsigned long long)counts.watches,
		       (unsigned long long)counts.events,
		       (unsigned long long)counts.failures, counts.complete,
		       counts.watching, counts.served);
	}
	return 0;
}

/* A limit by its name; NULL when there is none. */
static void set_limit(struct watcher_limits *watcher, struct api_limits *api,
		      const char *name, unsigned long value)
{
	if (!strcmp(name, "watch"))
		watcher->reflector.watch_min = value;
	if (!strcmp(name, "page"))
		watcher->reflector.page = value;
	else if (!strcmp(name, "watch"))
		watcher->reflector.watch_max = value;
	else if (!strcmp(name, "find"))
		watcher->reflector.find = value;
	else if (!strcmp(name, "first"))
		watcher->reflector.backoff_first = value;
	else if (!strcmp(name, "max"))
		watcher->reflector.backoff_max = value;
	else if (!strcmp(name, "silence"))
		watcher->silence = value;
	else if (!strcmp(name, "answer"))
		watcher->answer = value;
	else if (!strcmp(name, "overtime"))
		watcher->overtime = value;
	else if (!strcmp(name, "steady"))
		watcher->steady = value;
	else if (!strcmp(name, "frame"))
		watcher->frame = value;
	else if (!strcmp(name, "patience"))
		watcher->patience = value;
	else if (!strcmp(name, "connect"))
		api->connect = value;
	else if (!strcmp(name, "unacknowledged"))
		api->unacknowledged = value;
	else if (!strcmp(name, "body"))
		api->body = value;
	else if (!strcmp(name, "outage"))
		api->outage = value;
	else if (!strcmp(name, "quiet"))
		quiet = value;
	else
		abort();
}

static bool is_wanted(char **words, const char *plural)
{
	bool named = false;

	for (; *words; words++) {
		if (!strcmp(*words, plural))
			return true;
		if (!strchr(*words, '='))
			named = true;
	}
	return !named;
}

int main(int argc, char **argv)
{
	static const struct audience audience = {
		.begin = on_begin,
		.put = on_put,
		.removed = on_removed,
		.end = on_end,
	};
	struct watcher_limits limits = watcher_usual_limits;
	static const int signals[] = { SIGTERM, SIGINT, SIGUSR1 };
	struct api_limits api_limits = {};
	struct credentials *credentials;
	const struct nlctl nlctl = {};
	sd_event *event;
	struct api *api;
	sigset_t set;
	char **word;
	size_t i;

	if (argc < 2)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (word = argv + 2; *word; word++) {
		char *equals = strchr(*word, '=');

		if (equals) {
			char *name = strndup(*word, equals - *word);

			set_limit(&limits, &api_limits, name,
				  strtoul(equals + 1, NULL, 10));
			free(name);
		}
	}
	credentials =
		credentials_read(&nlctl, strcmp(argv[1], "-") ? argv[1] : NULL);
	if (!credentials)
		return 1;
	if (sd_event_new(&event) < 0)
		return 1;
	sigemptyset(&set);
	for (i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		sigaddset(&set, signals[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		if (sd_event_add_signal(event, NULL, signals[i], on_signal,
					NULL) < 0)
			return 1;
	api = api_new(event, credentials);
	api_limit(api, &api_limits);
	for (i = 0; i < RESOURCE_COUNT; i++) {
		if (!is_wanted(argv + 2, resources[i].plural))
			continue;
		watchers[i] = watcher_new(event, api, &resources[i], &audience);
		watcher_limit(watchers[i], &limits);
	}
	log_notice("listens to %s", credentials_server(credentials));
	sd_event_loop(event);
	for (i = 0; i < RESOURCE_COUNT; i++)
		watcher_free(watchers[i]);
	api_free(api);
	credentials_free(credentials);
	sd_event_unref(event);
	return 0;
}
