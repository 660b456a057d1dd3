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
#include "policy.h"

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
	connection->translated =
		!nf_inet_addr_cmp(&original->dst.u3, &reply->src.u3);
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
	struct podwall_connection served = {};
	const struct nf_conn *master = ct;
	unsigned int i;

	read_tuples(ct, connection);
	for (i = 0; i < MASTERS_MAX && master->master; i++)
		master = master->master;
	if (master == ct)
		return reply;
	/*
	 * A helper expected it: it is allowed with the connection it serves. But
	 * some helpers expect anyone, and only the same two ends are served.
	 */
	read_tuples(master, &served);
	if (podwall_ip_equal(&connection->client, &served.client) &&
	    podwall_ip_equal(&connection->server, &served.server)) {
		*connection = served;
		return reply;
	}
	if (podwall_ip_equal(&connection->client, &served.server) &&
	    podwall_ip_equal(&connection->server, &served.client)) {
		*connection = served;
		return !reply;
	}
	return reply;
}

/*
 * An error tells of the connection that it quotes. A router sends it, or one of
 * the two ends; a pod that is neither could send anything to anyone behind
 * what it quotes.
 */
static bool is_foreign_error(const struct podwall_policy *policy,
			     const struct nf_conn *ct,
			     const struct podwall_ip *sender)
{
	struct podwall_connection quoted = {};

	if (!podwall_policy_pod(policy, sender) &&
	    !podwall_settings_guard(&policy->settings, sender))
		return false;
	read_tuples(ct, &quoted);
	return !podwall_ip_equal(sender, &quoted.client) &&
	       !podwall_ip_equal(sender, &quoted.server);
}

/*
 * Conntrack confirms a connection when its first packet has passed all hooks,
 * so one that is denied is not: each new attempt is a first packet again. An
 * error has the entry of the connection that it tells of.
 */
static bool is_first_packet(const struct nf_conn *ct,
			    enum ip_conntrack_info info)
{
	return !nf_ct_is_template(ct) && !nf_ct_is_confirmed(ct) &&
	       CTINFO2DIR(info) == IP_CT_DIR_ORIGINAL;
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

static bool is_icmp(u8 protocol)
{
	return protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6;
}

/*
 * Membership reports and queries, which never leave the link (RFC 3376 4). The
 * time to live is one less where the packet was routed, and so 1 there too for
 * what came in with 2: the destination tells.
 */
static bool is_igmp(const struct sk_buff *skb)
{
	const struct iphdr *header = ip_hdr(skb);

	return header->protocol == IPPROTO_IGMP && header->ttl == 1 &&
	       ipv4_is_multicast(header->daddr);
}

/*
 * Neighbour discovery and multicast listener discovery keep the link itself
 * alive. A hop limit of 255 cannot have been routed here (RFC 4861 6.1); one of
 * 1 can, but not to a multicast address (RFC 3810 5).
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
		return ipv6_hdr(skb)->hop_limit == 1 &&
		       ipv6_addr_is_multicast(&ipv6_hdr(skb)->daddr);
	default:
		return false;
	}
}

/* Not what this node forwards by way of its loopback device. */
static bool is_loopback(const struct nf_hook_state *state)
{
	const struct net_device *device = state->in ?: state->out;

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
 * @policy: tells pods from others among the senders of errors
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
			 const struct podwall_policy *policy,
			 struct podwall_connection *connection)
{
	bool from_here = is_from_here(skb, state);
	bool to_here = state->hook == NF_INET_LOCAL_IN;
	enum ip_conntrack_info info;
	const struct nf_conn *ct;
	bool error, reply = false;

	if (is_loopback(state))
		return false;
	*connection = (struct podwall_connection){};
	if (state->pf == NFPROTO_IPV4)
		read_ipv4_header(skb, connection);
	else
		read_ipv6_header(skb, connection);
	if (state->pf == NFPROTO_IPV4 && is_igmp(skb))
		return false;
	if (connection->protocol == IPPROTO_ICMPV6 && is_link_control(skb))
		return false;

	ct = nf_ct_get(skb, &info);
	if (ct && !nf_ct_is_template(ct)) {
		error = is_icmp(connection->protocol) &&
			(info == IP_CT_RELATED || info == IP_CT_RELATED_REPLY);
		/* Our own errors tell of a denied connection, never carry it. */
		if (error && from_here)
			return false;
		if (!error ||
		    !is_foreign_error(policy, ct, &connection->client))
			reply = read_conntrack(ct, info, connection);
	}
	connection->first_packet = ct && is_first_packet(ct, info);
	connection->from_node = reply ? to_here : from_here;
	connection->to_node = reply ? from_here : to_here;
	return true;
}
