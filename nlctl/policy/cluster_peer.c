// SPDX-License-Identifier: GPL-2.0-only
#include "policy/cluster_peer.h"

#include <string.h>
#include "policy/cluster_port.h"
#include "policy/fields.h"
#include "policy/memory.h"
#include "policy/selector_fields.h"

/* Longest list of networks, in all versions. */
#define NETWORKS_MAX 25

static const char *const subject_fields[] = { "namespaces", "pods", NULL };
static const char *const ingress_fields[] = { "namespaces", "pods", NULL };
static const char *const egress_fields[] = { "namespaces", "pods", "networks",
					     "nodes", NULL };

static void decode_needed(struct decoder *decoder, const struct value *value,
			  bool needed, struct selector *selector)
{
	if (!value->json && needed)
		decode_error(decoder, value, "is missing; {} selects all");
	decode_selector(decoder, value, selector);
}

static void decode_pods(struct decoder *decoder, const struct value *value,
			const struct cluster_dialect *dialect,
			struct selector *namespace_selector,
			struct selector *pod_selector)
{
	static const char *const known[] = { "namespaceSelector", "podSelector",
					     NULL };
	struct value namespaces, pods;

	if (!decode_known(decoder, value, known))
		return;
	namespaces = value_member(value, "namespaceSelector");
	pods = value_member(value, "podSelector");
	decode_needed(decoder, &namespaces, !dialect->any_namespace,
		      namespace_selector);
	decode_needed(decoder, &pods, true, pod_selector);
}

void decode_cluster_subject(struct decoder *decoder, const struct value *value,
			    const struct cluster_dialect *dialect,
			    struct cluster_policy *policy)
{
	const char *choice = decode_exactly_one(decoder, value, subject_fields);
	struct value member;

	if (!choice)
		return;
	member = value_member(value, choice);
	policy->by_pod = !strcmp(choice, "pods");
	if (policy->by_pod)
		decode_pods(decoder, &member, dialect,
			    &policy->namespace_selector, &policy->pod_selector);
	else
		decode_selector(decoder, &member, &policy->namespace_selector);
}

static bool is_repeated(const struct value *array, size_t index)
{
	const char *text =
		json_string_value(json_array_get(array->json, index));
	size_t i;

	for (i = 0; text && i < index; i++) {
		const char *other =
			json_string_value(json_array_get(array->json, i));

		if (other && !strcmp(text, other))
			return true;
	}
	return false;
}

static void decode_networks(struct decoder *decoder, const struct value *value,
			    const struct cluster_dialect *dialect, size_t entry,
			    struct policy_rule *rule)
{
	size_t count = decode_length(decoder, value), i;

	if (!count && json_is_array(value->json))
		decode_error(decoder, value,
			     "must not be empty; name the networks");
	if (count > NETWORKS_MAX) {
		decode_error(decoder, value,
			     "has %zu networks, which may be %d at most; use several peers",
			     count, NETWORKS_MAX);
		return;
	}
	for (i = 0; i < count; i++) {
		struct value element = value_element(value, i);
		struct policy_peer *peer =
			array_add(rule->peers, rule->peer_count);

		peer->is_block = true;
		peer->entry = entry;
		if (decode_network(decoder, &element, dialect->masked,
				   &peer->block.network) &&
		    is_repeated(value, i))
			decode_error(decoder, &element,
				     "\"%s\" is listed twice; remove it",
				     json_string_value(element.json));
	}
}

/* Whether an object has one of the fields, whatever else it has. */
static bool has_any(const struct value *value, const char *const *fields)
{
	for (; *fields; fields++)
		if (value_member(value, *fields).json)
			return true;
	return false;
}

static void refuse_unknown(struct decoder *decoder, const struct value *value,
			   const char *const *fields)
{
	struct value names = value_member(value, "domainNames");

	if (names.json)
		decode_error(
			decoder, &names,
			"is not supported: nlctl knows addresses, not names; use networks, or --lenient to let the rule fail closed");
	else
		decode_exactly_one(decoder, value, fields);
}

/* A peer of a later version may be the one that was to be denied, so a rule
 * with such a peer fails closed, as the API asks.
 */
static void decode_unknown(struct decoder *decoder, const struct value *value,
			   const char *const *fields, bool lenient,
			   struct cluster_rule *rule)
{
	rule->unknown_peer = true;
	if (!lenient || (value->json && !json_is_object(value->json)))
		refuse_unknown(decoder, value, fields);
	else
		decode_warning(
			decoder, value,
			"has no field that nlctl knows, so the rule fails closed: it %s",
			rule->action == PODWALL_ACTION_ACCEPT ?
				"matches nothing" :
				"denies everything");
}

void decode_cluster_peer(struct decoder *decoder, const struct value *value,
			 const struct cluster_dialect *dialect, bool egress,
			 bool lenient, struct cluster_rule *rule)
{
	const char *const *fields = egress ? egress_fields : ingress_fields;
	struct policy_rule *covers = &rule->covers;
	struct policy_peer *peer;
	struct value member;
	const char *choice;

	if (!has_any(value, fields)) {
		decode_unknown(decoder, value, fields, lenient, rule);
		return;
	}
	choice = decode_exactly_one(decoder, value, fields);
	if (!choice)
		return;
	member = value_member(value, choice);
	if (!strcmp(choice, "networks")) {
		decode_networks(decoder, &member, dialect, value->index,
				covers);
		return;
	}
	peer = array_add(covers->peers, covers->peer_count);
	peer->entry = value->index;
	if (!strcmp(choice, "nodes")) {
		peer->is_nodes = true;
		decode_selector(decoder, &member, &peer->node_selector);
		return;
	}
	peer->has_namespace_selector = true;
	peer->has_pod_selector = !strcmp(choice, "pods");
	if (peer->has_pod_selector)
		decode_pods(decoder, &member, dialect,
			    &peer->namespace_selector, &peer->pod_selector);
	else
		decode_selector(decoder, &member, &peer->namespace_selector);
}
