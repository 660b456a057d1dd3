/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is sent: messages on a few sockets, each a tree of attributes, right or
 * wrong.
 */
#ifndef NETLINK_FUZZ_PROGRAM_H
#define NETLINK_FUZZ_PROGRAM_H

#include "arena.h"
#include "grammar.h"

#define SOCKETS 3
#define MESSAGES_MAX 48
/* How long a message may become before it is no longer added to. */
#define MESSAGE_SIZE_MAX 60000

enum form {
	FORM_NUMBER, /* of its definition's width */
	FORM_NOW, /* what the number should be when it is sent, and an offset */
	FORM_BYTES,
	FORM_NEST,
};

/**
 * struct list - attributes, in the order they are sent
 * @items: a pointer may be there many times in a row
 * @count: of them
 * @room: for so many
 */
struct list {
	struct attribute **items;
	unsigned int count;
	unsigned int room;
};

/**
 * struct attribute - one attribute
 * @definition: what it says it is, or NULL for what no set has
 * @type: its number, without a definition
 * @form: what it holds, which may be another than its definition asks for
 * @flip: the mark of a nest is there when it should not, or is not
 * @stretch: added to its length field
 * @number: of a number; the offset, of what should be now
 * @bytes: of bytes
 * @size: of bytes
 * @children: of a nest
 */
struct attribute {
	const struct grammar_attribute *definition;
	uint16_t type;
	enum form form;
	bool flip;
	int stretch;
	uint64_t number;
	uint8_t *bytes;
	size_t size;
	struct list children;
};

/* What a message header may have in place of what belongs there. */
enum header {
	HEADER_FLAGS,
	HEADER_TYPE, /* the family */
	HEADER_COMMAND,
	HEADER_VERSION,
	HEADER_RESERVED,
	HEADER_STRETCH, /* added to the length field */
	HEADER_CUT, /* bytes missing at the end */
	HEADER_COUNT,
};

#define HEADER_RIGHT INT32_MIN

/**
 * struct message - one request, or the end of a socket
 * @socket: which
 * @closes: the socket closes, and none of the following holds
 * @operation: what is asked
 * @attributes: in the request
 * @header: what is wrong with the header, or HEADER_RIGHT
 * @sends: what follows is sent separately, though it is of the same socket
 * @leaves: a listing is left half read
 */
struct message {
	unsigned int socket;
	bool closes;
	const struct grammar_operation *operation;
	struct list attributes;
	int32_t header[HEADER_COUNT];
	bool sends;
	bool leaves;
};

/**
 * struct program - messages, in the order they are sent
 * @arena: owns all of them
 * @messages: pointers, each there once
 * @count: of them
 */
struct program {
	struct arena arena;
	struct message *messages[MESSAGES_MAX];
	unsigned int count;
};

void program_free(struct program *program);

/* Overwrite a program with a copy of another. */
void program_copy(struct program *to, const struct program *from);

/* Put a message in; false when there is no room. */
bool program_insert(struct program *program, unsigned int at,
		    struct message *message);
void program_remove(struct program *program, unsigned int at);

struct message *message_new(struct arena *arena, unsigned int socket,
			    const struct grammar_operation *operation);
struct message *message_copy(struct arena *arena, const struct message *from);

struct attribute *attribute_new(struct arena *arena,
				const struct grammar_attribute *definition);
struct attribute *attribute_copy(struct arena *arena,
				 const struct attribute *from);

void list_insert(struct arena *arena, struct list *list, unsigned int at,
		 struct attribute *attribute);
void list_append(struct arena *arena, struct list *list,
		 struct attribute *attribute);
void list_remove(struct list *list, unsigned int at);

/* Bytes that attributes take on the wire. */
size_t list_size(const struct list *list);

/* The flags of a request as it should be. */
uint16_t message_flags(const struct grammar_operation *operation);

/* The set that the attributes of a nest are of, or NULL for none. */
const struct grammar_set *attribute_inner(const struct attribute *attribute);

#endif
