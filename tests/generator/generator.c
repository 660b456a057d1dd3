// SPDX-License-Identifier: GPL-2.0-only
#include "generator/generator.h"

#include "generator/cluster_policies.h"
#include "generator/manifests.h"
#include "generator/modes.h"
#include "generator/names.h"
#include "generator/pods.h"
#include "generator/policies.h"
#include "generator/selectors.h"

#define CROWD 8
#define LARGE_CROWD 24

/* Of so many one is in audit mode. */
#define RARITY_POLICY 6
#define RARITY_PLACE 16

const char *const generator_outsiders[] = {
	"10.0.0.99", "192.168.0.9", "192.168.0.1", "192.168.0.2", "9.9.9.9",
	"fd00::99",  "fd00:1::9",   "fd00:1::1",   "fd00:1::2",	  "2001:db8::1",
};

const unsigned int generator_outsider_count =
	sizeof(generator_outsiders) / sizeof(*generator_outsiders);

/* Put an object in a mode, and in the place of the one of its name. */
static void put(struct chance *chance, json_t *manifests, json_t *object,
		unsigned int rarity)
{
	generate_mode(chance, object, rarity);
	manifests_put(manifests, object);
}

json_t *generate_cluster(struct chance *chance)
{
	bool large = chance_one_in(chance, 12);
	json_t *manifests = json_array();
	unsigned int count, i;

	for (i = 0; i < sizeof(namespace_names) / sizeof(*namespace_names); i++)
		put(chance, manifests,
		    generate_namespace(chance, namespace_names[i]),
		    RARITY_PLACE);
	manifests_put(manifests, generate_node(chance, "one"));
	if (!chance_one_in(chance, 8))
		manifests_put(manifests, generate_node(chance, "two"));
	count = large ? LARGE_CROWD : 3 + chance_below(chance, 6);
	for (; count; count--)
		put(chance, manifests,
		    generate_pod(chance, large ? LARGE_CROWD : CROWD),
		    RARITY_PLACE);
	for (count = 1 + chance_below(chance, large ? 16 : 6); count; count--)
		put(chance, manifests, generate_network_policy(chance),
		    RARITY_POLICY);
	if (chance_one_in(chance, 3))
		return manifests;
	for (count = 1 + chance_below(chance, large ? 10 : 4); count; count--)
		put(chance, manifests, generate_cluster_policy(chance),
		    RARITY_POLICY);
	return manifests;
}

static void remove_one(struct chance *chance, json_t *manifests,
		       const char *kind)
{
	size_t index;

	if (manifests_pick(manifests, chance, kind, &index))
		json_array_remove(manifests, index);
}

static void relabel(struct chance *chance, json_t *manifests, const char *kind)
{
	json_t *metadata;
	size_t index;

	if (!manifests_pick(manifests, chance, kind, &index))
		return;
	metadata =
		json_object_get(json_array_get(manifests, index), "metadata");
	json_object_set_new(metadata, "labels", generate_labels(chance));
}

static void move_pod(struct chance *chance, json_t *manifests)
{
	size_t index;

	if (manifests_pick(manifests, chance, "Pod", &index))
		generate_place(chance, CROWD, json_array_get(manifests, index));
}

/* Replace, add or remove one of the rules of a policy. */
static void edit_rule(struct chance *chance, json_t *manifests)
{
	bool egress = chance_one_in(chance, 2);
	json_t *policy, *rules, *rule;
	size_t index, place;

	if (!manifests_pick(manifests, chance, "NetworkPolicy", &index))
		return;
	policy = json_array_get(manifests, index);
	rules = json_object_get(json_object_get(policy, "spec"),
				egress ? "egress" : "ingress");
	place = chance_below(chance, json_array_size(rules) + 1);
	if (place < json_array_size(rules) && chance_one_in(chance, 2)) {
		json_array_remove(rules, place);
		return;
	}
	if (json_object_get(json_object_get(policy, "spec"), "subject"))
		rule = generate_cluster_rule(chance, policy, egress);
	else
		rule = generate_rule(chance, egress);
	if (place < json_array_size(rules) && chance_one_in(chance, 2))
		json_array_set_new(rules, place, rule);
	else
		json_array_insert_new(rules, place, rule);
}

/* Often, so that it changes. */
static void change_mode(struct chance *chance, json_t *manifests)
{
	static const char *const kinds[] = { "NetworkPolicy", "NetworkPolicy",
					     "Pod", "Namespace" };
	size_t index;

	if (manifests_pick(manifests, chance, chance_of(chance, kinds), &index))
		generate_mode(chance, json_array_get(manifests, index), 3);
}

void generate_change(struct chance *chance, json_t *manifests)
{
	static const char *const labelled[] = { "Pod", "Pod", "Namespace",
						"Node" };

	switch (chance_below(chance, 12)) {
	case 0:
	case 9:
		put(chance, manifests, generate_network_policy(chance),
		    RARITY_POLICY);
		break;
	case 1:
		put(chance, manifests, generate_cluster_policy(chance),
		    RARITY_POLICY);
		break;
	case 2:
		remove_one(chance, manifests, "NetworkPolicy");
		break;
	case 3:
	case 4:
		edit_rule(chance, manifests);
		break;
	case 5:
		put(chance, manifests, generate_pod(chance, CROWD),
		    RARITY_PLACE);
		break;
	case 6:
		remove_one(chance, manifests, "Pod");
		break;
	case 7:
		relabel(chance, manifests, chance_of(chance, labelled));
		break;
	case 10:
	case 11:
		change_mode(chance, manifests);
		break;
	default:
		move_pod(chance, manifests);
		break;
	}
}
