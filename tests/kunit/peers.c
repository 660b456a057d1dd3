// SPDX-License-Identifier: GPL-2.0-only

#include <linux/err.h>
#include <linux/sizes.h>

#include "draft.h"
#include "error.h"
#include "peer_set.h"
#include "peers.h"
#include "region_build.h"
#include "row_programs.h"

/* The set gets frozen, and its reference passes to @sets. */
void peers_add_set(struct kunit *test, struct podwall_array *sets,
		   struct podwall_peer_set *set)
{
	struct podwall_peer_set **element =
		podwall_array_append(sets, sizeof(*element));

	KUNIT_ASSERT_NOT_NULL(test, element);
	podwall_peer_set_freeze(set);
	*element = set;
}

/* Those that have an id. */
void peers_add_drafts(struct kunit *test, struct podwall_array *sets,
		      const struct draft_peer_set *drafts, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (drafts[i].id)
			peers_add_set(test, sets,
				      draft_make_peer_set(test, &drafts[i]));
}

void peers_free_sets(struct podwall_array *sets)
{
	struct podwall_peer_set **elements = sets->elements;
	u32 i;

	for (i = 0; i < sets->count; i++)
		podwall_peer_set_put(elements[i]);
	podwall_array_free(sets);
}

/* Build regions that must be accepted; the caller owns the reference. */
struct podwall_regions *peers_build_regions(struct kunit *test,
					    const struct podwall_array *sets,
					    const struct podwall_regions *old)
{
	struct podwall_error error = {};
	struct podwall_regions *regions;

	regions = podwall_regions_build(sets, old, &error);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(regions), "refused: %s", error.text);
	return regions;
}

/* After any change to the rest: regions anew, and what is known of members. */
void peers_refresh(struct kunit *test, struct peers *peers)
{
	struct podwall_regions *regions =
		peers_build_regions(test, &peers->sets, peers->regions);

	podwall_regions_put(peers->regions);
	peers->regions = regions;
	peers->membership = (struct podwall_membership){
		.peer_sets = &peers->sets,
		.identities = peers->identities,
		.regions = regions,
	};
}

/* The number of an identity, which has an address from now on. */
u32 peers_take(struct kunit *test, struct peers *peers, u32 identity)
{
	u32 number = podwall_identities_take(peers->identities, identity);

	KUNIT_ASSERT_NE(test, number, 0);
	peers->identities->entries[number].users = 1;
	return number;
}

/* Peer sets, and identities from 1 on, for peers_end() to free. */
void peers_begin(struct kunit *test, struct peers *peers,
		 const struct draft_peer_set *drafts, size_t count,
		 u32 identities)
{
	u32 i;

	*peers = (struct peers){};
	peers_add_drafts(test, &peers->sets, drafts, count);
	peers->identities = podwall_identities_create();
	KUNIT_ASSERT_NOT_NULL(test, peers->identities);
	for (i = 1; i <= identities; i++)
		KUNIT_ASSERT_EQ(test, peers_take(test, peers, i), i);
	peers_refresh(test, peers);
}

void peers_end(struct peers *peers)
{
	podwall_regions_put(peers->regions);
	podwall_identities_put(peers->identities);
	peers_free_sets(&peers->sets);
}

/* Instead of the peer set of the same id, with peers_refresh() to follow. */
void peers_replace(struct kunit *test, struct peers *peers,
		   const struct draft_peer_set *draft)
{
	struct podwall_peer_set **sets = peers->sets.elements;
	u32 i;

	for (i = 0; i < peers->sets.count; i++) {
		if (sets[i]->id != draft->id)
			continue;
		podwall_peer_set_put(sets[i]);
		sets[i] = draft_make_peer_set(test, draft);
		podwall_peer_set_freeze(sets[i]);
	}
}

u32 peers_region(const struct peers *peers, const char *ip)
{
	struct podwall_ip address = draft_ip(ip);

	return podwall_regions_find(peers->regions, &address);
}

/* Where a range begins: the lower half of its first address, and the upper. */
u64 peers_first_low(const struct podwall_regions *regions, u8 family, u32 index)
{
	const struct podwall_position *firsts6 = regions->firsts6.elements;
	const u32 *firsts4 = regions->firsts4.elements;

	return family == AF_INET ? firsts4[index] : firsts6[index].low;
}

u64 peers_first_high(const struct podwall_regions *regions, u8 family,
		     u32 index)
{
	const struct podwall_position *firsts6 = regions->firsts6.elements;

	return family == AF_INET ? 0 : firsts6[index].high;
}

/* Build a row of programs that must be accepted; the caller owns it. */
struct podwall_row *peers_build_programs(struct kunit *test,
					 const struct peers *peers,
					 const struct podwall_rule_set *set)
{
	struct podwall_error error = {};
	struct podwall_row *row;

	row = podwall_row_programs_build(set, &peers->membership, SZ_64M,
					 &error);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(row), "refused: %s", error.text);
	KUNIT_ASSERT_NOT_NULL(test, row->code);
	return row;
}
