// SPDX-License-Identifier: GPL-2.0-only

#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "class_build.h"
#include "error.h"
#include "policy.h"
#include "region_build.h"
#include "region_order.h"
#include "transaction.h"

/*
 * Each address is somewhere else in a map that no cache holds: so many of those
 * to come are fetched while one is looked up.
 */
#define FETCH_AHEAD 8

/* So many addresses tell how common each region is. */
#define SAMPLE_MAX	4096

/* Numbers that nothing has do not count before they are so many. */
#define WASTE_MIN	1024

/**
 * struct plan - how the classes of addresses come about
 * @moves: an address that the commit does not name may get another class
 * @renumbers: identities and regions need not keep their numbers
 * @spares: bits for more regions than there are, against moving soon
 */
struct plan {
	bool moves;
	bool renumbers;
	bool spares;
};

/* More than half of all, which every row has cells for. */
static bool has_wasted_numbers(const struct podwall_classifier *classifier)
{
	const struct podwall_identities *identities = classifier->identities;
	const struct podwall_regions *regions = classifier->regions;
	u32 i, count = identities->count + regions->regions.count, used = 0;

	if (count < WASTE_MIN)
		return false;
	for (i = 1; i < identities->count; i++)
		used += !!identities->entries[i].users;
	for (i = 1; i < regions->regions.count; i++)
		used += !!podwall_regions_region(regions, i)->ranges;
	return used < count / 2;
}

static bool has_blocks(const struct podwall_peer_set *set)
{
	return set->blocks.count;
}

static bool have_blocks_changed(const struct podwall_array *old,
				const struct podwall_array *new)
{
	struct podwall_peer_set *const *from = old->elements;
	struct podwall_peer_set *const *to = new->elements;
	u32 i = 0, j = 0;

	while (i < old->count || j < new->count) {
		if (i < old->count && j < new->count && from[i] == to[j]) {
			i++;
			j++;
		} else if (j == new->count ||
			   (i < old->count && from[i]->id < to[j]->id)) {
			if (has_blocks(from[i++]))
				return true;
		} else {
			/* Of one id the older comes second, and is no equal. */
			if (has_blocks(to[j++]))
				return true;
		}
	}
	return false;
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

/* To where each address lies now, and to the number its identity has now. */
static int move_addresses(struct podwall_classifier *to,
			  const struct podwall_classifier *from,
			  const struct podwall_address_map *map,
			  const struct plan *plan)
{
	u32 position = 0, old, new, number;
	struct podwall_ip ip;
	int err = 0;

	for (;;) {
		old = podwall_address_map_next(map, &position, &ip);
		if (!old || err)
			return err;
		number = podwall_classifier_number(from, old);
		if (plan->renumbers) {
			number = podwall_identities_take(to->identities,
							 from->identities->entries[number].id);
			if (!number)
				return -ENOMEM;
			to->identities->entries[number].users++;
		}
		new = number << to->region_bits |
		      podwall_regions_find(to->regions, &ip);
		if (old != new)
			err = podwall_address_map_set(podwall_classifier_addresses(to, ip.family),
						      &ip, new);
		if (!(position & 1023))
			cond_resched();
	}
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
	podwall_address_map_prefetch(*podwall_classifier_addresses(classifier,
								   change->ip.family),
				     &change->ip);
}

/* In the order in which they were staged: the last one holds. */
static int change_addresses(struct podwall_classifier *classifier,
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
		old = podwall_address_map_find(*podwall_classifier_addresses(classifier,
									     ip->family),
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

static int begin_map(struct podwall_address_map **map,
		     struct podwall_address_map *live, u8 family,
		     const struct podwall_transaction *transaction, bool moving)
{
	const struct podwall_address_change *changes =
		transaction->addresses.elements;
	u32 i, staged = 0;

	for (i = 0; i < transaction->addresses.count; i++)
		staged += changes[i].ip.family == family &&
			  changes[i].identity;
	for (i = 0; !moving && i < transaction->addresses.count; i++)
		moving = changes[i].ip.family == family;
	if (transaction->flush)
		*map = podwall_address_map_create(family, staged);
	else if (moving)
		*map = podwall_address_map_clone(live, staged);
	else
		*map = podwall_address_map_get(live);
	return *map ? 0 : -ENOMEM;
}

static void sample_staged(const struct podwall_regions *regions,
			  const struct podwall_array *staged, u32 *population)
{
	const struct podwall_address_change *changes = staged->elements;
	u32 i, step = DIV_ROUND_UP(staged->count, SAMPLE_MAX);

	for (i = 0; i < staged->count; i += step)
		population[podwall_regions_find(regions, &changes[i].ip)]++;
}

/* By hash, so that the first are as good as any. */
static void sample_map(const struct podwall_regions *regions,
		       const struct podwall_address_map *map, u32 *population)
{
	struct podwall_ip ip;
	u32 i, position = 0;

	for (i = 0; i < SAMPLE_MAX; i++) {
		if (!podwall_address_map_next(map, &position, &ip))
			return;
		population[podwall_regions_find(regions, &ip)]++;
	}
}

/* By how common each region is, as far as some of the addresses tell. */
static int order_regions(struct podwall_regions *regions,
			 const struct podwall_classifier *live,
			 const struct podwall_transaction *transaction)
{
	u32 *population;
	int err;

	population = kvcalloc(regions->regions.count, sizeof(*population),
			      GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!population)
		return -ENOMEM;
	sample_staged(regions, &transaction->addresses, population);
	if (!transaction->flush) {
		sample_map(regions, live->addresses4, population);
		sample_map(regions, live->addresses6, population);
	}
	err = podwall_regions_order(regions, population);
	kvfree(population);
	return err;
}

/* As changing the bits touches every address. */
static u8 spare(u8 bits)
{
	return max_t(u8, bits + 1, PODWALL_REGION_BITS_MIN);
}

static int build_regions(struct podwall_policy *policy,
			 const struct podwall_policy *live,
			 const struct podwall_transaction *transaction,
			 struct plan *plan, struct podwall_error *error)
{
	struct podwall_classifier *to = &policy->classifier;
	const struct podwall_classifier *from = &live->classifier;
	struct podwall_regions *regions;
	u8 bits;

	podwall_classifier_set_bits(to, from->region_bits);
	if (!plan->moves) {
		to->regions = podwall_regions_get(from->regions);
		return 0;
	}
	regions = podwall_regions_build(&policy->peer_sets,
					plan->renumbers ? NULL : from->regions,
					error);
	if (IS_ERR(regions))
		return PTR_ERR(regions);
	to->regions = regions;
	bits = fls(regions->regions.count - 1);
	if (plan->renumbers)
		podwall_classifier_set_bits(to, plan->spares ? spare(bits) :
							       bits);
	else if (bits > to->region_bits)
		podwall_classifier_set_bits(to, spare(bits));
	return plan->renumbers ? order_regions(regions, from, transaction) : 0;
}

static int build_identities(struct podwall_classifier *to,
			    const struct podwall_classifier *from,
			    const struct podwall_transaction *transaction,
			    const struct plan *plan)
{
	if (plan->renumbers)
		to->identities = podwall_identities_create();
	else if (transaction->addresses.count)
		to->identities = podwall_identities_clone(from->identities);
	else
		to->identities = podwall_identities_get(from->identities);
	return to->identities ? 0 : -ENOMEM;
}

static int build_addresses(struct podwall_policy *policy,
			   const struct podwall_policy *live,
			   const struct podwall_transaction *transaction,
			   struct plan *plan, struct podwall_error *error)
{
	struct podwall_classifier *to = &policy->classifier;
	const struct podwall_classifier *from = &live->classifier;
	int err;

	err = build_regions(policy, live, transaction, plan, error);
	if (!err)
		err = build_identities(to, from, transaction, plan);
	if (!err)
		err = begin_map(&to->addresses4, from->addresses4, AF_INET,
				transaction, plan->moves);
	if (!err)
		err = begin_map(&to->addresses6, from->addresses6, AF_INET6,
				transaction, plan->moves);
	if (!err && plan->moves && !transaction->flush) {
		err = move_addresses(to, from, from->addresses4, plan);
		if (!err)
			err = move_addresses(to, from, from->addresses6, plan);
	}
	if (!err)
		err = change_addresses(to, &transaction->addresses, error);
	if (!err && to->identities != from->identities && !plan->renumbers)
		podwall_identities_sweep(to->identities);
	return err;
}

static bool fits_class(const struct podwall_classifier *classifier)
{
	return fls(classifier->identities->count - 1) +
	       classifier->region_bits <= 32;
}

/**
 * podwall_classes_build - find the class of each address for the next policy
 * @policy: not published, with its peer sets; receives addresses, regions and
 *	identities
 * @live: the policy before it; unchanged
 * @transaction: what changes
 * @renumbered: receives whether identities and regions got other numbers
 * @error: receives the text of a refusal
 *
 * Context: Process context, under &podwall_net.mutex; may sleep.
 * Return: 0, -ENOENT for the removal of an address that does not exist, -ENOSPC
 * for too many blocks, identities and regions, -ENOMEM. What was made by then is
 * for podwall_classifier_release().
 */
int podwall_classes_build(struct podwall_policy *policy,
			  const struct podwall_policy *live,
			  const struct podwall_transaction *transaction,
			  bool *renumbered, struct podwall_error *error)
{
	struct podwall_classifier *to = &policy->classifier;
	struct plan plan = { .spares = true };
	int err;

	plan.moves = have_blocks_changed(&live->peer_sets, &policy->peer_sets);
	/* The first regions have no order to keep. */
	plan.renumbers = transaction->flush ||
			 has_wasted_numbers(&live->classifier) ||
			 (plan.moves &&
			  live->classifier.regions->regions.count == 1);
	plan.moves |= plan.renumbers;
	*renumbered = plan.renumbers;
	err = build_addresses(policy, live, transaction, &plan, error);
	if (err || fits_class(to))
		return err;
	/* As tightly as can be. */
	podwall_classifier_release(to);
	plan = (struct plan){ .renumbers = true, .moves = true };
	*renumbered = true;
	err = build_addresses(policy, live, transaction, &plan, error);
	if (err || fits_class(to))
		return err;
	return podwall_error_set(error, -ENOSPC,
				 "%u identities in %u regions between the edges of blocks are more than 32 bits tell apart",
				 to->identities->count - 1,
				 to->regions->regions.count);
}
