// SPDX-License-Identifier: GPL-2.0-only
#include "agent/module_link.h"

#include <stdlib.h>

#include "agent/log.h"
#include "machine.h"

static void tell_silence(struct module_link *link, const char *text)
{
	if (complaint_raise(&link->silence, text))
		log_error("cannot ask the module: %s; it is tried again", text);
}

bool module_link_open(struct module_link *link)
{
	char *problem = NULL;

	if (link->netlink)
		return true;
	/* It costs little to see that there is none. */
	if (link->missing && !machine_has_module())
		return false;
	link->netlink = netlink_connect(&problem);
	link->missing = !link->netlink;
	if (!link->netlink)
		tell_silence(link, problem);
	free(problem);
	return link->netlink;
}

void module_link_lose(struct module_link *link)
{
	tell_silence(link, netlink_text(link->netlink));
	netlink_close(link->netlink);
	link->netlink = NULL;
}

void module_link_answered(struct module_link *link)
{
	if (complaint_clear(&link->silence))
		log_notice("the module answers again");
}

void module_link_close(struct module_link *link)
{
	netlink_close(link->netlink);
	complaint_clear(&link->silence);
	*link = (struct module_link){};
}
