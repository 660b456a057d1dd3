// SPDX-License-Identifier: GPL-2.0-only
#include "policy/equality.h"

#include <string.h>

static bool same_text(const char *a, const char *b)
{
	return !strcmp(a ? a : "", b ? b : "");
}

static bool same_numbers(const uint32_t *a, size_t a_count, const uint32_t *b,
			 size_t b_count)
{
	return a_count == b_count &&
	       (!a_count || !memcmp(a, b, a_count * sizeof(*a)));
}

static bool same_network(const struct network *a, const struct network *b)
{
	return a->prefix_length == b->prefix_length &&
	       ip_equal(&a->base, &b->base);
}

static bool same_block(const struct block *a, const struct block *b)
{
	size_t i;

	if (!same_network(&a->network, &b->network) ||
	    a->except_count != b->except_count)
		return false;
	for (i = 0; i < a->except_count; i++)
		if (!same_network(&a->except[i], &b->except[i]))
			return false;
	return true;
}

bool same_peer_set(const struct peer_set *a, const struct peer_set *b)
{
	size_t i;

	if (!same_text(a->name, b->name) || a->block_count != b->block_count ||
	    !same_numbers(a->identities, a->identity_count, b->identities,
			  b->identity_count))
		return false;
	for (i = 0; i < a->block_count; i++)
		if (!same_block(&a->blocks[i], &b->blocks[i]))
			return false;
	return true;
}

static bool same_rule(const struct rule *a, const struct rule *b)
{
	size_t i;

	if (a->tier != b->tier || a->priority != b->priority ||
	    a->action != b->action || a->any_peer != b->any_peer ||
	    a->any_port != b->any_port || a->cookie != b->cookie ||
	    a->port_range_count != b->port_range_count ||
	    !same_text(a->origin, b->origin) ||
	    !same_numbers(a->peer_sets, a->peer_set_count, b->peer_sets,
			  b->peer_set_count))
		return false;
	for (i = 0; i < a->port_range_count; i++) {
		const struct port_range *left = &a->port_ranges[i];
		const struct port_range *right = &b->port_ranges[i];

		if (left->protocol != right->protocol ||
		    left->first != right->first || left->last != right->last)
			return false;
	}
	return true;
}

bool same_rule_set(const struct rule_set *a, const struct rule_set *b)
{
	size_t i;

	if (a->direction != b->direction || a->isolated != b->isolated ||
	    a->rule_count != b->rule_count ||
	    a->isolation_audited != b->isolation_audited ||
	    !same_text(a->isolation_origin, b->isolation_origin))
		return false;
	for (i = 0; i < a->rule_count; i++)
		if (!same_rule(&a->rules[i], &b->rules[i]))
			return false;
	return true;
}

bool same_pod(const struct pod *a, const struct pod *b)
{
	size_t i;

	if (!same_text(a->uid, b->uid) ||
	    !same_text(a->interface, b->interface) || a->mode != b->mode ||
	    a->ingress_rule_set != b->ingress_rule_set ||
	    a->egress_rule_set != b->egress_rule_set ||
	    a->ingress_enforced_rule_set != b->ingress_enforced_rule_set ||
	    a->egress_enforced_rule_set != b->egress_enforced_rule_set ||
	    a->report_accepted != b->report_accepted ||
	    a->ip_count != b->ip_count)
		return false;
	for (i = 0; i < a->ip_count; i++)
		if (!ip_equal(&a->ips[i], &b->ips[i]))
			return false;
	return true;
}
