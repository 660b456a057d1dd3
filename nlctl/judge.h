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
 * @live: the module's pods; if @whole, everything that it holds
 * @cluster: the manifests, offline
 * @whole: the rules were asked for as well
 * @compiled: offline and if @whole, what the manifests compile to
 * @has_compiled: they do compile
 * @settings: if @whole: of the module, or those that it begins with
 */
struct judge {
	struct netlink *netlink;
	struct objects live;
	struct cluster cluster;
	bool whole;
	struct objects compiled;
	bool has_compiled;
	struct settings settings;
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
 * @whole: read the rules too, and not only who the pods are
 * @judge: receives the judge; freed with judge_close() in any case
 *
 * Manifests that do not compile, for a limit say, are no failure: the reasons
 * are printed, and there are answers, but no rules.
 *
 * Return: false when that failed; the reason was printed.
 */
bool judge_open(const struct nlctl *nlctl, const struct arguments *arguments,
		bool whole, struct judge *judge);

void judge_close(struct judge *judge);

/**
 * judge_refresh() - read what the module holds anew, after -ESTALE
 * @judge: the judge
 *
 * Return: 0 or a negative errno value, see netlink.h.
 */
int judge_refresh(struct judge *judge);

/**
 * judge_objects() - the rules that are judged by
 * @judge: the judge, opened with the rules
 *
 * Return: the objects; NULL when manifests do not compile.
 */
const struct objects *judge_objects(const struct judge *judge);

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
 * judge_find_ip() - the end that an address is
 * @judge: the module, who knows the pods
 * @ip: the address; must live as long as the end
 * @buffer: NETWORK_TEXT_MAX bytes that live as long as the end
 *
 * Return: the pod that has the address, or else the address.
 */
struct end judge_find_ip(const struct judge *judge, const struct ip *ip,
			 char *buffer);

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

/**
 * judge_ask_connection() - have the module judge one connection
 * @judge: the module
 * @connection: the connection
 * @ruling: receives the answer; freed with ruling_clear() in any case
 *
 * Return: as judge_ask().
 */
int judge_ask_connection(struct judge *judge,
			 const struct connection *connection,
			 struct ruling *ruling);

void ruling_clear(struct ruling *ruling);

#endif
