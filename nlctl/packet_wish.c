// SPDX-License-Identifier: GPL-2.0-only
#include "packet_wish.h"

#include <stdlib.h>
#include <string.h>

#include "policy/memory.h"

/* The kernel's filters take no longer text. */
#define FILTER_TEXT_MAX 255

/* What is judged for ingress is judged for the server, and egress for the client. */
static bool may_be_client(const struct packet_wish *wish)
{
	return wish->direction != PODWALL_DIRECTION_INGRESS;
}

static bool may_be_server(const struct packet_wish *wish)
{
	return wish->direction != PODWALL_DIRECTION_EGRESS;
}

/* A key is of bytes that need no quoting, but may be too long for a filter:
 * then packets of all pods arrive, and packet_wish_matches() chooses.
 */
char *packet_wish_filter(const struct packet_wish *wish, ino_t netns)
{
	char *text = xasprintf("netns == %lu", (unsigned long)netns);
	char *longer;

	if (strlen(wish->pod) <= FILTER_TEXT_MAX) {
		longer =
			may_be_client(wish) && may_be_server(wish) ?
				xasprintf("%s && (client_pod == \"%s\" || server_pod == \"%s\")",
					  text, wish->pod, wish->pod) :
				xasprintf("%s && pod == \"%s\"", text,
					  wish->pod);
		free(text);
		text = longer;
	}
	if (wish->denied) {
		longer = xasprintf("%s && verdict == %d", text,
				   PODWALL_VERDICT_DENY);
		free(text);
		text = longer;
	}
	if (wish->direction) {
		longer = xasprintf("%s && direction == %d", text,
				   wish->direction);
		free(text);
		text = longer;
	}
	return text;
}

bool packet_wish_matches(const struct packet_wish *wish,
			 const struct packet *packet)
{
	return (packet->client_pod && may_be_client(wish) &&
		!strcmp(packet->client_pod, wish->pod)) ||
	       (packet->server_pod && may_be_server(wish) &&
		!strcmp(packet->server_pod, wish->pod));
}
