// SPDX-License-Identifier: GPL-2.0-only
#include "policy/update.h"

#include <stdlib.h>
#include <string.h>
#include "policy/identity_numbers.h"
#include "policy/live_pod.h"
#include "policy/memory.h"
#include "policy/peer_blocks.h"
#include "policy/peer_ids.h"
#include "policy/peer_members.h"

static void touch_local_pods(struct touched *touched,
			     const struct identity *identity)
{
	struct inhabitant *inhabitant;

	for (inhabitant = identity->inhabitants;
	     inhabitant && inhabitant->local; inhabitant = inhabitant->next)
		touch_inhabitant(touched, inhabitant);
}

/* Its labels, or its mode, concern all of its pods. */
static void spread_namespaces(struct compiler *compiler)
{
	struct touched *touched = &compiler->touched;
	size_t i;

	for (i = 0; i < touched->namespace_count; i++) {
		const struct namespace_record *namespace =
			touched->namespaces[i];
		struct identity *identity;

		if (namespace->object == namespace->known)
			continue;
		for (identity = namespace->identities; identity;
		     identity = identity->next) {
			touch_identity(touched, identity);
			touch_local_pods(touched, identity);
			/* A policy that is gone may have selected it. */
			if (identity->draft)
				touch_draft(touched, identity->draft);
		}
	}
}

static void hold_identities(struct compiler *compiler)
{
	struct touched *touched = &compiler->touched;
	size_t i;

	for (i = 0; i < touched->identity_count; i++) {
		struct identity *identity = touched->identities[i];
		bool lives = identity_lives(identity);

		peer_table_hold(&compiler->peers, identity);
		if (lives && !identity->known)
			service_index_add(&compiler->services, identity);
		else if (!lives && identity->known)
			service_index_remove(&compiler->services, identity);
		if (lives != identity->known)
			touch_addresses(touched, identity);
		identity->known = lives;
	}
	for (i = 0; i < touched->namespace_count; i++)
		namespace_table_learn(&compiler->population.namespaces,
				      touched->namespaces[i]);
	peer_table_refill_blocks(&compiler->peers);
	if (touched->nodes)
		peer_table_refill_nodes(&compiler->peers);
}

static void begin_drafts(struct compiler *compiler)
{
	struct touched *touched = &compiler->touched;
	size_t i;

	for (i = 0; i < touched->identity_count; i++) {
		struct identity *identity = touched->identities[i];
		bool local = identity_is_local(identity);

		if (local && !identity->draft) {
			identity->draft = draft_new(touched, identity);
		} else if (!local && identity->draft) {
			identity->draft->identity = NULL;
			touch_draft(touched, identity->draft);
			identity->draft = NULL;
		}
	}
}

static void build_drafts(struct compiler *compiler)
{
	struct touched *touched = &compiler->touched;
	size_t kept = 0, i;

	for (i = 0; i < touched->draft_count; i++) {
		struct draft *draft = touched->drafts[i];

		if (!draft->identity) {
			draft_free(draft, &compiler->peers, &compiler->rules);
			continue;
		}
		touched->drafts[kept++] = draft;
		draft_build(draft, &compiler->policies, &compiler->peers);
	}
	touched->draft_count = kept;
}

static void settle_drafts(struct compiler *compiler)
{
	struct touched *touched = &compiler->touched;
	size_t i;

	for (i = 0; i < touched->draft_count; i++) {
		struct draft *draft = touched->drafts[i];

		draft_settle(draft, &compiler->peers, &compiler->rules);
		touch_local_pods(touched, draft->identity);
		draft->touched = false;
	}
	touched->draft_count = 0;
}

static int by_key(const void *a, const void *b)
{
	const struct inhabitant *const *left = a, *const *right = b;

	return strcmp((*left)->key, (*right)->key);
}

static uint32_t rule_set_of(const struct pod *pod, size_t part)
{
	const uint32_t ids[PARTS] = {
		[PART_INGRESS] = pod->ingress_rule_set,
		[PART_EGRESS] = pod->egress_rule_set,
		[PART_INGRESS_ENFORCED] = pod->ingress_enforced_rule_set,
		[PART_EGRESS_ENFORCED] = pod->egress_enforced_rule_set,
	};

	return ids[part];
}

/* A pod whose rules changed keeps the id of its rule set, so that only the
 * content of the set has to change.
 */
static void wish_ids(struct compiler *compiler, const struct objects *live)
{
	struct touched *touched = &compiler->touched;
	size_t i, j;

	if (touched->inhabitant_count > 1)
		qsort(touched->inhabitants, touched->inhabitant_count,
		      sizeof(*touched->inhabitants), by_key);
	for (i = 0; i < touched->inhabitant_count; i++) {
		const struct inhabitant *inhabitant = touched->inhabitants[i];
		const struct draft *draft =
			inhabitant->identity ? inhabitant->identity->draft :
					       NULL;
		const struct pod *pod = live_pod(live, inhabitant->key);

		if (!pod && inhabitant->here && inhabitant->here->published.key)
			pod = &inhabitant->here->published;
		if (!pod || !draft || !inhabitant->local || !inhabitant->owned)
			continue;
		for (j = 0; j < PARTS; j++)
			if (draft->parts[j].content)
				rule_table_wish(&compiler->rules,
						draft->parts[j].content,
						rule_set_of(pod, j));
	}
}

static void number_rule_sets(struct compiler *compiler,
			     const struct objects *live)
{
	if (!compiler->rules.touched_count)
		return;
	if (live)
		rule_table_keep(&compiler->rules, live);
	wish_ids(compiler, live);
	rule_table_number(&compiler->rules);
}

void update(struct compiler *compiler, const struct objects *live)
{
	struct touched *touched = &compiler->touched;

	if (compiler->numbered)
		live = NULL;
	spread_namespaces(compiler);
	hold_identities(compiler);
	/* The first numbers do not depend on the order of the events. */
	if (!compiler->numbered)
		identities_sort(touched->identities, touched->identity_count);
	begin_drafts(compiler);
	build_drafts(compiler);
	peer_table_empty_unused(&compiler->peers);
	peers_number(&compiler->peers, live);
	identities_number(&compiler->numbers, touched->used,
			  touched->used_count, live);
	settle_drafts(compiler);
	number_rule_sets(compiler, live);
	compiler->numbered = true;
}
