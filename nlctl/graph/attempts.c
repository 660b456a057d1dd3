// SPDX-License-Identifier: GPL-2.0-only
#include "graph/attempts.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "graph/port_text.h"
#include "policy/memory.h"

/* Finds attempts by their text. */
struct attempt_entry {
	char *key;
	size_t number;
	UT_hash_handle hh;
};

static char *end_text(const char *pod, const struct ip *ip)
{
	char text[NETWORK_TEXT_MAX];

	return xstrdup(pod ? pod : ip_text(ip, text));
}

static void fill(struct attempt *attempt, const struct event *event)
{
	const struct connection *connection = &event->connection;

	*attempt = (struct attempt){
		.client = end_text(event->client_pod, &connection->client),
		.server = end_text(event->server_pod, &connection->server),
		.client_ip = connection->client,
		.server_ip = connection->server,
		.client_is_pod = event->client_pod,
		.server_is_pod = event->server_pod,
		.protocol = connection->protocol,
		.port = connection->server_port,
		.audited = event->decision.mode == PODWALL_MODE_AUDIT,
		.reason = event->decision.reason,
		.origin = event->decision.origin ?
				  xstrdup(event->decision.origin) :
				  NULL,
	};
}

static void attempt_clear(struct attempt *attempt)
{
	free(attempt->client);
	free(attempt->server);
	free(attempt->origin);
	*attempt = (struct attempt){};
}

void attempts_add(struct attempts *attempts, const struct event *event)
{
	struct attempt_entry *entry;
	struct attempt attempt;
	char *key;

	if (event->accepted)
		return;
	fill(&attempt, event);
	key = xasprintf("%s %s %u %u %d %u %s", attempt.client, attempt.server,
			attempt.protocol, attempt.port, attempt.audited,
			attempt.reason, attempt.origin ? attempt.origin : "");
	HASH_FIND_STR(attempts->by_key, key, entry);
	if (entry) {
		attempts->list[entry->number].packets++;
	} else if (attempts->count == ATTEMPTS_MAX) {
		attempts->left_out++;
	} else {
		entry = xcalloc(1, sizeof(*entry));
		entry->key = key;
		entry->number = attempts->count;
		attempt.packets = 1;
		*array_add(attempts->list, attempts->count) = attempt;
		HASH_ADD_KEYPTR(hh, attempts->by_key, entry->key,
				strlen(entry->key), entry);
		return;
	}
	free(key);
	attempt_clear(&attempt);
}

static void forget_keys(struct attempts *attempts)
{
	struct attempt_entry *entry, *next;

	HASH_ITER(hh, attempts->by_key, entry, next) {
		HASH_DEL(attempts->by_key, entry);
		free(entry->key);
		free(entry);
	}
}

static int by_packets(const void *a, const void *b)
{
	const struct attempt *left = a, *right = b;
	int order = strcmp(left->client, right->client);

	if (left->packets != right->packets)
		return left->packets > right->packets ? -1 : 1;
	if (!order)
		order = strcmp(left->server, right->server);
	if (!order)
		order = left->protocol - right->protocol;
	return order ? order : left->port - right->port;
}

static size_t find_address(const struct graph *graph, const char *text)
{
	size_t i;

	for (i = graph->cell_count; i < graph->vertex_count; i++)
		if (!strcmp(graph->vertices[i].label, text))
			return i;
	return SIZE_MAX;
}

/* Who is there now is named, where the module did not say who it was. */
static void name_end(const struct graph *graph, const struct ip *ip,
		     char **text, bool *is_pod)
{
	const struct pod *pod = *is_pod ? NULL : graph_pod_at(graph, ip);

	if (!pod)
		return;
	free(*text);
	*text = xstrdup(pod->key);
	*is_pod = true;
}

static bool is_in_focus(const struct graph *graph, const char *text,
			bool is_pod)
{
	size_t vertex = is_pod ? graph_find_pod(graph, text) : SIZE_MAX;

	return vertex != SIZE_MAX && graph->vertices[vertex].focus;
}

/* A pod that has gone since is an address as well. */
static size_t place_end(struct graph *graph, const char *text,
			const struct ip *ip, bool is_pod)
{
	size_t vertex = is_pod ? graph_find_pod(graph, text) :
				 find_address(graph, text);
	size_t known;

	if (vertex == SIZE_MAX) {
		known = graph_find_ip(graph, ip);
		vertex = known;
		if (known == SIZE_MAX ||
		    (graph->vertices[known].kind == GRAPH_OUTSIDE &&
		     graph->vertex_count - graph->cell_count <
			     ATTEMPT_ADDRESSES_MAX))
			vertex = graph_add_address(graph, text);
	}
	graph->vertices[vertex].shown = true;
	return vertex;
}

void attempts_place(struct attempts *attempts, struct graph *graph)
{
	size_t kept = 0, i;

	forget_keys(attempts);
	if (attempts->count)
		qsort(attempts->list, attempts->count, sizeof(*attempts->list),
		      by_packets);
	for (i = 0; i < attempts->count; i++) {
		struct attempt *attempt = &attempts->list[i];

		name_end(graph, &attempt->client_ip, &attempt->client,
			 &attempt->client_is_pod);
		name_end(graph, &attempt->server_ip, &attempt->server,
			 &attempt->server_is_pod);
		if (!is_in_focus(graph, attempt->client,
				 attempt->client_is_pod) &&
		    !is_in_focus(graph, attempt->server,
				 attempt->server_is_pod)) {
			attempt_clear(attempt);
			continue;
		}
		attempt->from = place_end(graph, attempt->client,
					  &attempt->client_ip,
					  attempt->client_is_pod);
		attempt->to = place_end(graph, attempt->server,
					&attempt->server_ip,
					attempt->server_is_pod);
		attempts->list[kept++] = *attempt;
	}
	attempts->count = kept;
}

char *attempt_port_text(const struct attempt *attempt)
{
	const char *name = port_protocol_name(attempt->protocol);

	if (!name)
		return xasprintf("protocol %u", attempt->protocol);
	return attempt->port ? xasprintf("%u/%s", attempt->port, name) :
			       xstrdup(name);
}

void attempts_clear(struct attempts *attempts)
{
	size_t i;

	forget_keys(attempts);
	for (i = 0; i < attempts->count; i++)
		attempt_clear(&attempts->list[i]);
	free(attempts->list);
	*attempts = (struct attempts){};
}
