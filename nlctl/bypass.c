// SPDX-License-Identifier: GPL-2.0-only
#include "bypass.h"

#include <linux/if_link.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "policy/memory.h"

bool system_number(const char *name, uint64_t *number)
{
	char *path = xasprintf("/proc/sys/%s", name);
	FILE *file = fopen(path, "re");
	char line[32];
	bool valid = false;

	free(path);
	if (!file)
		return false;
	if (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		valid = number_parse(line, UINT64_MAX, number);
	}
	fclose(file);
	return valid;
}

void bypass_warn(struct bypass *bypass, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) >= 0)
		*array_add(bypass->warnings, bypass->warning_count) = text;
	va_end(arguments);
}

/* What this says of the link's packets is about a pod that is given it. */
static int take_link(struct nl_msg *message, void *data)
{
	static struct nla_policy policy[IFLA_MAX + 1] = {
		[IFLA_IFNAME] = { .type = NLA_STRING },
		[IFLA_LINKINFO] = { .type = NLA_NESTED },
		[IFLA_NUM_VF] = { .type = NLA_U32 },
	};
	static struct nla_policy info_policy[IFLA_INFO_MAX + 1] = {
		[IFLA_INFO_KIND] = { .type = NLA_STRING },
	};
	struct nlattr *attributes[IFLA_MAX + 1];
	struct nlattr *info[IFLA_INFO_MAX + 1];
	struct bypass *bypass = data;
	const char *name, *kind = "";

	if (nlmsg_parse(nlmsg_hdr(message), sizeof(struct ifinfomsg),
			attributes, IFLA_MAX, policy) < 0 ||
	    !attributes[IFLA_IFNAME])
		return NL_OK;
	name = nla_get_string(attributes[IFLA_IFNAME]);
	if (attributes[IFLA_LINKINFO] &&
	    !nla_parse_nested(info, IFLA_INFO_MAX, attributes[IFLA_LINKINFO],
			      info_policy) &&
	    info[IFLA_INFO_KIND])
		kind = nla_get_string(info[IFLA_INFO_KIND]);

	if (!strcmp(kind, "bridge"))
		bypass->bridges++;
	if (!strncmp(kind, "ipvlan", 6) || !strcmp(kind, "macvlan") ||
	    !strcmp(kind, "macvtap"))
		bypass_warn(bypass,
			    "link %s is of kind %s: what its neighbours on the same parent send to each other bypasses the policy",
			    name, kind);
	if (attributes[IFLA_NUM_VF] && nla_get_u32(attributes[IFLA_NUM_VF]))
		bypass_warn(bypass,
			    "link %s has %u virtual functions: the traffic of a pod that is given one bypasses the policy",
			    name, nla_get_u32(attributes[IFLA_NUM_VF]));
	return NL_OK;
}

static int take_flowtable(struct nl_msg *message, void *data)
{
	static struct nla_policy policy[NFTA_FLOWTABLE_MAX + 1] = {
		[NFTA_FLOWTABLE_TABLE] = { .type = NLA_STRING },
		[NFTA_FLOWTABLE_NAME] = { .type = NLA_STRING },
	};
	struct nlattr *attributes[NFTA_FLOWTABLE_MAX + 1];

	if (nlmsg_parse(nlmsg_hdr(message), sizeof(struct nfgenmsg), attributes,
			NFTA_FLOWTABLE_MAX, policy) < 0 ||
	    !attributes[NFTA_FLOWTABLE_TABLE] ||
	    !attributes[NFTA_FLOWTABLE_NAME])
		return NL_OK;
	bypass_warn(data,
		    "nftables has flow table %s in table %s: the connections that it takes over bypass the policy",
		    nla_get_string(attributes[NFTA_FLOWTABLE_NAME]),
		    nla_get_string(attributes[NFTA_FLOWTABLE_TABLE]));
	return NL_OK;
}

/* A kernel that lacks what is asked about cannot bypass by it: errors mean
 * that there is nothing to tell.
 */
static void dump(int protocol, struct nl_msg *message,
		 nl_recvmsg_msg_cb_t callback, struct bypass *bypass)
{
	struct nl_sock *socket = nl_socket_alloc();

	if (socket && message && !nl_connect(socket, protocol)) {
		nl_socket_modify_cb(socket, NL_CB_VALID, NL_CB_CUSTOM, callback,
				    bypass);
		if (nl_send_auto(socket, message) >= 0)
			nl_recvmsgs_default(socket);
	}
	nl_socket_free(socket);
	nlmsg_free(message);
}

static struct nl_msg *links_request(void)
{
	struct ifinfomsg header = { .ifi_family = AF_UNSPEC };
	struct nl_msg *message = nlmsg_alloc_simple(RTM_GETLINK, NLM_F_DUMP);

	if (message) {
		nlmsg_append(message, &header, sizeof(header), NLMSG_ALIGNTO);
		nla_put_u32(message, IFLA_EXT_MASK,
			    RTEXT_FILTER_VF | RTEXT_FILTER_SKIP_STATS);
	}
	return message;
}

static struct nl_msg *flowtables_request(void)
{
	struct nfgenmsg header = { .nfgen_family = AF_UNSPEC };
	struct nl_msg *message =
		nlmsg_alloc_simple(NFNL_SUBSYS_NFTABLES << 8 |
					   NFT_MSG_GETFLOWTABLE,
				   NLM_F_DUMP);

	if (message)
		nlmsg_append(message, &header, sizeof(header), NLMSG_ALIGNTO);
	return message;
}

void bypass_find(struct bypass *bypass)
{
	uint64_t value;

	*bypass = (struct bypass){};
	bypass->bridge_ipv4 =
		system_number("net/bridge/bridge-nf-call-iptables", &value) &&
		value;
	bypass->bridge_ipv6 =
		system_number("net/bridge/bridge-nf-call-ip6tables", &value) &&
		value;
	dump(NETLINK_ROUTE, links_request(), take_link, bypass);
	if (bypass->bridges && !(bypass->bridge_ipv4 && bypass->bridge_ipv6))
		bypass_warn(
			bypass,
			"pods on one bridge bypass the policy: load br_netfilter and set net.bridge.bridge-nf-call-iptables and net.bridge.bridge-nf-call-ip6tables to 1");
	else if (bypass->bridges &&
		 !(system_number("net/bridge/bridge-nf-filter-vlan-tagged",
				 &value) &&
		   value))
		bypass_warn(
			bypass,
			"pods on one bridge bypass the policy with tagged frames: set net.bridge.bridge-nf-filter-vlan-tagged to 1, or let the bridge filter VLANs");
	dump(NETLINK_NETFILTER, flowtables_request(), take_flowtable, bypass);
}

void bypass_clear(struct bypass *bypass)
{
	size_t i;

	for (i = 0; i < bypass->warning_count; i++)
		free(bypass->warnings[i]);
	free(bypass->warnings);
	*bypass = (struct bypass){};
}
