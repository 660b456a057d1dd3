/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a connection is decided, and how that is told.
 */
#ifndef NLCTL_EXPLANATION_H
#define NLCTL_EXPLANATION_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "policy/evaluator.h"
#include "policy/objects.h"

/**
 * struct connection - a connection as its client opened it
 * @client: the client's address
 * @server: the server's address after destination NAT
 * @protocol: IP protocol number
 * @client_port: host byte order; 0 when unknown
 * @server_port: host byte order; 0 when there is none
 */
struct connection {
	struct ip client;
	struct ip server;
	uint8_t protocol;
	uint16_t client_port;
	uint16_t server_port;
};

/**
 * struct decision - how one direction is decided; zeroes are unknown
 * @direction: as the judged pod sees it
 * @verdict: accept or deny
 * @reason: why
 * @pod: key of the judged pod; owned
 * @mode: audit when a denial is not in force, or the judged pod is in audit
 *	mode
 * @tier: that decided
 * @rule_set: that decided
 * @has_cookie: @cookie is known
 * @cookie: of the rule that decided
 * @origin: of that rule, or what isolates the pod; owned
 * @text: the evaluator's sentence; owned
 */
struct decision {
	enum podwall_direction direction;
	enum podwall_verdict verdict;
	enum podwall_reason reason;
	char *pod;
	enum podwall_mode mode;
	enum podwall_tier tier;
	uint32_t rule_set;
	bool has_cookie;
	uint64_t cookie;
	char *origin;
	char *text;
};

/**
 * struct explanation - how a connection is decided in both directions
 * @connection: the connection
 * @verdict: accept only if no direction denies in force
 * @egress: by the client's pod
 * @ingress: by the server's pod
 * @generation: of the policy that decided; 0 offline
 */
struct explanation {
	struct connection connection;
	enum podwall_verdict verdict;
	struct decision egress;
	struct decision ingress;
	uint64_t generation;
};

/* Free what the structure owns and zero it; the structure itself stays. */
void decision_clear(struct decision *decision);
void explanation_clear(struct explanation *explanation);

/**
 * explanation_evaluate() - have the evaluator judge a connection
 * @cluster: the Kubernetes objects
 * @from: the client
 * @to: the server
 * @connection: protocol, port and family; the addresses only name the family
 * @explanation: receives the result; freed with explanation_clear()
 *
 * Return: NULL, or a text that says why there is no answer.
 */
const char *explanation_evaluate(const struct cluster *cluster,
				 const struct endpoint *from,
				 const struct endpoint *to,
				 const struct connection *connection,
				 struct explanation *explanation);

/**
 * explanation_audited() - whether a connection passes only by virtue of audit
 * @explanation: the explanation
 */
bool explanation_audited(const struct explanation *explanation);

/**
 * decision_json() - a decision as JSON, without what is unknown
 * @decision: the decision
 *
 * Return: a new object.
 */
json_t *decision_json(const struct decision *decision);

/**
 * explanation_json() - an explanation as JSON
 * @explanation: the explanation
 *
 * Return: a new object with verdict, egress and ingress.
 */
json_t *explanation_json(const struct explanation *explanation);

/**
 * decision_text() - what decided, as a sentence
 * @decision: the decision
 * @end: "client" or "server"
 *
 * Return: the sentence, which the caller frees; what it names may hold control
 * characters.
 */
char *decision_text(const struct decision *decision, const char *end);

#endif
