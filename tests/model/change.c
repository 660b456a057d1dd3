// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <string.h>

#include "change.h"

/* Stage a change. */
void change_append(struct list *changes, enum change_kind kind,
		   const void *what)
{
	struct change *change = pool_zalloc(sizeof(*change));

	change->kind = kind;
	change->what = (void *)what;
	list_append(changes, change);
}

/* Whether two changes are about the same object. */
static bool concern_same(const struct change *a, const struct change *b)
{
	/* A removal's kind follows that of the same object's change. */
	if ((a->kind - 1) / 2 != (b->kind - 1) / 2)
		return false;
	switch (a->kind) {
	case CHANGE_HOST:
	case CHANGE_HOST_REMOVAL:
		return address_equal(&((struct host *)a->what)->address,
				     &((struct host *)b->what)->address);
	case CHANGE_PEERS:
	case CHANGE_PEERS_REMOVAL:
		return ((struct peers *)a->what)->id ==
		       ((struct peers *)b->what)->id;
	case CHANGE_RULES:
	case CHANGE_RULES_REMOVAL:
		return ((struct rules *)a->what)->id ==
		       ((struct rules *)b->what)->id;
	case CHANGE_POD:
	case CHANGE_POD_REMOVAL:
		return !strcmp(((struct pod *)a->what)->key,
			       ((struct pod *)b->what)->key);
	default:
		return false;
	}
}

static bool is_removal(const struct change *change)
{
	return change->kind == CHANGE_HOST_REMOVAL ||
	       change->kind == CHANGE_PEERS_REMOVAL ||
	       change->kind == CHANGE_RULES_REMOVAL ||
	       change->kind == CHANGE_POD_REMOVAL;
}

/*
 * Whether the removal of what was not there before the transaction, or, of an
 * address, is not there when its turn comes, is refused. A pod may have been staged at
 * any time before, a set before or after.
 */
static bool removes_nothing(const struct list *changes, u32 at)
{
	const struct change *removal = changes->items[at], *change;
	bool is_set = removal->kind == CHANGE_PEERS_REMOVAL ||
		      removal->kind == CHANGE_RULES_REMOVAL;
	u32 i;

	if (removal->kind == CHANGE_HOST_REMOVAL)
		return true;
	for (i = 0; i < (is_set ? changes->count : at); i++) {
		change = changes->items[i];
		if (i != at && !is_removal(change) &&
		    concern_same(change, removal))
			return false;
	}
	return true;
}

static struct list *find(struct world *world, const struct change *change,
			 void **object)
{
	*object = NULL;
	switch (change->kind) {
	case CHANGE_HOST:
	case CHANGE_HOST_REMOVAL:
		*object = world_host(world,
				     &((struct host *)change->what)->address);
		return &world->hosts;
	case CHANGE_PEERS:
	case CHANGE_PEERS_REMOVAL:
		*object =
			world_peers(world, ((struct peers *)change->what)->id);
		return &world->peer_sets;
	case CHANGE_RULES:
	case CHANGE_RULES_REMOVAL:
		*object =
			world_rules(world, ((struct rules *)change->what)->id);
		return &world->rule_sets;
	case CHANGE_POD:
	case CHANGE_POD_REMOVAL:
		*object = world_pod(world, ((struct pod *)change->what)->key);
		return &world->pods;
	default:
		return NULL;
	}
}

static void drop(struct list *list, const void *object)
{
	u32 i;

	for (i = 0; i < list->count; i++)
		if (list->items[i] == object)
			break;
	if (i < list->count)
		list_remove(list, i);
}

static void apply_one(struct world *next, const struct change *change)
{
	struct list *list;
	void *object;

	if (change->kind == CHANGE_SETTINGS) {
		next->settings = change->what;
		return;
	}
	list = find(next, change, &object);
	if (object)
		drop(list, object);
	if (!is_removal(change))
		list_append(list, change->what);
}

static unsigned int check_names(const struct world *world)
{
	struct peers *a, *b;

	for_each(a, &world->peer_sets) for_each(b, &world->peer_sets) if (
		a != b && !strcmp(a->name, b->name)) return REFUSAL_EEXIST;
	return 0;
}

static unsigned int check_pod_rules(const struct world *world, u32 id,
				    u8 direction)
{
	const struct rules *rules = world_rules(world, id);

	if (!rules)
		return id ? REFUSAL_ENOENT : 0;
	return rules->direction == direction ? 0 : REFUSAL_EINVAL;
}

static unsigned int check_pods(const struct world *world)
{
	unsigned int refusals = 0;
	struct pod *pod;
	u32 i, j;

	for_each(pod, &world->pods)
	{
		refusals |= check_pod_rules(world, pod->ingress, 1) |
			    check_pod_rules(world, pod->egress, 2) |
			    check_pod_rules(world, pod->ingress_enforced, 1) |
			    check_pod_rules(world, pod->egress_enforced, 2);
		for (i = 0; i < pod->address_count; i++) {
			if (world_owner(world, &pod->addresses[i]) != pod)
				refusals |= REFUSAL_EEXIST;
			for (j = 0; j < i; j++)
				if (address_equal(&pod->addresses[i],
						  &pod->addresses[j]))
					refusals |= REFUSAL_EEXIST;
		}
	}
	return refusals;
}

static unsigned int check_rules(const struct world *world)
{
	struct rules *rules;
	struct rule *rule;
	u32 i;

	for_each(rules, &world->rule_sets) for_each(rule, &rules->list) for (
		i = 0; i < rule->peers_count;
		i++) if (!world_peers(world,
				      rule->peers[i])) return REFUSAL_ENOENT;
	return 0;
}

static bool exceeds(u32 used, u32 limit)
{
	return limit && used > limit;
}

static unsigned int check_limits(const struct world *world)
{
	const struct limits *limits = &world->settings->limits;
	u32 rule_count = 0, members = 0;
	struct rules *rules;
	struct peers *peers;

	for_each(rules, &world->rule_sets) rule_count += rules->list.count;
	for_each(peers, &world->peer_sets) members += peers_members(peers);
	if (exceeds(world->hosts.count, limits->addresses) ||
	    exceeds(world->peer_sets.count, limits->peer_sets) ||
	    exceeds(world->rule_sets.count, limits->rule_sets) ||
	    exceeds(world->pods.count, limits->pods) ||
	    exceeds(rule_count, limits->rules) ||
	    exceeds(members, limits->members))
		return REFUSAL_ENOSPC;
	return 0;
}

/**
 * change_apply - work out what a transaction should lead to
 * @live: what it is applied to
 * @changes: of struct change, in the order of staging
 * @next: receives the outcome; makes no sense when refused
 *
 * Return: every reason to refuse it; 0 when it must be accepted.
 */
unsigned int change_apply(const struct world *live, const struct list *changes,
			  struct world *next)
{
	struct list since_flush = {};
	unsigned int refusals = 0;
	struct change *change;
	struct world before;
	void *object;
	u32 i;

	before = *live;
	*next = *live;
	for_each(change, changes)
	{
		if (change->kind == CHANGE_SETTINGS) {
			next->settings = change->what;
		} else if (change->kind == CHANGE_FLUSH) {
			since_flush = (struct list){};
			before = (struct world){ .settings = live->settings };
		} else {
			list_append(&since_flush, change);
		}
	}
	next->hosts = list_copy(&before.hosts);
	next->peer_sets = list_copy(&before.peer_sets);
	next->rule_sets = list_copy(&before.rule_sets);
	next->pods = list_copy(&before.pods);
	for (i = 0; i < since_flush.count; i++) {
		change = since_flush.items[i];
		find(change->kind == CHANGE_HOST_REMOVAL ? next : &before,
		     change, &object);
		if (is_removal(change) && !object &&
		    removes_nothing(&since_flush, i))
			refusals |= REFUSAL_ENOENT;
		apply_one(next, change);
	}
	return refusals | check_names(next) | check_pods(next) |
	       check_rules(next) | check_limits(next);
}

bool refusal_allows(unsigned int refusals, int err)
{
	switch (err) {
	case 0:
		return !refusals;
	case -ENOENT:
		return refusals & REFUSAL_ENOENT;
	case -EEXIST:
		return refusals & REFUSAL_EEXIST;
	case -EINVAL:
		return refusals & REFUSAL_EINVAL;
	case -ENOSPC:
		return refusals & REFUSAL_ENOSPC;
	default:
		return false;
	}
}
