// SPDX-License-Identifier: GPL-2.0-only

#include <linux/slab.h>
#include <linux/string.h>

#include "ledger.h"
#include "rule_set.h"

/**
 * podwall_rule_set_create - begin a rule set without rules that isolates nobody
 * @id: allotted by userspace
 * @direction: enum podwall_direction
 *
 * Context: Process context; may sleep.
 * Return: the set with one reference, the caller's, or NULL without memory.
 */
struct podwall_rule_set *podwall_rule_set_create(u32 id, u8 direction)
{
	struct podwall_rule_set *set = kzalloc(sizeof(*set), GFP_KERNEL_ACCOUNT);

	if (!set)
		return NULL;
	podwall_ledger_made(PODWALL_LEDGER_RULE_SET);
	refcount_set(&set->references, 1);
	set->id = id;
	set->direction = direction;
	return set;
}

static int add_text(struct podwall_rule_set *set, const char *text, u32 *offset)
{
	u32 length = strlen(text) + 1;

	if (podwall_array_reserve(&set->texts, length, 1))
		return -ENOMEM;
	*offset = set->texts.count;
	memcpy(set->texts.elements + set->texts.count, text, length);
	set->texts.count += length;
	return 0;
}

/**
 * podwall_rule_set_isolate - say that the policy tier selects the set's pods
 * @set: not frozen
 * @origin: what isolates them; copied
 *
 * Context: Process context; may sleep.
 * Return: 0 or -ENOMEM.
 */
int podwall_rule_set_isolate(struct podwall_rule_set *set, const char *origin)
{
	if (add_text(set, origin, &set->isolation_origin))
		return -ENOMEM;
	set->isolated = true;
	return 0;
}

/**
 * podwall_rule_set_add_rule - add a rule at the end of a set being built
 * @set: not frozen
 * @rule: copied, all but its runs and its origin
 * @origin: where the rule comes from; copied
 *
 * Context: Process context; may sleep.
 * Return: the rule, to add peer sets and port ranges to before the next rule
 * is added, or NULL without memory.
 */
struct podwall_rule *podwall_rule_set_add_rule(struct podwall_rule_set *set,
					       const struct podwall_rule *rule,
					       const char *origin)
{
	struct podwall_rule *element;
	u32 offset;

	if (add_text(set, origin, &offset))
		return NULL;
	element = podwall_array_append(&set->rules, sizeof(*element));
	if (!element)
		return NULL;
	*element = *rule;
	element->origin = offset;
	if (element->tier <= PODWALL_TIER_POLICY)
		set->baseline_first = set->rules.count;
	element->first_peer_set = set->peer_sets.count;
	element->peer_set_count = 0;
	element->first_port_range = set->port_ranges.count;
	element->port_range_count = 0;
	return element;
}

/**
 * podwall_rule_set_add_peer_set - name a peer set in the rule added last
 * @set: not frozen
 * @rule: what podwall_rule_set_add_rule() returned last
 * @id: of the peer set
 *
 * Context: Process context; may sleep.
 * Return: 0 or -ENOMEM.
 */
int podwall_rule_set_add_peer_set(struct podwall_rule_set *set,
				  struct podwall_rule *rule, u32 id)
{
	u32 *element = podwall_array_append(&set->peer_sets, sizeof(*element));

	if (!element)
		return -ENOMEM;
	*element = id;
	rule->peer_set_count++;
	return 0;
}

/**
 * podwall_rule_set_add_port_range - add ports to the rule added last
 * @set: not frozen
 * @rule: what podwall_rule_set_add_rule() returned last
 * @range: valid; copied
 *
 * Context: Process context; may sleep.
 * Return: 0 or -ENOMEM.
 */
int podwall_rule_set_add_port_range(struct podwall_rule_set *set,
				    struct podwall_rule *rule,
				    const struct podwall_port_range *range)
{
	struct podwall_port_range *element =
		podwall_array_append(&set->port_ranges, sizeof(*element));

	if (!element)
		return -ENOMEM;
	*element = *range;
	rule->port_range_count++;
	return 0;
}

/**
 * podwall_rule_set_freeze - end the building of a set, make what packets need
 * @set: may be frozen already
 *
 * Context: Process context; may sleep.
 * Return: 0 or -ENOMEM.
 */
int podwall_rule_set_freeze(struct podwall_rule_set *set)
{
	if (set->counters)
		return 0;
	podwall_array_trim(&set->rules, sizeof(struct podwall_rule));
	podwall_array_trim(&set->peer_sets, sizeof(u32));
	podwall_array_trim(&set->port_ranges,
			   sizeof(struct podwall_port_range));
	podwall_array_trim(&set->texts, 1);
	set->counters = podwall_counters_create(set->rules.count + 2);
	return set->counters ? 0 : -ENOMEM;
}

/**
 * podwall_rule_set_get - take a reference
 * @set: one that the caller may reach
 *
 * Context: Any.
 * Return: @set.
 */
struct podwall_rule_set *podwall_rule_set_get(struct podwall_rule_set *set)
{
	refcount_inc(&set->references);
	return set;
}

/**
 * podwall_rule_set_put - drop a reference, and the set with the last one
 * @set: no packet may reach it through the caller's reference any more; what its
 *	rules counted goes on where the set was replaced
 *
 * Context: Process context; may sleep.
 */
void podwall_rule_set_put(struct podwall_rule_set *set)
{
	if (!refcount_dec_and_test(&set->references))
		return;
	podwall_array_free(&set->rules);
	podwall_array_free(&set->peer_sets);
	podwall_array_free(&set->port_ranges);
	podwall_array_free(&set->texts);
	podwall_counters_free(set->counters);
	kfree(set);
	podwall_ledger_freed(PODWALL_LEDGER_RULE_SET);
}

/**
 * podwall_rule_set_size - the memory that a set holds, in bytes
 * @set: any; its counters are reckoned before they exist too
 *
 * Context: Any.
 */
size_t podwall_rule_set_size(const struct podwall_rule_set *set)
{
	return sizeof(*set) + set->rules.room * sizeof(struct podwall_rule) +
	       set->peer_sets.room * sizeof(u32) +
	       set->port_ranges.room * sizeof(struct podwall_port_range) +
	       set->texts.room +
	       podwall_counters_size(set->rules.count + 2);
}
