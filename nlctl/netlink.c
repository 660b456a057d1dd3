// SPDX-License-Identifier: GPL-2.0-only
#include "netlink.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/podwall.h>
#include <netlink/genl/ctrl.h>
#include <netlink/netlink.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "message.h"
#include "policy/memory.h"

/* Takes a whole message of a dump, which are 32 KiB at most. */
#define RECEIVE_LENGTH 65536

/* Room for the events of a burst. */
#define EVENT_BUFFER (4 << 20)

/**
 * struct netlink - a connection
 * @socket: libnl's socket
 * @family: number of the family
 * @staged: requests staged since message_take_staged()
 * @finished: the request was answered
 * @error: a negative errno value, or 0
 * @text: what goes with @error; owned; may be NULL
 * @reader: of the current request
 * @data: for @reader
 */
struct netlink {
	struct nl_sock *socket;
	int family;
	uint32_t staged;
	bool finished;
	int error;
	char *text;
	message_reader reader;
	void *data;
};

int message_fail(struct netlink *netlink, int error, const char *format, ...)
{
	va_list arguments;

	free(netlink->text);
	va_start(arguments, format);
	if (vasprintf(&netlink->text, format, arguments) < 0)
		netlink->text = NULL;
	va_end(arguments);
	netlink->error = error;
	return error;
}

static int fail_local(struct netlink *netlink, int code)
{
	return message_fail(netlink, -EIO, "cannot speak to the kernel: %s",
			    nl_geterror(code));
}

/**
 * fail_kernel() - note an error that the kernel sent
 * @netlink: the connection
 * @error: a negative errno value
 * @first: the attributes of the extended acknowledgement
 * @length: their bytes; 0 when there is none
 *
 * libnl does not read them up to version 3.7 at least.
 */
static void fail_kernel(struct netlink *netlink, int error,
			struct nlattr *first, int length)
{
	static struct nla_policy policy[NLMSGERR_ATTR_MAX + 1] = {
		[NLMSGERR_ATTR_MSG] = { .type = NLA_STRING },
		[NLMSGERR_ATTR_OFFS] = { .type = NLA_U32 },
		[NLMSGERR_ATTR_MISS_TYPE] = { .type = NLA_U32 },
		[NLMSGERR_ATTR_MISS_NEST] = { .type = NLA_U32 },
	};
	struct nlattr *attributes[NLMSGERR_ATTR_MAX + 1] = {};
	const char *reason = strerror(-error);
	const char *text = "";
	char detail[96] = "";

	if (length < 0 ||
	    nla_parse(attributes, NLMSGERR_ATTR_MAX, first, length, policy) < 0)
		memset(attributes, 0, sizeof(attributes));

	if (attributes[NLMSGERR_ATTR_MSG])
		text = nla_get_string(attributes[NLMSGERR_ATTR_MSG]);
	else if (error == -EPERM)
		text = "CAP_NET_ADMIN in the initial user namespace is needed: run nlctl as root";

	if (attributes[NLMSGERR_ATTR_MISS_TYPE] &&
	    attributes[NLMSGERR_ATTR_MISS_NEST])
		snprintf(detail, sizeof(detail),
			 "attribute %u is missing in the one at byte %u",
			 nla_get_u32(attributes[NLMSGERR_ATTR_MISS_TYPE]),
			 nla_get_u32(attributes[NLMSGERR_ATTR_MISS_NEST]));
	else if (attributes[NLMSGERR_ATTR_MISS_TYPE])
		snprintf(detail, sizeof(detail), "attribute %u is missing",
			 nla_get_u32(attributes[NLMSGERR_ATTR_MISS_TYPE]));
	else if (attributes[NLMSGERR_ATTR_OFFS] && !*text)
		snprintf(detail, sizeof(detail),
			 "the attribute at byte %u was refused",
			 nla_get_u32(attributes[NLMSGERR_ATTR_OFFS]));

	if (!*text && !*detail)
		message_fail(netlink, error, "%s", reason);
	else
		message_fail(netlink, error, "%s%s%s (%s)", text,
			     *text && *detail ? "; " : "", detail, reason);
}

/* The original message is cut off in front of the attributes, or not. */
static int on_error(struct sockaddr_nl *peer, struct nlmsgerr *report,
		    void *data)
{
	struct nlmsghdr *header = (void *)((char *)report - NLMSG_HDRLEN);
	struct netlink *netlink = data;
	size_t offset = NLMSG_LENGTH(sizeof(*report));
	int length = 0;

	(void)peer;
	if (!(header->nlmsg_flags & NLM_F_CAPPED) &&
	    report->msg.nlmsg_len >= NLMSG_HDRLEN)
		offset += NLMSG_ALIGN(report->msg.nlmsg_len) - NLMSG_HDRLEN;
	if ((header->nlmsg_flags & NLM_F_ACK_TLVS) &&
	    offset < header->nlmsg_len)
		length = header->nlmsg_len - offset;
	fail_kernel(netlink, report->error, (void *)((char *)header + offset),
		    length);
	netlink->finished = true;
	return NL_STOP;
}

static int on_acknowledged(struct nl_msg *message, void *data)
{
	struct netlink *netlink = data;

	(void)message;
	netlink->finished = true;
	return NL_OK;
}

/* The end of a dump carries the error that ended it. */
static int on_done(struct nl_msg *message, void *data)
{
	struct nlmsghdr *header = nlmsg_hdr(message);
	size_t offset = NLMSG_ALIGN(NLMSG_LENGTH(sizeof(int)));
	struct netlink *netlink = data;
	int length = 0;
	int error;

	netlink->finished = true;
	if (header->nlmsg_len < NLMSG_LENGTH(sizeof(int)))
		return NL_OK;
	memcpy(&error, nlmsg_data(header), sizeof(error));
	if (error >= 0)
		return NL_OK;
	if ((header->nlmsg_flags & NLM_F_ACK_TLVS) &&
	    offset < header->nlmsg_len)
		length = header->nlmsg_len - offset;
	fail_kernel(netlink, error, (void *)((char *)header + offset), length);
	return NL_OK;
}

/* What the kernel tells of its families matters when ours is gone. */
static void take_control(struct netlink *netlink, struct nlmsghdr *header)
{
	static struct nla_policy policy[CTRL_ATTR_MAX + 1] = {
		[CTRL_ATTR_FAMILY_ID] = { .type = NLA_U16 },
	};
	struct nlattr *attributes[CTRL_ATTR_MAX + 1];

	if (!genlmsg_valid_hdr(header, 0) ||
	    genlmsg_hdr(header)->cmd != CTRL_CMD_DELFAMILY ||
	    genlmsg_parse(header, 0, attributes, CTRL_ATTR_MAX, policy) < 0 ||
	    !attributes[CTRL_ATTR_FAMILY_ID] ||
	    nla_get_u16(attributes[CTRL_ATTR_FAMILY_ID]) != netlink->family)
		return;
	message_fail(netlink, -ENODEV, "the podwall module was unloaded");
}

static int on_message(struct nl_msg *message, void *data)
{
	struct nlmsghdr *header = nlmsg_hdr(message);
	struct netlink *netlink = data;

	/* What follows a refused message is still to be taken off the socket.
	 */
	if (netlink->error || !netlink->reader)
		return NL_OK;
	if (header->nlmsg_type == GENL_ID_CTRL)
		take_control(netlink, header);
	else if (header->nlmsg_type != netlink->family ||
		 !genlmsg_valid_hdr(header, 0) ||
		 !netlink->reader(header, netlink->data))
		message_fail(
			netlink, -EBADMSG,
			"the kernel's answer makes no sense to this version of nlctl");
	return NL_OK;
}

/* Without these options only the texts are poorer, so failure is no matter. */
static void set_options(struct nl_sock *socket)
{
	static const int options[] = {
		NETLINK_EXT_ACK,
		NETLINK_CAP_ACK,
		NETLINK_GET_STRICT_CHK,
	};
	int one = 1;
	size_t i;

	for (i = 0; i < sizeof(options) / sizeof(*options); i++)
		setsockopt(nl_socket_get_fd(socket), SOL_NETLINK, options[i],
			   &one, sizeof(one));
}

struct netlink *netlink_open(const struct nlctl *nlctl)
{
	struct netlink *netlink = xcalloc(1, sizeof(*netlink));
	struct nl_cb *callbacks;
	int code;

	netlink->socket = nl_socket_alloc();
	if (!netlink->socket) {
		nlctl_error(nlctl, "out of memory");
		goto err_close;
	}
	code = genl_connect(netlink->socket);
	if (code < 0) {
		nlctl_error(nlctl, "cannot open a netlink socket: %s",
			    nl_geterror(code));
		goto err_close;
	}
	set_options(netlink->socket);
	nl_socket_set_msg_buf_size(netlink->socket, RECEIVE_LENGTH);
	nl_socket_enable_msg_peek(netlink->socket);

	netlink->family = genl_ctrl_resolve(netlink->socket, PODWALL_GENL_NAME);
	if (netlink->family == -NLE_OBJ_NOTFOUND) {
		nlctl_error(
			nlctl,
			"the podwall module is not loaded; load it with \"modprobe podwall\"");
		goto err_close;
	}
	if (netlink->family < 0) {
		nlctl_error(nlctl, "cannot find the podwall module: %s",
			    nl_geterror(netlink->family));
		goto err_close;
	}

	callbacks = nl_socket_get_cb(netlink->socket);
	nl_cb_err(callbacks, NL_CB_CUSTOM, on_error, netlink);
	nl_cb_set(callbacks, NL_CB_ACK, NL_CB_CUSTOM, on_acknowledged, netlink);
	nl_cb_set(callbacks, NL_CB_FINISH, NL_CB_CUSTOM, on_done, netlink);
	nl_cb_set(callbacks, NL_CB_VALID, NL_CB_CUSTOM, on_message, netlink);
	nl_cb_put(callbacks);
	return netlink;

err_close:
	netlink_close(netlink);
	return NULL;
}

void netlink_close(struct netlink *netlink)
{
	if (!netlink)
		return;
	nl_socket_free(netlink->socket);
	free(netlink->text);
	free(netlink);
}

const char *netlink_text(const struct netlink *netlink)
{
	if (netlink->text)
		return netlink->text;
	return strerror(-netlink->error);
}

int netlink_report(const struct nlctl *nlctl, const struct netlink *netlink)
{
	nlctl_error(nlctl, "%s", netlink_text(netlink));
	return EXIT_FAILURE;
}

struct nl_msg *message_new(struct netlink *netlink, uint8_t command, int flags,
			   size_t room)
{
	struct nl_msg *message = nlmsg_alloc_size(room);

	if (!message ||
	    !genlmsg_put(message, NL_AUTO_PORT, NL_AUTO_SEQ, netlink->family, 0,
			 flags, command, PODWALL_GENL_VERSION)) {
		fputs("nlctl: out of memory\n", stderr);
		abort();
	}
	return message;
}

int message_send(struct netlink *netlink, struct nl_msg *message,
		 message_reader reader, void *data)
{
	bool interrupted = false;
	int code;

	netlink->finished = false;
	netlink->error = 0;
	netlink->reader = reader;
	netlink->data = data;

	code = nl_send_auto(netlink->socket, message);
	nlmsg_free(message);
	if (code < 0)
		return fail_local(netlink, code);

	while (!netlink->finished) {
		code = nl_recvmsgs_default(netlink->socket);
		if (code == -NLE_DUMP_INTR)
			interrupted = true;
		else if (code < 0 && !netlink->finished)
			return fail_local(netlink, code);
	}
	if (!netlink->error && interrupted)
		message_fail(netlink, -EAGAIN,
			     "the policy changed while it was read");
	return netlink->error;
}

int message_stage(struct netlink *netlink, struct nl_msg *message)
{
	netlink->staged++;
	return message_send(netlink, message, NULL, NULL);
}

uint32_t message_take_staged(struct netlink *netlink)
{
	uint32_t staged = netlink->staged;

	netlink->staged = 0;
	return staged;
}

int netlink_subscribe(struct netlink *netlink)
{
	int size = EVENT_BUFFER;
	int drops, families;
	int code;

	/* Both are resolved first: events would come between a request and its
	 * answer.
	 */
	drops = genl_ctrl_resolve_grp(netlink->socket, PODWALL_GENL_NAME,
				      PODWALL_MCGRP_DROPS);
	if (drops < 0)
		return fail_local(netlink, drops);
	families = genl_ctrl_resolve_grp(netlink->socket, "nlctrl", "notify");
	setsockopt(nl_socket_get_fd(netlink->socket), SOL_SOCKET,
		   SO_RCVBUFFORCE, &size, sizeof(size));
	nl_socket_disable_seq_check(netlink->socket);
	nl_socket_set_nonblocking(netlink->socket);
	code = nl_socket_add_membership(netlink->socket, drops);
	if (code == -NLE_PERM)
		return message_fail(
			netlink, -EPERM,
			"CAP_NET_ADMIN in the initial user namespace is needed: run nlctl as root (%s)",
			strerror(EPERM));
	if (code < 0)
		return fail_local(netlink, code);
	/* Without it the end of the module goes unnoticed, but no drop. */
	if (families >= 0)
		nl_socket_add_membership(netlink->socket, families);
	return 0;
}

int netlink_descriptor(const struct netlink *netlink)
{
	return nl_socket_get_fd(netlink->socket);
}

int message_receive(struct netlink *netlink, message_reader reader, void *data)
{
	int code;

	netlink->error = 0;
	netlink->reader = reader;
	netlink->data = data;
	code = nl_recvmsgs_default(netlink->socket);
	if (netlink->error || code >= 0 || code == -NLE_AGAIN)
		return netlink->error;
	/* libnl's name for ENOBUFS. */
	if (code == -NLE_NOMEM)
		return -ENOBUFS;
	return fail_local(netlink, code);
}
