// SPDX-License-Identifier: GPL-2.0-only
#include "policy/claim_warning.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"
#include "policy/population.h"

/* Few addresses have one, so it is no part of their records. */
struct contest {
	struct address_record *address;
	UT_hash_handle hh;
};

/* A warning that was told; @holds when the last look found it again. */
struct told_warning {
	char *text;
	bool holds;
	UT_hash_handle hh;
};

void contest_note(struct address_table *table, struct address_record *address)
{
	const struct claim *claim = address->claims;
	struct contest *contest;

	if (!table->contests && claim && !claim->next && !address->nodes)
		return;
	HASH_FIND_PTR(table->contests, &address, contest);
	if (claim && (claim->next || address->nodes)) {
		table->contests_changed = true;
		if (contest)
			return;
		contest = xcalloc(1, sizeof(*contest));
		contest->address = address;
		HASH_ADD_PTR(table->contests, address, contest);
	} else if (contest) {
		table->contests_changed = true;
		HASH_DEL(table->contests, contest);
		free(contest);
	}
}

/* A claim that is not followed. */
struct refusal {
	const struct claim *claim;
	bool shared; /* with a node */
};

struct refusals {
	struct refusal *list;
	size_t count;
};

/* One address of a pod is enough to tell. */
static bool is_first_shared(const struct claim *claim)
{
	const struct claim *other = claim->inhabitant->claims;

	while (!other->address->nodes)
		other++;
	return other == claim;
}

static void list_refusals(const struct address_record *address,
			  struct refusals *refusals)
{
	const struct claim *claim;

	for (claim = address->claims; claim; claim = claim->next) {
		if (claim->inhabitant->shared ?
			    address->nodes && is_first_shared(claim) :
			    claim->inhabitant != address->owner)
			*array_add(refusals->list, refusals->count) =
				(struct refusal){
					claim,
					claim->inhabitant->shared,
				};
	}
}

/* Those with a node first, by pod; the others by address. */
static int compare_refusals(const void *a, const void *b)
{
	const struct refusal *left = a, *right = b;
	int order;

	if (left->shared != right->shared)
		return right->shared - left->shared;
	if (!left->shared) {
		order = ip_compare(&left->claim->address->ip,
				   &right->claim->address->ip);
		if (order)
			return order;
	}
	return strcmp(left->claim->inhabitant->key,
		      right->claim->inhabitant->key);
}

/* Whether nothing says that a pod has left its address. */
static bool stays(const struct inhabitant *inhabitant)
{
	return inhabitant->runs && !inhabitant->deleting;
}

static char *refusal_text(const struct refusal *refusal)
{
	const struct inhabitant *owner = refusal->claim->address->owner;
	char ip[INET6_ADDRSTRLEN];

	ip_text(&refusal->claim->address->ip, ip);
	if (refusal->shared)
		return xasprintf(
			"%s is the address of a node; the pod is taken for one of the host network, which policies do not select",
			ip);
	if (stays(refusal->claim->inhabitant) && stays(owner))
		return xasprintf(
			"%s is taken to belong to Pod %s, though both pods run; delete the one that is gone",
			ip, owner->key);
	return xasprintf("%s is taken to belong to Pod %s", ip, owner->key);
}

/* Whether the text is new, which it is no longer then. */
static bool is_news(struct address_table *table, const char *key,
		    const char *text)
{
	char *whole = xasprintf("%s %s", key, text);
	struct told_warning *told;

	HASH_FIND_STR(table->told, whole, told);
	if (told) {
		free(whole);
		told->holds = true;
		return false;
	}
	told = xcalloc(1, sizeof(*told));
	told->text = whole;
	told->holds = true;
	HASH_ADD_KEYPTR(hh, table->told, told->text, strlen(told->text), told);
	return true;
}

static void tell(struct address_table *table, const struct refusal *refusal,
		 struct problems *problems)
{
	const struct inhabitant *inhabitant = refusal->claim->inhabitant;
	char *text = refusal_text(refusal);

	if (is_news(table, inhabitant->key, text)) {
		struct place place = origin_place(&inhabitant->origin);
		char *object = xasprintf("Pod %s", inhabitant->key);

		problem_add(problems, SEVERITY_WARNING, &place, object,
			    "status.podIPs", "%s", text);
		free(object);
	}
	free(text);
}

static void forget(struct address_table *table, struct told_warning *told)
{
	HASH_DEL(table->told, told);
	free(told->text);
	free(told);
}

void address_table_warn(struct address_table *table, struct problems *problems)
{
	struct told_warning *told, *next;
	struct refusals refusals = {};
	const struct contest *contest;
	size_t i;

	if (!table->contests_changed)
		return;
	table->contests_changed = false;
	for (told = table->told; told; told = told->hh.next)
		told->holds = false;
	for (contest = table->contests; contest; contest = contest->hh.next)
		list_refusals(contest->address, &refusals);
	if (refusals.count > 1)
		qsort(refusals.list, refusals.count, sizeof(*refusals.list),
		      compare_refusals);
	for (i = 0; i < refusals.count; i++)
		tell(table, &refusals.list[i], problems);
	free(refusals.list);
	HASH_ITER(hh, table->told, told, next)
		if (!told->holds)
			forget(table, told);
}

void claim_warnings_clear(struct address_table *table)
{
	struct contest *contest, *next_contest;
	struct told_warning *told, *next_told;

	HASH_ITER(hh, table->contests, contest, next_contest) {
		HASH_DEL(table->contests, contest);
		free(contest);
	}
	HASH_ITER(hh, table->told, told, next_told)
		forget(table, told);
}
