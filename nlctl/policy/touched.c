// SPDX-License-Identifier: GPL-2.0-only
#include "policy/touched.h"

#include <stdlib.h>
#include "policy/address_table.h"
#include "policy/draft.h"
#include "policy/identity.h"
#include "policy/memory.h"
#include "policy/peer_table.h"
#include "policy/population.h"

void touch_identity(struct touched *touched, struct identity *identity)
{
	if (identity->touched)
		return;
	identity->touched = true;
	*array_add(touched->identities, touched->identity_count) = identity;
}

void touch_address(struct touched *touched, struct address_record *address)
{
	if (address->touched)
		return;
	address->touched = true;
	*array_add(touched->addresses, touched->address_count) = address;
}

void touch_inhabitant(struct touched *touched, struct inhabitant *inhabitant)
{
	if (inhabitant->touched)
		return;
	inhabitant->touched = true;
	*array_add(touched->inhabitants, touched->inhabitant_count) =
		inhabitant;
}

void touch_namespace(struct touched *touched,
		     struct namespace_record *namespace)
{
	if (namespace->touched)
		return;
	namespace->touched = true;
	*array_add(touched->namespaces, touched->namespace_count) = namespace;
}

void touch_draft(struct touched *touched, struct draft *draft)
{
	if (draft->touched)
		return;
	draft->touched = true;
	*array_add(touched->drafts, touched->draft_count) = draft;
}

void touch_peer(struct touched *touched, struct peer_entry *peer)
{
	if (peer->touched)
		return;
	peer->touched = true;
	*array_add(touched->peers, touched->peer_count) = peer;
}

void touch_use(struct touched *touched, struct identity *identity)
{
	if (identity->use_touched)
		return;
	identity->use_touched = true;
	*array_add(touched->used, touched->used_count) = identity;
}

void touch_owned(struct touched *touched, const struct inhabitant *inhabitant)
{
	size_t i;

	for (i = 0; i < inhabitant->claim_count; i++)
		if (inhabitant->claims[i].address->owner == inhabitant)
			touch_address(touched, inhabitant->claims[i].address);
}

void touch_addresses(struct touched *touched, const struct identity *identity)
{
	const struct inhabitant *inhabitant;

	for (inhabitant = identity->inhabitants; inhabitant;
	     inhabitant = inhabitant->next)
		touch_owned(touched, inhabitant);
}

bool touched_any(const struct touched *touched)
{
	return touched->identity_count || touched->address_count ||
	       touched->inhabitant_count || touched->namespace_count ||
	       touched->draft_count || touched->peer_count ||
	       touched->used_count || touched->nodes;
}

void touched_clear(struct touched *touched)
{
	free(touched->identities);
	free(touched->addresses);
	free(touched->inhabitants);
	free(touched->namespaces);
	free(touched->drafts);
	free(touched->peers);
	free(touched->used);
	*touched = (struct touched){};
}
