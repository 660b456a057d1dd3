// SPDX-License-Identifier: GPL-2.0-only

#include <linux/err.h>
#include <linux/podwall.h>

#include "array.h"
#include "error.h"
#include "port_map.h"
#include "port_sets.h"
#include "rule_set.h"

/* A rule set of one rule, without ranges yet. */
struct podwall_rule_set *port_sets_make(struct kunit *test, u32 id)
{
	const struct podwall_rule template = {
		.tier = PODWALL_TIER_ADMIN,
		.action = PODWALL_ACTION_DENY,
		.any_peer = true,
	};
	struct podwall_rule_set *set = podwall_rule_set_create(id, 1);

	KUNIT_ASSERT_NOT_NULL(test, set);
	KUNIT_ASSERT_NOT_NULL(test,
			      podwall_rule_set_add_rule(set, &template, "ports"));
	return set;
}

void port_sets_add_range(struct kunit *test, struct podwall_rule_set *set,
			 const struct podwall_port_range *range)
{
	KUNIT_ASSERT_EQ(test, 0,
			podwall_rule_set_add_port_range(set, set->rules.elements,
							range));
}

/* The reference passes to @sets. */
void port_sets_append(struct kunit *test, struct podwall_array *sets,
		      struct podwall_rule_set *set)
{
	struct podwall_rule_set **element =
		podwall_array_append(sets, sizeof(*element));

	KUNIT_ASSERT_NOT_NULL(test, element);
	*element = set;
}

/* Those that have a protocol, dealt out to two rule sets. */
void port_sets_add(struct kunit *test, struct podwall_array *sets,
		   const struct podwall_port_range *ranges, size_t count)
{
	struct podwall_rule_set **elements;
	size_t i;

	for (i = 0; i < 2; i++)
		port_sets_append(test, sets, port_sets_make(test, i + 1));
	elements = sets->elements;
	for (i = 0; i < count; i++)
		if (ranges[i].protocol)
			port_sets_add_range(test, elements[i % 2], &ranges[i]);
}

void port_sets_free(struct podwall_array *sets)
{
	struct podwall_rule_set **elements = sets->elements;
	u32 i;

	for (i = 0; i < sets->count; i++)
		podwall_rule_set_put(elements[i]);
	podwall_array_free(sets);
}

/* Build a map that must be accepted; the caller owns the reference. */
struct podwall_port_map *port_sets_build(struct kunit *test,
					 const struct podwall_array *sets)
{
	struct podwall_error error = {};
	struct podwall_port_map *map;

	map = podwall_port_map_build(sets, &error);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(map), "refused: %s", error.text);
	return map;
}

bool port_sets_are_told(const struct podwall_port_map *map,
			const struct podwall_array *sets)
{
	struct podwall_rule_set *const *elements = sets->elements;
	bool told = true;
	u32 i;

	for (i = 0; i < sets->count; i++)
		told &= podwall_port_map_tells(map, elements[i]);
	return told;
}
