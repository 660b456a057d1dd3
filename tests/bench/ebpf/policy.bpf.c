// SPDX-License-Identifier: GPL-2.0-only
/*
 * Network policy as an eBPF program on tc, in the shape that Cilium gives it: what
 * a pod sends is judged as it comes out of the pod's veth. The destination's
 * address leads to an identity by one trie, and the identity, protocol and port to
 * an entry by another, which is asked a second time for any peer. Deny wins, and
 * no entry denies as well.
 *
 * Of IP only TCP and UDP can be accepted. What is not IP passes.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/pkt_cls.h>
#include <stdbool.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "policy.h"

#define AF_INET 2
#define AF_INET6 10

/* Of a fragment's place in its packet, without the flags. */
#define FRAGMENT_OFFSET 0x1fff

/* Whether connections are remembered; the verifier drops what is not reached. */
const volatile bool with_connections;

/* A trie takes memory for what it holds only. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__type(key, struct address_key);
	__type(value, __u32);
	__uint(max_entries, 1 << 20);
	__uint(map_flags, BPF_F_NO_PREALLOC);
} addresses SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__type(key, struct policy_key);
	__type(value, struct policy_entry);
	__uint(max_entries, 1 << 20);
	__uint(map_flags, BPF_F_NO_PREALLOC);
} policies SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__type(key, struct connection4_key);
	__type(value, struct connection);
	__uint(max_entries, 1 << 18);
} connections4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__type(key, struct connection6_key);
	__type(value, struct connection);
	__uint(max_entries, 1 << 18);
} connections6 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__type(key, struct counter_key);
	__type(value, struct counter);
	__uint(max_entries, 1024);
} counters SEC(".maps");

/* The destination's comes last: see struct udphdr and tcphdr. */
struct ports {
	__be16 source;
	__be16 destination;
};

static __always_inline void count(struct __sk_buff *skb, bool accepted)
{
	struct counter_key key = {
		.accepted = accepted,
		.direction = DIRECTION_EGRESS,
	};
	struct counter *counter = bpf_map_lookup_elem(&counters, &key);

	if (counter) {
		counter->packets++;
		counter->bytes += skb->len;
	} else {
		struct counter first = { .packets = 1, .bytes = skb->len };

		bpf_map_update_elem(&counters, &key, &first, BPF_ANY);
	}
}

static __always_inline bool policy_accepts(const struct address_key *address,
					   __u8 protocol, __be16 port)
{
	const __u32 *identity = bpf_map_lookup_elem(&addresses, address);
	struct policy_key key = {
		.length = POLICY_KEY_FULL,
		.identity = identity ? *identity : IDENTITY_WORLD,
		.direction = DIRECTION_EGRESS,
		.protocol = protocol,
		.port = port,
	};
	const struct policy_entry *own, *any;

	own = bpf_map_lookup_elem(&policies, &key);
	if (own && own->deny)
		return false;
	key.identity = IDENTITY_ANY;
	any = bpf_map_lookup_elem(&policies, &key);
	if (any && any->deny)
		return false;
	return own || any;
}

/* Whether there is such a connection, which then has one packet more. */
static __always_inline bool connection_seen(struct __sk_buff *skb,
					    void *connections, const void *key)
{
	struct connection *connection = bpf_map_lookup_elem(connections, key);

	if (!connection)
		return false;
	connection->last_seen = bpf_ktime_get_ns();
	__sync_fetch_and_add(&connection->packets, 1);
	__sync_fetch_and_add(&connection->bytes, skb->len);
	return true;
}

static __always_inline void
connection_create(struct __sk_buff *skb, void *connections, const void *key)
{
	struct connection first = {
		.last_seen = bpf_ktime_get_ns(),
		.packets = 1,
		.bytes = skb->len,
	};

	bpf_map_update_elem(connections, key, &first, BPF_ANY);
}

/* The verdict over a packet whose keys are known. */
static __always_inline bool judge(struct __sk_buff *skb, void *connections,
				  const void *connection,
				  const struct address_key *address,
				  __u8 protocol, __be16 port)
{
	if (with_connections && connection_seen(skb, connections, connection))
		return true;
	if (!policy_accepts(address, protocol, port))
		return false;
	if (with_connections)
		connection_create(skb, connections, connection);
	return true;
}

/* Both headers begin with the ports. */
static __always_inline bool read_ports(struct __sk_buff *skb, __u32 offset,
				       __u8 protocol, struct ports *ports)
{
	return (protocol == IPPROTO_UDP || protocol == IPPROTO_TCP) &&
	       !bpf_skb_load_bytes(skb, offset, ports, sizeof(*ports));
}

/* The packet's beginning, if it is as long; NULL otherwise. */
static __always_inline void *beginning(struct __sk_buff *skb, __u32 length)
{
	void *data = (void *)(long)skb->data;

	if (data + length <= (void *)(long)skb->data_end)
		return data;
	if (bpf_skb_pull_data(skb, length))
		return NULL;
	data = (void *)(long)skb->data;
	return data + length <= (void *)(long)skb->data_end ? data : NULL;
}

static __always_inline bool judge_ipv4(struct __sk_buff *skb)
{
	void *data = beginning(skb, ETH_HLEN + sizeof(struct iphdr));
	const struct iphdr *ip = data + ETH_HLEN;
	struct connection4_key connection;
	struct address_key address = {};
	struct ports ports;

	/* A later fragment has no ports. */
	if (!data || ip->frag_off & bpf_htons(FRAGMENT_OFFSET) ||
	    !read_ports(skb, ETH_HLEN + ip->ihl * 4, ip->protocol, &ports))
		return false;
	connection.destination = ip->daddr;
	connection.source = ip->saddr;
	connection.destination_port = ports.destination;
	connection.source_port = ports.source;
	connection.protocol = ip->protocol;
	connection.direction = DIRECTION_EGRESS;
	address.length = ADDRESS_KEY_BITS + 32;
	address.family = AF_INET;
	address.address[0] = ip->daddr;
	return judge(skb, &connections4, &connection, &address, ip->protocol,
		     ports.destination);
}

/* By words: for the compiler a copy of bytes is one byte after the other. */
static __always_inline void copy_address(__u32 *to, const struct in6_addr *from)
{
	to[0] = from->s6_addr32[0];
	to[1] = from->s6_addr32[1];
	to[2] = from->s6_addr32[2];
	to[3] = from->s6_addr32[3];
}

/* Without extension headers, which the pods of this benchmark do not send. */
static __always_inline bool judge_ipv6(struct __sk_buff *skb)
{
	void *data = beginning(skb, ETH_HLEN + sizeof(struct ipv6hdr));
	const struct ipv6hdr *ip = data + ETH_HLEN;
	struct connection6_key connection;
	struct address_key address = {};
	struct ports ports;

	if (!data ||
	    !read_ports(skb, ETH_HLEN + sizeof(*ip), ip->nexthdr, &ports))
		return false;
	copy_address(connection.destination, &ip->daddr);
	copy_address(connection.source, &ip->saddr);
	connection.destination_port = ports.destination;
	connection.source_port = ports.source;
	connection.protocol = ip->nexthdr;
	connection.direction = DIRECTION_EGRESS;
	address.length = ADDRESS_KEY_BITS + 128;
	address.family = AF_INET6;
	copy_address(address.address, &ip->daddr);
	return judge(skb, &connections6, &connection, &address, ip->nexthdr,
		     ports.destination);
}

SEC("tc")
int policy(struct __sk_buff *skb)
{
	bool accepted;

	switch (skb->protocol) {
	case bpf_htons(ETH_P_IP):
		accepted = judge_ipv4(skb);
		break;
	case bpf_htons(ETH_P_IPV6):
		accepted = judge_ipv6(skb);
		break;
	default:
		return TC_ACT_OK;
	}
	count(skb, accepted);
	return accepted ? TC_ACT_OK : TC_ACT_SHOT;
}

char LICENSE[] SEC("license") = "GPL";
