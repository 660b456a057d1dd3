// SPDX-License-Identifier: GPL-2.0-only

#include <linux/errno.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/socket.h>

#include "region_difference.h"

/**
 * struct cursor - one family's ranges of some regions, from the lowest to the highest
 * @regions: whose ranges they are
 * @family: AF_INET or AF_INET6
 * @index: of the range at hand
 */
struct cursor {
	const struct podwall_regions *regions;
	u8 family;
	u32 index;
};

static u32 region_of(const struct cursor *cursor)
{
	const struct podwall_regions *regions = cursor->regions;
	const u32 *ranges = cursor->family == AF_INET ?
			    regions->ranges4.elements : regions->ranges6.elements;

	return ranges[cursor->index];
}

/* Returns false behind the last range. */
static bool find_next(const struct cursor *cursor,
		      struct podwall_position *first)
{
	const struct podwall_regions *regions = cursor->regions;
	const struct podwall_position *firsts6 = regions->firsts6.elements;
	const u32 *firsts4 = regions->firsts4.elements;
	u32 next = cursor->index + 1;

	if (cursor->family == AF_INET) {
		if (next >= regions->firsts4.count)
			return false;
		*first = (struct podwall_position){ .low = firsts4[next] };
	} else {
		if (next >= regions->firsts6.count)
			return false;
		*first = firsts6[next];
	}
	return true;
}

/* Go to the range that holds a position: this one or the next. */
static void advance(struct cursor *cursor,
		    const struct podwall_position *position)
{
	struct podwall_position first;

	if (find_next(cursor, &first) &&
	    !podwall_position_compare(&first, position))
		cursor->index++;
}

/* Where the next range of either begins; false behind the last of both. */
static bool find_edge(const struct cursor *old, const struct cursor *new,
		      struct podwall_position *edge)
{
	struct podwall_position first;
	bool more = find_next(old, edge);

	if (!find_next(new, &first))
		return more;
	if (!more || podwall_position_compare(&first, edge) < 0)
		*edge = first;
	return true;
}

static struct podwall_position before(const struct podwall_position *position)
{
	return (struct podwall_position){
		.high = position->high - !position->low,
		.low = position->low - 1,
	};
}

static struct podwall_position highest(u8 family)
{
	return family == AF_INET ?
	       (struct podwall_position){ .low = U32_MAX } :
	       (struct podwall_position){ .high = U64_MAX, .low = U64_MAX };
}

/* Neighbours are one stretch, so that there are as few as can be. */
static int append(struct podwall_array *stretches,
		  const struct podwall_position *first,
		  const struct podwall_position *last, bool adjoins)
{
	struct podwall_stretch *stretch = stretches->elements;

	if (adjoins) {
		stretch[stretches->count - 1].last = *last;
		return 0;
	}
	stretch = podwall_array_append(stretches, sizeof(*stretch));
	if (!stretch)
		return -ENOMEM;
	*stretch = (struct podwall_stretch){ *first, *last };
	return 0;
}

/**
 * podwall_regions_difference - find the addresses that lie in another region
 * @old: regions
 * @new: regions whose numbers were kept from @old
 * @family: AF_INET or AF_INET6
 * @stretches: empty; receives struct podwall_stretch, ascending, none of which
 *	adjoins another; for podwall_array_free() on failure too
 *
 * Context: Process context; may sleep.
 * Return: 0 or -ENOMEM.
 */
int podwall_regions_difference(const struct podwall_regions *old,
			       const struct podwall_regions *new, u8 family,
			       struct podwall_array *stretches)
{
	struct cursor from = { old, family }, to = { new, family };
	struct podwall_position at = {}, edge, last;
	bool more, differs, adjoins = false;
	int err;

	do {
		more = find_edge(&from, &to, &edge);
		differs = region_of(&from) != region_of(&to);
		if (differs) {
			last = more ? before(&edge) : highest(family);
			err = append(stretches, &at, &last, adjoins);
			if (err)
				return err;
		}
		adjoins = differs;
		if (more) {
			advance(&from, &edge);
			advance(&to, &edge);
			at = edge;
		}
		cond_resched();
	} while (more);
	return 0;
}

/**
 * podwall_stretches_hold - whether an address lies in one of some stretches
 * @stretches: of podwall_regions_difference()
 * @position: the address
 *
 * Context: Any.
 */
bool podwall_stretches_hold(const struct podwall_array *stretches,
			    const struct podwall_position *position)
{
	const struct podwall_stretch *stretch = stretches->elements;
	u32 low = 0, high = stretches->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (podwall_position_compare(&stretch[middle].last,
					     position) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < stretches->count &&
	       podwall_position_compare(&stretch[low].first, position) <= 0;
}

/**
 * podwall_stretches_size - how many addresses lie in some stretches
 * @stretches: of podwall_regions_difference()
 *
 * Context: Any.
 * Return: their number; U64_MAX where a stretch is not within one upper half of an
 * IPv6 address, or they are too many to tell.
 */
u64 podwall_stretches_size(const struct podwall_array *stretches)
{
	const struct podwall_stretch *stretch = stretches->elements;
	u64 size = 0, more;
	u32 i;

	for (i = 0; i < stretches->count; i++) {
		more = stretch[i].last.low - stretch[i].first.low;
		if (stretch[i].last.high != stretch[i].first.high ||
		    check_add_overflow(more, 1ULL, &more) ||
		    check_add_overflow(size, more, &size))
			return U64_MAX;
	}
	return size;
}
