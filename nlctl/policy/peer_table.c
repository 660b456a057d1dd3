// SPDX-License-Identifier: GPL-2.0-only
#include "policy/peer_table.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>
#include "policy/memory.h"
#include "policy/peer_copy.h"
#include "policy/peer_members.h"
#include "policy/selector.h"

/* The text of a from or to entry is dear to make. */
struct peer_alias {
	const struct policy_peer *peer;
	char *text;
	UT_hash_handle hh;
};

static const char *protocol_name(uint8_t protocol)
{
	if (protocol == IPPROTO_UDP)
		return "UDP";
	return protocol == IPPROTO_SCTP ? "SCTP" : "TCP";
}

/* A peer has one namespace, that of its policy. */
static const char *text_of(struct peer_table *table,
			   const struct policy_peer *peer,
			   const char *namespace)
{
	struct peer_alias *alias;

	HASH_FIND_PTR(table->aliases, &peer, alias);
	if (alias)
		return alias->text;
	alias = xcalloc(1, sizeof(*alias));
	alias->peer = peer;
	alias->text = peer_text(peer, namespace);
	HASH_ADD_PTR(table->aliases, peer, alias);
	return alias->text;
}

static void forget_alias(struct peer_table *table, struct peer_alias *alias)
{
	HASH_DEL(table->aliases, alias);
	free(alias->text);
	free(alias);
}

void peer_table_forget(struct peer_table *table,
		       const struct policy_rule *rules, size_t count)
{
	size_t i, j;

	for (i = 0; i < count; i++)
		for (j = 0; j < rules[i].peer_count; j++) {
			const struct policy_peer *peer = &rules[i].peers[j];
			struct peer_alias *alias;

			HASH_FIND_PTR(table->aliases, &peer, alias);
			if (alias)
				forget_alias(table, alias);
		}
}

static struct peer_entry **list_of(struct peer_table *table,
				   const struct peer_entry *entry)
{
	if (entry->namespace)
		return &entry->namespace->peers;
	return peer_is_of_pods(entry) ? &table->wide : &table->fixed;
}

static void take_handle(struct peer_table *table, struct peer_entry *entry)
{
	entry->handle = numbers_allot(&table->handles);
	while (table->handle_count <= entry->handle)
		array_add(table->by_handle, table->handle_count);
	table->by_handle[entry->handle] = entry;
}

/* Takes the text over. */
static struct peer_entry *add(struct peer_table *table, char *text,
			      const struct policy_peer *peer,
			      const char *namespace,
			      const struct service *service)
{
	struct peer_entry *entry = xcalloc(1, sizeof(*entry));
	struct peer_entry **list;

	entry->text = text;
	entry->peer = policy_peer_copy(peer);
	if (peer_is_of_pods(entry) && !peer->has_namespace_selector)
		entry->namespace =
			namespace_table_intern(&table->population->namespaces,
					       namespace);
	if (service) {
		entry->serving = true;
		entry->service = *service;
		entry->service.name = xstrdup(service->name);
	}
	take_handle(table, entry);
	HASH_ADD_KEYPTR(hh, table->entries, entry->text, strlen(entry->text),
			entry);
	list = list_of(table, entry);
	DL_APPEND(*list, entry);
	peer_changed(table, entry);
	peer_fill(table, entry);
	return entry;
}

void peer_table_begin(struct peer_table *table, struct draft *draft)
{
	table->draft = draft;
	table->build++;
	table->peer_uses = NULL;
	table->service_uses = NULL;
}

static void use(struct peer_table *table, struct peer_entry *entry)
{
	struct peer_use *added;

	/* The last to ask stands first. */
	if (entry->uses && entry->uses->build == table->build)
		return;
	/* One that nobody asked for may get a peer set now. */
	if (!entry->uses)
		touch_peer(table->touched, entry);
	added = xcalloc(1, sizeof(*added));
	added->peer = entry;
	added->draft = table->draft;
	added->build = table->build;
	added->other = table->peer_uses;
	table->peer_uses = added;
	DL_PREPEND(entry->uses, added);
}

void peer_table_drop(struct peer_table *table, struct peer_use *uses)
{
	while (uses) {
		struct peer_use *dropped = uses;

		uses = dropped->other;
		DL_DELETE(dropped->peer->uses, dropped);
		if (!dropped->peer->uses)
			touch_peer(table->touched, dropped->peer);
		free(dropped);
	}
}

uint32_t peer_table_find(struct peer_table *table,
			 const struct policy_peer *peer, const char *namespace)
{
	const char *text = text_of(table, peer, namespace);
	struct peer_entry *entry;

	HASH_FIND_STR(table->entries, text, entry);
	if (!entry)
		entry = add(table, xstrdup(text), peer, namespace, NULL);
	use(table, entry);
	return entry->handle;
}

bool peer_table_find_serving(struct peer_table *table,
			     const struct policy_peer *peer,
			     const char *namespace,
			     const struct service *service, uint32_t *handle)
{
	static const struct policy_peer everybody = {
		.has_namespace_selector = true,
	};
	struct peer_entry *entry;
	char *text;

	if (peer && peer->is_nodes)
		return false;
	text = xasprintf("%s serving %s/%s at %u",
			 peer ? text_of(table, peer, namespace) :
				"pods{} in namespaces{}",
			 service->name, protocol_name(service->protocol),
			 service->port);
	HASH_FIND_STR(table->entries, text, entry);
	if (entry)
		free(text);
	else
		entry = add(table, text, peer ? peer : &everybody, namespace,
			    service);
	use(table, entry);
	*handle = entry->handle;
	return peer_is_wanted(entry);
}

bool peer_is_of_pods(const struct peer_entry *peer)
{
	return !peer->peer.is_block && !peer->peer.is_nodes;
}

bool peer_is_wanted(const struct peer_entry *peer)
{
	return peer->uses &&
	       (!peer->serving || peer->member_count || peer->block_count);
}

void peer_changed(struct peer_table *table, struct peer_entry *peer)
{
	peer->changed = true;
	touch_peer(table->touched, peer);
}

void peer_touch_drafts(const struct peer_table *table,
		       const struct peer_entry *peer)
{
	const struct peer_use *use;

	for (use = peer->uses; use; use = use->next)
		touch_draft(table->touched, use->draft);
}

static void free_entry(struct peer_table *table, struct peer_entry *entry)
{
	size_t i;

	HASH_DEL(table->entries, entry);
	if (entry->name)
		HASH_DELETE(by_name, table->names, entry);
	for (i = 0; i < entry->block_count; i++)
		free(entry->blocks[i].except);
	peer_set_clear(&entry->published);
	policy_peer_clear(&entry->peer);
	free((char *)entry->service.name);
	free(entry->blocks);
	free(entry->left);
	free(entry->joined);
	free(entry->name);
	free(entry->text);
	free(entry);
}

void peer_table_remove(struct peer_table *table, struct peer_entry *peer)
{
	struct peer_entry **list = list_of(table, peer);

	DL_DELETE(*list, peer);
	if (peer->namespace)
		touch_namespace(table->touched, peer->namespace);
	numbers_release(&table->handles, peer->handle);
	table->by_handle[peer->handle] = NULL;
	free_entry(table, peer);
}

void peer_table_clear(struct peer_table *table)
{
	struct peer_entry *entry, *next_entry;
	struct peer_alias *alias, *next_alias;

	HASH_ITER(hh, table->entries, entry, next_entry)
		free_entry(table, entry);
	HASH_ITER(hh, table->aliases, alias, next_alias)
		forget_alias(table, alias);
	numbers_clear(&table->handles);
	numbers_clear(&table->ids);
	free(table->by_handle);
	*table = (struct peer_table){};
}
