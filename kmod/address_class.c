// SPDX-License-Identifier: GPL-2.0-only

#include <linux/errno.h>
#include <linux/sched.h>
#include <linux/socket.h>

#include "address_class.h"
#include "address_map_build.h"
#include "classifier.h"
#include "error.h"
#include "region_difference.h"
#include "transaction.h"

/**
 * DOC: Which addresses get another class
 *
 * A commit gives a class to each address that it names, and has to look at those
 * that it does not name where blocks change, for then an address may lie in
 * another region. Regions keep their numbers, so the old and the new ones, held
 * against each other from the lowest address to the highest, give the stretches
 * of addresses that lie in another region. Where these are few each is looked up
 * in the map; where they are many the map is walked through, and what lies
 * outside the stretches is passed over. Without stretches the map is shared.
 *
 * For example, 10.1.2.0/28 becomes a peer set's. That is one stretch of 16
 * addresses: 16 are looked up among 100,000 that have an identity, and two of
 * them have one and get another class.
 */

/*
 * Each address is somewhere else in a map that no cache holds: so many of those
 * to come are fetched while one is looked up.
 */
#define FETCH_AHEAD 8

/* To walk past so many addresses costs what it costs to look one up. */
#define WALK_AHEAD 4

static struct podwall_address_map *
addresses(const struct podwall_classifier *classifier, u8 family)
{
	return family == AF_INET ? classifier->addresses4 :
				   classifier->addresses6;
}

/**
 * podwall_addresses_begin - begin the map of one family
 * @to: receives the map; its own, or shared with @from where nothing changes
 * @from: of the policy before; unchanged
 * @family: AF_INET or AF_INET6
 * @transaction: what is to change
 * @moves: addresses that it does not name may change
 *
 * Context: Process context; may sleep.
 * Return: 0 or -ENOMEM.
 */
int podwall_addresses_begin(struct podwall_classifier *to,
			    const struct podwall_classifier *from, u8 family,
			    const struct podwall_transaction *transaction,
			    bool moves)
{
	struct podwall_address_map *live = addresses(from, family);
	const struct podwall_address_change *changes =
		transaction->addresses.elements;
	struct podwall_address_map *map;
	u32 i, staged = 0;

	for (i = 0; i < transaction->addresses.count; i++)
		staged += changes[i].ip.family == family &&
			  changes[i].identity;
	for (i = 0; !moves && i < transaction->addresses.count; i++)
		moves = changes[i].ip.family == family;
	if (transaction->flush)
		map = podwall_address_map_create(family, staged);
	else if (moves)
		map = podwall_address_map_clone(live, staged);
	else
		map = podwall_address_map_get(live);
	*podwall_classifier_addresses(to, family) = map;
	return map ? 0 : -ENOMEM;
}

static int move(struct podwall_classifier *to, const struct podwall_ip *ip,
		u32 old, u32 number)
{
	u32 new = number << to->region_bits |
		  podwall_regions_find(to->regions, ip);

	if (old == new)
		return 0;
	return podwall_address_map_set(podwall_classifier_addresses(to,
								    ip->family),
				       ip, new);
}

static int take_number(struct podwall_classifier *to,
		       const struct podwall_classifier *from, u32 *number)
{
	*number = podwall_identities_take(to->identities,
					  from->identities->entries[*number].id);
	if (!*number)
		return -ENOMEM;
	to->identities->entries[*number].users++;
	return 0;
}

/**
 * podwall_addresses_move - give each address the class that it has now
 * @to: with regions and identities, and a map of its own
 * @from: of the policy before; unchanged
 * @family: AF_INET or AF_INET6
 * @renumbers: identities have other numbers, and get them here
 *
 * Context: Process context; may sleep.
 * Return: 0 or -ENOMEM.
 */
int podwall_addresses_move(struct podwall_classifier *to,
			   const struct podwall_classifier *from, u8 family,
			   bool renumbers)
{
	const struct podwall_address_map *map = addresses(from, family);
	u32 position = 0, old, number;
	struct podwall_ip ip;
	int err = 0;

	for (;;) {
		old = podwall_address_map_next(map, &position, &ip);
		if (!old || err)
			return err;
		number = podwall_classifier_number(from, old);
		if (renumbers)
			err = take_number(to, from, &number);
		if (!err)
			err = move(to, &ip, old, number);
		if (!(position & 1023))
			cond_resched();
	}
}

static struct podwall_ip ip_at(u8 family, u64 high, u64 low)
{
	struct podwall_ip ip = { .family = family };
	struct podwall_ip_halves *halves = (struct podwall_ip_halves *)&ip.v6;

	if (family == AF_INET) {
		ip.v4 = cpu_to_be32(low);
	} else {
		halves->high = cpu_to_be64(high);
		halves->low = cpu_to_be64(low);
	}
	return ip;
}

/* The upper half is the same throughout where the addresses are so few. */
static int look_up(struct podwall_classifier *to,
		   const struct podwall_classifier *from, u8 family,
		   const struct podwall_stretch *stretch)
{
	u64 i, count = stretch->last.low - stretch->first.low + 1;
	struct podwall_ip ip;
	u32 old;
	int err;

	for (i = 0; i < count; i++) {
		ip = ip_at(family, stretch->first.high, stretch->first.low + i);
		old = podwall_address_map_find(addresses(from, family), &ip);
		if (old) {
			err = move(to, &ip, old,
				   podwall_classifier_number(from, old));
			if (err)
				return err;
		}
		if (!(i & 1023))
			cond_resched();
	}
	return 0;
}

static int walk(struct podwall_classifier *to,
		const struct podwall_classifier *from, u8 family,
		const struct podwall_array *stretches)
{
	const struct podwall_address_map *map = addresses(from, family);
	struct podwall_position position;
	u32 at = 0, old, steps = 0;
	struct podwall_ip ip;
	int err;

	while ((old = podwall_address_map_next(map, &at, &ip))) {
		position = podwall_position_of(&ip);
		if (podwall_stretches_hold(stretches, &position)) {
			err = move(to, &ip, old,
				   podwall_classifier_number(from, old));
			if (err)
				return err;
		}
		if (!(++steps & 1023))
			cond_resched();
	}
	return 0;
}

/**
 * podwall_addresses_move_stretches - give those their class that lie elsewhere now
 * @to: with regions and identities of the same numbers, as many region bits, and
 *	a map of its own
 * @from: of the policy before; unchanged
 * @family: AF_INET or AF_INET6
 * @stretches: of podwall_regions_difference()
 *
 * Context: Process context; may sleep.
 * Return: 0 or -ENOMEM.
 */
int podwall_addresses_move_stretches(struct podwall_classifier *to,
				     const struct podwall_classifier *from,
				     u8 family,
				     const struct podwall_array *stretches)
{
	const struct podwall_stretch *elements = stretches->elements;
	u32 i;
	int err = 0;

	if (podwall_stretches_size(stretches) >
	    addresses(from, family)->count / WALK_AHEAD)
		return walk(to, from, family, stretches);
	for (i = 0; !err && i < stretches->count; i++)
		err = look_up(to, from, family, &elements[i]);
	return err;
}

static int find_class(struct podwall_classifier *classifier,
		      const struct podwall_ip *ip, u32 identity, u32 *class)
{
	u32 number = podwall_identities_take(classifier->identities, identity);

	*class = number << classifier->region_bits |
		 podwall_regions_find(classifier->regions, ip);
	return number ? 0 : -ENOMEM;
}

static int set_class(struct podwall_classifier *classifier,
		     const struct podwall_ip *ip, u32 old, u32 new)
{
	int err;

	if (old == new)
		return 0;
	err = podwall_address_map_set(podwall_classifier_addresses(classifier,
								   ip->family),
				      ip, new);
	if (err)
		return err;
	podwall_classifier_count(classifier, old, -1);
	podwall_classifier_count(classifier, new, 1);
	return 0;
}

static int refuse_missing_address(const struct podwall_ip *ip,
				  struct podwall_error *error)
{
	char text[PODWALL_NETWORK_TEXT];

	return podwall_error_set(error, -ENOENT,
				 "address %s cannot be removed: it does not exist",
				 podwall_ip_text(ip, text));
}

static void fetch_change(struct podwall_classifier *classifier,
			 const struct podwall_address_change *change)
{
	podwall_address_map_prefetch(addresses(classifier, change->ip.family),
				     &change->ip);
}

/**
 * podwall_addresses_change - change the addresses that a commit names
 * @classifier: with regions and identities, and maps of its own where they change
 * @staged: of struct podwall_address_change, in the order in which they were
 *	staged: the last one holds
 * @error: receives the text of a refusal
 *
 * Context: Process context; may sleep.
 * Return: 0; -ENOENT for the removal of an address that does not exist; -ENOMEM.
 */
int podwall_addresses_change(struct podwall_classifier *classifier,
			     const struct podwall_array *staged,
			     struct podwall_error *error)
{
	const struct podwall_address_change *changes = staged->elements;
	u32 i, old, new;
	int err = 0;

	for (i = 0; !err && i < staged->count; i++) {
		const struct podwall_ip *ip = &changes[i].ip;

		if (i + FETCH_AHEAD < staged->count)
			fetch_change(classifier, &changes[i + FETCH_AHEAD]);
		old = podwall_address_map_find(addresses(classifier, ip->family),
					       ip);
		new = 0;
		if (changes[i].identity)
			err = find_class(classifier, ip, changes[i].identity,
					 &new);
		else if (!old)
			return refuse_missing_address(ip, error);
		if (!err)
			err = set_class(classifier, ip, old, new);
		if (!(i & 1023))
			cond_resched();
	}
	return err;
}
