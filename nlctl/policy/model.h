/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The Kubernetes objects that decide about traffic, as plain structures.
 *
 * Every pointer is owned by the structure that holds it. A list that is empty
 * may be NULL. The structures say what was written after the API server's
 * defaults; what it means is up to the compiler and the evaluator.
 */
#ifndef NLCTL_POLICY_MODEL_H
#define NLCTL_POLICY_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uthash.h>
#include "policy/objects.h"
#include "policy/problem.h"

/* The label that the API server puts on every namespace. */
#define NAMESPACE_NAME_LABEL "kubernetes.io/metadata.name"

/** struct origin - where an object was read; see struct place */
struct origin {
	char *file;
	unsigned int line;
	unsigned int document;
};

/** struct label - one label of an object */
struct label {
	char *key;
	char *value;
};

/** struct labels - the labels of an object, ordered by key */
struct labels {
	struct label *list;
	size_t count;
};

enum requirement_relation {
	REQUIREMENT_IN,
	REQUIREMENT_NOT_IN,
	REQUIREMENT_EXISTS,
	REQUIREMENT_DOES_NOT_EXIST,
};

/**
 * struct requirement - one of the matchExpressions of a selector
 * @key: the label's key
 * @relation: the operator: how @values are compared
 * @values: none for Exists and DoesNotExist
 * @value_count: length of @values
 */
struct requirement {
	char *key;
	enum requirement_relation relation;
	char **values;
	size_t value_count;
};

/**
 * struct selector - a label selector; an empty one selects everything
 * @match_labels: labels that an object must have with these values
 * @match_expressions: further requirements, all to be met
 * @expression_count: length of @match_expressions
 */
struct selector {
	struct labels match_labels;
	struct requirement *match_expressions;
	size_t expression_count;
};

enum policy_port_kind {
	POLICY_PORT_ANY, /* every port of the protocol */
	POLICY_PORT_RANGE,
	POLICY_PORT_NAME,
};

/**
 * struct policy_port - one of the ports of a policy's rule
 * @protocol: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_SCTP
 * @kind: which of the following fields hold
 * @first: first port of a range, host byte order
 * @last: last port of a range, inclusive
 * @name: name of a container port; NULL for other kinds
 */
struct policy_port {
	uint8_t protocol;
	enum policy_port_kind kind;
	uint16_t first;
	uint16_t last;
	char *name;
};

/**
 * struct policy_peer - one of the from or to entries of a policy's rule
 * @is_block: an ipBlock; then only @block holds
 * @block: the addresses
 * @has_pod_selector: @pod_selector was given; else all pods of the namespaces
 * @has_namespace_selector: @namespace_selector was given; else the namespace
 *	of the policy
 * @pod_selector: selects pods
 * @namespace_selector: selects namespaces
 * @is_nodes: the addresses of nodes; then only @node_selector holds
 * @node_selector: selects nodes
 * @entry: which entry of the list it is or, being a network, stands in
 */
struct policy_peer {
	bool is_block;
	struct block block;
	bool has_pod_selector;
	bool has_namespace_selector;
	struct selector pod_selector;
	struct selector namespace_selector;
	bool is_nodes;
	struct selector node_selector;
	size_t entry;
};

/**
 * struct policy_rule - one ingress or egress item of a policy
 * @peers: from or to; none means everything
 * @peer_count: length of @peers
 * @ports: none means all ports of all protocols
 * @port_count: length of @ports
 */
struct policy_rule {
	struct policy_peer *peers;
	size_t peer_count;
	struct policy_port *ports;
	size_t port_count;
};

/**
 * struct network_policy - networking.k8s.io/v1 NetworkPolicy
 * @key: namespace/name
 * @namespace: its namespace
 * @name: its name
 * @pod_selector: selects the pods of @namespace that it is about
 * @ingress: policyTypes has Ingress
 * @egress: policyTypes has Egress
 * @ingress_rules: items of spec.ingress
 * @ingress_rule_count: length of @ingress_rules
 * @egress_rules: items of spec.egress
 * @egress_rule_count: length of @egress_rules
 * @audit: what it alone denies passes, counted and reported
 * @origin: where it was read
 * @hh: links the policies of a cluster by @key
 */
struct network_policy {
	char *key;
	char *namespace;
	char *name;
	struct selector pod_selector;
	bool ingress;
	bool egress;
	struct policy_rule *ingress_rules;
	size_t ingress_rule_count;
	struct policy_rule *egress_rules;
	size_t egress_rule_count;
	bool audit;
	struct origin origin;
	UT_hash_handle hh;
};

/**
 * struct cluster_rule - one ingress or egress item of a cluster's policy
 * @name: as it was written, or NULL
 * @action: what happens to what it covers
 * @covers: its peers, of which there is one at least, and its ports
 * @unknown_peer: a peer says nothing that nlctl knows, so the rule has to fail
 *	closed: if it accepts it covers nothing, else it denies everything
 */
struct cluster_rule {
	char *name;
	enum podwall_action action;
	struct policy_rule covers;
	bool unknown_peer;
};

/**
 * struct cluster_policy - policy.networking.k8s.io ClusterNetworkPolicy,
 * AdminNetworkPolicy or BaselineAdminNetworkPolicy
 * @key: kind and name ("ClusterNetworkPolicy x")
 * @tier: PODWALL_TIER_ADMIN or PODWALL_TIER_BASELINE
 * @priority: lower is judged first; of equal ones the lower @name, then @key
 * @name: its name
 * @namespace_selector: selects the namespaces of the pods that it is about
 * @pod_selector: selects these pods in there
 * @by_pod: @pod_selector was given
 * @ingress_rules: items of spec.ingress; the first that covers decides
 * @ingress_rule_count: length of @ingress_rules
 * @egress_rules: items of spec.egress; the first that covers decides
 * @egress_rule_count: length of @egress_rules
 * @audit: what it alone denies passes, counted and reported
 * @origin: where it was read
 * @hh: links the policies of a cluster by @key
 */
struct cluster_policy {
	char *key;
	enum podwall_tier tier;
	uint32_t priority;
	char *name;
	struct selector namespace_selector;
	struct selector pod_selector;
	bool by_pod;
	struct cluster_rule *ingress_rules;
	size_t ingress_rule_count;
	struct cluster_rule *egress_rules;
	size_t egress_rule_count;
	bool audit;
	struct origin origin;
	UT_hash_handle hh;
};

/** struct container_port - a named port of a pod's container */
struct container_port {
	char *name;
	uint8_t protocol;
	uint16_t port;
};

enum pod_phase {
	POD_PENDING,
	POD_RUNNING,
	POD_SUCCEEDED,
	POD_FAILED,
	POD_UNKNOWN,
};

/**
 * enum reporting - which connections of a pod are reported
 * @REPORTING_UNSAID: the object does not say
 * @REPORTING_DENIED: those that are denied, and no others
 * @REPORTING_ACCEPTED: those that are accepted as well
 */
enum reporting {
	REPORTING_UNSAID,
	REPORTING_DENIED,
	REPORTING_ACCEPTED,
};

/**
 * struct cluster_pod - v1 Pod
 * @key: namespace/name
 * @namespace: its namespace
 * @name: its name
 * @uid: "" when unknown
 * @labels: its labels
 * @node: spec.nodeName, "" while not scheduled
 * @host_network: spec.hostNetwork
 * @deleting: it has a deletion timestamp
 * @phase: status.phase; POD_PENDING when missing, as in the API
 * @ips: status.podIPs, or status.podIP, without duplicates
 * @ip_count: length of @ips
 * @ports: named ports of its containers and sidecars, ordered by name,
 *	protocol and number, without duplicates
 * @port_count: length of @ports
 * @mode: audit: what is denied to it or by it passes, counted and reported; 0
 *	when the pod does not say, and its namespace decides
 * @reporting: which of its connections are reported
 * @interface: its interface in the node's own network namespace; NULL when
 *	unknown, as the API does not say it
 * @origin: where it was read
 * @hh: links the pods of a cluster by @key
 */
struct cluster_pod {
	char *key;
	char *namespace;
	char *name;
	char *uid;
	struct labels labels;
	char *node;
	bool host_network;
	bool deleting;
	enum pod_phase phase;
	struct ip *ips;
	size_t ip_count;
	struct container_port *ports;
	size_t port_count;
	enum podwall_mode mode;
	enum reporting reporting;
	char *interface;
	struct origin origin;
	UT_hash_handle hh;
};

/**
 * struct cluster_namespace - v1 Namespace
 * @name: its name
 * @labels: its labels, NAMESPACE_NAME_LABEL always among them
 * @implied: there was no such object, only others that name it
 * @mode: of its pods that do not say themselves; 0 when it does not say either,
 *	which is enforce
 * @reporting: of its pods that do not say themselves
 * @origin: where it was read
 * @hh: links the namespaces of a cluster by @name
 */
struct cluster_namespace {
	char *name;
	struct labels labels;
	bool implied;
	enum podwall_mode mode;
	enum reporting reporting;
	struct origin origin;
	UT_hash_handle hh;
};

/**
 * struct cluster_node - v1 Node
 * @name: its name
 * @labels: its labels
 * @ips: its InternalIP and ExternalIP addresses
 * @ip_count: length of @ips
 * @origin: where it was read
 * @hh: links the nodes of a cluster by @name
 */
struct cluster_node {
	char *name;
	struct labels labels;
	struct ip *ips;
	size_t ip_count;
	struct origin origin;
	UT_hash_handle hh;
};

/**
 * labels_find() - look a label up
 * @labels: ordered labels
 * @key: the key
 *
 * Return: the label's value, owned by @labels, or NULL.
 */
const char *labels_find(const struct labels *labels, const char *key);

/**
 * labels_set() - add a label or replace its value
 * @labels: ordered labels, which stay so
 * @key: the key; copied
 * @value: the value; copied
 */
void labels_set(struct labels *labels, const char *key, const char *value);

/**
 * labels_equal() - whether two objects have the same labels
 * @a: ordered labels
 * @b: ordered labels
 */
bool labels_equal(const struct labels *a, const struct labels *b);

/**
 * origin_place() - view an origin as a place for problem_add()
 * @origin: where an object was read
 *
 * Return: a place that borrows the file name from @origin.
 */
struct place origin_place(const struct origin *origin);

/* Free what the structure owns and zero it; the structure itself stays. */
void labels_clear(struct labels *labels);
void selector_clear(struct selector *selector);
void policy_peer_clear(struct policy_peer *peer);
void policy_rule_clear(struct policy_rule *rule);

/* Free the structure with all that it owns; NULL is allowed. The object must
 * not be in a cluster.
 */
void network_policy_free(struct network_policy *policy);
void cluster_policy_free(struct cluster_policy *policy);
void cluster_pod_free(struct cluster_pod *pod);
void cluster_namespace_free(struct cluster_namespace *namespace);
void cluster_node_free(struct cluster_node *node);

#endif
