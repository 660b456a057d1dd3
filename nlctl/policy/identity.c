// SPDX-License-Identifier: GPL-2.0-only
#include "policy/identity.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>
#include "policy/memory.h"
#include "policy/population.h"

/* A key on its way. */
struct writer {
	struct identity_table *table;
	size_t length;
};

static void write_bytes(struct writer *writer, const void *bytes, size_t count)
{
	struct identity_table *table = writer->table;

	while (writer->length + count > table->scratch_size) {
		table->scratch_size =
			table->scratch_size ? table->scratch_size * 2 : 256;
		table->scratch =
			xreallocarray(table->scratch, table->scratch_size, 1);
	}
	memcpy(table->scratch + writer->length, bytes, count);
	writer->length += count;
}

static void write_text(struct writer *writer, const char *text)
{
	write_bytes(writer, text, strlen(text) + 1);
}

/* Texts with their ends, and counts in front of lists, so that no two pods have
 * one key by chance.
 */
static size_t write_key(struct identity_table *table,
			const struct cluster_pod *pod)
{
	struct writer writer = { .table = table };
	size_t i;

	write_text(&writer, pod->namespace);
	write_bytes(&writer, &pod->labels.count, sizeof(pod->labels.count));
	for (i = 0; i < pod->labels.count; i++) {
		write_text(&writer, pod->labels.list[i].key);
		write_text(&writer, pod->labels.list[i].value);
	}
	for (i = 0; i < pod->port_count; i++) {
		const struct container_port *port = &pod->ports[i];

		write_text(&writer, port->name);
		write_bytes(&writer, &port->protocol, sizeof(port->protocol));
		write_bytes(&writer, &port->port, sizeof(port->port));
	}
	return writer.length;
}

static char *next_text(char **place)
{
	char *text = *place;

	*place += strlen(text) + 1;
	return text;
}

/* View the key as labels and ports. */
static void read_key(struct identity *identity, const struct cluster_pod *pod)
{
	char *place = identity->key;
	size_t i;

	next_text(&place);
	place += sizeof(pod->labels.count);
	identity->labels.count = pod->labels.count;
	identity->port_count = pod->port_count;
	if (pod->labels.count)
		identity->labels.list =
			xcalloc(pod->labels.count, sizeof(struct label));
	for (i = 0; i < pod->labels.count; i++) {
		identity->labels.list[i].key = next_text(&place);
		identity->labels.list[i].value = next_text(&place);
	}
	if (pod->port_count)
		identity->ports =
			xcalloc(pod->port_count, sizeof(struct container_port));
	for (i = 0; i < pod->port_count; i++) {
		identity->ports[i] = pod->ports[i];
		identity->ports[i].name = next_text(&place);
		place +=
			sizeof(pod->ports->protocol) + sizeof(pod->ports->port);
	}
}

struct identity *identity_intern(struct identity_table *table,
				 const struct cluster_pod *pod,
				 struct namespace_record *namespace)
{
	size_t length = write_key(table, pod);
	struct identity *identity;

	HASH_FIND(hh, table->identities, table->scratch, length, identity);
	if (identity)
		return identity;
	identity = xcalloc(1, sizeof(*identity));
	identity->key = xmemdup(table->scratch, length);
	identity->key_length = length;
	identity->namespace = namespace;
	read_key(identity, pod);
	HASH_ADD_KEYPTR(hh, table->identities, identity->key, length, identity);
	DL_APPEND2(namespace->identities, identity, previous, next);
	namespace->identity_count++;
	label_index_add(&table->labels, &identity->labels,
			(struct bearer){ identity, namespace });
	return identity;
}

static void free_identity(struct identity_table *table,
			  struct identity *identity)
{
	HASH_DEL(table->identities, identity);
	free(identity->labels.list);
	free(identity->ports);
	free(identity->key);
	free(identity);
}

void identity_free(struct identity_table *table, struct identity *identity)
{
	struct namespace_record *namespace = identity->namespace;

	DL_DELETE2(namespace->identities, identity, previous, next);
	namespace->identity_count--;
	label_index_remove(&table->labels, &identity->labels, identity);
	free_identity(table, identity);
}

void identity_table_clear(struct identity_table *table)
{
	struct identity *identity = NULL, *next = NULL;

	HASH_ITER(hh, table->identities, identity, next)
		free_identity(table, identity);
	label_index_clear(&table->labels);
	free(table->scratch);
}

bool identity_serves(const struct identity *identity, const char *name,
		     uint8_t protocol, uint16_t port)
{
	size_t i;

	for (i = 0; i < identity->port_count; i++)
		if (identity->ports[i].port == port &&
		    identity->ports[i].protocol == protocol &&
		    !strcmp(identity->ports[i].name, name))
			return true;
	return false;
}

bool identity_lives(const struct identity *identity)
{
	return identity->namespace->object && identity->owning;
}

bool identity_is_local(const struct identity *identity)
{
	const struct inhabitant *inhabitant;

	if (!identity->namespace->object)
		return false;
	for (inhabitant = identity->inhabitants;
	     inhabitant && inhabitant->local; inhabitant = inhabitant->next)
		if (inhabitant->owned)
			return true;
	return false;
}
