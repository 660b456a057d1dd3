/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A second opinion on what the policies mean.
 *
 * It judges one connection at a time by the Kubernetes objects themselves. It
 * shares no code with the compiler, not even the selectors, so that each can
 * prove the other.
 */
#ifndef NLCTL_POLICY_EVALUATOR_H
#define NLCTL_POLICY_EVALUATOR_H

#include <stdint.h>
#include "policy/cluster.h"
#include "policy/judgement.h"

/**
 * struct endpoint - one end of a connection
 * @pod: a pod of the cluster, or NULL
 * @ip: the address when @pod is NULL; when a pod owns the address, the
 *	endpoint is that pod all the same
 */
struct endpoint {
	const struct cluster_pod *pod;
	struct ip ip;
};

/**
 * struct evaluation - how a connection is decided
 * @verdict: accept if no direction denies, or those that do are only audited
 * @egress: as the client's policies have it
 * @ingress: as the server's policies have it
 */
struct evaluation {
	enum podwall_verdict verdict;
	struct judgement egress;
	struct judgement ingress;
};

/**
 * evaluate() - judge a connection
 * @cluster: the Kubernetes objects
 * @from: the client
 * @to: the server
 * @family: AF_INET or AF_INET6: by which of their addresses two pods speak
 * @protocol: IP protocol number
 * @port: the server's port after translation of Services, host byte order; 0
 *	for protocols that have none
 * @evaluation: receives the result, which the caller frees with
 *	evaluation_clear()
 *
 * Every pod is judged, whatever its node. A pod of the host network, and one
 * whose address is a node's, counts as an outside address. A node reaches its
 * own pods whatever the rules say, and NetworkPolicies do not concern what a pod
 * sends to its own node, as the kernel has it unless its settings say otherwise;
 * policies of the whole cluster do.
 *
 * Return: NULL, or a text that says why there is no answer: an end has no
 * address of @family; then @evaluation is empty.
 */
const char *evaluate(const struct cluster *cluster, const struct endpoint *from,
		     const struct endpoint *to, int family, uint8_t protocol,
		     uint16_t port, struct evaluation *evaluation);

/**
 * evaluation_clear() - free what an evaluation owns and zero it
 * @evaluation: the evaluation
 */
void evaluation_clear(struct evaluation *evaluation);

#endif
