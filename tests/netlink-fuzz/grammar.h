/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What uapi/podwall.yaml says of the family; the script grammar makes the
 * tables of it.
 */
#ifndef NETLINK_FUZZ_GRAMMAR_H
#define NETLINK_FUZZ_GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum grammar_type {
	TYPE_U8,
	TYPE_U16,
	TYPE_U32,
	TYPE_U64,
	TYPE_STRING,
	TYPE_BINARY,
	TYPE_FLAG,
	TYPE_NEST,
	TYPE_PAD,
};

/* How many bytes of an address an attribute is; 0 for what is none. */
enum grammar_address {
	ADDRESS_NONE = 0,
	ADDRESS_IPV4 = 4,
	ADDRESS_IPV6 = 16,
};

/** struct grammar_entry - one value of an enumeration */
struct grammar_entry {
	const char *name;
	uint32_t value;
};

/**
 * struct grammar_attribute - one attribute of a set
 * @name: in the set
 * @number: on the wire
 * @type: what its payload is
 * @address: whether that is an address
 * @big_endian: a number in network byte order
 * @multi: may be given many times
 * @listed: never in a request
 * @least: of a number
 * @most: of a number, or the length of a string without its NUL; 0 for any
 * @size: exact, of binary; 0 for any
 * @entries: of an enumeration
 * @entry_count: how many
 * @nested: the set that is inside, or NULL
 * @excludes: name of the attribute that may not be there as well, or NULL
 * @requires: name of the attribute that must be there as well, or NULL
 * @without: name of the attribute that may not be in the nested set, or NULL
 * @order: names of the numbers that many are in the order of, or NULL
 */
struct grammar_attribute {
	const char *name;
	uint16_t number;
	enum grammar_type type;
	enum grammar_address address;
	bool big_endian;
	bool multi;
	bool listed;
	uint64_t least;
	uint64_t most;
	size_t size;
	const struct grammar_entry *entries;
	unsigned int entry_count;
	const struct grammar_set *nested;
	const char *excludes;
	const char *requires;
	const char *without;
	const char *order[2];
};

/** struct grammar_set - an attribute set */
struct grammar_set {
	const char *name;
	const struct grammar_attribute *attributes;
	unsigned int count;
};

/**
 * struct grammar_operation - one command
 * @name: of the command
 * @number: on the wire
 * @set: of its attributes
 * @does: answers one request with at most one reply
 * @dumps: answers with a listing
 * @event: is no request at all
 * @request: which attributes of the set a request takes, a bit for each number
 * @reply: which are in a reply, likewise
 */
struct grammar_operation {
	const char *name;
	uint8_t number;
	const struct grammar_set *set;
	bool does;
	bool dumps;
	bool event;
	uint64_t request;
	uint64_t reply;
};

extern const char grammar_family[];
extern const uint8_t grammar_version;
extern const struct grammar_set grammar_sets[];
extern const unsigned int grammar_set_count;
extern const struct grammar_operation grammar_operations[];
extern const unsigned int grammar_operation_count;

const struct grammar_set *grammar_find_set(const char *name, size_t length);
const struct grammar_operation *grammar_find_operation(const char *name,
						       size_t length);
const struct grammar_operation *grammar_numbered_operation(uint8_t number);
const struct grammar_attribute *
grammar_find_attribute(const struct grammar_set *set, const char *name,
		       size_t length);
const struct grammar_attribute *
grammar_numbered_attribute(const struct grammar_set *set, uint16_t number);

/* The set that an attribute belongs to. */
const struct grammar_set *
grammar_set_of(const struct grammar_attribute *attribute);

/* Bytes of a number, 0 for what is none. */
unsigned int grammar_width(enum grammar_type type);

/* Whether a request may hold an attribute of its operation's set. */
bool grammar_takes(const struct grammar_operation *operation,
		   const struct grammar_attribute *attribute);

/* Whether a name ends so. */
bool grammar_ends(const char *name, const char *end);

/* Whether an operation adds to a transaction, and a commit counts it. */
bool grammar_stages(const struct grammar_operation *operation);

#endif
