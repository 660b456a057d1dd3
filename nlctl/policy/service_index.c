// SPDX-License-Identifier: GPL-2.0-only
#include "policy/service_index.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>
#include "policy/memory.h"

/* How many identities serve a name under each number, in order. */
struct service_name {
	char *key;
	uint16_t *ports;
	size_t *counts;
	size_t port_count;
	struct service_use *uses;
	UT_hash_handle hh;
};

static struct service_name *find_or_add(struct service_index *index,
					const char *name, uint8_t protocol)
{
	char *key = xasprintf("%u/%s", protocol, name);
	struct service_name *service;

	HASH_FIND_STR(index->names, key, service);
	if (service) {
		free(key);
		return service;
	}
	service = xcalloc(1, sizeof(*service));
	service->key = key;
	HASH_ADD_KEYPTR(hh, index->names, key, strlen(key), service);
	return service;
}

static void free_unused(struct service_index *index,
			struct service_name *service)
{
	if (service->port_count || service->uses)
		return;
	HASH_DEL(index->names, service);
	free(service->ports);
	free(service->counts);
	free(service->key);
	free(service);
}

static void touch_users(const struct service_index *index,
			const struct service_name *service)
{
	const struct service_use *use;

	for (use = service->uses; use; use = use->next)
		touch_draft(index->touched, use->draft);
}

static size_t find_port(const struct service_name *service, uint16_t port)
{
	size_t i = 0;

	while (i < service->port_count && service->ports[i] < port)
		i++;
	return i;
}

static void add_port(struct service_index *index, struct service_name *service,
		     uint16_t port)
{
	size_t i = find_port(service, port), count = service->port_count;

	if (i < count && service->ports[i] == port) {
		service->counts[i]++;
		return;
	}
	service->ports =
		array_room(service->ports, count, sizeof(*service->ports));
	service->counts =
		array_room(service->counts, count, sizeof(*service->counts));
	memmove(&service->ports[i + 1], &service->ports[i],
		(count - i) * sizeof(*service->ports));
	memmove(&service->counts[i + 1], &service->counts[i],
		(count - i) * sizeof(*service->counts));
	service->ports[i] = port;
	service->counts[i] = 1;
	service->port_count++;
	touch_users(index, service);
}

static void remove_port(struct service_index *index,
			struct service_name *service, uint16_t port)
{
	size_t i = find_port(service, port), behind;

	if (--service->counts[i])
		return;
	behind = --service->port_count - i;
	memmove(&service->ports[i], &service->ports[i + 1],
		behind * sizeof(*service->ports));
	memmove(&service->counts[i], &service->counts[i + 1],
		behind * sizeof(*service->counts));
	touch_users(index, service);
	free_unused(index, service);
}

void service_index_add(struct service_index *index,
		       const struct identity *identity)
{
	size_t i;

	for (i = 0; i < identity->port_count; i++) {
		const struct container_port *port = &identity->ports[i];

		add_port(index, find_or_add(index, port->name, port->protocol),
			 port->port);
	}
}

void service_index_remove(struct service_index *index,
			  const struct identity *identity)
{
	size_t i;

	for (i = 0; i < identity->port_count; i++) {
		const struct container_port *port = &identity->ports[i];

		remove_port(index,
			    find_or_add(index, port->name, port->protocol),
			    port->port);
	}
}

const uint16_t *service_index_ask(struct service_index *index, const char *name,
				  uint8_t protocol, struct draft *draft,
				  uint64_t build, struct service_use **uses,
				  size_t *count)
{
	struct service_name *service = find_or_add(index, name, protocol);
	struct service_use *use = service->uses;

	*count = service->port_count;
	/* The last to ask stands first. */
	if (use && use->build == build)
		return service->ports;
	use = xcalloc(1, sizeof(*use));
	use->service = service;
	use->draft = draft;
	use->build = build;
	use->other = *uses;
	*uses = use;
	DL_PREPEND(service->uses, use);
	return service->ports;
}

void service_index_drop(struct service_index *index, struct service_use *uses)
{
	while (uses) {
		struct service_use *use = uses;

		uses = use->other;
		DL_DELETE(use->service->uses, use);
		free_unused(index, use->service);
		free(use);
	}
}

void service_index_clear(struct service_index *index)
{
	struct service_name *service = NULL, *next = NULL;

	HASH_ITER(hh, index->names, service, next) {
		service->port_count = 0;
		free_unused(index, service);
	}
	*index = (struct service_index){};
}
