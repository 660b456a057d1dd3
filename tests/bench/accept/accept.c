// SPDX-License-Identifier: GPL-2.0-only
/*
 * The least that a module like podwall can cost: hooks where podwall has them,
 * that accept every packet, and conntrack held as podwall holds it. Without the
 * hooks, what is left is conntrack alone.
 */

#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>

static bool hook = true;
module_param(hook, bool, 0444);
MODULE_PARM_DESC(hook, "Register the hooks; conntrack is held either way");

static unsigned int accept_packet(void *priv, struct sk_buff *skb,
				  const struct nf_hook_state *state)
{
	return NF_ACCEPT;
}

static const struct nf_hook_ops hooks[] = {
	{
		.hook = accept_packet,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_POST_ROUTING,
		.priority = NF_IP_PRI_NAT_SRC - 5,
	},
	{
		.hook = accept_packet,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = NF_IP_PRI_NAT_SRC + 1,
	},
	{
		.hook = accept_packet,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_POST_ROUTING,
		.priority = NF_IP6_PRI_NAT_SRC - 5,
	},
	{
		.hook = accept_packet,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = NF_IP6_PRI_NAT_SRC + 1,
	},
};

static int __init accept_init(void)
{
	int err;

	err = nf_ct_netns_get(&init_net, NFPROTO_INET);
	if (err || !hook)
		return err;
	err = nf_register_net_hooks(&init_net, hooks, ARRAY_SIZE(hooks));
	if (err)
		nf_ct_netns_put(&init_net, NFPROTO_INET);
	return err;
}

static void __exit accept_exit(void)
{
	if (hook)
		nf_unregister_net_hooks(&init_net, hooks, ARRAY_SIZE(hooks));
	nf_ct_netns_put(&init_net, NFPROTO_INET);
}

module_init(accept_init);
module_exit(accept_exit);

MODULE_DESCRIPTION("The cost of hooks that accept every packet");
MODULE_LICENSE("GPL");
