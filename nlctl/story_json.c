// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "names.h"
#include "output.h"
#include "story.h"

static json_t *network_json(const struct network *network)
{
	char text[NETWORK_TEXT_MAX];

	return json_string(network_text(network, text));
}

static const char *const places[] = {
	[WALK_PLACE_POD] = "pod",	  [WALK_PLACE_NODE] = "node",
	[WALK_PLACE_GUARDED] = "guarded", [WALK_PLACE_CLUSTER] = "cluster",
	[WALK_PLACE_OUTSIDE] = "outside",
};

static const char *const endings[] = {
	[WALK_ENDING_UNREACHED] = "unreached",
	[WALK_ENDING_SKIPPED] = "skipped",
	[WALK_ENDING_UNMATCHED] = "unmatched",
	[WALK_ENDING_PASSED] = "passed",
	[WALK_ENDING_DECIDED] = "decided",
	[WALK_ENDING_ISOLATED] = "isolated",
};

static json_t *end_json(const struct story_end *end,
			const struct walk_end *place)
{
	char address[NETWORK_TEXT_MAX];
	json_t *object =
		json_pack("{s:s}", "address", ip_text(&end->ip, address));
	const char *pod = place && place->pod ? place->pod->key :
			  end->is_pod	      ? end->text :
						NULL;
	size_t i;

	if (pod) {
		const char *slash = strchr(pod, '/');

		json_object_set_new(object, "pod", json_text(pod));
		if (slash)
			json_object_set_new(object, "namespace",
					    json_stringn(pod, slash - pod));
	}
	if (end->labels) {
		json_t *labels = json_object();

		for (i = 0; i < end->labels->count; i++)
			json_object_set_new(labels, end->labels->list[i].key,
					    json_text(end->labels->list[i]
							      .value));
		json_object_set_new(object, "labels", labels);
	}
	if (!place)
		return object;
	json_object_set_new(object, "place", json_string(places[place->place]));
	if (place->identity)
		json_object_set_new(object, "identity",
				    json_integer(place->identity));
	if (place->guarded)
		json_object_set_new(object, "guarded",
				    network_json(place->guarded));
	return object;
}

static json_t *ports_json(const struct rule *rule)
{
	json_t *ports = json_array();
	char protocol[PROTOCOL_TEXT_MAX];
	size_t i;

	for (i = 0; i < rule->port_range_count; i++) {
		const struct port_range *range = &rule->port_ranges[i];

		json_array_append_new(ports,
				      json_pack("{s:s, s:i, s:i}", "protocol",
						protocol_text(range->protocol,
							      protocol),
						"first", range->first, "last",
						range->last));
	}
	return ports;
}

static json_t *peers_json(const struct objects *objects,
			  const struct rule *rule)
{
	json_t *peers = json_array();
	size_t i;

	for (i = 0; i < rule->peer_set_count; i++) {
		const struct peer_set *peer_set =
			walk_peer_set(objects, rule->peer_sets[i]);

		json_array_append_new(peers,
				      json_pack("{s:I, s:o}", "id",
						(json_int_t)rule->peer_sets[i],
						"name",
						json_text(peer_set ?
								  peer_set->name :
								  NULL)));
	}
	return peers;
}

static json_t *rule_json(const struct objects *objects,
			 const struct walk_rule *walked)
{
	const struct rule *rule = walked->rule;
	json_t *object = json_object();
	char cookie[24];

	snprintf(cookie, sizeof(cookie), "0x%016" PRIx64, rule->cookie);
	json_object_set_new(object, "index", json_integer(walked->index));
	json_object_set_new(object, "tier",
			    json_string(name_of(ENUMERATION_TIER, rule->tier)));
	json_object_set_new(object, "priority", json_integer(rule->priority));
	json_object_set_new(object, "action",
			    json_string(name_of(ENUMERATION_ACTION,
						rule->action)));
	json_object_set_new(object, "origin", json_text(rule->origin));
	json_object_set_new(object, "cookie", json_string(cookie));
	json_object_set_new(object, "any_peer", json_boolean(rule->any_peer));
	json_object_set_new(object, "peers", peers_json(objects, rule));
	json_object_set_new(object, "any_port", json_boolean(rule->any_port));
	json_object_set_new(object, "ports", ports_json(rule));
	json_object_set_new(object, "covers_peer", json_boolean(walked->peer));
	json_object_set_new(object, "covers_port", json_boolean(walked->port));
	return object;
}

static json_t *tier_json(const struct objects *objects,
			 const struct walk_tier *tier)
{
	json_t *object = json_object();
	json_t *rules = json_array();
	size_t i;

	for (i = 0; i < tier->count; i++)
		json_array_append_new(rules,
				      rule_json(objects, &tier->rules[i]));
	json_object_set_new(object, "tier",
			    json_string(name_of(ENUMERATION_TIER, tier->tier)));
	json_object_set_new(object, "ending",
			    json_string(endings[tier->ending]));
	json_object_set_new(object, "rules", rules);
	if (tier->rule)
		json_object_set_new(object, "rule",
				    json_integer(tier->rule->index));
	return object;
}

static json_t *rule_set_walk_json(const struct objects *objects,
				  const struct walk_rule_set *set,
				  bool enforced)
{
	json_t *object = json_object();
	json_t *tiers = json_array();
	size_t i;

	for (i = 0; i < WALK_TIERS; i++)
		json_array_append_new(tiers,
				      tier_json(objects, &set->tiers[i]));
	json_object_set_new(object, "rule_set",
			    json_integer(set->rule_set->id));
	json_object_set_new(object, "enforced", json_boolean(enforced));
	json_object_set_new(object, "isolated",
			    json_boolean(set->rule_set->isolated));
	if (set->rule_set->isolated)
		json_object_set_new(object, "isolation_origin",
				    json_text(set->rule_set->isolation_origin));
	json_object_set_new(object, "verdict",
			    json_string(name_of(ENUMERATION_VERDICT,
						set->verdict)));
	json_object_set_new(object, "reason",
			    json_string(name_of(ENUMERATION_REASON,
						set->reason)));
	json_object_set_new(object, "tiers", tiers);
	return object;
}

static json_t *misses_json(const struct objects *objects,
			   const struct near_misses *misses)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < misses->count; i++) {
		const struct near_miss *miss = &misses->list[i];
		json_t *object = json_pack("{s:s, s:o}", "but_for",
					   miss->but_for_port ? "port" : "peer",
					   "rule",
					   rule_json(objects, miss->rule));

		if (miss->except) {
			json_object_set_new(object, "block",
					    network_json(miss->block));
			json_object_set_new(object, "except",
					    network_json(miss->except));
		}
		json_array_append_new(array, object);
	}
	return array;
}

static void add_direction(const struct story *story,
			  const struct story_direction *direction,
			  json_t *object)
{
	const struct objects *objects = story->question.objects;
	const struct walk_direction *walk = direction->walk;
	json_t *sets = json_array();

	json_object_set_new(object, "walk_agrees",
			    json_boolean(direction->agrees));
	json_object_set_new(object, "walk_verdict",
			    json_string(name_of(ENUMERATION_VERDICT,
						walk->verdict)));
	if (walk->skip)
		json_object_set_new(object, "policy_tier_skipped",
				    json_string(walk->skip == WALK_SKIP_NODE ?
							"node" :
							"itself"));
	if (walk->all.rule_set)
		json_array_append_new(sets,
				      rule_set_walk_json(objects, &walk->all,
							 false));
	if (walk->enforced.rule_set)
		json_array_append_new(sets, rule_set_walk_json(objects,
							       &walk->enforced,
							       true));
	json_object_set_new(object, "walk", sets);
	json_object_set_new(object, "near_misses",
			    misses_json(objects, &direction->misses));
}

json_t *story_json(const struct story *story)
{
	json_t *object = explanation_json(story->explanation);

	json_object_set_new(object, "client",
			    end_json(&story->client,
				     story->has_walk ? &story->walk.client :
						       NULL));
	json_object_set_new(object, "server",
			    end_json(&story->server,
				     story->has_walk ? &story->walk.server :
						       NULL));
	if (story->has_walk) {
		add_direction(story, &story->egress,
			      json_object_get(object, "egress"));
		add_direction(story, &story->ingress,
			      json_object_get(object, "ingress"));
	}
	return object;
}
