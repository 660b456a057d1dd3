// SPDX-License-Identifier: GPL-2.0-only
#include "generator/cluster_policies.h"

#include <string.h>
#include "generator/names.h"
#include "generator/selectors.h"

#define GROUP "policy.networking.k8s.io/"

/* The kinds spell what they have in common in two ways. */
static bool is_older(const json_t *policy)
{
	const char *kind = json_string_value(json_object_get(policy, "kind"));

	return strcmp(kind, "ClusterNetworkPolicy");
}

static bool is_baseline_kind(const json_t *policy)
{
	const char *kind = json_string_value(json_object_get(policy, "kind"));

	return !strcmp(kind, "BaselineAdminNetworkPolicy");
}

static json_t *generate_pods(struct chance *chance)
{
	return json_pack("{s:o, s:o}", "namespaceSelector",
			 generate_namespace_selector(chance), "podSelector",
			 generate_selector(chance));
}

static json_t *generate_networks(struct chance *chance)
{
	json_t *networks = json_array();
	unsigned int first, count, i;
	const unsigned int all = sizeof(block_texts) / sizeof(*block_texts);

	first = chance_below(chance, all);
	count = 1 + chance_below(chance, 3);
	for (i = 0; i < count; i++)
		json_array_append_new(networks,
				      json_string(block_texts[(first + i) %
							      all]));
	return networks;
}

/* Sets *addresses if the peer has no pods, and so no named ports. */
static json_t *generate_peer(struct chance *chance, bool egress,
			     bool *addresses)
{
	switch (chance_below(chance, egress ? 8 : 4)) {
	case 7:
		*addresses = true;
		return json_pack("{s:o}", "nodes", generate_selector(chance));
	case 5:
	case 6:
		*addresses = true;
		return json_pack("{s:o}", "networks",
				 generate_networks(chance));
	case 3:
	case 4:
		return json_pack("{s:o}", "pods", generate_pods(chance));
	default:
		return json_pack("{s:o}", "namespaces",
				 generate_namespace_selector(chance));
	}
}

/* AdminNetworkPolicy and BaselineAdminNetworkPolicy */
static json_t *generate_older_port(struct chance *chance, bool named)
{
	int number = chance_of(chance, port_numbers);
	const char *protocol = chance_of(chance, protocol_names);

	if (named)
		return json_pack("{s:s}", "namedPort",
				 chance_of(chance, port_names));
	if (chance_one_in(chance, 2))
		return json_pack("{s:{s:s, s:i}}", "portNumber", "protocol",
				 protocol, "port", number);
	return json_pack("{s:{s:s, s:i, s:i}}", "portRange", "protocol",
			 protocol, "start", number, "end",
			 number + 1 + (int)chance_below(chance, 2));
}

/* ClusterNetworkPolicy */
static json_t *generate_port(struct chance *chance, bool named)
{
	static const char *const protocols[] = { "tcp", "udp", "sctp" };
	int number = chance_of(chance, port_numbers);
	const char *protocol = chance_of(chance, protocols);
	bool all = chance_one_in(chance, 4);

	if (named)
		return json_pack("{s:s}", "destinationNamedPort",
				 chance_of(chance, port_names));
	if (chance_one_in(chance, 2))
		return json_pack("{s:{s:{s:i}}}", protocol, "destinationPort",
				 "number", number);
	return json_pack("{s:{s:{s:{s:i, s:i}}}}", protocol, "destinationPort",
			 "range", "start", all ? 1 : number, "end",
			 all ? 65535 :
			       number + 1 + (int)chance_below(chance, 2));
}

static const char *generate_action(struct chance *chance, const json_t *policy)
{
	const char *accept = is_older(policy) ? "Allow" : "Accept";
	unsigned int choice = chance_below(chance, 3);

	if (choice == 2 && !is_baseline_kind(policy))
		return "Pass";
	return choice ? accept : "Deny";
}

json_t *generate_cluster_rule(struct chance *chance, const json_t *policy,
			      bool egress)
{
	json_t *peers = json_array(), *ports = json_array();
	bool addresses = false;
	unsigned int count;
	json_t *rule;

	for (count = 1 + chance_below(chance, 3); count; count--)
		json_array_append_new(peers, generate_peer(chance, egress,
							   &addresses));
	if (chance_one_in(chance, 12))
		json_array_append_new(peers, json_pack("{s:[s]}", "domainNames",
						       "example.com"));
	for (count = chance_below(chance, 4); count; count--) {
		bool named = !addresses && chance_one_in(chance, 2);

		json_array_append_new(ports,
				      is_older(policy) ?
					      generate_older_port(chance,
								  named) :
					      generate_port(chance, named));
	}
	rule = json_pack("{s:s, s:o}", "action",
			 generate_action(chance, policy),
			 egress ? "to" : "from", peers);
	if (chance_one_in(chance, 4))
		json_object_set_new(rule, "name", json_string("a rule"));
	if (json_array_size(ports))
		json_object_set(rule, is_older(policy) ? "ports" : "protocols",
				ports);
	json_decref(ports);
	return rule;
}

static json_t *generate_rules(struct chance *chance, const json_t *policy,
			      bool egress)
{
	json_t *rules = json_array();
	unsigned int count;

	for (count = chance_below(chance, 4); count; count--)
		json_array_append_new(rules,
				      generate_cluster_rule(chance, policy,
							    egress));
	return rules;
}

/* The kind, and what else it is that the kinds differ in. */
static json_t *generate_head(struct chance *chance)
{
	json_t *name = json_sprintf("c%u", chance_below(chance, 6));
	int priority = chance_below(chance, 3);

	switch (chance_below(chance, 4)) {
	case 0:
		json_decref(name);
		return json_pack("{s:s, s:s, s:{s:s}, s:{}}", "apiVersion",
				 GROUP "v1alpha1", "kind",
				 "BaselineAdminNetworkPolicy", "metadata",
				 "name", "default", "spec");
	case 1:
		return json_pack("{s:s, s:s, s:{s:o}, s:{s:i}}", "apiVersion",
				 GROUP "v1alpha1", "kind", "AdminNetworkPolicy",
				 "metadata", "name", name, "spec", "priority",
				 priority);
	default:
		return json_pack("{s:s, s:s, s:{s:o}, s:{s:i, s:s}}",
				 "apiVersion",
				 chance_one_in(chance, 2) ? GROUP "v1alpha2" :
							    GROUP "v1beta1",
				 "kind", "ClusterNetworkPolicy", "metadata",
				 "name", name, "spec", "priority", priority,
				 "tier",
				 chance_one_in(chance, 2) ? "Admin" :
							    "Baseline");
	}
}

/* A third is about every pod. */
static json_t *generate_subject(struct chance *chance)
{
	if (chance_one_in(chance, 3))
		return json_pack("{s:{}}", "namespaces");
	if (chance_one_in(chance, 2))
		return json_pack("{s:o}", "pods", generate_pods(chance));
	return json_pack("{s:o}", "namespaces",
			 generate_namespace_selector(chance));
}

/* Priorities and names are few, so that they meet. */
json_t *generate_cluster_policy(struct chance *chance)
{
	json_t *policy = generate_head(chance);
	json_t *spec = json_object_get(policy, "spec");

	json_object_set_new(spec, "subject", generate_subject(chance));
	json_object_set_new(spec, "ingress",
			    generate_rules(chance, policy, false));
	json_object_set_new(spec, "egress",
			    generate_rules(chance, policy, true));
	return policy;
}
