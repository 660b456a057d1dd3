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
#include "netlink_socket.h"
#include "policy/memory.h"
#include "refusal.h"

/* Takes any message: those of a dump are 32 KiB at most, as are the settings
 * with all guarded blocks that there may be.
 */
#define RECEIVE_LENGTH 65536

/* So many requests of a transaction are sent before one is waited for: what the
 * kernel says of them has to fit the socket's buffer.
 */
#define STAGED_UNANSWERED 32

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

int netlink_fail_local(struct netlink *netlink, int code)
{
	return message_fail(netlink, -EIO, "cannot speak to the kernel: %s",
			    nl_geterror(code));
}

/* Takes over what refusal.h says of it. */
static void fail_kernel(struct netlink *netlink, int error, char *text)
{
	free(netlink->text);
	netlink->text = text;
	netlink->error = error;
}

/* Of a request before the one that is waited for, or of that. libnl asks for
 * names with the same functions, and has to be told to stop.
 */
static int on_error(struct sockaddr_nl *peer, struct nlmsgerr *report,
		    void *data)
{
	const struct nlmsghdr *header = (void *)((char *)report - NLMSG_HDRLEN);
	struct netlink *netlink = data;

	(void)peer;
	/* Left over from a request that nobody waits for any more. */
	if ((int32_t)(header->nlmsg_seq - netlink->first) < 0)
		return NL_SKIP;
	if (!netlink->error)
		fail_kernel(netlink, report->error, refusal_of_error(header));
	if ((int32_t)(header->nlmsg_seq - netlink->awaited) < 0)
		return NL_SKIP;
	netlink->finished = true;
	return NL_STOP;
}

static int on_acknowledged(struct nl_msg *message, void *data)
{
	struct netlink *netlink = data;

	if (nlmsg_hdr(message)->nlmsg_seq == netlink->awaited)
		netlink->finished = true;
	return NL_OK;
}

/* The end of a dump carries the error that ended it. */
static int on_done(struct nl_msg *message, void *data)
{
	const struct nlmsghdr *header = nlmsg_hdr(message);
	struct netlink *netlink = data;
	int error;

	if (header->nlmsg_seq != netlink->awaited)
		return NL_OK;
	netlink->finished = true;
	if (header->nlmsg_len < NLMSG_LENGTH(sizeof(int)))
		return NL_OK;
	memcpy(&error, nlmsg_data(header), sizeof(error));
	if (error < 0 && !netlink->error)
		fail_kernel(netlink, error, refusal_of_done(header));
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

	if (netlink->awaited && header->nlmsg_seq != netlink->awaited)
		return NL_OK;
	netlink->finished = !netlink->is_dump && netlink->reader;
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

struct netlink *netlink_connect(char **problem)
{
	struct netlink *netlink = xcalloc(1, sizeof(*netlink));
	struct nl_cb *callbacks;
	int code;

	netlink->socket = nl_socket_alloc();
	if (!netlink->socket) {
		*problem = xstrdup("out of memory");
		goto err_close;
	}
	code = genl_connect(netlink->socket);
	if (code < 0) {
		*problem = xasprintf("cannot open a netlink socket: %s",
				     nl_geterror(code));
		goto err_close;
	}
	set_options(netlink->socket);
	nl_socket_set_msg_buf_size(netlink->socket, RECEIVE_LENGTH);
	nl_socket_disable_msg_peek(netlink->socket);

	netlink->family = genl_ctrl_resolve(netlink->socket, PODWALL_GENL_NAME);
	if (netlink->family == -NLE_OBJ_NOTFOUND) {
		*problem = xstrdup(
			"the podwall module is not loaded; load it with \"modprobe podwall\"");
		goto err_close;
	}
	if (netlink->family < 0) {
		*problem = xasprintf("cannot find the podwall module: %s",
				     nl_geterror(netlink->family));
		goto err_close;
	}

	/* Answers are told by on_error() and the like. */
	nl_socket_disable_seq_check(netlink->socket);
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

struct netlink *netlink_open(const struct nlctl *nlctl)
{
	char *problem = NULL;
	struct netlink *netlink = netlink_connect(&problem);

	if (!netlink)
		nlctl_error(nlctl, "%s", problem);
	free(problem);
	return netlink;
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

static int transmit(struct netlink *netlink, struct nl_msg *message,
		    bool acknowledge)
{
	struct nlmsghdr *header = nlmsg_hdr(message);
	int code;

	nl_complete_msg(netlink->socket, message);
	if (!acknowledge)
		header->nlmsg_flags &= ~NLM_F_ACK;
	if (!netlink->unanswered) {
		netlink->first = header->nlmsg_seq;
		netlink->error = 0;
	}
	netlink->awaited = header->nlmsg_seq;
	netlink->is_dump = header->nlmsg_flags & NLM_F_DUMP;
	code = nl_send(netlink->socket, message);
	nlmsg_free(message);
	return code < 0 ? netlink_fail_local(netlink, code) : 0;
}

int message_send(struct netlink *netlink, struct nl_msg *message,
		 message_reader reader, void *data)
{
	bool interrupted = false;
	int code, error;

	/* An answer says by itself that there was no error. */
	error = transmit(netlink, message, !reader);
	netlink->unanswered = 0;
	if (error)
		return error;
	netlink->finished = false;
	netlink->reader = reader;
	netlink->data = data;
	while (!netlink->finished) {
		code = nl_recvmsgs_default(netlink->socket);
		if (code == -NLE_DUMP_INTR)
			interrupted = true;
		else if (code < 0 && !netlink->finished)
			return netlink->error ?:
						netlink_fail_local(netlink, code);
	}
	if (!netlink->error && interrupted)
		message_fail(netlink, -EAGAIN,
			     "the policy changed while it was read");
	return netlink->error;
}

int message_begin(struct netlink *netlink, struct nl_msg *message)
{
	int error;

	netlink->unanswered = 0;
	netlink->staged = 0;
	error = transmit(netlink, message, false);
	netlink->unanswered = 1;
	return error;
}

int message_stage(struct netlink *netlink, struct nl_msg *message)
{
	int error;

	netlink->staged++;
	if (netlink->unanswered >= STAGED_UNANSWERED)
		return message_send(netlink, message, NULL, NULL);
	error = transmit(netlink, message, false);
	netlink->unanswered++;
	return error;
}

void message_abort(struct netlink *netlink, struct nl_msg *message)
{
	if (netlink->unanswered)
		message_send(netlink, message, NULL, NULL);
	else
		nlmsg_free(message);
}

uint32_t message_staged(const struct netlink *netlink)
{
	return netlink->staged;
}
