// SPDX-License-Identifier: GPL-2.0-only

#include <linux/icmpv6.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/netfilter_bridge.h>
#include <linux/skbuff.h>
#include <net/addrconf.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/route.h>

#include "connection.h"
#include "packet.h"

#if !IS_ENABLED(CONFIG_NF_CT_PROTO_SCTP)
#error "podwall needs CONFIG_NF_CT_PROTO_SCTP: without it conntrack hides the ports of SCTP"
#endif

/* A chain of expected connections (FTP over FTP …) ends by itself far earlier. */
#define MASTERS_MAX 8

/**
 * podwall_packet_has_ports - whether a protocol has ports that rules can name
 * @protocol: IP protocol number
 *
 * Context: Any.
 */
bool podwall_packet_has_ports(u8 protocol)
{
	switch (protocol) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_SCTP:
	case IPPROTO_UDPLITE:
	case IPPROTO_DCCP:
		return true;
	default:
		return false;
	}
}

/**
 * podwall_packet_is_node - whether an address is this node's own
 * @net: the node's network namespace
 * @ip: the address
 *
 * Context: Any.
 */
bool podwall_packet_is_node(struct net *net, const struct podwall_ip *ip)
{
	if (ip->family == AF_INET)
		return inet_addr_type(net, ip->v4) == RTN_LOCAL;
	return ipv6_chk_addr(net, &ip->v6, NULL, 0);
}

static void read_ip(struct podwall_ip *ip, u8 family,
		    const union nf_inet_addr *address)
{
	ip->family = family;
	if (family == AF_INET)
		ip->v4 = address->ip;
	else
		ip->v6 = address->in6;
}

static void read_tuples(const struct nf_conn *ct,
			struct podwall_connection *connection)
{
	const struct nf_conntrack_tuple *original, *reply;
	u8 family = nf_ct_l3num(ct);

	original = &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	reply = &ct->tuplehash[IP_CT_DIR_REPLY].tuple;
	read_ip(&connection->client, family, &original->src.u3);
	read_ip(&connection->server, family, &reply->src.u3);
	connection->protocol = nf_ct_protonum(ct);
	connection->has_ports = podwall_packet_has_ports(connection->protocol);
	if (connection->has_ports) {
		connection->client_port = ntohs(original->src.u.all);
		connection->server_port = ntohs(reply->src.u.all);
	}
}

/*
 * The client is who sent the first packet, the server whom it reached after
 * destination NAT; source NAT shows in neither tuple's source. Returns whether
 * the packet travels from server to client.
 */
static bool read_conntrack(const struct nf_conn *ct,
			   enum ip_conntrack_info info,
			   struct podwall_connection *connection)
{
	bool reply = CTINFO2DIR(info) == IP_CT_DIR_REPLY;
	const struct nf_conn *master = ct;
	struct podwall_ip client;
	unsigned int i;

	read_tuples(ct, connection);
	for (i = 0; i < MASTERS_MAX && master->master; i++)
		master = master->master;
	if (master == ct)
		return reply;
	/* A helper expected it: it is allowed with the connection it serves. */
	client = connection->client;
	read_tuples(master, connection);
	return reply != !podwall_ip_equal(&client, &connection->client);
}

static void read_ports(const struct sk_buff *skb, int offset,
		       struct podwall_connection *connection)
{
	__be16 room[2];
	const __be16 *ports;

	if (!podwall_packet_has_ports(connection->protocol))
		return;
	ports = skb_header_pointer(skb, offset, sizeof(room), room);
	if (!ports)
		return;
	connection->has_ports = true;
	connection->client_port = ntohs(ports[0]);
	connection->server_port = ntohs(ports[1]);
}

static void read_ipv4_header(const struct sk_buff *skb,
			     struct podwall_connection *connection)
{
	const struct iphdr *header = ip_hdr(skb);

	connection->client.family = AF_INET;
	connection->client.v4 = header->saddr;
	connection->server.family = AF_INET;
	connection->server.v4 = header->daddr;
	connection->protocol = header->protocol;
	/* A later fragment carries no ports and gets none. */
	if (!(header->frag_off & htons(IP_OFFSET)))
		read_ports(skb, skb_network_offset(skb) + ip_hdrlen(skb),
			   connection);
}

static void read_ipv6_header(const struct sk_buff *skb,
			     struct podwall_connection *connection)
{
	const struct ipv6hdr *header = ipv6_hdr(skb);
	unsigned short fragment = 0;
	unsigned int offset = 0;
	int protocol;

	connection->client.family = AF_INET6;
	connection->client.v6 = header->saddr;
	connection->server.family = AF_INET6;
	connection->server.v6 = header->daddr;
	protocol = ipv6_find_hdr(skb, &offset, -1, &fragment, NULL);
	connection->protocol = protocol < 0 ? IPPROTO_NONE : protocol;
	if (protocol >= 0 && !fragment)
		read_ports(skb, offset, connection);
}

/*
 * Neighbour discovery and multicast listener discovery keep the link itself
 * alive. Hop limits tell them from packets that were routed here to look like
 * them (RFC 4861 6.1, RFC 3810 5).
 */
static bool is_link_control(const struct sk_buff *skb)
{
	unsigned short fragment = 0;
	unsigned int offset = 0;
	u8 room;
	const u8 *type;

	if (ipv6_find_hdr(skb, &offset, IPPROTO_ICMPV6, &fragment, NULL) < 0 ||
	    fragment)
		return false;
	type = skb_header_pointer(skb, offset, sizeof(room), &room);
	if (!type)
		return false;
	switch (*type) {
	case NDISC_ROUTER_SOLICITATION:
	case NDISC_ROUTER_ADVERTISEMENT:
	case NDISC_NEIGHBOUR_SOLICITATION:
	case NDISC_NEIGHBOUR_ADVERTISEMENT:
	case NDISC_REDIRECT:
		return ipv6_hdr(skb)->hop_limit == 255;
	case ICMPV6_MGM_QUERY:
	case ICMPV6_MGM_REPORT:
	case ICMPV6_MGM_REDUCTION:
	case ICMPV6_MLD2_REPORT:
		return ipv6_hdr(skb)->hop_limit == 1;
	default:
		return false;
	}
}

static bool is_loopback(const struct nf_hook_state *state)
{
	const struct net_device *device = state->hook == NF_INET_LOCAL_IN ?
					  state->in : state->out;

	return device && (device->flags & IFF_LOOPBACK);
}

/*
 * What this node itself sends came in by no device. Nor, says br_netfilter,
 * did what a bridge passes from one port to another.
 */
static bool is_from_here(const struct sk_buff *skb,
			 const struct nf_hook_state *state)
{
	return state->hook == NF_INET_POST_ROUTING && !state->in &&
	       !nf_bridge_info_get(skb);
}

/**
 * podwall_packet_read - find the connection that a packet belongs to
 * @skb: at its IP header
 * @state: of the hook, POST_ROUTING before source NAT or LOCAL_IN
 * @connection: receives the connection
 *
 * An untracked or invalid packet stands for itself: its source is the client
 * and its destination the server.
 *
 * Context: Any, under RCU.
 * Return: false when the packet is not for policy to judge.
 */
bool podwall_packet_read(const struct sk_buff *skb,
			 const struct nf_hook_state *state,
			 struct podwall_connection *connection)
{
	bool from_here = is_from_here(skb, state);
	bool to_here = state->hook == NF_INET_LOCAL_IN;
	enum ip_conntrack_info info;
	const struct nf_conn *ct;
	bool reply = false;

	if (is_loopback(state))
		return false;
	*connection = (struct podwall_connection){};
	if (state->pf == NFPROTO_IPV4)
		read_ipv4_header(skb, connection);
	else
		read_ipv6_header(skb, connection);
	if (connection->protocol == IPPROTO_IGMP && state->pf == NFPROTO_IPV4)
		return false;
	if (connection->protocol == IPPROTO_ICMPV6 && is_link_control(skb))
		return false;

	ct = nf_ct_get(skb, &info);
	if (ct && !nf_ct_is_template(ct)) {
		/* Our own errors tell of a denied connection, never carry it. */
		if (from_here && connection->protocol != nf_ct_protonum(ct) &&
		    (info == IP_CT_RELATED || info == IP_CT_RELATED_REPLY))
			return false;
		reply = read_conntrack(ct, info, connection);
	}
	connection->from_node = reply ? to_here : from_here;
	connection->to_node = reply ? from_here : to_here;
	return true;
}
