/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Warnings about policies that are valid and likely not what was meant.
 */
#ifndef NLCTL_POLICY_ADVICE_H
#define NLCTL_POLICY_ADVICE_H

#include <stdbool.h>
#include "policy/cluster.h"
#include "policy/document.h"
#include "policy/problem.h"

/**
 * struct advised - a policy, and the document that it was read from
 * @policy: a NetworkPolicy; NULL when it is one of the whole cluster
 * @cluster_policy: one of the whole cluster; NULL when it is a NetworkPolicy
 * @document: the document
 */
struct advised {
	const struct network_policy *policy;
	const struct cluster_policy *cluster_policy;
	const struct document *document;
};

/**
 * struct advice - what the warnings are made from
 * @documents: where the lines of fields are found
 * @cluster: the Kubernetes objects
 * @problems: receives the warnings
 * @list: the NetworkPolicies of @cluster in the order read
 * @count: length of @list
 * @cluster_list: the policies of the whole cluster in the order read
 * @cluster_count: length of @cluster_list
 */
struct advice {
	struct documents *documents;
	const struct cluster *cluster;
	struct problems *problems;
	struct advised *list;
	size_t count;
	struct advised *cluster_list;
	size_t cluster_count;
};

/**
 * struct policy_side - one direction of a policy; borrows from it
 * @name: "ingress" or "egress", as the rules' list is called
 * @peers: "from" or "to", as a rule's list of peers is called
 * @isolates: the policy isolates its pods in this direction
 * @rules: its rules
 * @rule_count: length of @rules
 */
struct policy_side {
	const char *name;
	const char *peers;
	bool isolates;
	const struct policy_rule *rules;
	size_t rule_count;
};

/**
 * policy_side() - view one direction of a policy
 * @policy: the policy
 * @ingress: which direction
 */
struct policy_side policy_side(const struct network_policy *policy,
			       bool ingress);

/**
 * struct cluster_side - one direction of a policy of the whole cluster; borrows
 *	from it
 * @name: "ingress" or "egress", as the rules' list is called
 * @peers: "from" or "to", as a rule's list of peers is called
 * @rules: its rules; the first that covers decides
 * @rule_count: length of @rules
 */
struct cluster_side {
	const char *name;
	const char *peers;
	const struct cluster_rule *rules;
	size_t rule_count;
};

/**
 * cluster_side() - view one direction of a policy of the whole cluster
 * @policy: the policy
 * @ingress: which direction
 */
struct cluster_side cluster_side(const struct cluster_policy *policy,
				 bool ingress);

/**
 * advice_warn() - warn about a field of a policy
 * @advice: what the warning is made from
 * @advised: the policy
 * @path: the field, as "spec.ingress[0].from"; it may be missing
 * @format: why it matters and what to do, as for printf()
 */
void advice_warn(const struct advice *advice, const struct advised *advised,
		 const char *path, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/**
 * advise() - warn of all that is likely not meant
 * @documents: what was read
 * @cluster: the objects that were decoded from @documents
 * @whole: no object is missing from @cluster for its errors; where some are,
 *	what they could have said is not missed
 * @problems: receives the warnings
 */
void advise(struct documents *documents, const struct cluster *cluster,
	    bool whole, struct problems *problems);

#endif
