/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs that mean something, more often than not.
 */
#ifndef NETLINK_FUZZ_GENERATE_H
#define NETLINK_FUZZ_GENERATE_H

#include "values.h"

/* Overwrite a program with a new one. */
void generate_program(struct chance *chance, struct program *program);

/* Put a few new messages into a program, where there is room. */
void generate_episode(struct chance *chance, struct program *program,
		      unsigned int at);

/* A message that means something. */
struct message *generate_message(struct arena *arena, struct chance *chance,
				 unsigned int socket,
				 const struct grammar_operation *operation);

/* Let an object that a message makes have an id. */
void generate_number(struct message *message, uint64_t id);

/* An attribute with what its definition asks for. */
struct attribute *
generate_attribute(struct arena *arena, struct chance *chance,
		   const struct grammar_attribute *definition);

#endif
