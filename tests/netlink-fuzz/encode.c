// SPDX-License-Identifier: GPL-2.0-only
#include "encode.h"

#include <endian.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buffer_add(struct buffer *buffer, const void *data, size_t size)
{
	if (buffer->room - buffer->size < size) {
		buffer->room = (buffer->size + size) * 2;
		buffer->data = realloc(buffer->data, buffer->room);
		if (!buffer->data) {
			fputs("out of memory\n", stderr);
			exit(2);
		}
	}
	if (size)
		memcpy(&buffer->data[buffer->size], data, size);
	buffer->size += size;
}

void buffer_free(struct buffer *buffer)
{
	free(buffer->data);
	*buffer = (struct buffer){};
}

static void pad(struct buffer *buffer)
{
	static const uint8_t zeros[NLA_ALIGNTO];

	buffer_add(buffer, zeros, -buffer->size % NLA_ALIGNTO);
}

bool now_knows(const struct grammar_attribute *definition)
{
	return !strcmp(definition->name, "generation") ||
	       !strcmp(definition->name, "requests");
}

static uint64_t number_now(const struct attribute *attribute,
			   const struct now *now)
{
	if (attribute->form == FORM_NUMBER)
		return attribute->number;
	return attribute->number +
	       (strcmp(attribute->definition->name, "generation") ?
			now->requests :
			now->generation);
}

static void encode_number(struct buffer *buffer,
			  const struct grammar_attribute *definition,
			  uint64_t number)
{
	unsigned int width = grammar_width(definition->type);

	if (definition->big_endian)
		number = htobe64(number) >> (64 - 8 * width);
	number = htole64(number);
	buffer_add(buffer, &number, width);
}

static void encode_list(struct buffer *buffer, const struct list *list,
			const struct now *now);

static void encode_attribute(struct buffer *buffer,
			     const struct attribute *attribute,
			     const struct now *now)
{
	const struct grammar_attribute *definition = attribute->definition;
	bool nested = attribute->form == FORM_NEST;
	struct nlattr head = {};
	size_t start = buffer->size;

	buffer_add(buffer, &head, sizeof(head));
	switch (attribute->form) {
	case FORM_NUMBER:
	case FORM_NOW:
		encode_number(buffer, definition, number_now(attribute, now));
		break;
	case FORM_BYTES:
		buffer_add(buffer, attribute->bytes, attribute->size);
		break;
	case FORM_NEST:
		encode_list(buffer, &attribute->children, now);
		break;
	}
	head.nla_type = definition ? definition->number : attribute->type;
	/* An unknown attribute says for itself what it is marked as. */
	if (nested != attribute->flip)
		head.nla_type ^= NLA_F_NESTED;
	head.nla_len = buffer->size - start + attribute->stretch;
	memcpy(&buffer->data[start], &head, sizeof(head));
	pad(buffer);
}

static void encode_list(struct buffer *buffer, const struct list *list,
			const struct now *now)
{
	unsigned int i;

	for (i = 0; i < list->count; i++)
		encode_attribute(buffer, list->items[i], now);
}

static int32_t header(const struct message *message, enum header which,
		      int32_t right)
{
	return message->header[which] == HEADER_RIGHT ? right :
							message->header[which];
}

void encode_message(struct buffer *buffer, const struct message *message,
		    const struct now *now)
{
	struct genlmsghdr generic = {
		.cmd = header(message, HEADER_COMMAND,
			      message->operation->number),
		.version = header(message, HEADER_VERSION, grammar_version),
		.reserved = header(message, HEADER_RESERVED, 0),
	};
	struct nlmsghdr head = {
		.nlmsg_type = header(message, HEADER_TYPE, now->family),
		.nlmsg_flags = header(message, HEADER_FLAGS,
				      message_flags(message->operation)),
		.nlmsg_seq = now->sequence,
	};
	size_t start = buffer->size, least, cut;

	buffer_add(buffer, &head, sizeof(head));
	buffer_add(buffer, &generic, sizeof(generic));
	encode_list(buffer, &message->attributes, now);
	/* The netlink header itself is never cut. */
	least = start + sizeof(head);
	cut = (uint32_t)header(message, HEADER_CUT, 0);
	buffer->size = buffer->size - least < cut ? least : buffer->size - cut;
	head.nlmsg_len =
		buffer->size - start + header(message, HEADER_STRETCH, 0);
	memcpy(&buffer->data[start], &head, sizeof(head));
	pad(buffer);
}
