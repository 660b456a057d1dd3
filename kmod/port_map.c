// SPDX-License-Identifier: GPL-2.0-only

#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "array.h"
#include "error.h"
#include "ledger.h"
#include "port_map.h"
#include "rule_set.h"

/**
 * DOC: Port classes
 *
 * The port ranges of all rule sets that have rows of masks cut the ports of each
 * protocol into intervals, within which no rule can tell two ports apart. Each
 * that lies in a range is a class; all that lie in none are one class, together
 * with the protocols whose ports no rule can name. A packet's class is found
 * once, for both of its ends, and a rule set has no more to say than which of
 * its rules match each class.
 *
 * For example, rules of any rule sets name TCP 80, TCP 8000-8080, TCP 8080-8090
 * and UDP 53. Classes 0 to 2 are later fragments of TCP, UDP and SCTP, class 3
 * is what no rule names, and then there are
 *
 *	4	TCP 80
 *	5	TCP 8000-8079
 *	6	TCP 8080
 *	7	TCP 8081-8090
 *	8	UDP 53
 *
 * Two steps find the class: a root stands for 256 ports, and most are of one
 * class. Only a root that is divided leads on, to a class for each port.
 */

/**
 * struct survey - the building of a map
 * @cuts: a bit for each key at which an interval begins
 * @ranks: for each word of @cuts, how many intervals begin before it
 * @classes: of each interval; at first, how many more ranges hold it than the
 *	one before
 * @interval_count: intervals
 * @class_count: classes
 * @before: of the map
 */
struct survey {
	unsigned long *cuts;
	u32 *ranks;
	u32 *classes;
	u32 interval_count;
	u32 class_count;
	u32 *before;
};

#define CUT_WORDS	(PODWALL_PORT_KEYS / BITS_PER_LONG)

static u32 key_of(const struct podwall_port_range *range, u16 port)
{
	return podwall_port_slot(range->protocol) << 16 | port;
}

static void mark_cuts(struct survey *survey, const struct podwall_rule_set *set)
{
	const struct podwall_port_range *range = set->port_ranges.elements;
	u32 i;

	for (i = 0; i < set->port_ranges.count; i++, range++) {
		__set_bit(key_of(range, range->first), survey->cuts);
		if (range->last < U16_MAX)
			__set_bit(key_of(range, range->last) + 1, survey->cuts);
	}
}

static int find_intervals(struct survey *survey,
			  const struct podwall_array *rule_sets)
{
	struct podwall_rule_set *const *sets = rule_sets->elements;
	u32 i;

	survey->cuts = kvcalloc(CUT_WORDS, sizeof(*survey->cuts),
				GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	survey->ranks = kvcalloc(CUT_WORDS, sizeof(*survey->ranks),
				 GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!survey->cuts || !survey->ranks)
		return -ENOMEM;
	for (i = 0; i < PODWALL_PORT_PROTOCOLS; i++)
		__set_bit(i << 16, survey->cuts);
	for (i = 0; i < rule_sets->count; i++) {
		if (podwall_rule_set_fits_mask(sets[i]))
			mark_cuts(survey, sets[i]);
		cond_resched();
	}
	for (i = 0; i < CUT_WORDS; i++) {
		survey->ranks[i] = survey->interval_count;
		survey->interval_count += hweight_long(survey->cuts[i]);
	}
	return 0;
}

/* One less than begin up to the key. */
static u32 interval_of(const struct survey *survey, u32 key)
{
	unsigned long cuts = survey->cuts[key / BITS_PER_LONG];

	cuts <<= BITS_PER_LONG - 1 - key % BITS_PER_LONG;
	return survey->ranks[key / BITS_PER_LONG] + hweight_long(cuts) - 1;
}

static void count_ranges(struct survey *survey,
			 const struct podwall_rule_set *set)
{
	const struct podwall_port_range *range = set->port_ranges.elements;
	u32 i;

	for (i = 0; i < set->port_ranges.count; i++, range++) {
		survey->classes[interval_of(survey, key_of(range, range->first))]++;
		survey->classes[interval_of(survey, key_of(range, range->last)) + 1]--;
	}
}

static int number_classes(struct survey *survey, struct podwall_error *error)
{
	u32 i, key = 0, next, depth = 0, count = PODWALL_PORT_CLASS_UNNAMED + 1;

	survey->before = kvcalloc(count + survey->interval_count + 1,
				  sizeof(*survey->before),
				  GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!survey->before)
		return -ENOMEM;
	for (i = 0; i < survey->interval_count; i++, key = next) {
		next = find_next_bit(survey->cuts, PODWALL_PORT_KEYS, key + 1);
		depth += survey->classes[i];
		survey->classes[i] = PODWALL_PORT_CLASS_UNNAMED;
		if (!depth)
			continue;
		survey->classes[i] = count++;
		survey->before[count] = survey->before[count - 1] + next - key;
	}
	survey->class_count = count;
	if (count <= PODWALL_PORT_CLASSES_MAX)
		return 0;
	return podwall_error_set(error, -ENOSPC,
				 "the port ranges of all rule sets tell %u classes of ports apart, the most is %u",
				 count, PODWALL_PORT_CLASSES_MAX);
}

static int find_classes(struct survey *survey,
			const struct podwall_array *rule_sets,
			struct podwall_error *error)
{
	struct podwall_rule_set *const *sets = rule_sets->elements;
	u32 i;

	survey->classes = kvcalloc(survey->interval_count + 1,
				   sizeof(*survey->classes),
				   GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!survey->classes)
		return -ENOMEM;
	for (i = 0; i < rule_sets->count; i++) {
		if (podwall_rule_set_fits_mask(sets[i]))
			count_ranges(survey, sets[i]);
		cond_resched();
	}
	return number_classes(survey, error);
}

/* A cut at a root's first port does not divide it. */
static bool is_divided(const struct survey *survey, u32 root)
{
	u32 first = root << PODWALL_PORT_ROOT_BITS;
	u32 end = first + PODWALL_PORT_ROOT_PORTS;

	return find_next_bit(survey->cuts, end, first + 1) < end;
}

static void fill_map(struct podwall_port_map *map, const struct survey *survey)
{
	u32 root, key, i, interval, divided = 0;

	for (root = 0; root < PODWALL_PORT_ROOTS; root++) {
		key = root << PODWALL_PORT_ROOT_BITS;
		interval = interval_of(survey, key);
		map->roots[root] = survey->classes[interval];
		if (!is_divided(survey, root))
			continue;
		map->roots[root] = PODWALL_PORT_ROOT_DIVIDED | divided;
		for (i = 0; i < PODWALL_PORT_ROOT_PORTS; i++) {
			if (i)
				interval += test_bit(key + i, survey->cuts);
			map->divided[divided][i] = survey->classes[interval];
		}
		divided++;
	}
}

static struct podwall_port_map *create_map(struct survey *survey)
{
	struct podwall_port_map *map;
	u32 root, divided = 0;

	for (root = 0; root < PODWALL_PORT_ROOTS; root++)
		divided += is_divided(survey, root);
	map = kvzalloc(struct_size(map, divided, divided),
		       GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!map)
		return ERR_PTR(-ENOMEM);
	podwall_ledger_made(PODWALL_LEDGER_PORT_MAP);
	refcount_set(&map->references, 1);
	map->count = survey->class_count;
	map->divided_count = divided;
	map->before = survey->before;
	survey->before = NULL;
	fill_map(map, survey);
	return map;
}

/**
 * podwall_port_map_count_ranges - count the port ranges that a map is made for
 * @rule_sets: of struct podwall_rule_set pointers
 *
 * Context: Process context.
 */
u64 podwall_port_map_count_ranges(const struct podwall_array *rule_sets)
{
	struct podwall_rule_set *const *sets = rule_sets->elements;
	u64 count = 0;
	u32 i;

	for (i = 0; i < rule_sets->count; i++)
		if (podwall_rule_set_fits_mask(sets[i]))
			count += sets[i]->port_ranges.count;
	return count;
}

/**
 * podwall_port_map_build - find the ports that no rule tells apart
 * @rule_sets: of struct podwall_rule_set pointers
 * @error: receives the text of a refusal
 *
 * Context: Process context; may sleep.
 * Return: the map with one reference, the caller's, or an error pointer: -ENOSPC
 * when there are too many classes, -ENOMEM.
 */
struct podwall_port_map *
podwall_port_map_build(const struct podwall_array *rule_sets,
		       struct podwall_error *error)
{
	struct podwall_port_map *map;
	struct survey survey = {};
	int err;

	err = find_intervals(&survey, rule_sets);
	if (!err)
		err = find_classes(&survey, rule_sets, error);
	map = err ? ERR_PTR(err) : create_map(&survey);
	if (!IS_ERR(map))
		map->range_count = podwall_port_map_count_ranges(rule_sets);
	kvfree(survey.cuts);
	kvfree(survey.ranks);
	kvfree(survey.classes);
	kvfree(survey.before);
	return map;
}

/**
 * podwall_port_map_get - take a reference
 * @map: one that the caller may reach
 *
 * Context: Any.
 * Return: @map.
 */
struct podwall_port_map *podwall_port_map_get(struct podwall_port_map *map)
{
	refcount_inc(&map->references);
	return map;
}

/**
 * podwall_port_map_put - drop a reference, and the map with the last one
 * @map: no packet may reach it through the caller's reference any more; or
 *	NULL
 *
 * Context: Process context; may sleep.
 */
void podwall_port_map_put(struct podwall_port_map *map)
{
	if (!map || !refcount_dec_and_test(&map->references))
		return;
	kvfree(map->before);
	kvfree(map);
	podwall_ledger_freed(PODWALL_LEDGER_PORT_MAP);
}

/**
 * podwall_port_map_size - the memory that a map holds, in bytes
 * @map: any
 *
 * Context: Any.
 */
size_t podwall_port_map_size(const struct podwall_port_map *map)
{
	return struct_size(map, divided, map->divided_count) +
	       (map->count + 1) * sizeof(*map->before);
}

/* The range begins and ends where classes do, with no gap in between. */
static bool tells_range(const struct podwall_port_map *map,
			const struct podwall_port_range *range)
{
	u32 key = key_of(range, range->first);
	u32 end = key_of(range, range->last);
	u32 first = podwall_port_map_find(map, key);
	u32 last = podwall_port_map_find(map, end);

	if (first == PODWALL_PORT_CLASS_UNNAMED ||
	    last == PODWALL_PORT_CLASS_UNNAMED)
		return false;
	if (range->first && podwall_port_map_find(map, key - 1) == first)
		return false;
	if (range->last < U16_MAX &&
	    podwall_port_map_find(map, end + 1) == last)
		return false;
	return map->before[last + 1] - map->before[first] ==
	       range->last - range->first + 1;
}

/**
 * podwall_port_map_tells - whether the map tells apart what a rule set does
 * @map: referenced
 * @set: any
 *
 * Context: Process context.
 * Return: true where each port range of @set consists of whole classes, or @set
 * has no use for the map.
 */
bool podwall_port_map_tells(const struct podwall_port_map *map,
			    const struct podwall_rule_set *set)
{
	const struct podwall_port_range *range = set->port_ranges.elements;
	u32 i;

	if (!podwall_rule_set_fits_mask(set))
		return true;
	for (i = 0; i < set->port_ranges.count; i++, range++)
		if (!tells_range(map, range))
			return false;
	return true;
}
