/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A connection as one direction sees it, and what of a policy covers it.
 *
 * Part of the evaluator, and like it without any code of the compiler, not even
 * the selectors.
 */
#ifndef NLCTL_POLICY_QUESTION_H
#define NLCTL_POLICY_QUESTION_H

#include <stdbool.h>
#include <stdint.h>
#include "policy/cluster.h"

/**
 * struct party - one end as a policy sees it
 * @pod: the pod that owns the address, or NULL for one outside or of the host
 *	network
 * @ip: the address
 * @text: @ip as text
 */
struct party {
	const struct cluster_pod *pod;
	struct ip ip;
	char text[INET6_ADDRSTRLEN];
};

/**
 * struct question - a connection from the point of view of one direction
 * @cluster: the Kubernetes objects
 * @subject: the end whose policies are asked
 * @peer: the other end
 * @ingress: @subject is the server
 * @protocol: IP protocol number
 * @port: the server's port, host byte order
 */
struct question {
	const struct cluster *cluster;
	const struct party *subject;
	const struct party *peer;
	bool ingress;
	uint8_t protocol;
	uint16_t port;
};

/* Whether a selector selects an object with these labels. */
bool question_selects(const struct selector *selector,
		      const struct labels *labels);

/**
 * question_covered() - whether a rule is about a connection
 * @question: the connection
 * @namespace: namespace of the rule's policy; NULL when all peers name their
 *	namespaces
 * @rule: its peers and ports
 */
bool question_covered(const struct question *question, const char *namespace,
		      const struct policy_rule *rule);

#endif
