// SPDX-License-Identifier: GPL-2.0-only

#include <arpa/inet.h>
#include <stdio.h>

#include <linux/podwall.h>

#include "change.h"
#include "dump.h"

/* Texts for whoever looks into a difference, in TAP's diagnostics. */

static const char *const directions[] = { "?", "ingress", "egress" };
static const char *const tiers[] = { "no tier", "admin", "policy", "baseline" };
static const char *const actions[] = { "?", "accept", "deny", "pass" };
static const char *const verdicts[] = { "?", "accept", "deny" };
static const char *const reasons[] = { "?",	   "no policy", "rule",
				       "isolated", "default",	"unregistered",
				       "node" };

const char *dump_address(const struct address *address)
{
	char text[INET6_ADDRSTRLEN];

	return pool_printf("%s",
			   inet_ntop(address->bits == 32 ? AF_INET : AF_INET6,
				     address->bytes, text, sizeof(text)));
}

const char *dump_network(const struct network *network)
{
	return pool_printf("%s/%u", dump_address(&network->base),
			   network->length);
}

const char *dump_question(const struct question *question)
{
	return pool_printf("peer %s, protocol %u, %s %u%s",
			   dump_address(&question->peer), question->protocol,
			   question->has_port ? "port" : "no port but",
			   question->port,
			   question->skips_policy_tier ?
				   ", skipping the policy tier" :
				   "");
}

const char *dump_flow(const struct flow *flow)
{
	return pool_printf("%s -> %s, protocol %u, %s %u%s%s%s",
			   dump_address(&flow->client),
			   dump_address(&flow->server), flow->protocol,
			   flow->has_port ? "port" : "no port but", flow->port,
			   flow->translated ? ", translated" : "",
			   flow->from_node ? ", from the node" : "",
			   flow->to_node ? ", to the node" : "");
}

/* No rule is -1. */
const char *dump_answer(u8 verdict, u8 reason, u8 tier, int rule)
{
	return pool_printf("%s, %s, %s, rule %d", verdicts[verdict % 3],
			   reasons[reason % 7], tiers[tier % 4], rule);
}

static void dump_host(const struct host *host)
{
	printf("%s identity %u\n", dump_address(&host->address),
	       host->identity);
}

static void dump_peers(const struct peers *peers)
{
	struct network *except;
	struct block *block;
	u32 i;

	printf("peer set %u \"%s\":", peers->id, peers->name);
	for (i = 0; i < peers->identity_count; i++)
		printf(" %u", peers->identities[i]);
	for_each(block, &peers->blocks)
	{
		printf(" %s", dump_network(&block->network));
		for_each(except, &block->excepts)
			printf(" -%s", dump_network(except));
	}
	putchar('\n');
}

static void dump_rule(const struct rule *rule, u32 index)
{
	u32 i;

	printf("#   %u: %s %u %s,", index, tiers[rule->tier % 4],
	       rule->priority, actions[rule->action % 4]);
	printf(rule->any_peer ? " any peer" : " peers");
	for (i = 0; i < rule->peers_count; i++)
		printf(" %u", rule->peers[i]);
	printf(rule->any_port ? ", any port" : ",");
	for (i = 0; i < rule->ports_count; i++)
		printf(" %u/%u-%u", rule->ports[i].protocol,
		       rule->ports[i].first, rule->ports[i].last);
	putchar('\n');
}

static void dump_rules(const struct rules *rules)
{
	u32 i;

	printf("rule set %u, %s%s\n", rules->id,
	       directions[rules->direction % 3],
	       rules->isolated		? ", isolated" :
	       rules->isolation_audited ? ", isolation audited" :
					  "");
	for (i = 0; i < rules->list.count; i++)
		dump_rule(rules->list.items[i], i);
}

static void dump_pod(const struct pod *pod)
{
	u32 i;

	printf("pod %s, ingress %u (enforced %u), egress %u (enforced %u), mode %u:",
	       pod->key, pod->ingress, pod->ingress_enforced, pod->egress,
	       pod->egress_enforced, pod->mode);
	for (i = 0; i < pod->address_count; i++)
		printf(" %s", dump_address(&pod->addresses[i]));
	putchar('\n');
}

static void dump_settings(const struct settings *settings)
{
	const struct limits *limits = &settings->limits;
	struct network *network;

	printf("settings: node access %s, guarded",
	       settings->judges_node_access ? "judge" : "accept");
	for_each(network, &settings->guarded)
		printf(" %s", dump_network(network));
	printf(", limits %u %u %u %u %u %u\n", limits->addresses,
	       limits->peer_sets, limits->rule_sets, limits->pods,
	       limits->rules, limits->members);
}

static void dump_change(const struct change *change)
{
	switch (change->kind) {
	case CHANGE_FLUSH:
		puts("flush");
		break;
	case CHANGE_HOST:
	case CHANGE_HOST_REMOVAL:
		dump_host(change->what);
		break;
	case CHANGE_PEERS:
		dump_peers(change->what);
		break;
	case CHANGE_PEERS_REMOVAL:
		printf("peer set %u\n", ((struct peers *)change->what)->id);
		break;
	case CHANGE_RULES:
		dump_rules(change->what);
		break;
	case CHANGE_RULES_REMOVAL:
		printf("rule set %u\n", ((struct rules *)change->what)->id);
		break;
	case CHANGE_POD:
	case CHANGE_POD_REMOVAL:
		dump_pod(change->what);
		break;
	case CHANGE_SETTINGS:
		dump_settings(change->what);
		break;
	}
}

void dump_changes(const struct list *changes)
{
	struct change *change;

	for_each(change, changes)
	{
		bool removal = change->kind == CHANGE_HOST_REMOVAL ||
			       change->kind == CHANGE_PEERS_REMOVAL ||
			       change->kind == CHANGE_RULES_REMOVAL ||
			       change->kind == CHANGE_POD_REMOVAL;

		printf("# %s ", removal ? "remove" : "set");
		dump_change(change);
	}
}

void dump_world(const struct world *world)
{
	struct peers *peers;
	struct rules *rules;
	struct host *host;
	struct pod *pod;

	for_each(host, &world->hosts)
	{
		printf("# ");
		dump_host(host);
	}
	for_each(peers, &world->peer_sets)
	{
		printf("# ");
		dump_peers(peers);
	}
	for_each(rules, &world->rule_sets)
	{
		printf("# ");
		dump_rules(rules);
	}
	for_each(pod, &world->pods)
	{
		printf("# ");
		dump_pod(pod);
	}
	printf("# ");
	dump_settings(world->settings);
}
