// SPDX-License-Identifier: GPL-2.0-only
#include "policy/fields.h"

#include <netinet/in.h>
#include <string.h>
#include "policy/memory.h"
#include "policy/name_syntax.h"

const char *decode_form(struct decoder *decoder, const struct value *value,
			const char *(*wrong)(const char *text))
{
	const char *text = decode_string(decoder, value);
	const char *why = text ? wrong(text) : NULL;

	if (why)
		decode_error(decoder, value, "\"%s\" %s", text, why);
	return why ? NULL : text;
}

uint8_t decode_protocol(struct decoder *decoder, const struct value *value)
{
	const char *text = decode_string(decoder, value);

	if (!text || !strcmp(text, "TCP"))
		return IPPROTO_TCP;
	if (!strcmp(text, "UDP"))
		return IPPROTO_UDP;
	if (!strcmp(text, "SCTP"))
		return IPPROTO_SCTP;
	decode_error(decoder, value, "\"%s\" is not TCP, UDP or SCTP", text);
	return IPPROTO_TCP;
}

void decode_labels(struct decoder *decoder, const struct value *value,
		   struct labels *labels)
{
	const char *key, *wrong, *text;
	json_t *json;

	if (value->json && !json_is_object(value->json)) {
		decode_error(decoder, value, "must be an object of texts");
		return;
	}
	json_object_foreach(value->json, key, json) {
		struct value label = { value, key, 0, json };

		wrong = label_key_wrong(key);
		if (wrong)
			decode_error(decoder, &label, "the key \"%s\" %s", key,
				     wrong);
		text = decode_form(decoder, &label, label_value_wrong);
		if (!wrong && text)
			labels_set(labels, key, text);
	}
}

void decode_ip(struct decoder *decoder, const struct value *value,
	       struct ip **ips, size_t *count)
{
	const char *text = decode_string(decoder, value);
	struct ip ip;
	size_t i;

	if (!text || !*text)
		return;
	if (!ip_parse(text, &ip)) {
		decode_error(decoder, value, "\"%s\" is not an IP address",
			     text);
		return;
	}
	for (i = 0; i < *count; i++)
		if (ip_equal(&(*ips)[i], &ip))
			return;
	*array_add(*ips, *count) = ip;
}

bool decode_network(struct decoder *decoder, const struct value *value,
		    bool masked, struct network *network)
{
	const char *text = decode_string(decoder, value);
	char buffer[NETWORK_TEXT_MAX];

	if (!text) {
		if (!value->json)
			decode_error(decoder, value, "is missing");
		return false;
	}
	if (!network_parse(text, network)) {
		decode_error(decoder, value, "\"%s\" is not a CIDR%s", text,
			     strchr(text, '/') ?
				     "" :
				     "; write /32 or /128 for one address");
		return false;
	}
	if (network->base.family == AF_INET6 &&
	    IN6_IS_ADDR_V4MAPPED(&network->base.v6) &&
	    network->prefix_length >= 96) {
		decode_error(decoder, value,
			     "\"%s\" is IPv4 written as IPv6; write it as IPv4",
			     text);
		return false;
	}
	if (!network_mask(network))
		return true;
	if (masked) {
		decode_error(decoder, value,
			     "\"%s\" has bits set behind its length; write %s",
			     text, network_text(network, buffer));
		return false;
	}
	decode_warning(
		decoder, value,
		"\"%s\" has bits beyond its prefix length and is taken as %s, which is more than one address; write that, or a longer prefix",
		text, network_text(network, buffer));
	return true;
}
