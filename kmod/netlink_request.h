/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_NETLINK_REQUEST_H
#define PODWALL_NETLINK_REQUEST_H

#include <net/genetlink.h>

#include "error.h"

struct podwall_net;
struct podwall_transaction;

/**
 * struct podwall_request - one request being handled
 * @skb: that brought it
 * @info: what generic netlink says of it
 * @net: network namespace of its socket
 * @pn: what podwall keeps for @net
 * @error: takes the reason when it is refused
 */
struct podwall_request {
	struct sk_buff *skb;
	struct genl_info *info;
	struct net *net;
	struct podwall_net *pn;
	struct podwall_error error;
};

int podwall_request_require(struct podwall_request *request, int type,
			    const char *name);
struct sk_buff *podwall_request_reply(struct podwall_request *request,
				      size_t size, void **header);
int podwall_request_send(struct podwall_request *request, struct sk_buff *reply,
			 void *header);

struct podwall_transaction *
podwall_request_transaction(struct podwall_request *request);
int podwall_request_refuse_unopened(struct podwall_request *request);

int podwall_request_begin(struct podwall_request *request);
int podwall_request_commit(struct podwall_request *request);
int podwall_request_abort(struct podwall_request *request);

int podwall_request_stage(struct podwall_request *request);
int podwall_request_stage_pod(struct podwall_request *request,
			      struct podwall_transaction *transaction,
			      bool remove);

int podwall_request_settings_get(struct podwall_request *request);
int podwall_request_status_get(struct podwall_request *request);
int podwall_request_explain(struct podwall_request *request);

#endif
