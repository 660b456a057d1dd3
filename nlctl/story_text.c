// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "output.h"
#include "policy/memory.h"
#include "story.h"
#include "style.h"

/* So many near misses are told, and so many entries of a list. */
#define MISSES_MAX 5
#define ENTRIES_MAX 8

/* What is told has names in it that came from outside; a newline at the end is
 * ours.
 */
static void put(enum style style, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void put(enum style style, const char *format, ...)
{
	va_list arguments;
	size_t length;
	bool newline;
	char *text;

	va_start(arguments, format);
	text = xvasprintf(format, arguments);
	va_end(arguments);
	length = strlen(text);
	newline = length && format[strlen(format) - 1] == '\n';
	if (newline)
		text[length - 1] = '\0';
	text_clean(text);
	if (style == STYLE_PLAIN)
		fputs(text, stdout);
	else
		printf("%s%s%s", style_begin(style), text, style_end());
	if (newline)
		putchar('\n');
	free(text);
}

static const char *text_of(const char *text, const char *otherwise)
{
	return text && *text ? text : otherwise;
}

static const char *origin_of(const struct rule *rule)
{
	return text_of(rule->origin, "a rule without origin");
}

static enum style style_of(enum podwall_verdict verdict, bool audited)
{
	if (audited)
		return STYLE_WARN;
	return verdict == PODWALL_VERDICT_ACCEPT ? STYLE_ACCEPT : STYLE_DENY;
}

static void put_verdict(enum podwall_verdict verdict, bool audited)
{
	put(style_of(verdict, audited), "%s%s",
	    name_of(ENUMERATION_VERDICT, verdict),
	    audited ? " (audit mode: reported, but let pass)" : "");
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
		put(STYLE_FAINT, "%s%s=%s", i ? "," : ", labels ",
		    labels->list[i].key, labels->list[i].value);
}

static void put_place(const struct walk_end *end)
{
	char block[NETWORK_TEXT_MAX];

	switch (end->place) {
	case WALK_PLACE_POD:
		put(STYLE_PLAIN, "pod %s", end->pod->key);
		break;
	case WALK_PLACE_NODE:
		put(STYLE_PLAIN, "the node itself");
		break;
	case WALK_PLACE_GUARDED:
		put(STYLE_PLAIN, "no registered pod, in guarded block %s",
		    network_text(end->guarded, block));
		break;
	case WALK_PLACE_CLUSTER:
		put(STYLE_PLAIN, "a pod of another node");
		break;
	case WALK_PLACE_OUTSIDE:
		put(STYLE_PLAIN, "outside the cluster");
		break;
	}
	if (end->identity)
		put(STYLE_FAINT, ", identity %u", end->identity);
	if (end->pod && end->pod->mode == PODWALL_MODE_AUDIT)
		put(STYLE_WARN, ", in audit mode");
}

static void put_end(const char *name, const struct story_end *end,
		    const struct walk_end *place)
{
	put(STYLE_PLAIN, "  %s  ", name);
	put_place(place);
	put_labels(end->labels);
	putchar('\n');
}

/* --- lists */

static char *add(char *text, const char *separator, const char *more)
{
	char *longer = xasprintf("%s%s%s", text, *text ? separator : "", more);

	free(text);
	return longer;
}

static char *range_text(const struct port_range *range)
{
	char protocol[PROTOCOL_TEXT_MAX];

	protocol_text(range->protocol, protocol);
	if (range->first <= 1 && range->last == UINT16_MAX)
		return xasprintf("any %s", protocol);
	if (range->first == range->last)
		return xasprintf("%u/%s", range->first, protocol);
	return xasprintf("%u-%u/%s", range->first, range->last, protocol);
}

static char *rest_text(char *text, size_t count)
{
	char *rest;

	if (count <= ENTRIES_MAX)
		return text;
	rest = xasprintf("%zu more", count - ENTRIES_MAX);
	text = add(text, " and ", rest);
	free(rest);
	return text;
}

static char *ports_text(const struct rule *rule)
{
	char *text = xstrdup(rule->any_port ? "any" : "");
	size_t i;

	for (i = 0; i < rule->port_range_count && i < ENTRIES_MAX; i++) {
		char *range = range_text(&rule->port_ranges[i]);

		text = add(text, ", ", range);
		free(range);
	}
	return rest_text(text, rule->port_range_count);
}

static char *peers_text(const struct story *story, const struct rule *rule)
{
	char *text = xstrdup(rule->any_peer ? "any" : "");
	size_t i;

	for (i = 0; i < rule->peer_set_count && i < ENTRIES_MAX; i++) {
		const struct peer_set *peer_set =
			walk_peer_set(story->question.objects,
				      rule->peer_sets[i]);

		text = add(text, " or ",
			   text_of(peer_set ? peer_set->name : NULL,
				   "a peer set without name"));
	}
	return rest_text(text, rule->peer_set_count);
}

/* --- tiers */

static char *count_text(size_t count)
{
	return count == 1 ? xstrdup("1 rule") : xasprintf("%zu rules", count);
}

static const struct walk_rule *first_match(const struct walk_tier *tier)
{
	size_t i;

	for (i = 0; i < tier->count; i++)
		if (tier->rules[i].peer && tier->rules[i].port)
			return &tier->rules[i];
	return NULL;
}

static void put_match(const struct walk_tier *tier)
{
	static const char *const verbs[] = {
		[PODWALL_ACTION_ACCEPT] = "accepts",
		[PODWALL_ACTION_DENY] = "denies",
		[PODWALL_ACTION_PASS] = "passes it on",
	};
	const struct rule *rule = tier->rule->rule;

	put(STYLE_STRONG, "%s", origin_of(rule));
	put(STYLE_PLAIN, " %s", verbs[rule->action]);
	if (tier->tier != PODWALL_TIER_POLICY)
		put(STYLE_FAINT, ", priority %u", rule->priority);
	put(STYLE_FAINT, ", rule %zu", tier->rule->index);
}

static void put_unreached(const struct walk_tier *tier)
{
	const struct walk_rule *match = first_match(tier);

	put(STYLE_FAINT, "not reached");
	if (match)
		put(STYLE_FAINT, "; %s would %s", origin_of(match->rule),
		    name_of(ENUMERATION_ACTION, match->rule->action));
}

static void put_ending(const struct walk_rule_set *set,
		       const struct walk_tier *tier, enum walk_skip skip)
{
	char *count = count_text(tier->count);

	switch (tier->ending) {
	case WALK_ENDING_UNREACHED:
		put_unreached(tier);
		break;
	case WALK_ENDING_SKIPPED:
		put(STYLE_FAINT, "left out: a pod reaches its %s",
		    skip == WALK_SKIP_NODE ? "own node" :
					     "own Service, and so itself");
		break;
	case WALK_ENDING_UNMATCHED:
		if (tier->count)
			put(STYLE_PLAIN, "%s, none matches", count);
		else if (tier->tier == PODWALL_TIER_POLICY)
			put(STYLE_FAINT, "no policy isolates the pod");
		else
			put(STYLE_FAINT, "no rules");
		break;
	case WALK_ENDING_PASSED:
	case WALK_ENDING_DECIDED:
		put_match(tier);
		break;
	case WALK_ENDING_ISOLATED:
		put(STYLE_PLAIN, "isolated; ");
		if (tier->count)
			put(STYLE_PLAIN, "%s, none covers the connection",
			    count);
		else
			put(STYLE_PLAIN, "no rule accepts anything");
		break;
	}
	free(count);
	if (set->tier == tier->tier)
		put(style_of(set->verdict, false), "  <- decides");
	putchar('\n');
}

static bool is_looked_at(const struct walk_tier *tier,
			 const struct walk_rule *rule)
{
	return tier->ending != WALK_ENDING_UNREACHED &&
	       tier->ending != WALK_ENDING_SKIPPED &&
	       (!tier->rule || rule->index <= tier->rule->index);
}

static void put_rules(const struct story *story, const struct walk_tier *tier,
		      int indent)
{
	size_t i;

	for (i = 0; i < tier->count; i++) {
		const struct walk_rule *rule = &tier->rules[i];
		bool looked_at = is_looked_at(tier, rule);
		char *peers = peers_text(story, rule->rule);
		char *ports = ports_text(rule->rule);

		put(looked_at ? STYLE_PLAIN : STYLE_FAINT,
		    "%*s%4zu %-6s %s%s\n", indent, "", rule->index,
		    name_of(ENUMERATION_ACTION, rule->rule->action),
		    origin_of(rule->rule), looked_at ? "" : " (not looked at)");
		put(STYLE_FAINT, "%*s            peer %-3s  %s\n", indent, "",
		    rule->peer ? "yes" : "no", peers);
		put(STYLE_FAINT, "%*s            port %-3s  %s\n", indent, "",
		    rule->port ? "yes" : "no", ports);
		free(ports);
		free(peers);
	}
}

static void put_tiers(const struct story *story,
		      const struct walk_direction *walk,
		      const struct walk_rule_set *set, int indent, bool wide)
{
	size_t i;

	for (i = 0; i < WALK_TIERS; i++) {
		const struct walk_tier *tier = &set->tiers[i];

		put(STYLE_PLAIN, "%*s%-9s ", indent, "",
		    name_of(ENUMERATION_TIER, tier->tier));
		put_ending(set, tier, walk->skip);
		if (wide)
			put_rules(story, tier, indent);
	}
	if (set->reason == PODWALL_REASON_DEFAULT) {
		put(STYLE_PLAIN, "%*s%-9s nothing decided: accept", indent, "",
		    "default");
		put(STYLE_ACCEPT, "  <- decides");
		putchar('\n');
	}
}

static void put_part(const struct story *story,
		     const struct walk_direction *walk,
		     const struct walk_rule_set *set, const char *what,
		     bool wide)
{
	put(STYLE_PLAIN, "    %s, rule set %u: ", what, set->rule_set->id);
	put(style_of(set->verdict, false), "%s\n",
	    name_of(ENUMERATION_VERDICT, set->verdict));
	put_tiers(story, walk, set, 6, wide);
}

static void put_walk(const struct story *story,
		     const struct walk_direction *walk, bool wide)
{
	if (!walk->all.rule_set)
		return;
	if (!walk->enforced.rule_set) {
		put_tiers(story, walk, &walk->all, 4, wide);
		return;
	}
	put_part(story, walk, &walk->all, "with policies in audit mode", wide);
	put_part(story, walk, &walk->enforced,
		 "without what those in audit mode deny", wide);
}

/* --- near misses */

static void put_why(const struct story *story, const struct near_miss *miss)
{
	char block[NETWORK_TEXT_MAX], except[NETWORK_TEXT_MAX];
	char *text = miss->but_for_port ? ports_text(miss->rule->rule) :
					  peers_text(story, miss->rule->rule);

	put(STYLE_PLAIN, "              would match but for the ");
	if (miss->but_for_port)
		put(STYLE_PLAIN, "port: it has %s\n", text);
	else if (miss->except)
		put(STYLE_PLAIN, "peer: %s excepts %s\n",
		    network_text(miss->block, block),
		    network_text(miss->except, except));
	else
		put(STYLE_PLAIN, "peer: it has %s\n", text);
	free(text);
}

static void put_miss(const struct story *story, const struct near_miss *miss)
{
	const struct rule *rule = miss->rule->rule;

	put(STYLE_WARN, "    near miss ");
	put(STYLE_PLAIN, "%s", origin_of(rule));
	if (rule->tier != PODWALL_TIER_POLICY)
		put(STYLE_FAINT, " (%s tier, %s)",
		    name_of(ENUMERATION_TIER, rule->tier),
		    name_of(ENUMERATION_ACTION, rule->action));
	put(STYLE_PLAIN, ":\n");
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
		put(STYLE_FAINT, "    and %zu more; --wide shows them\n", more);
}

/* --- directions */

static char *reason_text(const struct story *story,
			 const struct walk_direction *walk, const char *end)
{
	const char *origin =
		text_of(walk_origin(walk), "a rule without origin");

	switch (walk->reason) {
	case PODWALL_REASON_NO_POLICY:
		if (walk->pod && story->question.is_itself)
			return xstrdup("a pod always reaches itself");
		if (walk->pod)
			return xstrdup("no policy concerns it");
		return xasprintf("the %s is no pod of %s", end,
				 story->offline ? "the manifests" :
						  "this node");
	case PODWALL_REASON_RULE:
		return xstrdup(origin);
	case PODWALL_REASON_ISOLATED:
		return xasprintf("isolated by %s", origin);
	case PODWALL_REASON_DEFAULT:
		return xstrdup(walk->skip == WALK_SKIP_NODE ?
				       "no rule decides, and it is its own node" :
			       walk->skip == WALK_SKIP_ITSELF ?
				       "no rule decides, and it is itself" :
				       "no rule decides, and nothing isolates it");
	case PODWALL_REASON_UNREGISTERED:
		return xasprintf(
			"the address of the %s is guarded and belongs to no registered pod",
			end);
	case PODWALL_REASON_NODE:
		return xasprintf("the node reaches its own pods; %s would deny",
				 origin);
	}
	return xstrdup("for a reason that this version of nlctl does not know");
}

static bool is_audited(enum podwall_verdict verdict, enum podwall_mode mode)
{
	return verdict == PODWALL_VERDICT_DENY && mode == PODWALL_MODE_AUDIT;
}

static void put_heading(const char *name, const struct story_end *end)
{
	char address[NETWORK_TEXT_MAX];

	put(STYLE_PLAIN, "  %s of ", name);
	put(STYLE_STRONG, "%s",
	    end->is_pod ? end->text : ip_text(&end->ip, address));
	put(STYLE_PLAIN, ": ");
}

/* What the judge said, where there is no walk that says the same. */
static void put_decision(const struct decision *decision, const char *end)
{
	char *text = decision_text(decision, end);

	put_verdict(decision->verdict,
		    is_audited(decision->verdict, decision->mode));
	if (decision->rule_set)
		put(STYLE_FAINT, ", rule set %u", decision->rule_set);
	put(STYLE_PLAIN, ", %s\n", text);
	free(text);
}

static void put_reason(const struct story *story,
		       const struct walk_direction *walk, const char *end)
{
	char *text = reason_text(story, walk, end);

	put_verdict(walk->verdict, is_audited(walk->verdict, walk->mode));
	if (walk->decisive)
		put(STYLE_PLAIN, ", rule set %u (%s)\n",
		    walk->decisive->rule_set->id, text);
	else
		put(STYLE_PLAIN, ", %s\n", text);
	free(text);
}

/* Two opinions, of which one is wrong: both are told, and no story made up. */
static void put_disagreement(const struct story *story,
			     const struct walk_direction *walk, const char *end)
{
	put(STYLE_WARN, "    the rules as nlctl reads them say otherwise: ");
	put_reason(story, walk, end);
	put(STYLE_WARN, "    %s\n",
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
	put_walk(story, direction->walk, wide);
	put_misses(story, direction, wide);
}

void story_print(const struct story *story, const char *port, bool wide)
{
	const struct explanation *explanation = story->explanation;
	char *client = end_text(&story->client);
	char *server = end_text(&story->server);

	put(STYLE_STRONG, "%s -> %s, %s", client, server, port);
	put(STYLE_PLAIN, ": ");
	put(style_of(explanation->verdict, explanation_audited(explanation)),
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
