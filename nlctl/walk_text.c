// SPDX-License-Identifier: GPL-2.0-only
#include "walk_text.h"

#include <stdio.h>
#include <stdlib.h>

#include "names.h"
#include "phrase.h"
#include "policy/memory.h"
#include "rule_text.h"
#include "verdict.h"

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

	phrase(STYLE_STRONG, "%s", rule_origin_text(rule));
	phrase(STYLE_PLAIN, " %s", verbs[rule->action]);
	if (tier->tier != PODWALL_TIER_POLICY)
		phrase(STYLE_FAINT, ", priority %u", rule->priority);
	phrase(STYLE_FAINT, ", rule %zu", tier->rule->index);
}

static void put_unreached(const struct walk_tier *tier)
{
	const struct walk_rule *match = first_match(tier);

	phrase(STYLE_FAINT, "not reached");
	if (match)
		phrase(STYLE_FAINT, "; %s would %s",
		       rule_origin_text(match->rule),
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
		phrase(STYLE_FAINT, "left out: a pod reaches its %s",
		       skip == WALK_SKIP_NODE ? "own node" :
						"own Service, and so itself");
		break;
	case WALK_ENDING_UNMATCHED:
		if (tier->count)
			phrase(STYLE_PLAIN, "%s, none matches", count);
		else if (tier->tier == PODWALL_TIER_POLICY)
			phrase(STYLE_FAINT, "no policy isolates the pod");
		else
			phrase(STYLE_FAINT, "no rules");
		break;
	case WALK_ENDING_PASSED:
	case WALK_ENDING_DECIDED:
		put_match(tier);
		break;
	case WALK_ENDING_ISOLATED:
		phrase(STYLE_PLAIN, "isolated; ");
		if (tier->count)
			phrase(STYLE_PLAIN, "%s, none covers the connection",
			       count);
		else
			phrase(STYLE_PLAIN, "no rule accepts anything");
		break;
	}
	free(count);
	if (set->tier == tier->tier)
		phrase(verdict_style(set->verdict, false), "  <- decides");
	putchar('\n');
}

static bool is_looked_at(const struct walk_tier *tier,
			 const struct walk_rule *rule)
{
	return tier->ending != WALK_ENDING_UNREACHED &&
	       tier->ending != WALK_ENDING_SKIPPED &&
	       (!tier->rule || rule->index <= tier->rule->index);
}

static void put_rules(const struct objects *objects,
		      const struct walk_tier *tier, int indent)
{
	size_t i;

	for (i = 0; i < tier->count; i++) {
		const struct walk_rule *rule = &tier->rules[i];
		bool looked_at = is_looked_at(tier, rule);
		char *peers = rule_peers_text(objects, rule->rule);
		char *ports = rule_ports_text(rule->rule);

		phrase(looked_at ? STYLE_PLAIN : STYLE_FAINT,
		       "%*s%4zu %-6s %s%s\n", indent, "", rule->index,
		       name_of(ENUMERATION_ACTION, rule->rule->action),
		       rule_origin_text(rule->rule),
		       looked_at ? "" : " (not looked at)");
		phrase(STYLE_FAINT, "%*s            peer %-3s  %s\n", indent,
		       "", rule->peer ? "yes" : "no", peers);
		phrase(STYLE_FAINT, "%*s            port %-3s  %s\n", indent,
		       "", rule->port ? "yes" : "no", ports);
		free(ports);
		free(peers);
	}
}

static void put_tiers(const struct objects *objects,
		      const struct walk_direction *walk,
		      const struct walk_rule_set *set, int indent, bool wide)
{
	size_t i;

	for (i = 0; i < WALK_TIERS; i++) {
		const struct walk_tier *tier = &set->tiers[i];

		phrase(STYLE_PLAIN, "%*s%-9s ", indent, "",
		       name_of(ENUMERATION_TIER, tier->tier));
		put_ending(set, tier, walk->skip);
		if (wide)
			put_rules(objects, tier, indent);
	}
	if (set->reason == PODWALL_REASON_DEFAULT) {
		phrase(STYLE_PLAIN, "%*s%-9s nothing decided: accept", indent,
		       "", "default");
		phrase(STYLE_ACCEPT, "  <- decides");
		putchar('\n');
	}
}

static void put_part(const struct objects *objects,
		     const struct walk_direction *walk,
		     const struct walk_rule_set *set, const char *what,
		     bool wide)
{
	phrase(STYLE_PLAIN, "    %s, rule set %u: ", what, set->rule_set->id);
	phrase(verdict_style(set->verdict, false), "%s\n",
	       name_of(ENUMERATION_VERDICT, set->verdict));
	put_tiers(objects, walk, set, 6, wide);
}

void walk_print(const struct objects *objects,
		const struct walk_direction *walk, bool wide)
{
	if (!walk->all.rule_set)
		return;
	if (!walk->enforced.rule_set) {
		put_tiers(objects, walk, &walk->all, 4, wide);
		return;
	}
	put_part(objects, walk, &walk->all, "with policies in audit mode",
		 wide);
	put_part(objects, walk, &walk->enforced,
		 "without what those in audit mode deny", wide);
}
