// SPDX-License-Identifier: GPL-2.0-only

#include "chance.h"
#include "change.h"
#include "plan.h"

/* What the transactions of a round are to do. */

/* Sizes from 0 to 2. */
struct scale plan_scale(u32 size)
{
	static const struct scale scales[] = {
		{ 10, 4, 4, 3, 3, 3, 8, 3 },
		{ 60, 20, 12, 4, 4, 6, 25, 10 },
		{ 800, 200, 40, 8, 8, 12, 100, 30 },
	};
	struct scale scale = scales[size];

	/* Now and then little of one thing and much of another. */
	if (chance_percent(20))
		scale.identities = 1;
	if (chance_percent(20))
		scale.blocks *= 3;
	if (chance_percent(20))
		scale.rules = 1 + scale.rules / 3;
	else if (size == 1 && chance_percent(20))
		scale.rules *= 4;
	return scale;
}

static void *choose(const struct list *list)
{
	return list->count ? list->items[chance_below(list->count)] : NULL;
}

static void join(const struct world *world, const struct scale *scale,
		 struct list *changes)
{
	(void)world;
	change_append(changes, CHANGE_HOST, generate_host(scale));
}

static void leave(const struct world *world, const struct scale *scale,
		  struct list *changes)
{
	const struct host *host = choose(&world->hosts);

	if (!host || chance_percent(3))
		host = generate_host(scale);
	change_append(changes, CHANGE_HOST_REMOVAL, host);
}

static void move(const struct world *world, const struct scale *scale,
		 struct list *changes)
{
	struct host *to = generate_host(scale);
	const struct host *host = choose(&world->hosts);

	if (host)
		to->address = host->address;
	change_append(changes, CHANGE_HOST, to);
}

static void change_hosts(const struct world *world, const struct scale *scale,
			 struct list *changes)
{
	u32 i, count = chance_between(1, scale->hosts / 2 + 1);

	for (i = 0; i < count; i++) {
		if (chance_percent(40))
			join(world, scale, changes);
		else if (chance_percent(50))
			leave(world, scale, changes);
		else
			move(world, scale, changes);
	}
}

/* All addresses of an identity go, or get another one. */
static void change_identity(const struct world *world,
			    const struct scale *scale, struct list *changes)
{
	u32 from, to = chance_percent(40) ? 0 : generate_id(scale->identities);
	const struct host *any = choose(&world->hosts);
	struct host *host, *moved;

	if (!any)
		return;
	from = any->identity;
	for_each(host, &world->hosts)
	{
		if (host->identity != from)
			continue;
		moved = pool_zalloc(sizeof(*moved));
		*moved = *host;
		moved->identity = to;
		change_append(changes, to ? CHANGE_HOST : CHANGE_HOST_REMOVAL,
			      moved);
	}
}

/* Now and then the same as another has, or as it had itself. */
static void change_peers(const struct world *world, const struct scale *scale,
			 struct list *changes)
{
	const struct peers *live = choose(&world->peer_sets);
	const struct peers *like = choose(&world->peer_sets);
	u32 id = live && chance_percent(75) ? live->id :
					      generate_id(scale->peer_sets);
	struct peers *peers = generate_peers(scale, id);
	const char *name = peers->name;

	if (like && chance_percent(20)) {
		*peers = *like;
		peers->id = id;
		peers->name = name;
	}
	change_append(changes, CHANGE_PEERS, peers);
}

/* The same peer set but for one block. */
static void shrink_peers(const struct world *world, const struct scale *scale,
			 struct list *changes)
{
	struct peers *peers, *copy;

	for_each(peers, &world->peer_sets)
	{
		if (!peers->blocks.count || chance_percent(30))
			continue;
		copy = pool_zalloc(sizeof(*copy));
		*copy = *peers;
		copy->blocks = list_copy(&peers->blocks);
		list_remove(&copy->blocks, chance_below(copy->blocks.count));
		change_append(changes, CHANGE_PEERS, copy);
		return;
	}
	change_peers(world, scale, changes);
}

/* The same rules, but that none names a peer set. */
static const struct rules *without_peers(const struct rules *rules, u32 id)
{
	struct rules *copy = pool_zalloc(sizeof(*copy));
	struct rule *rule, *kept;
	u32 i;

	*copy = *rules;
	copy->list = (struct list){};
	for_each(rule, &rules->list)
	{
		kept = pool_zalloc(sizeof(*kept));
		*kept = *rule;
		kept->peers_count = 0;
		for (i = 0; i < rule->peers_count; i++)
			if (rule->peers[i] != id)
				kept->peers[kept->peers_count++] =
					rule->peers[i];
		if (kept->any_peer || kept->peers_count)
			list_append(&copy->list, kept);
	}
	return copy;
}

static void remove_peers(const struct world *world, const struct scale *scale,
			 struct list *changes)
{
	const struct peers *peers = choose(&world->peer_sets);
	struct rules *rules;

	if (!peers || chance_percent(5))
		peers = generate_peers(scale, generate_id(scale->peer_sets));
	change_append(changes, CHANGE_PEERS_REMOVAL, peers);
	for_each(rules, &world->rule_sets)
		change_append(changes, CHANGE_RULES,
			      without_peers(rules, peers->id));
}

/* Now and then the same as another has, or as it had itself. */
static void change_rules(const struct world *world, const struct scale *scale,
			 struct list *changes)
{
	const struct rules *live = choose(&world->rule_sets);
	const struct rules *like = choose(&world->rule_sets);
	struct rules *rules;

	rules = generate_rules(scale, generate_id(scale->rule_sets));
	if (like && chance_percent(20)) {
		rules->isolated = like->isolated;
		rules->isolation_audited = like->isolation_audited;
		rules->list = like->list;
	}
	if (live && chance_percent(75)) {
		rules->id = live->id;
		rules->direction = live->direction;
	}
	change_append(changes, CHANGE_RULES, rules);
}

static void remove_rules(const struct world *world, const struct scale *scale,
			 struct list *changes)
{
	const struct rules *rules = choose(&world->rule_sets);
	struct pod *pod, *copy;

	if (!rules || chance_percent(5))
		rules = generate_rules(scale, generate_id(scale->rule_sets));
	change_append(changes, CHANGE_RULES_REMOVAL, rules);
	for_each(pod, &world->pods)
	{
		copy = pool_zalloc(sizeof(*copy));
		*copy = *pod;
		if (pod->ingress == rules->id)
			copy->ingress = 0;
		if (pod->egress == rules->id)
			copy->egress = 0;
		if (pod->ingress_enforced == rules->id)
			copy->ingress_enforced = 0;
		if (pod->egress_enforced == rules->id)
			copy->egress_enforced = 0;
		change_append(changes, CHANGE_POD, copy);
	}
}

static struct pod *add_pod(const struct world *world, const struct scale *scale,
			   u32 index, struct list *changes)
{
	struct pod *pod = generate_pod(world, index);
	struct host *host;
	u32 i;

	change_append(changes, CHANGE_POD, pod);
	for (i = 0; i < pod->address_count && chance_percent(60); i++) {
		host = generate_host(scale);
		host->address = pod->addresses[i];
		change_append(changes, CHANGE_HOST, host);
	}
	return pod;
}

static void change_pod(const struct world *world, const struct scale *scale,
		       struct list *changes)
{
	add_pod(world, scale, chance_below(scale->pods), changes);
}

static void remove_pod(const struct world *world, const struct scale *scale,
		       struct list *changes)
{
	const struct pod *pod = choose(&world->pods);

	if (!pod || chance_percent(5))
		pod = generate_pod(world, chance_below(scale->pods));
	change_append(changes, CHANGE_POD_REMOVAL, pod);
}

/* All that a node is told when an agent starts. */
struct list plan_load(const struct world *world, const struct scale *scale)
{
	u32 i, hosts = chance_below(scale->hosts + 1);
	struct list changes = {};
	struct world next;

	for (i = 0; i < scale->peer_sets; i++)
		change_append(&changes, CHANGE_PEERS,
			      generate_peers(scale,
					     i % 4 == 3 ? ~0U - i / 4 : i + 1));
	for (i = 0; i < scale->rule_sets; i++)
		change_append(&changes, CHANGE_RULES,
			      generate_rules(scale,
					     generate_id(scale->rule_sets)));
	for (i = 0; i < hosts; i++)
		join(world, scale, &changes);
	if (chance_percent(30))
		change_append(&changes, CHANGE_SETTINGS,
			      generate_settings(world, scale));
	change_apply(world, &changes, &next);
	for (i = 0; i < scale->pods; i++)
		list_append(&next.pods, add_pod(&next, scale, i, &changes));
	return changes;
}

static void change_settings(const struct world *world,
			    const struct scale *scale, struct list *changes)
{
	change_append(changes, CHANGE_SETTINGS,
		      generate_settings(world, scale));
}

static void flush(const struct world *world, const struct scale *scale,
		  struct list *changes)
{
	(void)world;
	(void)scale;
	change_append(changes, CHANGE_FLUSH, NULL);
}

static void reload(const struct world *world, const struct scale *scale,
		   struct list *changes)
{
	struct world empty = { .settings = world->settings };
	struct change *change;
	struct list load;

	flush(world, scale, changes);
	load = plan_load(&empty, scale);
	for_each(change, &load) list_append(changes, change);
}

const struct plan plans[] = {
	{ "an address joins", 12, join },
	{ "an address leaves", 7, leave },
	{ "an address moves", 12, move },
	{ "many addresses change", 7, change_hosts },
	{ "an identity changes", 6, change_identity },
	{ "a peer set is replaced", 12, change_peers },
	{ "a peer set loses a block", 7, shrink_peers },
	{ "a peer set is removed", 6, remove_peers },
	{ "a rule set is replaced", 12, change_rules },
	{ "a rule set is removed", 6, remove_rules },
	{ "a pod is set", 7, change_pod },
	{ "a pod is removed", 5, remove_pod },
	{ "settings change", 6, change_settings },
	{ "a flush", 1, flush },
	{ "a flush and a load", 2, reload },
};
const u32 plan_count = sizeof(plans) / sizeof(plans[0]);

static void plan_one(const struct world *world, const struct scale *scale,
		     struct list *changes)
{
	u32 i, weight = 0;

	for (i = 0; i < plan_count; i++)
		weight += plans[i].weight;
	weight = chance_below(weight);
	for (i = 0; weight >= plans[i].weight; i++)
		weight -= plans[i].weight;
	plans[i].make(world, scale, changes);
}

/* One of the plan again, so that the same object is staged twice. */
static void repeat(const struct scale *scale, struct list *changes)
{
	const struct change *change = choose(changes);
	struct host *host;

	if (!change)
		return;
	switch (change->kind) {
	case CHANGE_HOST:
		host = generate_host(scale);
		host->address = ((struct host *)change->what)->address;
		change_append(changes,
			      chance_percent(50) ? CHANGE_HOST :
						   CHANGE_HOST_REMOVAL,
			      host);
		break;
	case CHANGE_PEERS:
		change_append(changes, CHANGE_PEERS_REMOVAL, change->what);
		break;
	case CHANGE_RULES:
		change_append(changes, CHANGE_RULES_REMOVAL, change->what);
		break;
	case CHANGE_POD:
		change_append(changes, CHANGE_POD_REMOVAL, change->what);
		break;
	default:
		change_append(changes, change->kind, change->what);
		break;
	}
}

/* Some change of what is in force; most are such as will be accepted. */
struct list plan_update(const struct world *world, const struct scale *scale)
{
	struct list changes;
	struct world next;
	u32 tries, parts;

	for (tries = 0; tries < 6; tries++) {
		changes = (struct list){};
		parts = chance_percent(75) ? 1 : chance_between(0, 5);
		while (parts--)
			plan_one(world, scale, &changes);
		if (chance_percent(10))
			repeat(scale, &changes);
		if (!change_apply(world, &changes, &next) || chance_percent(20))
			break;
	}
	return changes;
}
