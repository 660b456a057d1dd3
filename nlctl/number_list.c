// SPDX-License-Identifier: GPL-2.0-only
#include "number_list.h"

#include <netlink/attr.h>

/* An attribute as it stands in a message, without padding. */
struct number_attribute {
	struct nlattr header;
	uint32_t number;
};

size_t number_list_put(struct nl_msg *message, int type,
		       const uint32_t *numbers, size_t count, size_t length)
{
	size_t now = NLMSG_ALIGN(nlmsg_hdr(message)->nlmsg_len);
	struct number_attribute *attributes;
	size_t room, i;

	if (now >= length)
		return 0;
	/* The last one begins before the message is full, and may end behind. */
	room = (length - now - 1) / sizeof(*attributes) + 1;
	if (count > room)
		count = room;
	attributes = nlmsg_reserve(message, count * sizeof(*attributes),
				   NLMSG_ALIGNTO);
	if (!attributes)
		return 0;
	for (i = 0; i < count; i++)
		attributes[i] = (struct number_attribute){
			.header.nla_len = sizeof(*attributes),
			.header.nla_type = type,
			.number = numbers[i],
		};
	return count;
}
