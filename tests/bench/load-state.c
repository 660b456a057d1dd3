// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>

#include "load.h"
#include "message.h"
#include "nlctl.h"
#include "policy/memory.h"
#include "state_reader.h"
#include "transaction.h"

static const struct nlctl nlctl = { .verb = "load" };

void load_fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	nlctl_error(&nlctl, "%s", xvasprintf(format, arguments));
	va_end(arguments);
	exit(EXIT_FAILURE);
}

void load_require(struct load *load, int error)
{
	if (error)
		load_fail("%s", netlink_text(load->netlink));
}

void load_open(struct load *load, const char *path)
{
	json_error_t error;
	json_t *state = json_load_file(path, 0, &error);
	char *problem;

	if (!state)
		load_fail("%s: %s", path, error.text);
	problem = state_read(state, &load->objects, &load->settings);
	if (problem)
		load_fail("%s: %s", path, problem);
	json_decref(state);
	load->netlink = netlink_open(&nlctl);
	if (!load->netlink)
		exit(EXIT_FAILURE);
}

void load_close(struct load *load)
{
	netlink_close(load->netlink);
	settings_clear(&load->settings);
	objects_clear(&load->objects);
}

void load_replace(struct load *load)
{
	load_require(load, transaction_replace(load->netlink, 0, &load->objects,
					       &load->settings, NULL,
					       &load->generation));
}

void load_flush(struct load *load)
{
	load_require(load, transaction_flush(load->netlink, 0, load->generation,
					     &load->generation));
}

void load_change(struct load *load, const struct difference *difference)
{
	load_require(load,
		     transaction_change(load->netlink, 0, difference,
					load->generation, &load->generation));
}

static bool ignore(struct nlmsghdr *header, void *data)
{
	(void)header;
	(void)data;
	return true;
}

void load_abort(struct load *load)
{
	struct netlink *netlink = load->netlink;
	struct nl_msg *message;

	message = message_new(netlink, PODWALL_CMD_TRANSACTION_BEGIN, 0,
			      ROOM_SMALL);
	load_require(load, message_send(netlink, message, ignore, NULL));
	message = message_new(netlink, PODWALL_CMD_TRANSACTION_ABORT, 0,
			      ROOM_SMALL);
	load_require(load, message_send(netlink, message, NULL, NULL));
}
