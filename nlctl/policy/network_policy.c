// SPDX-License-Identifier: GPL-2.0-only
#include "policy/network_policy.h"

#include <string.h>
#include "policy/fields.h"
#include "policy/memory.h"
#include "policy/name_syntax.h"
#include "policy/selector_fields.h"

static void decode_block(struct decoder *decoder, const struct value *value,
			 struct block *block)
{
	static const char *const known[] = { "cidr", "except", NULL };
	struct value cidr, except;
	size_t count, i;
	bool fine;

	if (!decode_known(decoder, value, known))
		return;
	cidr = value_member(value, "cidr");
	fine = decode_network(decoder, &cidr, false, &block->network);
	except = value_member(value, "except");
	count = decode_length(decoder, &except);
	for (i = 0; i < count; i++) {
		struct value element = value_element(&except, i);
		struct network network;

		if (!decode_network(decoder, &element, false, &network) ||
		    !fine)
			continue;
		if (network.prefix_length <= block->network.prefix_length ||
		    !network_contains(&block->network, &network.base))
			decode_error(decoder, &element,
				     "\"%s\" must lie strictly inside cidr \"%s\"",
				     json_string_value(element.json),
				     json_string_value(cidr.json));
		else
			*array_add(block->except, block->except_count) =
				network;
	}
}

static void decode_peer(struct decoder *decoder, const struct value *value,
			struct policy_peer *peer)
{
	static const char *const known[] = { "podSelector", "namespaceSelector",
					     "ipBlock", NULL };
	struct value pods, namespaces, block;

	if (value->json && !decode_known(decoder, value, known))
		return;
	pods = value_member(value, "podSelector");
	namespaces = value_member(value, "namespaceSelector");
	block = value_member(value, "ipBlock");

	peer->is_block = block.json;
	peer->has_pod_selector = pods.json;
	peer->has_namespace_selector = namespaces.json;
	decode_selector(decoder, &pods, &peer->pod_selector);
	decode_selector(decoder, &namespaces, &peer->namespace_selector);
	decode_block(decoder, &block, &peer->block);
	if (block.json && (pods.json || namespaces.json))
		decode_error(
			decoder, &block,
			"must not stand beside podSelector or namespaceSelector; make it an entry of its own");
	if (!block.json && !pods.json && !namespaces.json)
		decode_error(
			decoder, value,
			"must have podSelector, namespaceSelector or ipBlock; to mean every peer, leave the whole list out");
}

/* An entry that is null would mean the same as {}, and open everything. */
static bool decode_entry(struct decoder *decoder, const struct value *value,
			 const char *const *known)
{
	if (!value->json)
		decode_error(decoder, value,
			     "is empty; write {} if it shall allow everything");
	return decode_known(decoder, value, known);
}

static void decode_policy_port(struct decoder *decoder,
			       const struct value *value,
			       struct policy_port *policy_port)
{
	static const char *const known[] = { "protocol", "port", "endPort",
					     NULL };
	struct value protocol, port, end;
	const char *name;

	if (!decode_entry(decoder, value, known))
		return;
	protocol = value_member(value, "protocol");
	port = value_member(value, "port");
	end = value_member(value, "endPort");

	policy_port->protocol = decode_protocol(decoder, &protocol);
	policy_port->kind = POLICY_PORT_ANY;
	if (json_is_string(port.json)) {
		policy_port->kind = POLICY_PORT_NAME;
		name = decode_form(decoder, &port, port_name_wrong);
		policy_port->name = name ? xstrdup(name) : NULL;
	} else if (port.json) {
		policy_port->kind = POLICY_PORT_RANGE;
		policy_port->first = decode_port(decoder, &port);
		policy_port->last = policy_port->first;
	}
	if (!end.json)
		return;
	if (policy_port->kind != POLICY_PORT_RANGE) {
		decode_error(decoder, &end, "needs a number as port");
		return;
	}
	policy_port->last = decode_port(decoder, &end);
	if (policy_port->last && policy_port->last < policy_port->first)
		decode_error(decoder, &end, "%u must not be less than port %u",
			     policy_port->last, policy_port->first);
}

static void decode_policy_rule(struct decoder *decoder,
			       const struct value *value, const char *peers_key,
			       struct policy_rule *rule)
{
	const char *const known[] = { peers_key, "ports", NULL };
	struct value peers, ports;
	size_t count, i;

	if (!decode_entry(decoder, value, known))
		return;
	peers = value_member(value, peers_key);
	count = decode_length(decoder, &peers);
	for (i = 0; i < count; i++) {
		struct value element = value_element(&peers, i);

		decode_peer(decoder, &element,
			    array_add(rule->peers, rule->peer_count));
	}
	ports = value_member(value, "ports");
	count = decode_length(decoder, &ports);
	for (i = 0; i < count; i++) {
		struct value element = value_element(&ports, i);

		decode_policy_port(decoder, &element,
				   array_add(rule->ports, rule->port_count));
	}
}

static void decode_policy_types(struct decoder *decoder,
				const struct value *types,
				struct network_policy *policy)
{
	size_t count = decode_length(decoder, types), i;

	if (!count) {
		policy->ingress = true;
		policy->egress = policy->egress_rule_count;
		return;
	}
	if (count > 2)
		decode_error(decoder, types, "must not have more than two");
	for (i = 0; i < count; i++) {
		struct value element = value_element(types, i);
		const char *text = decode_string(decoder, &element);

		if (text && !strcmp(text, "Ingress"))
			policy->ingress = true;
		else if (text && !strcmp(text, "Egress"))
			policy->egress = true;
		else if (text)
			decode_error(decoder, &element,
				     "\"%s\" is not Ingress or Egress", text);
		else if (!element.json)
			decode_error(decoder, &element, "is empty");
	}
	if (count == 2 && policy->ingress != policy->egress && !decoder->failed)
		decode_warning(decoder, types, "has %s twice, and not %s",
			       policy->ingress ? "Ingress" : "Egress",
			       policy->ingress ? "Egress" : "Ingress");
}

void decode_policy_spec(struct decoder *decoder, const struct value *spec,
			struct network_policy *policy)
{
	static const char *const known[] = { "podSelector", "policyTypes",
					     "ingress", "egress", NULL };
	struct value selector, types, ingress, egress;
	size_t count, i;

	if (spec->json && !decode_known(decoder, spec, known))
		return;
	selector = value_member(spec, "podSelector");
	decode_selector(decoder, &selector, &policy->pod_selector);

	ingress = value_member(spec, "ingress");
	count = decode_length(decoder, &ingress);
	for (i = 0; i < count; i++) {
		struct value element = value_element(&ingress, i);

		decode_policy_rule(decoder, &element, "from",
				   array_add(policy->ingress_rules,
					     policy->ingress_rule_count));
	}
	egress = value_member(spec, "egress");
	count = decode_length(decoder, &egress);
	for (i = 0; i < count; i++) {
		struct value element = value_element(&egress, i);

		decode_policy_rule(decoder, &element, "to",
				   array_add(policy->egress_rules,
					     policy->egress_rule_count));
	}

	types = value_member(spec, "policyTypes");
	decode_policy_types(decoder, &types, policy);
	if (policy->ingress_rule_count && !policy->ingress)
		decode_warning(decoder, &ingress,
			       "has no effect, because policyTypes lacks Ingress");
	if (policy->egress_rule_count && !policy->egress)
		decode_warning(decoder, &egress,
			       "has no effect, because policyTypes lacks Egress");
}
