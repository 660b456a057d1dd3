// SPDX-License-Identifier: GPL-2.0-only
#include "load-change.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "load-sample.h"
#include "policy/memory.h"

/* How many peer sets the identity of a joining address is in. */
#define MANY_PEER_SETS 500

/* How far from an address a free one may be. */
#define FREE_DISTANCE 65536

/* Time for what a commit leaves behind to be freed, in microseconds. */
#define SETTLE_CHANGE 10000
#define SETTLE_LOAD 500000

/* After a sleep nothing is in the processor's caches. On a node that is so as
 * well, but there the first system call does not take tens of microseconds.
 */
static void begin(struct load *load)
{
	load_abort(load);
	sample_begin();
}

void time_empty(struct load *load, size_t repeats)
{
	size_t aborted = sample_series(xstrdup("nothing staged, aborted"));
	size_t committed = sample_series(xstrdup("nothing staged, committed"));
	const struct difference nothing = {};
	size_t i;

	for (i = 0; i < repeats; i++) {
		begin(load);
		load_abort(load);
		sample_end(aborted);
		begin(load);
		load_change(load, &nothing);
		sample_end(committed);
		usleep(SETTLE_CHANGE);
	}
}

void time_loads(struct load *load, size_t repeats)
{
	size_t from_nothing = sample_series(xstrdup("load from nothing"));
	size_t again = sample_series(xstrdup("full resync"));
	size_t i;

	for (i = 0; i < repeats; i++) {
		load_flush(load);
		usleep(SETTLE_LOAD);
		begin(load);
		load_replace(load);
		sample_end(from_nothing);
		usleep(SETTLE_LOAD);
		begin(load);
		load_replace(load);
		sample_end(again);
		usleep(SETTLE_LOAD);
	}
}

/* Time a change and the one that takes it back. */
static void time_both(struct load *load, const struct difference *change_there,
		      size_t there, const struct difference *change_back,
		      size_t back)
{
	begin(load);
	load_change(load, change_there);
	sample_end(there);
	usleep(SETTLE_CHANGE);
	begin(load);
	load_change(load, change_back);
	sample_end(back);
	usleep(SETTLE_CHANGE);
}

/* The one of a share of all rule sets that have fewer rules. */
static struct rule_set *rule_set_at(const struct objects *objects, double share)
{
	struct rule_set *found = NULL;
	size_t i, j;

	for (i = 0; i < objects->rule_set_count; i++) {
		struct rule_set *candidate = &objects->rule_sets[i];
		size_t fewer = 0;

		for (j = 0; j < objects->rule_set_count; j++) {
			const struct rule_set *other = &objects->rule_sets[j];

			fewer += other->rule_count < candidate->rule_count ||
				 (other->rule_count == candidate->rule_count &&
				  j < i);
		}
		if (fewer == (size_t)(share * (objects->rule_set_count - 1)))
			found = candidate;
	}
	return found;
}

/* Replace a rule set by itself without its last rule, and the other way. */
static void time_rule_set(struct load *load, struct rule_set *whole,
			  size_t repeats)
{
	struct rule_set shorter = *whole;
	struct rule_set_change removal = {
		.kind = CHANGE_REPLACE,
		.before = whole,
		.after = &shorter,
	};
	struct rule_set_change addition = {
		.kind = CHANGE_REPLACE,
		.before = &shorter,
		.after = whole,
	};
	const struct difference less = {
		.rule_sets = &removal,
		.rule_set_count = 1,
	};
	const struct difference more = {
		.rule_sets = &addition,
		.rule_set_count = 1,
	};
	size_t there, back, i;

	shorter.rule_count--;
	there = sample_series(xasprintf("rule set of %zu loses a rule",
					whole->rule_count));
	back = sample_series(xasprintf("rule set of %zu gains it again",
				       shorter.rule_count));
	for (i = 0; i < repeats; i++)
		time_both(load, &less, there, &more, back);
}

void time_rule_sets(struct load *load, size_t repeats)
{
	struct rule_set *typical = rule_set_at(&load->objects, 0.5);
	struct rule_set *largest = rule_set_at(&load->objects, 1);

	if (typical && typical->rule_count)
		time_rule_set(load, typical, repeats);
	if (largest && largest->rule_count > typical->rule_count)
		time_rule_set(load, largest, repeats);
}

static int compare_addresses(const void *a, const void *b)
{
	const struct address *left = a, *right = b;

	return ip_compare(&left->ip, &right->ip);
}

static void next_ip(struct ip *ip)
{
	size_t i = sizeof(ip->v6.s6_addr);

	if (ip->family == AF_INET) {
		ip->v4.s_addr = htonl(ntohl(ip->v4.s_addr) + 1);
		return;
	}
	while (i-- && !++ip->v6.s6_addr[i])
		;
}

/* Find an address that nobody has, near one that somebody has. */
static struct ip free_ip(const struct objects *objects, const struct ip *near)
{
	struct address address = { .ip = *near };
	unsigned int i;

	for (i = 0; i < FREE_DISTANCE; i++) {
		next_ip(&address.ip);
		if (!bsearch(&address, objects->addresses,
			     objects->address_count, sizeof(address),
			     compare_addresses))
			return address.ip;
	}
	load_fail("the state has no free address");
}

/* Go through the whole state in strides, so that caches do not help. */
static struct ip next_free_ip(const struct objects *objects)
{
	static size_t place;

	place = (place + 7919 * 13) % objects->address_count;
	return free_ip(objects, &objects->addresses[place].ip);
}

static bool same_blocks(const struct objects *objects, const struct ip *a,
			const struct ip *b)
{
	size_t i, j, k;

	for (i = 0; i < objects->peer_set_count; i++) {
		const struct peer_set *set = &objects->peer_sets[i];

		for (j = 0; j < set->block_count; j++) {
			const struct block *block = &set->blocks[j];

			if (network_contains(&block->network, a) !=
			    network_contains(&block->network, b))
				return false;
			for (k = 0; k < block->except_count; k++)
				if (network_contains(&block->except[k], a) !=
				    network_contains(&block->except[k], b))
					return false;
		}
	}
	return true;
}

/**
 * struct join - addresses that join an identity
 * @name: the identity, in words
 * @identity: its number
 * @set_count: how many peer sets it is in
 * @place: the address that joins; NULL for a different one each time, in
 *	different blocks
 * @sets_there: the changes of peer sets that come with it, or NULL
 * @sets_back: those that come with its leaving
 */
struct join {
	const char *name;
	uint32_t identity;
	size_t set_count;
	const struct ip *place;
	struct peer_set_change *sets_there;
	struct peer_set_change *sets_back;
};

static void time_join(struct load *load, const struct join *join,
		      size_t repeats)
{
	struct address address = { .identity = join->identity };
	struct address_change addition = {
		.kind = CHANGE_ADD,
		.after = &address,
	};
	struct address_change removal = {
		.kind = CHANGE_REMOVE,
		.before = &address,
	};
	const struct difference there = {
		.addresses = &addition,
		.address_count = 1,
		.peer_sets = join->sets_there,
		.peer_set_count = join->sets_there ? join->set_count : 0,
	};
	const struct difference back = {
		.addresses = &removal,
		.address_count = 1,
		.peer_sets = join->sets_back,
		.peer_set_count = join->sets_back ? join->set_count : 0,
	};
	size_t joined, left, i;

	joined = sample_series(xasprintf("address joins %s, %zu peer sets",
					 join->name, join->set_count));
	left = sample_series(xasprintf("address leaves %s, %zu peer sets",
				       join->name, join->set_count));
	for (i = 0; i < repeats; i++) {
		address.ip = join->place ? *join->place :
					   next_free_ip(&load->objects);
		time_both(load, &there, joined, &back, left);
	}
}

/**
 * struct names - peer sets that rules name
 * @sets: no more than are wanted
 * @count: length of @sets
 */
struct names {
	struct peer_set *sets[MANY_PEER_SETS];
	size_t count;
};

static bool is_named(const struct objects *objects, uint32_t id)
{
	size_t i, j, k;

	for (i = 0; i < objects->rule_set_count; i++) {
		const struct rule_set *set = &objects->rule_sets[i];

		for (j = 0; j < set->rule_count; j++)
			for (k = 0; k < set->rules[j].peer_set_count; k++)
				if (set->rules[j].peer_sets[k] == id)
					return true;
	}
	return false;
}

static void find_names(struct objects *objects, struct names *names)
{
	size_t i;

	names->count = 0;
	for (i = 0; i < objects->peer_set_count; i++)
		if (names->count < MANY_PEER_SETS &&
		    is_named(objects, objects->peer_sets[i].id))
			names->sets[names->count++] = &objects->peer_sets[i];
	if (!names->count)
		load_fail("the state has no rule that names a peer set");
}

static uint32_t new_identity(const struct objects *objects)
{
	uint32_t greatest = 0;
	size_t i, j;

	for (i = 0; i < objects->address_count; i++)
		if (objects->addresses[i].identity > greatest)
			greatest = objects->addresses[i].identity;
	for (i = 0; i < objects->peer_set_count; i++) {
		const struct peer_set *set = &objects->peer_sets[i];

		for (j = 0; j < set->identity_count; j++)
			if (set->identities[j] > greatest)
				greatest = set->identities[j];
	}
	return greatest + 1;
}

static void append_identity(struct peer_set *set, uint32_t identity)
{
	set->identities = xreallocarray(set->identities,
					set->identity_count + 1,
					sizeof(identity));
	set->identities[set->identity_count++] = identity;
}

/* Add an identity that some peer sets name and one address has. */
static struct address add_identity(struct objects *objects,
				   const struct names *names, size_t set_count)
{
	struct address address = {
		.ip = next_free_ip(objects),
		.identity = new_identity(objects),
	};
	size_t i;

	for (i = 0; i < set_count; i++)
		append_identity(names->sets[i], address.identity);
	objects->addresses = xreallocarray(objects->addresses,
					   objects->address_count + 1,
					   sizeof(*objects->addresses));
	objects->addresses[objects->address_count++] = address;
	objects_sort(objects);
	return address;
}

/* An identity that is new comes with every peer set that names it. */
static void time_new_identity(struct load *load, const struct names *names,
			      size_t set_count, size_t repeats)
{
	struct peer_set_change there[MANY_PEER_SETS], back[MANY_PEER_SETS];
	struct peer_set with[MANY_PEER_SETS];
	uint32_t identity = new_identity(&load->objects);
	size_t i;

	for (i = 0; i < set_count; i++) {
		const struct peer_set *without = names->sets[i];

		with[i] = *without;
		with[i].identities =
			xmemdup(without->identities,
				without->identity_count * sizeof(identity));
		append_identity(&with[i], identity);
		there[i] = (struct peer_set_change){
			.kind = CHANGE_REPLACE,
			.before = without,
			.after = &with[i],
		};
		back[i] = (struct peer_set_change){
			.kind = CHANGE_REPLACE,
			.before = &with[i],
			.after = without,
		};
	}
	time_join(load,
		  &(struct join){
			  .name = "a new identity",
			  .identity = identity,
			  .set_count = set_count,
			  .sets_there = there,
			  .sets_back = back,
		  },
		  repeats);
	for (i = 0; i < set_count; i++)
		free(with[i].identities);
}

static void time_known_identity(struct load *load, const struct address *known,
				size_t set_count, size_t repeats)
{
	struct ip place = free_ip(&load->objects, &known->ip);
	struct join join = {
		.identity = known->identity,
		.set_count = set_count,
	};
	unsigned int i;

	for (i = 0; !same_blocks(&load->objects, &place, &known->ip); i++) {
		if (i == FREE_DISTANCE)
			load_fail("the state has no free address in the same blocks");
		place = free_ip(&load->objects, &place);
	}
	join.name = "a known identity and blocks";
	join.place = &place;
	time_join(load, &join, repeats);
	join.name = "a known identity in other blocks";
	join.place = NULL;
	time_join(load, &join, repeats);
}

void time_known(struct load *load, size_t repeats)
{
	struct address in_one, in_many;
	struct names names;

	find_names(&load->objects, &names);
	in_one = add_identity(&load->objects, &names, 1);
	in_many = add_identity(&load->objects, &names, names.count);
	load_replace(load);
	usleep(SETTLE_LOAD);
	time_known_identity(load, &in_one, 1, repeats);
	time_known_identity(load, &in_many, names.count, repeats);
}

void time_new(struct load *load, size_t repeats, size_t slow_repeats)
{
	struct names names;

	find_names(&load->objects, &names);
	time_new_identity(load, &names, 1, repeats);
	time_new_identity(load, &names, names.count, slow_repeats);
}

void time_pod(struct load *load, size_t repeats)
{
	struct pod pod = load->objects.pods[0];
	struct pod_change addition = { .kind = CHANGE_ADD, .after = &pod };
	struct pod_change removal = { .kind = CHANGE_REMOVE, .before = &pod };
	const struct difference there = { .pods = &addition, .pod_count = 1 };
	const struct difference back = { .pods = &removal, .pod_count = 1 };
	size_t added = sample_series(xstrdup("pod added"));
	size_t removed = sample_series(xstrdup("pod removed"));
	struct ip ip = free_ip(&load->objects, &pod.ips[0]);
	size_t i;

	pod.key = xstrdup("load/measured");
	pod.ips = &ip;
	pod.ip_count = 1;
	for (i = 0; i < repeats; i++)
		time_both(load, &there, added, &back, removed);
	free(pod.key);
}
