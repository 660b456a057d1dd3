// SPDX-License-Identifier: GPL-2.0-only
#include "policy/identity_numbers.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"
#include "policy/population.h"

static void sort(void *array, size_t count, size_t size,
		 int (*compare)(const void *a, const void *b))
{
	if (count > 1)
		qsort(array, count, size, compare);
}

/* An identity and the key of the first of its pods. */
struct sorted_identity {
	struct identity *identity;
	const char *key;
};

static const char *first_key(const struct identity *identity)
{
	const struct inhabitant *inhabitant;
	const char *first = NULL;

	for (inhabitant = identity->inhabitants; inhabitant;
	     inhabitant = inhabitant->next)
		if (inhabitant->owned &&
		    (!first || strcmp(inhabitant->key, first) < 0))
			first = inhabitant->key;
	return first;
}

static int compare_sorted(const void *a, const void *b)
{
	const struct sorted_identity *left = a, *right = b;

	if (!left->key || !right->key)
		return !left->key - !right->key;
	return strcmp(left->key, right->key);
}

void identities_sort(struct identity **identities, size_t count)
{
	struct sorted_identity *sorted = xcalloc(count, sizeof(*sorted));
	size_t i;

	for (i = 0; i < count; i++)
		sorted[i] =
			(struct sorted_identity){ identities[i],
						  first_key(identities[i]) };
	sort(sorted, count, sizeof(*sorted), compare_sorted);
	for (i = 0; i < count; i++)
		identities[i] = sorted[i].identity;
	free(sorted);
}

/* Addresses of an identity stand under a number in the live objects. */
struct vote {
	size_t identity;
	uint32_t number;
	size_t count;
};

static int compare_votes_by_subject(const void *a, const void *b)
{
	const struct vote *left = a, *right = b;

	if (left->identity != right->identity)
		return left->identity < right->identity ? -1 : 1;
	return (left->number > right->number) - (left->number < right->number);
}

static int compare_votes(const void *a, const void *b)
{
	const struct vote *left = a, *right = b;

	if (left->count != right->count)
		return left->count > right->count ? -1 : 1;
	return compare_votes_by_subject(a, b);
}

static int compare_addresses(const void *a, const void *b)
{
	return ip_compare(&((const struct address *)a)->ip,
			  &((const struct address *)b)->ip);
}

/* The votes that are cast, by @count. */
struct votes {
	struct vote *list;
	size_t count;
};

static void cast_votes(struct votes *votes, size_t index,
		       const struct inhabitant *inhabitant,
		       const struct objects *live)
{
	size_t i;

	for (i = 0; i < inhabitant->claim_count; i++) {
		const struct address_record *address =
			inhabitant->claims[i].address;
		struct address wanted = { .ip = address->ip };
		const struct address *found;

		if (address->owner != inhabitant)
			continue;
		found = bsearch(&wanted, live->addresses, live->address_count,
				sizeof(wanted), compare_addresses);
		if (found)
			*array_add(votes->list, votes->count) =
				(struct vote){ index, found->identity, 1 };
	}
}

/* Those of most addresses first. */
static void count_votes(struct votes *votes)
{
	struct vote *list = votes->list;
	size_t kept = 0, i;

	sort(list, votes->count, sizeof(*list), compare_votes_by_subject);
	for (i = 0; i < votes->count; i++) {
		if (kept &&
		    !compare_votes_by_subject(&list[kept - 1], &list[i]))
			list[kept - 1].count++;
		else
			list[kept++] = list[i];
	}
	votes->count = kept;
	sort(list, kept, sizeof(*list), compare_votes);
}

static bool needs_number(const struct identity *identity)
{
	return identity->uses && !identity->number;
}

static void keep_numbers(struct numbers *numbers, struct identity **identities,
			 size_t count, const struct objects *live)
{
	const struct inhabitant *inhabitant;
	struct votes votes = {};
	size_t i;

	for (i = 0; i < count; i++)
		for (inhabitant = needs_number(identities[i]) ?
					  identities[i]->inhabitants :
					  NULL;
		     inhabitant; inhabitant = inhabitant->next)
			cast_votes(&votes, i, inhabitant, live);
	count_votes(&votes);
	for (i = 0; i < votes.count; i++) {
		struct identity *identity = identities[votes.list[i].identity];

		if (!identity->number &&
		    numbers_take(numbers, votes.list[i].number))
			identity->number = votes.list[i].number;
	}
	free(votes.list);
}

void identities_number(struct numbers *numbers, struct identity **identities,
		       size_t count, const struct objects *live)
{
	size_t i;

	identities_sort(identities, count);
	if (live && live->address_count)
		keep_numbers(numbers, identities, count, live);
	for (i = 0; i < count; i++)
		if (needs_number(identities[i]))
			identities[i]->number = numbers_allot(numbers);
}
