/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_KUNIT_CHANGE_H
#define PODWALL_KUNIT_CHANGE_H

#include <kunit/test.h>
#include <linux/types.h>

struct podwall_policy;
struct podwall_transaction;

enum change_kind {
	CHANGE_NONE,
	CHANGE_ADDRESS,
	CHANGE_PEER_SET,
	CHANGE_PEER_SET_BLOCK,
	CHANGE_PEER_SET_REMOVAL,
	CHANGE_INGRESS,
	CHANGE_EGRESS,
	CHANGE_RULE_SET_REMOVAL,
	CHANGE_POD,
	CHANGE_POD_REMOVAL,
	CHANGE_FLUSH,
};

/**
 * struct change - one step of a transaction, as tables write it
 * @kind: what it changes; CHANGE_NONE ends a list
 * @text: address, name of a peer set, or key of a pod
 * @id: identity (0 removes the address), of a set, or of a pod's ingress set
 * @refers: the peer set of a rule set's only rule, a pod's egress set, or the
 *	identity of a peer set with a block
 * @address: of a pod; or the block of a peer set
 */
struct change {
	enum change_kind kind;
	const char *text;
	u32 id;
	u32 refers;
	const char *address;
};

#define ADDRESS(ip, identity)	{ CHANGE_ADDRESS, ip, identity }
#define NO_ADDRESS(ip)		{ CHANGE_ADDRESS, ip, 0 }
#define PEER_SET(id, name)	{ CHANGE_PEER_SET, name, id }
#define PEER_SET_BLOCK(id, name, identity, block) \
	{ CHANGE_PEER_SET_BLOCK, name, id, identity, block }
#define NO_PEER_SET(id)		{ CHANGE_PEER_SET_REMOVAL, NULL, id }
#define INGRESS(id, peers)	{ CHANGE_INGRESS, NULL, id, peers }
#define EGRESS(id, peers)	{ CHANGE_EGRESS, NULL, id, peers }
#define NO_RULE_SET(id)		{ CHANGE_RULE_SET_REMOVAL, NULL, id }
#define POD(key, address, ingress, egress) \
	{ CHANGE_POD, key, ingress, egress, address }
#define NO_POD(key)		{ CHANGE_POD_REMOVAL, key }
#define FLUSH			{ CHANGE_FLUSH }

void change_stage(struct kunit *test, struct podwall_transaction *transaction,
		  const struct change *changes, size_t count);
const char *change_describe(struct kunit *test,
			    const struct podwall_policy *policy);

#endif
