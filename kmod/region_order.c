// SPDX-License-Identifier: GPL-2.0-only

#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "region.h"
#include "region_order.h"

/**
 * struct weight - how much of the addresses a region is
 * @population: of those that have an identity
 * @share: of both families' together, in units of 2^-63
 * @region: the region
 */
struct weight {
	u32 population;
	u64 share;
	u32 region;
};

/* The heaviest first; else as they are. */
static int compare_weights(const void *a, const void *b)
{
	const struct weight *left = a, *right = b;

	if (left->population != right->population)
		return left->population > right->population ? -1 : 1;
	if (left->share != right->share)
		return left->share > right->share ? -1 : 1;
	return left->region < right->region ? -1 :
	       left->region > right->region;
}

/* Of each family, so that both together cannot overflow: half of 2^63. */
static void weigh(const struct podwall_regions *regions, struct weight *weights)
{
	const struct podwall_position *firsts6 = regions->firsts6.elements;
	const u32 *firsts4 = regions->firsts4.elements;
	const u32 *ranges4 = regions->ranges4.elements;
	const u32 *ranges6 = regions->ranges6.elements;
	u64 end;
	u32 i;

	for (i = 0; i < regions->ranges4.count; i++) {
		end = i + 1 < regions->ranges4.count ? firsts4[i + 1] :
						       1ULL << 32;
		weights[ranges4[i]].share += (end - firsts4[i]) << 30;
	}
	for (i = 0; i < regions->ranges6.count; i++) {
		end = i + 1 < regions->ranges6.count ? firsts6[i + 1].high :
						       U64_MAX;
		weights[ranges6[i]].share += (end - firsts6[i].high) >> 2;
	}
}

static void renumber(struct podwall_array *ranges, const u32 *numbers)
{
	u32 i, *range = ranges->elements;

	for (i = 0; i < ranges->count; i++)
		range[i] = numbers[range[i]];
}

/**
 * podwall_regions_order - number regions by how much of the addresses they are
 * @regions: not published; region 0 stays what it is
 * @population: of each region, what is known of it
 *
 * Rows have a cell for each region, by number: what most packets ask for shares
 * few cache lines.
 *
 * Context: Process context; may sleep.
 * Return: 0 or -ENOMEM, with nothing changed.
 */
int podwall_regions_order(struct podwall_regions *regions,
			  const u32 *population)
{
	struct podwall_region *entries = regions->regions.elements, *ordered;
	u32 i, *numbers, count = regions->regions.count;
	struct weight *weights;
	int err = -ENOMEM;

	weights = kvcalloc(count, sizeof(*weights),
			   GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	numbers = kvcalloc(count, sizeof(*numbers),
			   GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	ordered = kvcalloc(count, sizeof(*ordered),
			   GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!weights || !numbers || !ordered)
		goto out;
	for (i = 0; i < count; i++) {
		weights[i].region = i;
		weights[i].population = population[i];
	}
	weigh(regions, weights);
	sort(weights + 1, count - 1, sizeof(*weights), compare_weights, NULL);
	for (i = 0; i < count; i++) {
		numbers[weights[i].region] = i;
		ordered[i] = entries[weights[i].region];
	}
	memcpy(entries, ordered, count * sizeof(*entries));
	renumber(&regions->ranges4, numbers);
	renumber(&regions->ranges6, numbers);
	renumber(&regions->held, numbers);
	err = 0;
out:
	kvfree(weights);
	kvfree(numbers);
	kvfree(ordered);
	return err;
}
