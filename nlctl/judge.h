/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whoever answers questions about connections: the module, or the evaluator
 * with manifests.
 */
#ifndef NLCTL_JUDGE_H
#define NLCTL_JUDGE_H

#include <stdbool.h>

#include "arguments.h"
#include "explanation.h"
#include "netlink.h"
#include "policy/cluster.h"
#include "policy/objects.h"
#include "target.h"

/**
 * struct judge - who answers
 * @netlink: connection to the module; NULL offline
 * @live: the module's pods
 * @cluster: the manifests, offline
 */
struct judge {
	struct netlink *netlink;
	struct objects live;
	struct cluster cluster;
};

/**
 * struct end - an end of a connection; borrows from the judge
 * @text: a pod's key or an address
 * @is_pod: it is a pod
 * @ips: its addresses
 * @ip_count: length of @ips
 * @endpoint: for the evaluator
 */
struct end {
	const char *text;
	bool is_pod;
	const struct ip *ips;
	size_t ip_count;
	struct endpoint endpoint;
};

/**
 * struct ruling - the answers for each address family that both ends have
 * @explanations: the answers
 * @count: length of @explanations
 * @worst: the one that counts: a denial if there is any, or else one that is
 *	only audited
 * @refusals: why the evaluator has no answer, each with the end; owned
 * @refusal_count: length of @refusals
 */
struct ruling {
	struct explanation explanations[2];
	size_t count;
	const struct explanation *worst;
	char *refusals[2];
	size_t refusal_count;
};

/**
 * judge_open() - read manifests if any are named, else connect to the module
 * @nlctl: the context
 * @arguments: the command line
 * @judge: receives the judge; freed with judge_close() in any case
 *
 * Return: false when that failed; the reason was printed.
 */
bool judge_open(const struct nlctl *nlctl, const struct arguments *arguments,
		struct judge *judge);

void judge_close(struct judge *judge);

/**
 * judge_refresh() - read the module's pods anew, after -ESTALE
 * @judge: the judge
 *
 * Return: 0 or a negative errno value, see netlink.h.
 */
int judge_refresh(struct judge *judge);

/**
 * judge_find() - find an end of a connection
 * @nlctl: the context
 * @judge: who knows the pods
 * @target: what was asked for; must live as long as @end
 * @end: receives the end
 *
 * Return: false when there is no such pod; a message was printed.
 */
bool judge_find(const struct nlctl *nlctl, const struct judge *judge,
		const struct target *target, struct end *end);

/**
 * judge_pods() - all pods that are known
 * @judge: who knows them
 * @count: receives their number
 *
 * Return: an array ordered by key, which the caller frees.
 */
struct end *judge_pods(struct judge *judge, size_t *count);

/**
 * judge_ask() - have a connection judged
 * @judge: who answers
 * @from: the client
 * @to: the server
 * @port: what the client connects to
 * @ruling: receives the answers, which may be none when the ends have no
 *	address family in common or the evaluator refuses; freed with ruling_clear() in any case
 *
 * Return: 0; -ESTALE when the policy is no longer the one that the pods were
 * read from; or another negative errno value, see netlink.h.
 */
int judge_ask(struct judge *judge, const struct end *from, const struct end *to,
	      const struct service_port *port, struct ruling *ruling);

void ruling_clear(struct ruling *ruling);

#endif
