// SPDX-License-Identifier: GPL-2.0-only

#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "classifier_build.h"
#include "error.h"
#include "policy.h"
#include "region_build.h"
#include "row_changes.h"
#include "transaction.h"

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

static void forget_addresses(struct podwall_identities *identities)
{
	u32 i;

	for (i = 1; i < identities->count; i++)
		identities->entries[i].users = 0;
}

static int find_class(struct podwall_classifier *classifier,
		      const struct podwall_ip *ip, u32 identity, u32 *class)
{
	u32 number = podwall_identities_take(classifier->identities, identity);

	*class = number << classifier->region_bits |
		 podwall_regions_find(classifier->regions, ip);
	return number ? 0 : -ENOMEM;
}

static void count_user(const struct podwall_classifier *classifier, u32 class,
		       int change)
{
	u32 number = podwall_classifier_number(classifier, class);

	if (number)
		classifier->identities->entries[number].users += change;
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
	count_user(classifier, old, -1);
	count_user(classifier, new, 1);
	return 0;
}

/* After blocks changed: each address may lie in another region. */
static int move_addresses(struct podwall_classifier *to,
			  const struct podwall_classifier *from,
			  const struct podwall_address_map *map)
{
	u32 position = 0, old, new;
	struct podwall_ip ip;
	int err;

	for (;;) {
		old = podwall_address_map_next(map, &position, &ip);
		if (!old)
			return 0;
		new = podwall_classifier_number(from, old) << to->region_bits |
		      podwall_regions_find(to->regions, &ip);
		if (old != new) {
			err = podwall_address_map_set(podwall_classifier_addresses(to, ip.family),
						      &ip, new);
			if (err)
				return err;
		}
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

/* In the order in which they were staged: the last one holds. */
static int change_addresses(struct podwall_classifier *classifier,
			    const struct podwall_array *staged,
			    const struct podwall_classifier *live,
			    struct podwall_error *error)
{
	const struct podwall_address_change *changes = staged->elements;
	u32 i, old, new;
	int err;

	for (i = 0; i < staged->count; i++) {
		const struct podwall_ip *ip = &changes[i].ip;

		old = podwall_address_map_find(*podwall_classifier_addresses(classifier,
									     ip->family),
					       ip);
		new = 0;
		/* The transaction may have removed it already. */
		if (!old && !changes[i].identity &&
		    (!live ||
		     !podwall_classifier_number(live, podwall_classifier_class(live, ip))))
			return refuse_missing_address(ip, error);
		err = 0;
		if (changes[i].identity)
			err = find_class(classifier, ip, changes[i].identity,
					 &new);
		if (!err)
			err = set_class(classifier, ip, old, new);
		if (err)
			return err;
		if (!(i & 1023))
			cond_resched();
	}
	return 0;
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

static int build_regions(struct podwall_policy *policy,
			 const struct podwall_policy *live,
			 struct podwall_error *error, bool *moving)
{
	struct podwall_classifier *to = &policy->classifier;
	const struct podwall_classifier *from = &live->classifier;
	struct podwall_regions *regions;
	u8 bits;

	*moving = have_blocks_changed(&live->peer_sets, &policy->peer_sets);
	podwall_classifier_set_bits(to, from->region_bits);
	if (!*moving) {
		to->regions = podwall_regions_get(from->regions);
		return 0;
	}
	regions = podwall_regions_build(&policy->peer_sets, from->regions,
					error);
	if (IS_ERR(regions))
		return PTR_ERR(regions);
	to->regions = regions;
	bits = fls(regions->regions.count - 1);
	/* With some to spare, as changing this touches every address. */
	if (bits > to->region_bits)
		podwall_classifier_set_bits(to, bits + 1);
	return 0;
}

static int build_addresses(struct podwall_policy *policy,
			   const struct podwall_policy *live,
			   const struct podwall_transaction *transaction,
			   struct podwall_error *error)
{
	struct podwall_classifier *to = &policy->classifier;
	const struct podwall_classifier *from = &live->classifier;
	bool flush = transaction->flush, moving;
	int err;

	err = build_regions(policy, live, error, &moving);
	if (err)
		return err;
	if (flush || transaction->addresses.count)
		to->identities = podwall_identities_clone(from->identities);
	else
		to->identities = podwall_identities_get(from->identities);
	if (!to->identities)
		return -ENOMEM;
	if (flush)
		forget_addresses(to->identities);
	err = begin_map(&to->addresses4, from->addresses4, AF_INET, transaction,
			moving);
	if (!err)
		err = begin_map(&to->addresses6, from->addresses6, AF_INET6,
				transaction, moving);
	if (!err && moving && !flush) {
		err = move_addresses(to, from, from->addresses4);
		if (!err)
			err = move_addresses(to, from, from->addresses6);
	}
	if (!err)
		err = change_addresses(to, &transaction->addresses,
				       flush ? NULL : from, error);
	if (err)
		return err;
	if (to->identities != from->identities)
		podwall_identities_sweep(to->identities);
	if (fls(to->identities->count - 1) + to->region_bits > 32)
		return podwall_error_set(error, -ENOSPC,
					 "%u identities in %u regions between the edges of blocks are more than 32 bits tell apart",
					 to->identities->count - 1,
					 to->regions->regions.count);
	return 0;
}

/**
 * podwall_classifier_build - make the classifier of the next policy
 * @policy: not published, with its peer sets and rule sets
 * @live: the policy before it; unchanged
 * @transaction: what changes
 * @error: receives the text of a refusal
 *
 * Context: Process context, under &podwall_net.mutex; may sleep.
 * Return: 0, -ENOENT for the removal of an address that does not exist, -ENOSPC
 * for blocks, rule sets or memory over a limit, -ENOMEM. What was made of the
 * classifier by then is for podwall_classifier_release().
 */
int podwall_classifier_build(struct podwall_policy *policy,
			     const struct podwall_policy *live,
			     const struct podwall_transaction *transaction,
			     struct podwall_error *error)
{
	int err;

	err = build_addresses(policy, live, transaction, error);
	return err ?: podwall_row_changes_build(policy, live, error);
}

/**
 * podwall_classifier_store - change one address in the live policy
 * @live: the live policy; on success its generation has risen by one
 * @transaction: what changes
 *
 * One store decides, so that packets see the change or do not. That takes an
 * address that gets an identity there is already, or loses its own, and a policy
 * that shares neither page nor identities with an older one that packets or a
 * listing may still be using.
 *
 * Context: Process context, under &podwall_net.mutex.
 * Return: whether that was all that the transaction changes; false with nothing
 * changed where it takes podwall_classifier_build().
 */
bool podwall_classifier_store(struct podwall_policy *live,
			      const struct podwall_transaction *transaction)
{
	const struct podwall_address_change *change =
		transaction->addresses.elements;
	struct podwall_classifier *classifier = &live->classifier;
	struct podwall_identities *identities = classifier->identities;
	struct podwall_address_map *map;
	u32 old, number, new = 0;

	if (!podwall_transaction_is_address(transaction) ||
	    refcount_read(&live->references) != 1 ||
	    refcount_read(&identities->references) != 1)
		return false;
	map = *podwall_classifier_addresses(classifier, change->ip.family);
	old = podwall_address_map_find(map, &change->ip);
	if (!old && (!change->identity ||
		     live->used.addresses >= live->settings.limits.addresses))
		return false;
	if (change->identity) {
		number = podwall_identities_find(identities, change->identity);
		if (!number)
			return false;
		new = number << classifier->region_bits |
		      podwall_regions_find(classifier->regions, &change->ip);
	}
	if (!podwall_address_map_store(map, &change->ip, new))
		return false;
	count_user(classifier, old, -1);
	count_user(classifier, new, 1);
	live->used.addresses += !!new - !!old;
	WRITE_ONCE(live->generation, live->generation + 1);
	return true;
}
