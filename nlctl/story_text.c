// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>

#include "names.h"
#include "phrase.h"
#include "policy/memory.h"
#include "reason_text.h"
#include "rule_text.h"
#include "story.h"
#include "verdict.h"
#include "walk_text.h"

/* So many near misses are told. */
#define MISSES_MAX 5

static void put_verdict(enum podwall_verdict verdict, enum podwall_mode mode)
{
	phrase(verdict_style(verdict, verdict_audited(verdict, mode)), "%s",
	       verdict_text(verdict, mode));
}

/* --- the ends */

static char *end_text(const struct story_end *end)
{
	char address[NETWORK_TEXT_MAX];

	ip_text(&end->ip, address);
	return end->is_pod ? xasprintf("%s (%s)", end->text, address) :
			     xstrdup(address);
}

static void put_labels(const struct labels *labels)
{
	size_t i;

	for (i = 0; labels && i < labels->count; i++)
		phrase(STYLE_FAINT, "%s%s=%s", i ? "," : ", labels ",
		       labels->list[i].key, labels->list[i].value);
}

static void put_place(const struct walk_end *end)
{
	char block[NETWORK_TEXT_MAX];

	switch (end->place) {
	case WALK_PLACE_POD:
		phrase(STYLE_PLAIN, "pod %s", end->pod->key);
		break;
	case WALK_PLACE_NODE:
		phrase(STYLE_PLAIN, "the node itself");
		break;
	case WALK_PLACE_GUARDED:
		phrase(STYLE_PLAIN, "no registered pod, in guarded block %s",
		       network_text(end->guarded, block));
		break;
	case WALK_PLACE_CLUSTER:
		phrase(STYLE_PLAIN, "a pod of another node");
		break;
	case WALK_PLACE_OUTSIDE:
		phrase(STYLE_PLAIN, "outside the cluster");
		break;
	}
	if (end->identity)
		phrase(STYLE_FAINT, ", identity %u", end->identity);
	if (end->pod && end->pod->mode == PODWALL_MODE_AUDIT)
		phrase(STYLE_WARN, ", in audit mode");
}

static void put_end(const char *name, const struct story_end *end,
		    const struct walk_end *place)
{
	phrase(STYLE_PLAIN, "  %s  ", name);
	put_place(place);
	put_labels(end->labels);
	putchar('\n');
}

/* --- near misses */

static void put_why(const struct story *story, const struct near_miss *miss)
{
	char block[NETWORK_TEXT_MAX], except[NETWORK_TEXT_MAX];
	char *text = miss->but_for_port ?
			     rule_ports_text(miss->rule->rule) :
			     rule_peers_text(story->question.objects,
					     miss->rule->rule);

	phrase(STYLE_PLAIN, "              would match but for the ");
	if (miss->but_for_port)
		phrase(STYLE_PLAIN, "port: it has %s\n", text);
	else if (miss->except)
		phrase(STYLE_PLAIN, "peer: %s excepts %s\n",
		       network_text(miss->block, block),
		       network_text(miss->except, except));
	else
		phrase(STYLE_PLAIN, "peer: it has %s\n", text);
	free(text);
}

static void put_miss(const struct story *story, const struct near_miss *miss)
{
	const struct rule *rule = miss->rule->rule;

	phrase(STYLE_WARN, "    near miss ");
	phrase(STYLE_PLAIN, "%s", rule_origin_text(rule));
	if (rule->tier != PODWALL_TIER_POLICY)
		phrase(STYLE_FAINT, " (%s tier, %s)",
		       name_of(ENUMERATION_TIER, rule->tier),
		       name_of(ENUMERATION_ACTION, rule->action));
	phrase(STYLE_PLAIN, ":\n");
	put_why(story, miss);
}

/* What is accepted is near to every denial of some other peer: that is told to
 * those who ask for everything.
 */
static void put_misses(const struct story *story,
		       const struct story_direction *direction, bool wide)
{
	bool accepted = direction->walk->verdict == PODWALL_VERDICT_ACCEPT;
	size_t told = 0, more = 0, i;

	for (i = 0; i < direction->misses.count; i++) {
		const struct near_miss *miss = &direction->misses.list[i];

		if (!wide && accepted && miss->by_chance)
			continue;
		if (wide || told < MISSES_MAX) {
			put_miss(story, miss);
			told++;
		} else {
			more++;
		}
	}
	if (more)
		phrase(STYLE_FAINT, "    and %zu more; --wide shows them\n",
		       more);
}

/* --- directions */

static char *walk_reason(const struct story *story,
			 const struct walk_direction *walk, const char *end)
{
	const struct reason_details details = {
		.reason = walk->reason,
		.pod = walk->pod ? walk->pod->key : NULL,
		.origin = text_or(walk_origin(walk), NULL),
		.end = end,
		.place = story->offline ? "the manifests" : "this node",
		.is_itself = story->question.is_itself,
		.skip = walk->skip,
	};

	return reason_clause(&details);
}

static void put_heading(const char *name, const struct story_end *end)
{
	char address[NETWORK_TEXT_MAX];

	phrase(STYLE_PLAIN, "  %s of ", name);
	phrase(STYLE_STRONG, "%s",
	       end->is_pod ? end->text : ip_text(&end->ip, address));
	phrase(STYLE_PLAIN, ": ");
}

/* What the judge said, where there is no walk that says the same. */
static void put_decision(const struct decision *decision, const char *end)
{
	char *text = decision_text(decision, end);

	put_verdict(decision->verdict, decision->mode);
	if (decision->rule_set)
		phrase(STYLE_FAINT, ", rule set %u", decision->rule_set);
	phrase(STYLE_PLAIN, ", %s\n", text);
	free(text);
}

static void put_reason(const struct story *story,
		       const struct walk_direction *walk, const char *end)
{
	char *text = walk_reason(story, walk, end);

	put_verdict(walk->verdict, walk->mode);
	if (walk->decisive)
		phrase(STYLE_PLAIN, ", rule set %u (%s)\n",
		       walk->decisive->rule_set->id, text);
	else
		phrase(STYLE_PLAIN, ", %s\n", text);
	free(text);
}

/* Two opinions, of which one is wrong: both are told, and no story made up. */
static void put_disagreement(const struct story *story,
			     const struct walk_direction *walk, const char *end)
{
	phrase(STYLE_WARN, "    the rules as nlctl reads them say otherwise: ");
	put_reason(story, walk, end);
	phrase(STYLE_WARN, "    %s\n",
	       story->offline ?
		       "This is a bug of podwall: please report it with the manifests." :
		       "What the module says is in force. Please report this as a bug.");
}

static void put_direction(const struct story *story,
			  const struct story_direction *direction,
			  const char *name, const struct story_end *whose,
			  const char *end, bool wide)
{
	put_heading(name, whose);
	if (!direction->walk) {
		put_decision(direction->decision, end);
		return;
	}
	if (!direction->agrees) {
		put_decision(direction->decision, end);
		put_disagreement(story, direction->walk, end);
		return;
	}
	put_reason(story, direction->walk, end);
	walk_print(story->question.objects, direction->walk, wide);
	put_misses(story, direction, wide);
}

void story_print(const struct story *story, const char *port, bool wide)
{
	const struct explanation *explanation = story->explanation;
	char *client = end_text(&story->client);
	char *server = end_text(&story->server);

	phrase(STYLE_STRONG, "%s -> %s, %s", client, server, port);
	phrase(STYLE_PLAIN, ": ");
	phrase(verdict_style(explanation->verdict,
			     explanation_audited(explanation)),
	       "%s", name_of(ENUMERATION_VERDICT, explanation->verdict));
	putchar('\n');
	free(server);
	free(client);
	if (story->has_walk) {
		put_end("client", &story->client, &story->walk.client);
		put_end("server", &story->server, &story->walk.server);
	}
	put_direction(story, &story->egress, "egress", &story->client, "client",
		      wide);
	put_direction(story, &story->ingress, "ingress", &story->server,
		      "server", wide);
}
