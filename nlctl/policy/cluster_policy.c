// SPDX-License-Identifier: GPL-2.0-only
#include "policy/cluster_policy.h"

#include <string.h>
#include "policy/cluster_peer.h"
#include "policy/cluster_port.h"
#include "policy/memory.h"

/* Longest name of a rule, in characters. */
#define RULE_NAME_MAX 100

struct reading {
	struct decoder *decoder;
	const struct cluster_dialect *dialect;
	bool lenient;
};

static void decode_tier(struct decoder *decoder, const struct value *value,
			enum podwall_tier *tier)
{
	const char *text = decode_string(decoder, value);

	if (text && !strcmp(text, "Admin"))
		*tier = PODWALL_TIER_ADMIN;
	else if (text && !strcmp(text, "Baseline"))
		*tier = PODWALL_TIER_BASELINE;
	else if (text)
		decode_error(decoder, value, "\"%s\" is not Admin or Baseline",
			     text);
	else if (!value->json)
		decode_error(decoder, value,
			     "is missing; write Admin or Baseline");
}

static void decode_priority(struct decoder *decoder, const struct value *value,
			    uint32_t *priority)
{
	json_int_t number = json_integer_value(value->json);

	if (!value->json)
		decode_error(decoder, value,
			     "is missing; write a number from 0 to %d",
			     CLUSTER_PRIORITY_MAX);
	else if (!json_is_integer(value->json) || number < 0 ||
		 number > CLUSTER_PRIORITY_MAX)
		decode_error(decoder, value, "must be a number from 0 to %d",
			     CLUSTER_PRIORITY_MAX);
	else
		*priority = number;
}

static void decode_action(const struct reading *reading,
			  const struct value *value,
			  enum podwall_action *action)
{
	const struct cluster_dialect *dialect = reading->dialect;
	const char *text = decode_string(reading->decoder, value);

	/* Whatever it was to be, nothing may open meanwhile. */
	*action = PODWALL_ACTION_DENY;
	if (text && !strcmp(text, dialect->accept))
		*action = PODWALL_ACTION_ACCEPT;
	else if (text && dialect->passes && !strcmp(text, "Pass"))
		*action = PODWALL_ACTION_PASS;
	else if (text && strcmp(text, "Deny") != 0)
		decode_error(reading->decoder, value, "\"%s\" is not %s%s",
			     text, dialect->accept,
			     dialect->passes ? ", Deny or Pass" : " or Deny");
	else if (!value->json)
		decode_error(reading->decoder, value, "is missing; write %s%s",
			     dialect->accept,
			     dialect->passes ? ", Deny or Pass" : " or Deny");
}

static size_t count_characters(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += (*text & 0xc0) != 0x80;
	return count;
}

static char *decode_rule_name(struct decoder *decoder,
			      const struct value *value)
{
	const char *text = decode_string(decoder, value);

	if (text && count_characters(text) > RULE_NAME_MAX)
		decode_error(decoder, value, "is longer than %d characters",
			     RULE_NAME_MAX);
	return text && *text ? xstrdup(text) : NULL;
}

/* The length of a list, 0 when it is longer than the dialect permits. */
static size_t decode_bounded(const struct reading *reading,
			     const struct value *list)
{
	size_t count = decode_length(reading->decoder, list);

	if (count <= reading->dialect->length_max)
		return count;
	decode_error(reading->decoder, list,
		     "has %zu entries, which may be %zu at most; split it",
		     count, reading->dialect->length_max);
	return 0;
}

static void decode_peers(const struct reading *reading,
			 const struct value *list, bool egress,
			 struct cluster_rule *rule)
{
	size_t count = decode_bounded(reading, list), i;

	if (!json_array_size(list->json) &&
	    (!list->json || json_is_array(list->json)))
		decode_error(reading->decoder, list,
			     "must have an entry; namespaces: {} means every pod");
	for (i = 0; i < count; i++) {
		struct value element = value_element(list, i);

		decode_cluster_peer(reading->decoder, &element,
				    reading->dialect, egress, reading->lenient,
				    rule);
	}
}

/* Networks and nodes have no pods whose ports could be named. */
static bool has_addresses(const struct policy_rule *rule)
{
	size_t i;

	for (i = 0; i < rule->peer_count; i++)
		if (rule->peers[i].is_block || rule->peers[i].is_nodes)
			return true;
	return false;
}

static void decode_ports(const struct reading *reading,
			 const struct value *list, struct policy_rule *rule)
{
	size_t count = decode_bounded(reading, list), i;

	if (json_is_array(list->json) && !json_array_size(list->json))
		decode_error(
			reading->decoder, list,
			"must not be empty; leave it out to mean all ports and protocols");
	for (i = 0; i < count; i++) {
		struct value element = value_element(list, i);

		if (decode_cluster_port(reading->decoder, &element,
					reading->dialect, rule) &&
		    has_addresses(rule))
			decode_error(
				reading->decoder, &element,
				"names a port, but networks and nodes among the peers have no named ports; use a number, or another rule for the pods");
	}
}

static void decode_rule(const struct reading *reading,
			const struct value *value, bool egress,
			struct cluster_rule *rule)
{
	const char *peers_key = egress ? "to" : "from";
	const char *const known[] = { "name", "action", peers_key,
				      reading->dialect->ports, NULL };
	struct value name, action, peers, ports;

	if (!decode_known(reading->decoder, value, known)) {
		if (!value->json)
			decode_error(reading->decoder, value, "is empty");
		return;
	}
	name = value_member(value, "name");
	action = value_member(value, "action");
	peers = value_member(value, peers_key);
	ports = value_member(value, reading->dialect->ports);
	rule->name = decode_rule_name(reading->decoder, &name);
	decode_action(reading, &action, &rule->action);
	decode_peers(reading, &peers, egress, rule);
	decode_ports(reading, &ports, &rule->covers);
}

static void decode_rules(const struct reading *reading,
			 const struct value *list, bool egress,
			 struct cluster_rule **rules, size_t *rule_count)
{
	size_t count = decode_bounded(reading, list), i;

	for (i = 0; i < count; i++) {
		struct value element = value_element(list, i);

		decode_rule(reading, &element, egress,
			    array_add(*rules, *rule_count));
	}
}

void decode_cluster_spec(struct decoder *decoder, const struct value *spec,
			 const struct cluster_dialect *dialect, bool lenient,
			 struct cluster_policy *policy)
{
	const struct reading reading = { decoder, dialect, lenient };
	const char *known[6] = { "subject", "ingress", "egress" };
	struct value tier, priority, subject, ingress, egress;
	size_t count = 3;

	if (dialect->has_priority)
		known[count++] = "priority";
	if (!dialect->tier)
		known[count++] = "tier";
	if (!decode_known(decoder, spec, known)) {
		if (!spec->json)
			decode_error(decoder, spec, "is missing");
		return;
	}
	policy->tier = dialect->tier;
	tier = value_member(spec, "tier");
	if (!dialect->tier)
		decode_tier(decoder, &tier, &policy->tier);
	policy->priority = dialect->priority;
	priority = value_member(spec, "priority");
	if (dialect->has_priority)
		decode_priority(decoder, &priority, &policy->priority);
	subject = value_member(spec, "subject");
	decode_cluster_subject(decoder, &subject, dialect, policy);
	ingress = value_member(spec, "ingress");
	decode_rules(&reading, &ingress, false, &policy->ingress_rules,
		     &policy->ingress_rule_count);
	egress = value_member(spec, "egress");
	decode_rules(&reading, &egress, true, &policy->egress_rules,
		     &policy->egress_rule_count);
}
