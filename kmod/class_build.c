// SPDX-License-Identifier: GPL-2.0-only

#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "address_class.h"
#include "class_build.h"
#include "error.h"
#include "policy.h"
#include "region_build.h"
#include "region_difference.h"
#include "region_order.h"
#include "transaction.h"

/* So many addresses tell how common each region is. */
#define SAMPLE_MAX	4096

/* Numbers that nothing has do not count before they are so many. */
#define WASTE_MIN	1024

/**
 * struct plan - how the classes of addresses come about
 * @cuts: blocks change, and so do regions
 * @renumbers: identities and regions need not keep their numbers
 * @spares: bits for more regions than there are, against moving soon
 * @moves: every address may get another class
 * @stretches4: of struct podwall_stretch; the IPv4 addresses that may, unless
 *	all do
 * @stretches6: likewise
 */
struct plan {
	bool cuts;
	bool renumbers;
	bool spares;
	bool moves;
	struct podwall_array stretches4;
	struct podwall_array stretches6;
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
		if (j == new->count ||
		    (i < old->count && from[i]->id < to[j]->id)) {
			if (has_blocks(from[i++]))
				return true;
		} else if (i == old->count || from[i]->id > to[j]->id) {
			if (has_blocks(to[j++]))
				return true;
		} else {
			if (from[i] != to[j] &&
			    !podwall_peer_set_same_blocks(from[i], to[j]))
				return true;
			i++;
			j++;
		}
		cond_resched();
	}
	return false;
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
	if (!plan->cuts) {
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

/* Which addresses may lie in another region, or have to be numbered anew. */
static int find_moves(struct plan *plan, const struct podwall_classifier *to,
		      const struct podwall_classifier *from)
{
	int err;

	plan->moves = plan->renumbers || to->region_bits != from->region_bits;
	if (plan->moves || to->regions == from->regions)
		return 0;
	err = podwall_regions_difference(from->regions, to->regions, AF_INET,
					 &plan->stretches4);
	return err ?: podwall_regions_difference(from->regions, to->regions,
						 AF_INET6, &plan->stretches6);
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

static int build_family(struct podwall_classifier *to,
			const struct podwall_classifier *from, u8 family,
			const struct podwall_transaction *transaction,
			const struct plan *plan)
{
	const struct podwall_array *stretches = family == AF_INET ?
		&plan->stretches4 : &plan->stretches6;
	int err;

	err = podwall_addresses_begin(to, from, family, transaction,
				      plan->moves || stretches->count);
	if (err || transaction->flush)
		return err;
	if (plan->moves)
		return podwall_addresses_move(to, from, family,
					      plan->renumbers);
	return podwall_addresses_move_stretches(to, from, family, stretches);
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
		err = find_moves(plan, to, from);
	if (!err)
		err = build_family(to, from, AF_INET, transaction, plan);
	if (!err)
		err = build_family(to, from, AF_INET6, transaction, plan);
	if (!err)
		err = podwall_addresses_change(to, &transaction->addresses,
					       error);
	if (!err && to->identities != from->identities && !plan->renumbers)
		podwall_identities_sweep(to->identities);
	podwall_array_free(&plan->stretches4);
	podwall_array_free(&plan->stretches6);
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

	plan.cuts = have_blocks_changed(&live->peer_sets, &policy->peer_sets);
	/* The first regions have no order to keep. */
	plan.renumbers = transaction->flush ||
			 has_wasted_numbers(&live->classifier) ||
			 (plan.cuts &&
			  live->classifier.regions->regions.count == 1);
	plan.cuts |= plan.renumbers;
	*renumbered = plan.renumbers;
	err = build_addresses(policy, live, transaction, &plan, error);
	if (err || fits_class(to))
		return err;
	/* As tightly as can be. */
	podwall_classifier_release(to);
	plan = (struct plan){ .cuts = true, .renumbers = true };
	*renumbered = true;
	err = build_addresses(policy, live, transaction, &plan, error);
	if (err || fits_class(to))
		return err;
	return podwall_error_set(error, -ENOSPC,
				 "%u identities in %u regions between the edges of blocks are more than 32 bits tell apart",
				 to->identities->count - 1,
				 to->regions->regions.count);
}
