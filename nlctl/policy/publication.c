// SPDX-License-Identifier: GPL-2.0-only
#include "policy/publication.h"

#include <stdlib.h>
#include "policy/difference_order.h"
#include "policy/equality.h"
#include "policy/memory.h"
#include "policy/object_copy.h"
#include "policy/peer_members.h"
#include "policy/pod_publication.h"

void outdated_clear(struct outdated *outdated)
{
	size_t i;

	for (i = 0; i < outdated->peer_set_count; i++) {
		peer_set_clear(outdated->peer_sets[i]);
		free(outdated->peer_sets[i]);
	}
	for (i = 0; i < outdated->content_count; i++)
		rule_content_free(outdated->contents[i]);
	for (i = 0; i < outdated->pod_count; i++) {
		pod_clear(outdated->pods[i]);
		free(outdated->pods[i]);
	}
	free(outdated->peer_sets);
	free(outdated->contents);
	free(outdated->pods);
	free(outdated->addresses);
	*outdated = (struct outdated){};
}

static uint32_t identity_of(const struct address_record *address)
{
	const struct identity *identity =
		address->owner ? address->owner->identity : NULL;

	return identity && identity->uses ? identity->number : 0;
}

static void publish_addresses(struct compiler *compiler,
			      struct difference *difference)
{
	struct touched *touched = &compiler->touched;
	struct address *next;
	size_t i;

	/* They come with the first use of an identity, and go with the last. */
	for (i = 0; i < touched->used_count; i++)
		touch_addresses(touched, touched->used[i]);
	next = xcalloc(touched->address_count, 2 * sizeof(*next));
	compiler->outdated.addresses = next;
	for (i = 0; i < touched->address_count; i++) {
		struct address_record *record = touched->addresses[i];
		const struct address *before = NULL, *after = NULL;
		uint32_t identity = identity_of(record);

		if (record->published == identity)
			continue;
		if (record->published) {
			*next = (struct address){ record->ip,
						  record->published };
			before = next++;
		}
		if (identity) {
			*next = (struct address){ record->ip, identity };
			after = next++;
		}
		*array_add(difference->addresses, difference->address_count) =
			(struct address_change){ change_kind(before, after),
						 before, after };
		compiler->counts.addresses += !!identity - !!record->published;
		record->published = identity;
	}
}

static const struct peer_set *put_peer_set_aside(struct outdated *outdated,
						 struct peer_entry *peer)
{
	struct peer_set *before;

	if (!peer->published.name)
		return NULL;
	before = xmemdup(&peer->published, sizeof(peer->published));
	*array_add(outdated->peer_sets, outdated->peer_set_count) = before;
	peer->published = (struct peer_set){};
	return before;
}

static void publish_peer(struct compiler *compiler, struct peer_entry *peer,
			 struct difference *difference)
{
	const struct peer_set *before, *after = NULL;
	bool wanted = peer_is_wanted(peer);
	struct peer_set now = {};

	if (wanted && !peer->changed && peer->published.name)
		return;
	if (wanted)
		now = peer_render(peer);
	if (wanted && peer->published.name &&
	    same_peer_set(&peer->published, &now)) {
		peer_set_clear(&peer->published);
		peer_settle(peer, &now);
		return;
	}
	before = put_peer_set_aside(&compiler->outdated, peer);
	peer_settle(peer, &now);
	if (wanted)
		after = &peer->published;
	else
		peer->id = 0;
	compiler->counts.peer_sets += !!after - !!before;
	if (before || after)
		*array_add(difference->peer_sets, difference->peer_set_count) =
			(struct peer_set_change){ change_kind(before, after),
						  before, after };
}

static void publish_peers(struct compiler *compiler,
			  struct difference *difference)
{
	struct touched *touched = &compiler->touched;
	size_t i;

	for (i = 0; i < touched->peer_count; i++) {
		struct peer_entry *peer = touched->peers[i];

		publish_peer(compiler, peer, difference);
		peer->touched = false;
	}
}

static void publish_rule_sets(struct compiler *compiler,
			      struct difference *difference)
{
	struct rule_table *rules = &compiler->rules;
	size_t i;

	for (i = 0; i < rules->touched_count; i++) {
		struct rule_content *content = rules->touched[i];
		const struct rule_set *before = NULL, *after = NULL;

		if (content->users && !content->published) {
			after = &content->rule_set;
			if (content->follows)
				before = &content->follows->rule_set;
			content->follows = NULL;
			content->published = true;
		} else if (!content->users && content->published &&
			   !content->followed) {
			before = &content->rule_set;
		}
		content->touched = false;
		if (!before && !after)
			continue;
		compiler->counts.rule_sets += !!after - !!before;
		*array_add(difference->rule_sets, difference->rule_set_count) =
			(struct rule_set_change){ change_kind(before, after),
						  before, after };
	}
}

/* Numbers are free only now that all new ones are allotted. */
static void free_numbers(struct compiler *compiler,
			 const struct difference *difference)
{
	struct touched *touched = &compiler->touched;
	size_t i;

	for (i = 0; i < touched->used_count; i++) {
		struct identity *identity = touched->used[i];

		identity->use_touched = false;
		if (identity->uses || !identity->number)
			continue;
		numbers_release(&compiler->numbers, identity->number);
		identity->number = 0;
	}
	for (i = 0; i < difference->peer_set_count; i++)
		if (difference->peer_sets[i].kind == CHANGE_REMOVE)
			numbers_release(&compiler->peers.ids,
					difference->peer_sets[i].before->id);
	for (i = 0; i < difference->rule_set_count; i++)
		if (difference->rule_sets[i].kind == CHANGE_REMOVE)
			numbers_release(&compiler->rules.ids,
					difference->rule_sets[i].before->id);
}

static void sweep(struct compiler *compiler)
{
	struct touched *touched = &compiler->touched;
	struct rule_table *rules = &compiler->rules;
	size_t i;

	for (i = 0; i < rules->touched_count; i++) {
		struct rule_content *content = rules->touched[i];

		if (content->users)
			continue;
		HASH_DEL(rules->contents, content);
		*array_add(compiler->outdated.contents,
			   compiler->outdated.content_count) = content;
	}
	free(rules->touched);
	rules->touched = NULL;
	rules->touched_count = 0;
	for (i = 0; i < touched->peer_count; i++)
		if (!touched->peers[i]->uses)
			peer_table_remove(&compiler->peers, touched->peers[i]);
	population_sweep(&compiler->population);
	touched_clear(touched);
}

void publish(struct compiler *compiler, const struct objects *live,
	     struct difference *difference)
{
	struct touched *touched = &compiler->touched;
	size_t i;

	*difference = (struct difference){};
	outdated_clear(&compiler->outdated);
	publish_peers(compiler, difference);
	publish_rule_sets(compiler, difference);
	publish_addresses(compiler, difference);
	for (i = 0; i < touched->inhabitant_count; i++)
		publish_pod(compiler, touched->inhabitants[i], live,
			    difference);
	difference_sort(difference);
	free_numbers(compiler, difference);
	sweep(compiler);
}

void publication_copy(const struct compiler *compiler, struct objects *objects)
{
	const struct address_record *address;
	const struct inhabitant *inhabitant;
	const struct rule_content *content;
	const struct peer_entry *peer;

	*objects = (struct objects){};
	for (address = compiler->population.addresses.records; address;
	     address = address->hh.next)
		if (address->published)
			*array_add(objects->addresses, objects->address_count) =
				(struct address){ address->ip,
						  address->published };
	for (peer = compiler->peers.entries; peer; peer = peer->hh.next)
		if (peer->published.name)
			*array_add(objects->peer_sets,
				   objects->peer_set_count) =
				peer_set_copy(&peer->published);
	for (content = compiler->rules.contents; content;
	     content = content->hh.next)
		if (content->published)
			*array_add(objects->rule_sets,
				   objects->rule_set_count) =
				rule_set_copy(&content->rule_set);
	for (inhabitant = compiler->population.inhabitants; inhabitant;
	     inhabitant = inhabitant->hh.next)
		if (inhabitant->here && inhabitant->here->published.key)
			*array_add(objects->pods, objects->pod_count) =
				pod_copy(&inhabitant->here->published);
	objects_sort(objects);
}
