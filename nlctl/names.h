/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The protocol's enumerations and amounts by the names that people and JSON
 * use.
 */
#ifndef NLCTL_NAMES_H
#define NLCTL_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/objects.h"

enum enumeration {
	ENUMERATION_DIRECTION,
	ENUMERATION_TIER,
	ENUMERATION_ACTION,
	ENUMERATION_MODE,
	ENUMERATION_VERDICT,
	ENUMERATION_REASON,
	ENUMERATION_NODE_ACCESS,
	ENUMERATION_DENY_ACTION,
};

/**
 * name_of() - the name of a value
 * @enumeration: which enumeration
 * @value: the value
 *
 * Return: its name; "unknown" for a value that a newer module may send.
 */
const char *name_of(enum enumeration enumeration, unsigned int value);

/**
 * name_value() - the value that has a name
 * @enumeration: which enumeration
 * @name: the name
 *
 * Return: the value, or 0 when there is none.
 */
unsigned int name_value(enum enumeration enumeration, const char *name);

/**
 * name_choices() - all names of an enumeration, for messages
 * @enumeration: which enumeration
 *
 * Return: "NAME, NAME or NAME", which the caller frees.
 */
char *name_choices(enum enumeration enumeration);

/* Room for the text of any protocol. */
#define PROTOCOL_TEXT_MAX 8

/**
 * protocol_text() - the name of an IP protocol, or else its number
 * @protocol: the number
 * @buffer: at least PROTOCOL_TEXT_MAX bytes
 *
 * Return: @buffer.
 */
const char *protocol_text(uint8_t protocol, char *buffer);

/**
 * protocol_parse() - read what protocol_text() writes
 * @text: name or number
 * @protocol: receives the number
 */
bool protocol_parse(const char *text, uint8_t *protocol);

/**
 * protocol_has_ports() - whether rules can tell the ports of a protocol apart
 * @protocol: the number
 */
bool protocol_has_ports(uint8_t protocol);

/* The fields of struct amounts, numbered as the attributes of the protocol. */
#define AMOUNT_FIRST PODWALL_A_AMOUNTS_ADDRESSES
#define AMOUNT_LAST PODWALL_A_AMOUNTS_MEMORY

/* The name, the value, the largest value of, and a new value for one field. */
const char *amount_name(unsigned int field);
uint64_t amount_get(const struct amounts *amounts, unsigned int field);
uint64_t amount_max(unsigned int field);
void amount_set(struct amounts *amounts, unsigned int field, uint64_t value);

#endif
