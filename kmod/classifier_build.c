// SPDX-License-Identifier: GPL-2.0-only

#include <linux/err.h>
#include <linux/sched.h>

#include "address_map_build.h"
#include "class_build.h"
#include "classifier_build.h"
#include "policy.h"
#include "row_changes.h"
#include "transaction.h"

/* So few classes are no waste. */
#define WASTE_MIN	256

static bool tells_ports(const struct podwall_port_map *ports,
			const struct podwall_array *old,
			const struct podwall_array *new)
{
	struct podwall_rule_set *const *from = old->elements;
	struct podwall_rule_set *const *to = new->elements;
	u32 i, j = 0;

	for (i = 0; i < new->count; i++) {
		while (j < old->count && from[j]->id < to[i]->id)
			j++;
		if (j < old->count && from[j] == to[i])
			continue;
		if (!podwall_port_map_tells(ports, to[i]))
			return false;
		cond_resched();
	}
	return true;
}

/* Every row has a word for each class, also of ports that no rule names now. */
static bool has_wasted_classes(const struct podwall_port_map *ports,
			       const struct podwall_array *rule_sets)
{
	return ports->count > WASTE_MIN &&
	       podwall_port_map_count_ranges(rule_sets) <
	       ports->range_count / 2;
}

static int build_ports(struct podwall_policy *policy,
		       const struct podwall_policy *live, bool flush,
		       struct podwall_error *error)
{
	struct podwall_port_map *ports = live->classifier.ports;

	if (!flush && !has_wasted_classes(ports, &policy->rule_sets) &&
	    tells_ports(ports, &live->rule_sets, &policy->rule_sets))
		ports = podwall_port_map_get(ports);
	else
		ports = podwall_port_map_build(&policy->rule_sets, error);
	if (IS_ERR(ports))
		return PTR_ERR(ports);
	policy->classifier.ports = ports;
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
 * for blocks, rule sets or memory over a limit, -EINTR when the process is being
 * killed, -ENOMEM. What was made of the
 * classifier by then is for podwall_classifier_release().
 */
int podwall_classifier_build(struct podwall_policy *policy,
			     const struct podwall_policy *live,
			     const struct podwall_transaction *transaction,
			     struct podwall_error *error)
{
	bool renumbered;
	int err;

	err = podwall_classes_build(policy, live, transaction, &renumbered,
				    error);
	if (!err)
		err = build_ports(policy, live, transaction->flush, error);
	return err ?: podwall_row_changes_build(policy, live, renumbered, error);
}

/**
 * podwall_classifier_store - change one address in the live policy
 * @live: the live policy; on success its generation has risen by one
 * @transaction: what changes
 *
 * One store decides, so that packets see the change or do not. That takes an
 * address that gets an identity there is already, or loses its own, and a policy
 * that shares neither page nor identities with an older one that packets or a
 * listing may still be using. A pod of this node may be both ends of a packet,
 * which asks for its address twice.
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
	    refcount_read(&identities->references) != 1 ||
	    podwall_policy_pod(live, &change->ip))
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
	podwall_classifier_count(classifier, old, -1);
	podwall_classifier_count(classifier, new, 1);
	live->used.addresses += !!new - !!old;
	WRITE_ONCE(live->generation, live->generation + 1);
	return true;
}
