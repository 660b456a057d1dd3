// SPDX-License-Identifier: GPL-2.0-only
#include "refusal.h"

#include <errno.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <string.h>

#include "policy/memory.h"

/**
 * read_attributes() - tell an extended acknowledgement in words
 * @error: a negative errno value
 * @header: the message
 * @offset: of the acknowledgement's attributes in it
 *
 * libnl does not read them up to version 3.7 at least.
 */
static char *read_attributes(int error, const struct nlmsghdr *header,
			     size_t offset)
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

	if ((header->nlmsg_flags & NLM_F_ACK_TLVS) &&
	    offset < header->nlmsg_len &&
	    nla_parse(attributes, NLMSGERR_ATTR_MAX,
		      (struct nlattr *)((char *)header + offset),
		      (int)(header->nlmsg_len - offset), policy) < 0)
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
		return xstrdup(reason);
	return xasprintf("%s%s%s (%s)", text, *text && *detail ? "; " : "",
			 detail, reason);
}

/* The original message is cut off in front of the attributes, or not. */
char *refusal_of_error(const struct nlmsghdr *header)
{
	const struct nlmsgerr *report = nlmsg_data(header);
	size_t offset = NLMSG_LENGTH(sizeof(*report));

	if (!(header->nlmsg_flags & NLM_F_CAPPED) &&
	    report->msg.nlmsg_len >= NLMSG_HDRLEN)
		offset += NLMSG_ALIGN(report->msg.nlmsg_len) - NLMSG_HDRLEN;
	return read_attributes(report->error, header, offset);
}

char *refusal_of_done(const struct nlmsghdr *header)
{
	int error;

	memcpy(&error, nlmsg_data(header), sizeof(error));
	return read_attributes(error, header,
			       NLMSG_ALIGN(NLMSG_LENGTH(sizeof(int))));
}
