// SPDX-License-Identifier: GPL-2.0-only

#include <linux/podwall.h>
#include <linux/sizes.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <net/sock.h>

#include "namespace.h"
#include "netlink_dump.h"
#include "netlink_fill.h"
#include "policy.h"

/**
 * DOC: Listings
 *
 * A listing holds a reference to the policy that was live when it began, and
 * goes through that by index. Whatever is committed meanwhile, it shows one
 * generation, whole, and every message names it.
 */

/**
 * struct dump - where a listing stands
 * @policy: owned reference
 * @object: index of the next object; of addresses, position in their map
 * @member: index of the next member of a set that did not fit one message; of
 *	addresses, which map
 */
struct dump {
	struct podwall_policy *policy;
	u32 object;
	u32 member;
};

static struct dump *dump_of(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct dump) > sizeof(cb->ctx));
	return (struct dump *)cb->ctx;
}

/**
 * podwall_dump_start - begin a listing
 * @cb: of the listing
 *
 * Context: Process context; may sleep.
 * Return: 0.
 */
int podwall_dump_start(struct netlink_callback *cb)
{
	struct net *net = sock_net(cb->skb->sk);

	dump_of(cb)->policy =
		podwall_net_get_policy(net_generic(net, podwall_net_id));
	/* The largest rule and the largest block fit one message. */
	cb->min_dump_alloc = SZ_32K;
	return 0;
}

/**
 * podwall_dump_done - end a listing, finished or not
 * @cb: of the listing
 *
 * Context: Process context; may sleep.
 * Return: 0.
 */
int podwall_dump_done(struct netlink_callback *cb)
{
	podwall_policy_put(dump_of(cb)->policy);
	return 0;
}

static struct nlmsghdr *begin(struct sk_buff *skb, struct netlink_callback *cb,
			      u8 command, int generation, int pad)
{
	struct genlmsghdr *header;
	struct nlmsghdr *message;

	message = nlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			    cb->nlh->nlmsg_type, GENL_HDRLEN, NLM_F_MULTI);
	if (!message)
		return NULL;
	header = nlmsg_data(message);
	*header = (struct genlmsghdr){
		.cmd = command,
		.version = PODWALL_GENL_VERSION,
	};
	if (nla_put_u64_64bit(skb, generation, dump_of(cb)->policy->generation,
			      pad)) {
		nlmsg_cancel(skb, message);
		return NULL;
	}
	return message;
}

/* What a dumpit returns: bytes while there is more to come, then 0. */
static int end(struct sk_buff *skb, bool more)
{
	return skb->len || !more ? skb->len : -EMSGSIZE;
}

/* IPv4 first, then, as member 1, IPv6. */
static bool next_address(struct dump *dump, struct podwall_address *address)
{
	const struct podwall_classifier *classifier = &dump->policy->classifier;
	u32 class;

	for (; dump->member < 2; dump->member++, dump->object = 0) {
		class = podwall_address_map_next(dump->member ?
						 classifier->addresses6 :
						 classifier->addresses4,
						 &dump->object, &address->ip);
		if (!class)
			continue;
		address->identity = podwall_classifier_identity(classifier, class);
		return true;
	}
	return false;
}

/**
 * podwall_dump_addresses - list addresses, as many as fit
 * @skb: of the listing
 * @cb: of the listing
 *
 * Context: Process context; may sleep.
 * Return: bytes put, 0 at the end.
 */
int podwall_dump_addresses(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct dump *dump = dump_of(cb);
	struct podwall_address address;
	struct nlmsghdr *message = NULL;
	struct dump next = *dump;
	bool filled = false;

	while (next_address(&next, &address)) {
		if (!message)
			message = begin(skb, cb, PODWALL_CMD_ADDRESS_GET,
					PODWALL_A_ADDRESSES_GENERATION,
					PODWALL_A_ADDRESSES_PAD);
		if (!message)
			return end(skb, true);
		if (podwall_fill_address(skb, PODWALL_A_ADDRESSES_ADDRESS,
					 &address.ip, address.identity))
			break;
		*dump = next;
		filled = true;
	}
	if (!message)
		return skb->len;
	if (filled)
		nlmsg_end(skb, message);
	else
		nlmsg_cancel(skb, message);
	return end(skb, true);
}

static int fill_peer_set_members(struct sk_buff *skb,
				 const struct podwall_peer_set *set, u32 *member)
{
	const struct podwall_block *blocks = set->blocks.elements;
	const u32 *identities = set->identities.elements;
	u32 first = *member;
	int err = 0;

	for (; *member < set->identities.count; (*member)++) {
		err = nla_put_u32(skb, PODWALL_A_PEER_SET_IDENTITY,
				  identities[*member]);
		if (err)
			goto out;
	}
	for (; *member < set->identities.count + set->blocks.count; (*member)++) {
		err = podwall_fill_block(skb, set,
					 &blocks[*member -
						 set->identities.count]);
		if (err)
			goto out;
	}
out:
	return *member > first ? 0 : err;
}

static int fill_rule_set_members(struct sk_buff *skb,
				 const struct podwall_rule_set *set, u32 *member)
{
	u32 first = *member;
	int err = 0;

	for (; *member < set->rules.count; (*member)++) {
		err = podwall_fill_rule(skb, set, *member);
		if (err)
			break;
	}
	return *member > first ? 0 : err;
}

/* Go on to the next object once the last member of this one is out. */
static void advance(struct dump *dump, u32 members)
{
	if (dump->member < members)
		return;
	dump->object++;
	dump->member = 0;
}

/**
 * podwall_dump_peer_sets - list peer sets, as many as fit
 * @skb: of the listing
 * @cb: of the listing
 *
 * Context: Process context; may sleep.
 * Return: bytes put, 0 at the end.
 */
int podwall_dump_peer_sets(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct dump *dump = dump_of(cb);
	struct podwall_peer_set **sets = dump->policy->peer_sets.elements;
	u32 count = dump->policy->peer_sets.count;

	while (dump->object < count) {
		const struct podwall_peer_set *set = sets[dump->object];
		struct nlmsghdr *message;

		message = begin(skb, cb, PODWALL_CMD_PEER_SET_GET,
				PODWALL_A_PEER_SET_GENERATION,
				PODWALL_A_PEER_SET_PAD);
		if (!message)
			break;
		if (nla_put_u32(skb, PODWALL_A_PEER_SET_ID, set->id) ||
		    (!dump->member && nla_put_string(skb,
						     PODWALL_A_PEER_SET_NAME,
						     set->name)) ||
		    fill_peer_set_members(skb, set, &dump->member)) {
			nlmsg_cancel(skb, message);
			break;
		}
		nlmsg_end(skb, message);
		advance(dump, set->identities.count + set->blocks.count);
	}
	return end(skb, dump->object < count);
}

/**
 * podwall_dump_rule_sets - list rule sets, as many as fit
 * @skb: of the listing
 * @cb: of the listing
 *
 * Context: Process context; may sleep.
 * Return: bytes put, 0 at the end.
 */
int podwall_dump_rule_sets(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct dump *dump = dump_of(cb);
	struct podwall_rule_set **sets = dump->policy->rule_sets.elements;
	u32 count = dump->policy->rule_sets.count;

	while (dump->object < count) {
		const struct podwall_rule_set *set = sets[dump->object];
		struct nlmsghdr *message;

		message = begin(skb, cb, PODWALL_CMD_RULE_SET_GET,
				PODWALL_A_RULE_SET_GENERATION,
				PODWALL_A_RULE_SET_PAD);
		if (!message)
			break;
		if (nla_put_u32(skb, PODWALL_A_RULE_SET_ID, set->id) ||
		    (!dump->member && podwall_fill_rule_set_head(skb, set)) ||
		    fill_rule_set_members(skb, set, &dump->member)) {
			nlmsg_cancel(skb, message);
			break;
		}
		nlmsg_end(skb, message);
		advance(dump, set->rules.count);
	}
	return end(skb, dump->object < count);
}

/**
 * podwall_dump_pods - list pods, as many as fit
 * @skb: of the listing
 * @cb: of the listing
 *
 * Context: Process context; may sleep.
 * Return: bytes put, 0 at the end.
 */
int podwall_dump_pods(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct dump *dump = dump_of(cb);
	const struct podwall_pod_slot *slots = dump->policy->pod_slots.elements;
	u32 count = dump->policy->pod_slots.count;

	for (; dump->object < count; dump->object++) {
		struct nlmsghdr *message;

		message = begin(skb, cb, PODWALL_CMD_POD_GET,
				PODWALL_A_POD_GENERATION, PODWALL_A_POD_PAD);
		if (!message)
			break;
		if (podwall_fill_pod(skb, slots[dump->object].pod)) {
			nlmsg_cancel(skb, message);
			break;
		}
		nlmsg_end(skb, message);
	}
	return end(skb, dump->object < count);
}
