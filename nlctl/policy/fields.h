/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fields that objects of several kinds have.
 */
#ifndef NLCTL_POLICY_FIELDS_H
#define NLCTL_POLICY_FIELDS_H

#include <stdbool.h>
#include <stdint.h>
#include "policy/decoder.h"
#include "policy/model.h"

/**
 * decode_form() - a text of a certain form
 * @decoder: the decoder
 * @value: a string; an error is noted when it is something else
 * @wrong: one of the functions of name_syntax.h
 *
 * Return: the text, borrowed from the document; NULL when it is missing or not
 * of the form.
 */
const char *decode_form(struct decoder *decoder, const struct value *value,
			const char *(*wrong)(const char *text));

/**
 * decode_protocol() - the protocol of a port
 * @decoder: the decoder
 * @value: "TCP", "UDP" or "SCTP"; missing means TCP; an error is noted when it
 *	is something else
 *
 * Return: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_SCTP.
 */
uint8_t decode_protocol(struct decoder *decoder, const struct value *value);

/**
 * decode_labels() - labels, as an object has them or a selector wants them
 * @decoder: the decoder
 * @value: an object of strings; an error is noted when it is something else
 * @labels: receives those without errors
 */
void decode_labels(struct decoder *decoder, const struct value *value,
		   struct labels *labels);

/**
 * decode_ip() - an address that the API tells of
 * @decoder: the decoder
 * @value: an address as text; missing and "" are passed over; an error is noted
 *	when it is something else
 * @ips: array to append the address to unless it is in there
 * @count: length of @ips
 */
void decode_ip(struct decoder *decoder, const struct value *value,
	       struct ip **ips, size_t *count);

/**
 * decode_network() - a block of addresses
 * @decoder: the decoder
 * @value: a CIDR as text; an error is noted when it is missing or something
 *	else
 * @masked: bits set behind the length are an error, where they are a warning
 *	otherwise and cleared
 * @network: receives it
 *
 * Return: false after an error.
 */
bool decode_network(struct decoder *decoder, const struct value *value,
		    bool masked, struct network *network);

#endif
