// SPDX-License-Identifier: GPL-2.0-only
/*
 * Maps as tests/bench/ebpf has them: a trie that gives an address its identity,
 * and for each pod and direction one that says what an identity may. By bpf()
 * itself, one element a call, or as many as there are.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control-map.h"
#include "control.h"
#include "ebpf/policy.h"
#include "policy/memory.h"

enum variant {
	ONE_BY_ONE,
	BATCH,
};

/**
 * struct plan - the maps
 * @maps: addresses, the client's egress, the server's ingress
 * @count: how many of them there are
 * @removes: the change removes elements
 */
struct plan {
	struct map maps[3];
	size_t count;
	bool removes;
};

static char *run(struct contender *contender, bool remove)
{
	const struct plan *plan = contender->data;
	char *problem = NULL;
	size_t i;

	for (i = 0; !problem && i < plan->count; i++)
		problem = contender->variant == BATCH ?
				  map_write_batch(&plan->maps[i], remove) :
				  map_write(&plan->maps[i], remove);
	return problem;
}

static char *change(struct contender *contender, const struct input *input)
{
	const struct plan *plan = contender->data;

	(void)input;
	return run(contender, plan->removes);
}

static char *back(struct contender *contender, const struct input *input)
{
	const struct plan *plan = contender->data;

	(void)input;
	return run(contender, !plan->removes);
}

static struct address_key address_key(const struct ip *ip)
{
	return (struct address_key){
		.length = ADDRESS_KEY_BITS + 32,
		.family = AF_INET,
		.address[0] = ip->v4.s_addr,
	};
}

static struct policy_key policy_key(__u32 identity, enum direction direction,
				    uint16_t port)
{
	return (struct policy_key){
		.length = POLICY_KEY_FULL,
		.identity = identity,
		.direction = direction,
		.protocol = IPPROTO_UDP,
		.port = htons(port),
	};
}

/* Nobody's key, as long as another. */
static void absent_key(const struct map *map, void *key)
{
	struct ip ip;

	if (map->key_size == sizeof(struct policy_key)) {
		*(struct policy_key *)key =
			policy_key(UINT32_MAX, DIRECTION_EGRESS, FIRST_PORT);
		return;
	}
	ip_parse(ABSENT_ADDRESS, &ip);
	*(struct address_key *)key = address_key(&ip);
}

static char *check(const struct plan *plan, bool is_there)
{
	struct address_key absent;
	char *problem;
	size_t i, found;

	for (i = 0; i < plan->count; i++) {
		const struct map *map = &plan->maps[i];
		size_t wanted = map->stays + (is_there ? map->count : 0);

		problem = map_walk(map, &found);
		if (problem)
			return problem;
		if (found != wanted)
			return xasprintf("bpf: map %zu: %zu elements, %zu wanted",
					 i, found, wanted);
		if (map->count &&
		    map_holds(map, (char *)map->keys +
					   (map->count - 1) * map->key_size) !=
			    is_there)
			return xasprintf("bpf: map %zu: %s", i,
					 is_there ? "not found" : "found");
		absent_key(map, &absent);
		if (map_holds(map, &absent))
			return xasprintf("bpf: map %zu: found what is not there",
					 i);
	}
	return NULL;
}

static char *check_there(struct contender *contender, const struct input *input)
{
	const struct plan *plan = contender->data;

	(void)input;
	return check(plan, !plan->removes);
}

static char *check_before(struct contender *contender,
			  const struct input *input)
{
	const struct plan *plan = contender->data;

	(void)input;
	return check(plan, plan->removes);
}

static char *resync(struct contender *contender, const struct input *input)
{
	const struct plan *plan = contender->data;
	char *problem = NULL;
	size_t i, found;

	(void)input;
	for (i = 0; !problem && i < plan->count; i++)
		problem = map_walk(&plan->maps[i], &found);
	return problem ? problem : run(contender, false);
}

static char *bpf_close(struct contender *contender, const struct input *input)
{
	struct plan *plan = contender->data;
	size_t i;

	(void)input;
	for (i = 0; i < plan->count; i++) {
		close(plan->maps[i].fd);
		free(plan->maps[i].keys);
		free(plan->maps[i].values);
	}
	free(plan);
	contender->data = NULL;
	return NULL;
}

static int64_t own_bytes(struct contender *contender, const struct input *input)
{
	const struct plan *plan = contender->data;
	int64_t sum = 0;
	size_t i;

	(void)input;
	for (i = 0; i < plan->count; i++)
		sum += map_bytes(&plan->maps[i]);
	return sum;
}

/* --- what is in the maps */

static char *add_map(struct plan *plan, size_t key_size, size_t room)
{
	struct map *map = &plan->maps[plan->count++];

	map->fd = map_create(key_size);
	map->key_size = key_size;
	map->keys = xcalloc(room, key_size);
	map->values = xcalloc(room, sizeof(*map->values));
	return map->fd < 0 ? xasprintf("bpf: map: %s", strerror(errno)) : NULL;
}

static struct plan *new_plan(struct contender *contender)
{
	struct plan *plan = xcalloc(1, sizeof(*plan));

	contender->data = plan;
	return plan;
}

static char *open_addresses(struct contender *contender,
			    const struct input *input)
{
	struct plan *plan = new_plan(contender);
	char *problem =
		add_map(plan, sizeof(struct address_key), input->address_count);
	struct address_key *keys = plan->maps[0].keys;
	size_t i;

	for (i = 0; i < input->address_count; i++) {
		keys[i] = address_key(&input->load.objects.addresses[i].ip);
		plan->maps[0].values[i] =
			input->load.objects.addresses[i].identity;
	}
	plan->maps[0].count = i;
	return problem;
}

static void add_rule(struct map *map, const struct objects *objects,
		     const struct rule *rule, enum direction direction)
{
	/* The scenes number their peer sets from 1. */
	const struct peer_set *set =
		&objects->peer_sets[rule->peer_sets[0] - 1];
	struct policy_key *keys = map->keys;
	size_t i;

	for (i = 0; i < set->identity_count; i++)
		keys[map->count++] = policy_key(set->identities[i], direction,
						rule->port_ranges[0].first);
}

static char *add_policies(struct plan *plan, const struct objects *objects,
			  const struct rule_set *rule_set)
{
	char *problem =
		add_map(plan, sizeof(struct policy_key), MAP_ENTRIES_MAX);
	struct map *map = &plan->maps[plan->count - 1];
	size_t i;

	for (i = 0; i < rule_set->rule_count; i++)
		add_rule(map, objects, &rule_set->rules[i],
			 rule_set->direction == PODWALL_DIRECTION_EGRESS ?
				 DIRECTION_EGRESS :
				 DIRECTION_INGRESS);
	return problem;
}

static char *open_rules(struct contender *contender, const struct input *input)
{
	const struct objects *objects = &input->load.objects;
	char *problem = open_addresses(contender, input);
	struct plan *plan = contender->data;
	size_t i;

	for (i = 0; !problem && i < objects->rule_set_count; i++)
		problem = add_policies(plan, objects, &objects->rule_sets[i]);
	return problem;
}

static char *open_loaded_addresses(struct contender *contender,
				   const struct input *input)
{
	char *problem = open_addresses(contender, input);

	return problem ? problem : run(contender, false);
}

static char *open_loaded_rules(struct contender *contender,
			       const struct input *input)
{
	char *problem = open_rules(contender, input);

	return problem ? problem : run(contender, false);
}

static char *open_join(struct contender *contender, const struct input *input)
{
	char *problem = open_loaded_addresses(contender, input);
	struct plan *plan = contender->data;
	struct map *map = &plan->maps[0];
	struct ip ip;

	ip_parse(JOINING_ADDRESS, &ip);
	*(struct address_key *)map->keys = address_key(&ip);
	map->stays = map->count;
	map->count = 1;
	return problem;
}

/* The last rule of the client's egress is removed, and comes back. */
static char *open_edit(struct contender *contender, const struct input *input)
{
	const struct objects *objects = &input->load.objects;
	char *problem = open_loaded_rules(contender, input);
	struct plan *plan = contender->data;
	const struct rule_set *rule_set;
	size_t i;

	for (i = 0; i < plan->count; i++) {
		plan->maps[i].stays = plan->maps[i].count;
		plan->maps[i].count = 0;
	}
	plan->removes = true;
	for (i = 0; i < objects->rule_set_count; i++) {
		rule_set = &objects->rule_sets[i];
		if (rule_set->direction != PODWALL_DIRECTION_EGRESS)
			continue;
		add_rule(&plan->maps[1 + i], objects,
			 &rule_set->rules[rule_set->rule_count - 1],
			 DIRECTION_EGRESS);
		plan->maps[1 + i].stays -= plan->maps[1 + i].count;
	}
	return problem;
}

#define THERE_AND_BACK                                        \
	.change = change, .check = check_there, .back = back, \
	.check_back = check_before, .close = bpf_close

struct contender bpf_addresses = {
	.name = "BPF trie, a call for each",
	.variant = ONE_BY_ONE,
	.open = open_addresses,
	THERE_AND_BACK,
	.own_bytes = own_bytes,
};

struct contender bpf_addresses_batch = {
	.name = "BPF trie, in a batch",
	.variant = BATCH,
	.open = open_addresses,
	THERE_AND_BACK,
	.own_bytes = own_bytes,
};

struct contender bpf_rules = {
	.name = "BPF tries, a call for each",
	.variant = ONE_BY_ONE,
	.open = open_rules,
	THERE_AND_BACK,
	.own_bytes = own_bytes,
};

struct contender bpf_rules_batch = {
	.name = "BPF tries, in batches",
	.variant = BATCH,
	.open = open_rules,
	THERE_AND_BACK,
	.own_bytes = own_bytes,
};

struct contender bpf_join = {
	.name = "BPF, one element",
	.variant = ONE_BY_ONE,
	.open = open_join,
	THERE_AND_BACK,
};

struct contender bpf_edit = {
	.name = "BPF, the rule's entries in a batch",
	.variant = BATCH,
	.open = open_edit,
	THERE_AND_BACK,
};

struct contender bpf_resync_addresses = {
	.name = "BPF trie, walked and written in batches",
	.variant = BATCH,
	.open = open_loaded_addresses,
	.change = resync,
	.check = check_there,
	.close = bpf_close,
};

struct contender bpf_resync_rules = {
	.name = "BPF tries, walked and written in batches",
	.variant = BATCH,
	.open = open_loaded_rules,
	.change = resync,
	.check = check_there,
	.close = bpf_close,
};
