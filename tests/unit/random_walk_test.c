// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walks through random rule sets against a naive judge, and every near miss made
 * a hit. PODWALL_SEED sets the seed.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include "agreement.h"
#include "generator/chance.h"
#include "near_miss.h"
#include "policy/memory.h"
#include "random_run.h"
#include "walk.h"
#include "walk_scene.h"

#define SCENES 2000

/* --- a naive judge: no tiers walked, no structures shared */

struct outcome {
	enum podwall_verdict verdict;
	enum podwall_reason reason;
	enum podwall_tier tier;
	const struct rule *rule;
};

static bool naive_peer(const struct rule *rule, const char *place, int family)
{
	bool in_block = *place == 'o';
	size_t i;

	(void)family;
	for (i = 0; i < rule->peer_set_count; i++)
		if ((rule->peer_sets[i] == 1 && *place == 'a') ||
		    (rule->peer_sets[i] == 2 && in_block) ||
		    (rule->peer_sets[i] == 3 &&
		     (*place == 'b' || *place == 'r')))
			return true;
	return rule->any_peer;
}

static bool naive_port(const struct rule *rule, char protocol,
		       unsigned int port)
{
	uint8_t number = protocol == 't' ? IPPROTO_TCP :
			 protocol == 'u' ? IPPROTO_UDP :
			 protocol == 's' ? IPPROTO_SCTP :
					   IPPROTO_ICMP;
	size_t i;

	for (i = 0; i < rule->port_range_count; i++) {
		if (rule->port_ranges[i].protocol != number)
			continue;
		if (!port && rule->action == PODWALL_ACTION_DENY)
			return true;
		if (port && port >= rule->port_ranges[i].first &&
		    port <= rule->port_ranges[i].last)
			return true;
	}
	return rule->any_port;
}

/* The first rule of a tier that matches; NULL when there is none. */
static const struct rule *naive_first(const struct rule_set *set,
				      enum podwall_tier tier, const char *place,
				      char protocol, unsigned int port)
{
	size_t i;

	for (i = 0; i < set->rule_count; i++)
		if (set->rules[i].tier == tier &&
		    naive_peer(&set->rules[i], place, 0) &&
		    naive_port(&set->rules[i], protocol, port))
			return &set->rules[i];
	return NULL;
}

static bool naive_by(const struct rule *rule, struct outcome *outcome)
{
	if (!rule || rule->action == PODWALL_ACTION_PASS)
		return false;
	*outcome = (struct outcome){ rule->action == PODWALL_ACTION_ACCEPT ?
					     PODWALL_VERDICT_ACCEPT :
					     PODWALL_VERDICT_DENY,
				     PODWALL_REASON_RULE, rule->tier, rule };
	return true;
}

static struct outcome naive_set(const struct rule_set *set, const char *place,
				char protocol, unsigned int port, bool skip)
{
	struct outcome outcome = { PODWALL_VERDICT_ACCEPT,
				   PODWALL_REASON_DEFAULT, 0, NULL };

	if (naive_by(naive_first(set, PODWALL_TIER_ADMIN, place, protocol,
				 port),
		     &outcome))
		return outcome;
	if (!skip && naive_by(naive_first(set, PODWALL_TIER_POLICY, place,
					  protocol, port),
			      &outcome))
		return outcome;
	if (!skip && set->isolated)
		return (struct outcome){ PODWALL_VERDICT_DENY,
					 PODWALL_REASON_ISOLATED,
					 PODWALL_TIER_POLICY, NULL };
	naive_by(naive_first(set, PODWALL_TIER_BASELINE, place, protocol, port),
		 &outcome);
	return outcome;
}

/* --- random rule sets */

static void add_random_set(struct chance *chance, struct walk_scene *scene,
			   uint32_t id, enum podwall_direction direction)
{
	static const char *const peers[] = { "*", "1", "2", "3", "1,2", "2,3" };
	static const char *const ports[] = {
		"*", "t80", "t80-90", "u53,u80", "t1-79,t91", "s80,t80"
	};
	unsigned int counts[WALK_TIERS], i, j;
	char *text;
	size_t length;
	FILE *stream = xopen_memstream(&text, &length);

	for (i = 0; i < WALK_TIERS; i++)
		counts[i] = chance_below(chance, 4);
	/* The module wants isolation in front of rules of the policy tier. */
	if (chance_one_in(chance, 2))
		fputs("I;", stream);
	else
		counts[1] = 0;
	for (i = 0; i < WALK_TIERS; i++)
		for (j = 0; j < counts[i]; j++)
			fprintf(stream, "%c%u%c %s %s;", "APB"[i],
				i == 1 ? 0 : j,
				i == 1 ? '+' : "+->"[chance_below(chance, 3)],
				peers[chance_below(chance, COUNT(peers))],
				ports[chance_below(chance, COUNT(ports))]);
	fclose(stream);
	walk_scene_add(scene, id, direction, text);
	free(text);
}

static bool is_missed(const struct near_misses *misses, size_t index)
{
	size_t i;

	for (i = 0; i < misses->count; i++)
		if (misses->list[i].rule->index == index)
			return true;
	return false;
}

/* Exactly those rules are near misses that turn the answer when they match. */
static void check_misses(const struct walk_scene *scene,
			 const struct walk_direction *walk, const char *place,
			 char protocol, unsigned int port)
{
	const struct walk_rule_set *set = walk->decisive;
	struct near_misses misses;
	size_t i;

	near_misses_find(&scene->question, walk, &misses);
	if (walk->reason == PODWALL_REASON_NODE)
		assert_int_equal(misses.count, 0);
	for (i = 0; walk->reason != PODWALL_REASON_NODE &&
		    i < set->rule_set->rule_count;
	     i++) {
		struct rule *rule = &set->rule_set->rules[i];
		bool half = naive_peer(rule, place, 0) !=
			    naive_port(rule, protocol, port);
		struct rule before = *rule;
		struct outcome outcome;

		rule->any_peer = rule->any_port = true;
		outcome = naive_set(set->rule_set, place, protocol, port,
				    walk->skip);
		*rule = before;
		assert_int_equal(is_missed(&misses, i),
				 half && outcome.rule == rule &&
					 outcome.verdict != walk->verdict);
	}
	near_misses_clear(&misses);
}

static void check_agreement(const struct walk_direction *walk,
			    const struct outcome *outcome, uint32_t rule_set,
			    enum podwall_mode mode)
{
	struct decision decision = {
		.verdict = outcome->verdict,
		.reason = outcome->reason,
		.tier = outcome->tier,
		.pod = walk->pod->key,
		.mode = mode,
		.rule_set = rule_set,
		.has_cookie = outcome->rule,
		.cookie = outcome->rule ? outcome->rule->cookie : 0,
		.origin = outcome->rule ? outcome->rule->origin :
			  outcome->tier ? (char *)"isolation" :
					  NULL,
	};

	assert_true(agrees_with_module(walk, &decision));
	decision.rule_set++;
	assert_false(agrees_with_module(walk, &decision));
	decision.rule_set--;
	decision.cookie++;
	assert_int_equal(agrees_with_module(walk, &decision), !outcome->rule);
	decision.cookie--;
	decision.verdict ^= 3;
	assert_false(agrees_with_module(walk, &decision));
	decision.verdict ^= 3;
	decision.mode ^= 3;
	assert_false(agrees_with_module(walk, &decision));
	decision.mode ^= 3;
	decision.origin = "of another";
	assert_false(agrees_with_module(walk, &decision));
}

static void check_walk(struct walk_scene *scene, const char *from,
		       char protocol, unsigned int port)
{
	const struct rule_set *sets = scene->objects.rule_sets;
	bool enforced = scene->pods[1].ingress_enforced_rule_set;
	enum podwall_mode mode = scene->pods[1].mode;
	struct outcome outcome, again;
	uint32_t rule_set = 1;
	struct walk walk;

	outcome = naive_set(&sets[0], from, protocol, port, *from == 'b');
	if (outcome.verdict == PODWALL_VERDICT_DENY && enforced) {
		again = naive_set(&sets[1], from, protocol, port, *from == 'b');
		if (again.verdict == PODWALL_VERDICT_DENY) {
			outcome = again;
			rule_set = 2;
		} else {
			mode = PODWALL_MODE_AUDIT;
		}
	}
	walk_connection(&scene->question, &walk);
	if (outcome.verdict == PODWALL_VERDICT_DENY && *from == 'n') {
		mode = scene->pods[1].mode;
		outcome.verdict = PODWALL_VERDICT_ACCEPT;
		outcome.reason = PODWALL_REASON_NODE;
	}
	check_agreement(&walk.ingress, &outcome, rule_set, mode);
	check_misses(scene, &walk.ingress, from, protocol, port);
	walk_clear(&walk);
}

static size_t ask_all(struct walk_scene *scene)
{
	static const char *const questions[] = { "t80", "t81", "t90",
						 "t91", "u53", "s80",
						 "t0",	"u0",  "i0" };
	size_t done = 0, i, j, k;

	for (i = 0; i < COUNT(walk_scene_places); i++)
		for (j = 0; j < COUNT(questions); j++)
			for (k = 0; k < 2; k++) {
				const char from = walk_scene_places[i];
				const char text[] = { from,
						      'b',
						      k ? '6' : '4',
						      questions[j][0],
						      questions[j][1],
						      questions[j][2],
						      0 };

				walk_scene_ask(scene, text);
				check_walk(scene, &from, questions[j][0],
					   atoi(questions[j] + 1));
				done++;
			}
	return done;
}

static size_t test_scene(uint64_t number)
{
	struct chance chance = chance_begin(number);
	struct walk_scene scene;
	size_t done;

	walk_scene_set(&scene);
	scene.pods[1].ingress_rule_set = 1;
	scene.pods[1].ingress_enforced_rule_set =
		chance_one_in(&chance, 2) ? 2 : 0;
	if (chance_one_in(&chance, 4))
		scene.pods[1].mode = PODWALL_MODE_AUDIT;
	add_random_set(&chance, &scene, 1, PODWALL_DIRECTION_INGRESS);
	add_random_set(&chance, &scene, 2, PODWALL_DIRECTION_INGRESS);
	done = ask_all(&scene);
	walk_scene_clear(&scene);
	return done;
}

int main(void)
{
	struct random_run run = {
		.test = test_scene,
		.most = SCENES,
		.cases = "pairs of rule sets",
		.parts = "connections",
	};

	return random_run_all("test_random_rule_sets", &run);
}
