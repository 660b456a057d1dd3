/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The objects that the kernel holds, as plain structures.
 *
 * The compiler fills a struct objects from manifests, netlink.c fills one from
 * the running module, state.c from a saved file; difference.c compares two.
 * Every pointer is owned by the structure that holds it.
 */
#ifndef NLCTL_POLICY_OBJECTS_H
#define NLCTL_POLICY_OBJECTS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/podwall.h>

/**
 * struct ip - one IPv4 or IPv6 address
 * @family: AF_INET or AF_INET6
 * @v4: the address, network byte order, when @family is AF_INET
 * @v6: the address, when @family is AF_INET6
 */
struct ip {
	int family;
	union {
		struct in_addr v4;
		struct in6_addr v6;
	};
};

/**
 * struct network - a block of addresses
 * @base: its first address; the bits beyond @prefix_length are zero
 * @prefix_length: up to 32 or 128
 */
struct network {
	struct ip base;
	uint8_t prefix_length;
};

/** struct block - a block of addresses without the exceptions inside it */
struct block {
	struct network network;
	struct network *except;
	size_t except_count;
};

/** struct address - one address and the identity it stands under */
struct address {
	struct ip ip;
	uint32_t identity;
};

/** struct peer_set - a named set of identities and blocks; @name is unique */
struct peer_set {
	uint32_t id;
	char *name;
	uint32_t *identities; /* ascending, no duplicates */
	size_t identity_count;
	struct block *blocks;
	size_t block_count;
};

/** struct port_range - inclusive; ports in host byte order */
struct port_range {
	uint8_t protocol;
	uint16_t first;
	uint16_t last;
};

/** struct count - what was decided so; read from the kernel only */
struct count {
	uint64_t connections;
	uint64_t packets;
	uint64_t bytes;
};

/** struct rule - see the rule attribute set of the protocol */
struct rule {
	enum podwall_tier tier;
	uint32_t priority;
	enum podwall_action action;
	bool any_peer;
	uint32_t *peer_sets; /* ids; ascending, no duplicates */
	size_t peer_set_count;
	bool any_port;
	struct port_range *port_ranges; /* ordered by protocol, first, last */
	size_t port_range_count;
	uint64_t cookie;
	char *origin;
	struct count count;
};

/** struct rule_set - an ordered list of rules for one direction */
struct rule_set {
	uint32_t id;
	enum podwall_direction direction;
	bool isolated;
	char *isolation_origin; /* NULL unless isolated */
	bool isolation_audited; /* policies select the pods, all in audit mode */
	struct rule *rules;
	size_t rule_count;
	struct count isolation_count; /* denied, because no rule covered it */
	struct count default_count; /* accepted, because no rule matched */
};

/**
 * struct traffic - what was decided in one direction for one reason
 * @direction: as the judged pod sees it
 * @verdict: accept or deny
 * @mode: audit for denials that were only counted and reported
 * @reason: why
 * @count: how much
 */
struct traffic {
	enum podwall_direction direction;
	enum podwall_verdict verdict;
	enum podwall_mode mode;
	enum podwall_reason reason;
	struct count count;
};

/**
 * struct pod - a pod of this node; a rule set id of 0 means none
 *
 * An enforced rule set judges again what the rule set of its direction denies:
 * what it accepts is only audited.
 */
struct pod {
	char *key; /* namespace/name */
	char *uid; /* "" when unknown */
	struct ip *ips;
	size_t ip_count;
	char *interface; /* NULL when unknown */
	uint32_t ingress_rule_set;
	uint32_t egress_rule_set;
	uint32_t ingress_enforced_rule_set;
	uint32_t egress_enforced_rule_set;
	enum podwall_mode mode;
	bool report_accepted; /* an event for each connection that is accepted */
	struct traffic *traffic; /* these three read from the kernel only */
	size_t traffic_count;
	uint64_t events_lost;
};

/** struct amounts - an amount for each bounded resource */
struct amounts {
	uint32_t addresses;
	uint32_t peer_sets;
	uint32_t rule_sets;
	uint32_t pods;
	uint32_t rules;
	uint32_t members;
	uint32_t guarded;
	uint32_t transactions;
	uint64_t memory;
};

/** struct settings - see the settings attribute set of the protocol */
struct settings {
	struct network *guarded;
	size_t guarded_count;
	enum podwall_node_access node_access;
	enum podwall_deny_action deny_action;
	uint32_t event_rate;
	struct amounts limits;
};

/**
 * struct objects - a whole policy state
 * @generation: of the kernel's policy it was read from, else 0
 * @addresses: ordered by ip_compare(), no duplicates
 * @peer_sets: ordered by id
 * @rule_sets: ordered by id
 * @pods: ordered by key
 */
struct objects {
	uint64_t generation;
	struct address *addresses;
	size_t address_count;
	struct peer_set *peer_sets;
	size_t peer_set_count;
	struct rule_set *rule_sets;
	size_t rule_set_count;
	struct pod *pods;
	size_t pod_count;
};

/* Orders IPv4 before IPv6, then by value as a big-endian number. */
int ip_compare(const struct ip *a, const struct ip *b);
bool ip_equal(const struct ip *a, const struct ip *b);
/* Orders by base, then the larger network first. */
int network_compare(const struct network *a, const struct network *b);
bool network_contains(const struct network *network, const struct ip *ip);
/* Whether the block has the address, which none of its exceptions does. */
bool block_contains(const struct block *block, const struct ip *ip);

/* Parse text; false when it is not exactly one address ("10.0.0.1", "fd00::1")
 * or network ("10.0.0.0/8"). network_parse() keeps host bits: network_mask()
 * clears them and says whether any was set.
 */
bool ip_parse(const char *text, struct ip *ip);
bool network_parse(const char *text, struct network *network);
bool network_mask(struct network *network);

/* Text forms; the buffer holds INET6_ADDRSTRLEN + 4 bytes at least. */
#define NETWORK_TEXT_MAX (INET6_ADDRSTRLEN + 4)
const char *ip_text(const struct ip *ip, char *buffer);
const char *network_text(const struct network *network, char *buffer);

/* Free what the structure owns and zero it; the structure itself stays. */
void peer_set_clear(struct peer_set *peer_set);
void rule_set_clear(struct rule_set *rule_set);
void pod_clear(struct pod *pod);
void settings_clear(struct settings *settings);
void objects_clear(struct objects *objects);

/* Guard a block as well, unless one that is guarded holds it. */
void settings_guard(struct settings *settings, const struct network *block);

/* Put the lists and their members into the order promised above. */
void peer_set_sort(struct peer_set *peer_set);
void objects_sort(struct objects *objects);

#endif
