/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way of a connection through the rule sets, tier by tier.
 *
 * Pure: it knows objects and settings alone, whether they come from the module
 * or from the compiler. Its answer has to be the one of whoever judges, so
 * callers compare the two before they tell the story.
 */
#ifndef NLCTL_WALK_H
#define NLCTL_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explanation.h"
#include "policy/objects.h"

/**
 * struct walk_question - what is asked, and of whom
 * @objects: addresses, peer sets, rule sets and pods, in their order
 * @settings: guarded blocks and node access
 * @connection: the connection; without a server port for a protocol that has
 *	ports, it stands for a later fragment
 * @client_is_node: the client is the node of the server's pod
 * @server_is_node: the server is the node of the client's pod
 * @is_itself: both ends are one pod without a Service in between: such packets
 *	never leave the pod, and nobody judges them
 */
struct walk_question {
	const struct objects *objects;
	const struct settings *settings;
	struct connection connection;
	bool client_is_node;
	bool server_is_node;
	bool is_itself;
};

/**
 * enum walk_place - where an end of a connection is
 * @WALK_PLACE_POD: a registered pod
 * @WALK_PLACE_NODE: the node
 * @WALK_PLACE_GUARDED: a guarded block, without being a registered pod
 * @WALK_PLACE_CLUSTER: a pod that is not registered: it has an identity
 * @WALK_PLACE_OUTSIDE: anywhere else
 */
enum walk_place {
	WALK_PLACE_POD,
	WALK_PLACE_NODE,
	WALK_PLACE_GUARDED,
	WALK_PLACE_CLUSTER,
	WALK_PLACE_OUTSIDE,
};

/**
 * struct walk_end - an end of a connection; borrows from the question
 * @place: where it is
 * @pod: the registered pod; or NULL
 * @identity: of its address; 0 for none
 * @guarded: the guarded block, when that is its place
 */
struct walk_end {
	enum walk_place place;
	const struct pod *pod;
	uint32_t identity;
	const struct network *guarded;
};

/**
 * struct walk_rule - a rule, and what of the connection it covers
 * @rule: the rule, borrowed
 * @index: of the rule in its rule set
 * @peer: it covers the peer
 * @port: it covers the protocol and port
 */
struct walk_rule {
	const struct rule *rule;
	size_t index;
	bool peer;
	bool port;
};

/**
 * enum walk_ending - how a tier ended
 * @WALK_ENDING_UNREACHED: an earlier tier had decided
 * @WALK_ENDING_SKIPPED: the tier does not concern the connection
 * @WALK_ENDING_UNMATCHED: no rule matched, and the tier decided nothing
 * @WALK_ENDING_PASSED: a rule passed the connection on
 * @WALK_ENDING_DECIDED: a rule decided
 * @WALK_ENDING_ISOLATED: no rule matched, and policies isolate the pod
 */
enum walk_ending {
	WALK_ENDING_UNREACHED,
	WALK_ENDING_SKIPPED,
	WALK_ENDING_UNMATCHED,
	WALK_ENDING_PASSED,
	WALK_ENDING_DECIDED,
	WALK_ENDING_ISOLATED,
};

/**
 * struct walk_tier - the way through one tier
 * @tier: the tier
 * @ending: how it ended
 * @rules: its rules, within those of the rule set
 * @count: length of @rules
 * @rule: that passed the connection on, or decided; or NULL
 */
struct walk_tier {
	enum podwall_tier tier;
	enum walk_ending ending;
	const struct walk_rule *rules;
	size_t count;
	const struct walk_rule *rule;
};

#define WALK_TIERS 3

/**
 * struct walk_rule_set - the way through one rule set
 * @rule_set: borrowed; NULL when there was none to walk
 * @rules: all its rules, in their order; owned
 * @tiers: admin, policy, baseline
 * @verdict: of the rule set
 * @reason: why
 * @tier: that decided; 0 when none did
 * @rule: that decided, in @rules; or NULL
 */
struct walk_rule_set {
	const struct rule_set *rule_set;
	struct walk_rule *rules;
	struct walk_tier tiers[WALK_TIERS];
	enum podwall_verdict verdict;
	enum podwall_reason reason;
	enum podwall_tier tier;
	const struct walk_rule *rule;
};

/**
 * enum walk_skip - why the policy tier does not concern a connection
 * @WALK_SKIP_NONE: it does
 * @WALK_SKIP_NODE: a pod reaches its own node
 * @WALK_SKIP_ITSELF: a pod reaches itself by way of a Service
 */
enum walk_skip {
	WALK_SKIP_NONE,
	WALK_SKIP_NODE,
	WALK_SKIP_ITSELF,
};

/**
 * struct walk_direction - how one direction is judged
 * @direction: as the judged pod sees it
 * @verdict: accept or deny
 * @reason: why
 * @mode: audit when a denial is not in force, or the judged pod is in audit
 *	mode; 0 without a pod
 * @tier: that decided; 0 when none did
 * @pod: that is judged; or NULL
 * @skip: why the policy tier was left out, if it was
 * @all: the way through the rule set of the direction
 * @enforced: the way through what of it is enforced, if that was asked
 * @decisive: @all or @enforced, whichever has the last word; NULL for neither
 */
struct walk_direction {
	enum podwall_direction direction;
	enum podwall_verdict verdict;
	enum podwall_reason reason;
	enum podwall_mode mode;
	enum podwall_tier tier;
	const struct pod *pod;
	enum walk_skip skip;
	struct walk_rule_set all;
	struct walk_rule_set enforced;
	const struct walk_rule_set *decisive;
};

/**
 * struct walk - how a connection is judged; borrows from the question
 * @client: the client
 * @server: the server
 * @egress: by the client's pod
 * @ingress: by the server's pod
 * @verdict: accept only if no direction denies in force
 *
 * It points into itself, so it must not be copied.
 */
struct walk {
	struct walk_end client;
	struct walk_end server;
	struct walk_direction egress;
	struct walk_direction ingress;
	enum podwall_verdict verdict;
};

/**
 * walk_connection() - follow a connection through the rule sets
 * @question: what is asked; must outlive the walk
 * @walk: receives the result; freed with walk_clear()
 */
void walk_connection(const struct walk_question *question, struct walk *walk);

/**
 * walk_origin() - what decided a direction, or would have but for the node
 * @direction: the direction
 *
 * Return: the origin of the rule, or what isolates the pod; or NULL.
 */
const char *walk_origin(const struct walk_direction *direction);

/**
 * walk_peer_set() - find a peer set by its id
 * @objects: the objects
 * @id: the id
 *
 * Return: the peer set; NULL when there is none.
 */
const struct peer_set *walk_peer_set(const struct objects *objects,
				     uint32_t id);

/* Free what the structure owns and zero it. */
void walk_clear(struct walk *walk);

#endif
