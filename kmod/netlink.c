// SPDX-License-Identifier: GPL-2.0-only

#include <linux/module.h>
#include <linux/netlink.h>
#include <linux/notifier.h>
#include <linux/podwall.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "event.h"
#include "namespace.h"
#include "netlink.h"
#include "netlink_attributes.h"
#include "netlink_dump.h"
#include "netlink_request.h"

static int handle(struct podwall_request *request)
{
	switch (request->info->genlhdr->cmd) {
	case PODWALL_CMD_TRANSACTION_BEGIN:
		return podwall_request_begin(request);
	case PODWALL_CMD_TRANSACTION_COMMIT:
		return podwall_request_commit(request);
	case PODWALL_CMD_TRANSACTION_ABORT:
		return podwall_request_abort(request);
	case PODWALL_CMD_SETTINGS_GET:
		return podwall_request_settings_get(request);
	case PODWALL_CMD_STATUS_GET:
		return podwall_request_status_get(request);
	case PODWALL_CMD_EXPLAIN:
		return podwall_request_explain(request);
	default:
		return podwall_request_stage(request);
	}
}

/*
 * The text of a refusal lives on this stack, so the acknowledgment that
 * carries it is sent from here; -EINTR tells netlink_rcv_skb() that it is.
 */
static int acknowledge(struct podwall_request *request, int err)
{
	struct netlink_ext_ack *extack = request->info->extack;

	extack->_msg = request->error.text;
	netlink_ack(request->skb, nlmsg_hdr(request->skb), err, extack);
	return -EINTR;
}

static int podwall_netlink_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	struct podwall_request request = {
		.skb = skb,
		.info = info,
		.net = net,
		.pn = net_generic(net, podwall_net_id),
		.error = { .extack = info->extack },
	};
	int err = handle(&request);

	if (err == -ENOMEM && !request.error.text[0])
		podwall_error_set(&request.error, err,
				  "out of memory; nothing has changed");
	return err && request.error.text[0] ? acknowledge(&request, err) : err;
}

#define DOIT(command, attributes)					\
	{								\
		.cmd = (command),					\
		.doit = podwall_netlink_doit,				\
		.policy = (attributes),					\
		.maxattr = ARRAY_SIZE(attributes) - 1,			\
		.flags = GENL_ADMIN_PERM,				\
	}

/* Without a table, generic netlink refuses every attribute. */
#define DOIT_BARE(command)						\
	{								\
		.cmd = (command),					\
		.doit = podwall_netlink_doit,				\
		.flags = GENL_ADMIN_PERM,				\
	}

#define DUMPIT(command, function)					\
	{								\
		.cmd = (command),					\
		.start = podwall_dump_start,				\
		.dumpit = (function),					\
		.done = podwall_dump_done,				\
		.flags = GENL_ADMIN_PERM,				\
	}

static const struct genl_ops operations[] = {
	DOIT(PODWALL_CMD_TRANSACTION_BEGIN,
	     podwall_transaction_begin_attributes),
	DOIT(PODWALL_CMD_TRANSACTION_COMMIT,
	     podwall_transaction_commit_attributes),
	DOIT_BARE(PODWALL_CMD_TRANSACTION_ABORT),
	DOIT_BARE(PODWALL_CMD_FLUSH),
	DOIT(PODWALL_CMD_ADDRESS_NEW, podwall_addresses_attributes),
	DOIT(PODWALL_CMD_ADDRESS_DEL, podwall_addresses_attributes),
	DUMPIT(PODWALL_CMD_ADDRESS_GET, podwall_dump_addresses),
	DOIT(PODWALL_CMD_PEER_SET_NEW, podwall_peer_set_new_attributes),
	DOIT(PODWALL_CMD_PEER_SET_DEL, podwall_peer_set_del_attributes),
	DUMPIT(PODWALL_CMD_PEER_SET_GET, podwall_dump_peer_sets),
	DOIT(PODWALL_CMD_RULE_SET_NEW, podwall_rule_set_new_attributes),
	DOIT(PODWALL_CMD_RULE_SET_DEL, podwall_rule_set_del_attributes),
	DUMPIT(PODWALL_CMD_RULE_SET_GET, podwall_dump_rule_sets),
	DOIT(PODWALL_CMD_POD_NEW, podwall_pod_new_attributes),
	DOIT(PODWALL_CMD_POD_DEL, podwall_pod_del_attributes),
	DUMPIT(PODWALL_CMD_POD_GET, podwall_dump_pods),
	DOIT(PODWALL_CMD_SETTINGS_SET, podwall_settings_set_attributes),
	DOIT_BARE(PODWALL_CMD_SETTINGS_GET),
	DOIT_BARE(PODWALL_CMD_STATUS_GET),
	DOIT(PODWALL_CMD_EXPLAIN, podwall_explain_attributes),
};

static const struct genl_multicast_group groups[] = {
	[PODWALL_EVENT_DROPS] = {
		.name = PODWALL_MCGRP_DROPS,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
	[PODWALL_EVENT_ACCEPTS] = {
		.name = PODWALL_MCGRP_ACCEPTS,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
	[PODWALL_EVENT_CHANGES] = {
		.name = PODWALL_MCGRP_CHANGES,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
};

static struct genl_family family __ro_after_init = {
	.name = PODWALL_GENL_NAME,
	.version = PODWALL_GENL_VERSION,
	.netnsok = true,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.ops = operations,
	.n_ops = ARRAY_SIZE(operations),
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

/* A socket that closes takes its transaction along. */
static int release_socket(struct notifier_block *block, unsigned long event,
			  void *data)
{
	const struct netlink_notify *notify = data;
	struct podwall_transaction *transaction;
	struct podwall_net *pn;

	if (event != NETLINK_URELEASE || notify->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;
	pn = net_generic(notify->net, podwall_net_id);
	/* Every socket of generic netlink comes by: let it not wait for us. */
	if (!READ_ONCE(pn->transaction_count))
		return NOTIFY_DONE;
	mutex_lock(&pn->mutex);
	transaction = podwall_net_transaction(pn, notify->portid, NULL);
	if (transaction)
		podwall_net_end(pn, transaction, PODWALL_TRANSACTION_LOST);
	mutex_unlock(&pn->mutex);
	return NOTIFY_OK;
}

static struct notifier_block release_notifier = {
	.notifier_call = release_socket,
};

/**
 * podwall_netlink_init - take requests
 *
 * Context: Module load, when all that a request reaches is set up.
 * Return: 0, or what registering returns.
 */
int __init podwall_netlink_init(void)
{
	int err;

	podwall_event_init(&family);
	err = netlink_register_notifier(&release_notifier);
	if (err)
		return err;
	err = genl_register_family(&family);
	if (err)
		netlink_unregister_notifier(&release_notifier);
	return err;
}

/**
 * podwall_netlink_exit - take no more requests
 *
 * Context: Module unload.
 */
void podwall_netlink_exit(void)
{
	genl_unregister_family(&family);
	netlink_unregister_notifier(&release_notifier);
}
