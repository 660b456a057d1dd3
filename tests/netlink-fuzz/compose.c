// SPDX-License-Identifier: GPL-2.0-only
#include "generate.h"

#include <string.h>

static const struct grammar_operation *named(const char *name)
{
	return grammar_find_operation(name, strlen(name));
}

/* Any that adds to a transaction; what makes things more often. */
static const struct grammar_operation *any_staging(struct chance *chance)
{
	const struct grammar_operation *operation;

	do {
		operation =
			&grammar_operations
				[chance_below(chance, grammar_operation_count)];
	} while (!grammar_stages(operation) ||
		 (!grammar_ends(operation->name, "-new") &&
		  !chance_one_in(chance, 5)));
	return operation;
}

static const struct grammar_operation *any_other(struct chance *chance)
{
	const struct grammar_operation *operation;

	do {
		operation =
			&grammar_operations
				[chance_below(chance, grammar_operation_count)];
	} while (grammar_stages(operation) ||
		 (!strncmp(operation->name, "transaction", 11) &&
		  !chance_one_in(chance, 10)));
	return operation;
}

/* Everything that refers to something and that is referred to. */
static void make_load(struct chance *chance, struct program *program,
		      unsigned int socket)
{
	unsigned int i, id;

	for (i = 0; i < grammar_operation_count; i++) {
		const struct grammar_operation *operation =
			&grammar_operations[i];

		if (!grammar_ends(operation->name, "-new"))
			continue;
		for (id = 1; id <= OBJECTS; id++) {
			struct message *message =
				generate_message(&program->arena, chance,
						 socket, operation);
			generate_number(message, id);
			program_insert(program, program->count, message);
		}
	}
}

static void make_transaction(struct chance *chance, struct program *program,
			     unsigned int socket)
{
	unsigned int times = chance_below(chance, 16);
	struct arena *arena = &program->arena;
	struct message *end;

	program_insert(program, program->count,
		       generate_message(arena, chance, socket,
					named("transaction-begin")));
	if (chance_one_in(chance, 3))
		make_load(chance, program, socket);
	while (times--)
		program_insert(program, program->count,
			       generate_message(arena, chance, socket,
						any_staging(chance)));
	if (chance_one_in(chance, 12)) {
		end = message_new(arena, socket, NULL);
		end->closes = true;
	} else {
		end = generate_message(arena, chance, socket,
				       named(chance_one_in(chance, 12) ?
						     "transaction-abort" :
						     "transaction-commit"));
	}
	if (!chance_one_in(chance, 12))
		program_insert(program, program->count, end);
}

static void make_questions(struct chance *chance, struct program *program,
			   unsigned int socket)
{
	unsigned int times = 1 + chance_below(chance, 8);

	while (times--)
		program_insert(program, program->count,
			       generate_message(&program->arena, chance, socket,
						any_other(chance)));
}

/* Put the second part of a program in between the first, here and there. */
static void interleave(struct chance *chance, struct program *program,
		       unsigned int second)
{
	unsigned int to = chance_below(chance, second + 1), from;

	for (from = second; from < program->count; from++) {
		struct message *message = program->messages[from];

		to += chance_below(chance, 3);
		if (to > from)
			break;
		program_remove(program, from);
		program_insert(program, to++, message);
	}
}

static void make_episode(struct chance *chance, struct program *program)
{
	unsigned int socket = chance_below(chance, SOCKETS);
	unsigned int begin = program->count;

	if (chance_one_in(chance, 3))
		make_questions(chance, program, socket);
	else
		make_transaction(chance, program, socket);
	if (begin && chance_one_in(chance, 3))
		interleave(chance, program, begin);
}

void generate_program(struct chance *chance, struct program *program)
{
	unsigned int times = 3 + chance_below(chance, 5);

	*program = (struct program){};
	while (times--)
		make_episode(chance, program);
}

void generate_episode(struct chance *chance, struct program *program,
		      unsigned int at)
{
	struct program episode = {};
	unsigned int i;

	make_episode(chance, &episode);
	for (i = 0; i < episode.count; i++)
		program_insert(program,
			       at + i > program->count ? program->count :
							 at + i,
			       message_copy(&program->arena,
					    episode.messages[i]));
	program_free(&episode);
}
