// SPDX-License-Identifier: GPL-2.0-only
#include "generator/policies.h"

#include <stdio.h>
#include "generator/names.h"
#include "generator/selectors.h"
#include "policy/objects.h"

/* The API wants an exception to be smaller than its block, and inside. */
static bool is_inside(const char *inner, const char *outer)
{
	struct network narrow, wide;

	return network_parse(inner, &narrow) && network_parse(outer, &wide) &&
	       narrow.prefix_length > wide.prefix_length &&
	       network_contains(&wide, &narrow.base);
}

static json_t *generate_block(struct chance *chance)
{
	const char *cidr = chance_of(chance, block_texts);
	json_t *block = json_pack("{s:s}", "cidr", cidr);
	json_t *except = json_array();
	unsigned int tries;

	for (tries = chance_below(chance, 6); tries; tries--) {
		const char *text = chance_of(chance, block_texts);

		if (is_inside(text, cidr))
			json_array_append_new(except, json_string(text));
	}
	if (json_array_size(except))
		json_object_set(block, "except", except);
	json_decref(except);
	return block;
}

static json_t *generate_peer(struct chance *chance)
{
	json_t *peer = json_object();
	unsigned int selectors = 1 + chance_below(chance, 3);

	if (chance_one_in(chance, 3)) {
		json_object_set_new(peer, "ipBlock", generate_block(chance));
		return peer;
	}
	if (selectors & 1)
		json_object_set_new(peer, "podSelector",
				    generate_selector(chance));
	if (selectors & 2)
		json_object_set_new(peer, "namespaceSelector",
				    generate_namespace_selector(chance));
	return peer;
}

static json_t *generate_port(struct chance *chance)
{
	json_t *port = json_object();
	int number = chance_of(chance, port_numbers);

	if (chance_one_in(chance, 2))
		json_object_set_new(port, "protocol",
				    json_string(chance_of(chance,
							  protocol_names)));
	if (chance_one_in(chance, 6))
		return port;
	if (chance_one_in(chance, 2)) {
		json_object_set_new(port, "port",
				    json_string(chance_of(chance, port_names)));
		return port;
	}
	json_object_set_new(port, "port", json_integer(number));
	if (chance_one_in(chance, 2))
		json_object_set_new(port, "endPort",
				    json_integer(number +
						 chance_below(chance, 3)));
	return port;
}

json_t *generate_rule(struct chance *chance, bool egress)
{
	json_t *peers = json_array(), *ports = json_array();
	unsigned int count;

	for (count = chance_below(chance, 4); count; count--)
		json_array_append_new(peers, generate_peer(chance));
	for (count = chance_below(chance, 4); count; count--)
		json_array_append_new(ports, generate_port(chance));
	return json_pack("{s:o, s:o}", egress ? "to" : "from", peers, "ports",
			 ports);
}

static json_t *generate_rules(struct chance *chance, bool egress)
{
	json_t *rules = json_array();
	unsigned int count;

	for (count = chance_below(chance, 4); count; count--)
		json_array_append_new(rules, generate_rule(chance, egress));
	return rules;
}

/* Without types the API adds Ingress, and Egress if there are rules for it. */
static json_t *generate_types(struct chance *chance)
{
	switch (chance_below(chance, 4)) {
	case 0:
		return json_array();
	case 1:
		return json_pack("[s]", "Ingress");
	case 2:
		return json_pack("[s]", "Egress");
	default:
		return json_pack("[s, s]", "Ingress", "Egress");
	}
}

json_t *generate_network_policy(struct chance *chance)
{
	json_t *subject = chance_one_in(chance, 3) ? json_object() :
						     generate_selector(chance);
	json_t *spec = json_pack("{s:o, s:o, s:o, s:o}", "podSelector", subject,
				 "policyTypes", generate_types(chance),
				 "ingress", generate_rules(chance, false),
				 "egress", generate_rules(chance, true));

	return json_pack("{s:s, s:s, s:{s:s, s:o}, s:o}", "apiVersion",
			 "networking.k8s.io/v1", "kind", "NetworkPolicy",
			 "metadata", "namespace",
			 chance_of(chance, namespace_names), "name",
			 json_sprintf("p%u", chance_below(chance, 8)), "spec",
			 spec);
}
