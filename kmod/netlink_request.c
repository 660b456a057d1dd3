// SPDX-License-Identifier: GPL-2.0-only

#include <linux/podwall.h>

#include "namespace.h"
#include "netlink_request.h"

/**
 * podwall_request_require - refuse a request that lacks an attribute
 * @request: the request
 * @type: of the attribute
 * @name: of the attribute
 *
 * Return: 0 or -EINVAL.
 */
int podwall_request_require(struct podwall_request *request, int type,
			    const char *name)
{
	if (request->info->attrs[type])
		return 0;
	return podwall_error_set(&request->error, -EINVAL,
				 "the attribute %s is missing", name);
}

/**
 * podwall_request_reply - begin a reply
 * @request: the request
 * @size: room for attributes, in bytes
 * @header: receives what podwall_request_send() needs
 *
 * Context: Process context; may sleep.
 * Return: the message, the caller's, or NULL without memory.
 */
struct sk_buff *podwall_request_reply(struct podwall_request *request,
				      size_t size, void **header)
{
	const struct genl_info *info = request->info;
	struct sk_buff *reply = genlmsg_new(size, GFP_KERNEL);
	struct nlmsghdr *message;
	struct genlmsghdr *generic;

	if (!reply)
		return NULL;
	message = nlmsg_put(reply, info->snd_portid, info->snd_seq,
			    info->nlhdr->nlmsg_type, GENL_HDRLEN, 0);
	if (!message) {
		nlmsg_free(reply);
		return NULL;
	}
	generic = nlmsg_data(message);
	*generic = (struct genlmsghdr){
		.cmd = info->genlhdr->cmd,
		.version = PODWALL_GENL_VERSION,
	};
	*header = (char *)generic + GENL_HDRLEN;
	return reply;
}

/**
 * podwall_request_send - send a reply
 * @request: the request
 * @reply: from podwall_request_reply(); freed
 * @header: from there too
 *
 * Context: Process context; may sleep.
 * Return: 0, or what the socket returns.
 */
int podwall_request_send(struct podwall_request *request, struct sk_buff *reply,
			 void *header)
{
	genlmsg_end(reply, header);
	return genlmsg_reply(reply, request->info);
}

/**
 * podwall_request_transaction - find the transaction of the request's socket
 * @request: the request
 *
 * Context: Process context, under &podwall_net.mutex.
 * Return: the transaction, or NULL when none is open.
 */
struct podwall_transaction *
podwall_request_transaction(struct podwall_request *request)
{
	return podwall_net_transaction(request->pn, request->info->snd_portid,
				       NETLINK_CB(request->skb).sk);
}

/**
 * podwall_request_refuse_unopened - refuse a request for want of a transaction
 * @request: the request
 *
 * Return: -ENOENT.
 */
int podwall_request_refuse_unopened(struct podwall_request *request)
{
	return podwall_error_set(&request->error, -ENOENT,
				 "this socket has no transaction open; begin one (a refused request ends it)");
}
