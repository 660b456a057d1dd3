// SPDX-License-Identifier: GPL-2.0-only

#include <linux/module.h>
#include <linux/podwall.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "hook.h"
#include "ledger.h"
#include "namespace.h"
#include "netlink.h"
#include "policy.h"

static int __net_init init_net_namespace(struct net *net)
{
	return podwall_net_init(net_generic(net, podwall_net_id));
}

/* The core waits for a grace period between this and the next. */
static void __net_exit pre_exit_net_namespace(struct net *net)
{
	struct podwall_net *pn = net_generic(net, podwall_net_id);

	mutex_lock(&pn->mutex);
	podwall_hook_unregister(net, pn);
	mutex_unlock(&pn->mutex);
}

static void __net_exit exit_net_namespace(struct net *net)
{
	podwall_net_release(net_generic(net, podwall_net_id));
}

static struct pernet_operations net_operations = {
	.init = init_net_namespace,
	.pre_exit = pre_exit_net_namespace,
	.exit = exit_net_namespace,
	.id = &podwall_net_id,
	.size = sizeof(struct podwall_net),
};

/* Requests come last and go first: they reach everything else. */
static int __init podwall_init(void)
{
	int err;

	err = podwall_policy_init();
	if (err)
		return err;
	err = register_pernet_subsys(&net_operations);
	if (err)
		goto err_policy;
	err = podwall_netlink_init();
	if (err)
		goto err_pernet;
	return 0;

err_pernet:
	unregister_pernet_subsys(&net_operations);
err_policy:
	podwall_policy_exit();
	podwall_ledger_close();
	return err;
}

static void __exit podwall_exit(void)
{
	podwall_netlink_exit();
	unregister_pernet_subsys(&net_operations);
	podwall_policy_exit();
	podwall_ledger_close();
}

module_init(podwall_init);
module_exit(podwall_exit);

MODULE_DESCRIPTION("Kubernetes network policy for the pods of a node");
MODULE_LICENSE("GPL");
MODULE_VERSION(PODWALL_VERSION);
MODULE_ALIAS_GENL_FAMILY(PODWALL_GENL_NAME);
