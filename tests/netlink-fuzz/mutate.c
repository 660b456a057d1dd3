// SPDX-License-Identifier: GPL-2.0-only
#include "mutate.h"

static struct message *any_message(struct chance *chance,
				   const struct program *program)
{
	return program->messages[chance_below(chance, program->count)];
}

static void change_header(struct chance *chance, struct message *message)
{
	static const int32_t flags[] = { 0x001, 0x004, 0x005, 0x105, 0x205,
					 0x301, 0x305, 0x405, 0x805, 0x705,
					 0xf05, 0x000, 0xffff };
	static const int32_t types[] = { 0, 1, 2, 3, 4, 15, 0x7fff, 0xffff };
	static const int32_t sizes[] = { -21, -20, -17, -16, -5,   -4,
					 -3,  -2,  -1,	1,   2,	   3,
					 4,   5,   16,	20,  70000 };
	static const int32_t cuts[] = { 1, 2, 3, 4, 5, 7, 8, 12, 16, 100000 };
	enum header header = chance_below(chance, HEADER_COUNT);
	int32_t value = chance_below(chance, 256);

	if (header == HEADER_FLAGS)
		value = chance_of(chance, flags);
	else if (header == HEADER_TYPE)
		value = chance_of(chance, types);
	else if (header == HEADER_COMMAND)
		value = chance_below(chance, grammar_operation_count + 3);
	else if (header == HEADER_STRETCH)
		value = chance_of(chance, sizes);
	else if (header == HEADER_CUT)
		value = chance_one_in(chance, 3) ?
				1 + (int32_t)chance_below(chance, 200) :
				chance_of(chance, cuts);
	message->header[header] = value;
}

static void change_place(struct chance *chance, struct program *program)
{
	unsigned int from = chance_below(chance, program->count);
	struct message *message = program->messages[from];

	program_remove(program, from);
	program_insert(program, chance_below(chance, program->count + 1),
		       message);
}

/* The beginning of one program, and a part of the other. */
static void splice(struct chance *chance, struct program *program,
		   const struct program *lender)
{
	unsigned int from = chance_below(chance, lender->count);
	unsigned int at = chance_below(chance, program->count + 1);
	unsigned int times = 1 + chance_below(chance, 12);

	if (chance_one_in(chance, 2))
		while (program->count > at)
			program_remove(program, program->count - 1);
	for (; times-- && from < lender->count; from++)
		if (!program_insert(program, at++,
				    message_copy(&program->arena,
						 lender->messages[from])))
			break;
}

static void add_close(struct chance *chance, struct program *program)
{
	struct message *message = message_new(&program->arena,
					      chance_below(chance, SOCKETS),
					      NULL);

	message->closes = true;
	program_insert(program, chance_below(chance, program->count + 1),
		       message);
}

static void change_message(struct chance *chance, struct program *program,
			   const struct program *lender)
{
	struct message *message = any_message(chance, program);
	const struct message *other =
		any_message(chance, lender && chance_one_in(chance, 2) ?
					    lender :
					    program);
	unsigned int times = 1 + chance_below(chance, 3);

	if (message->closes)
		return;
	while (times--)
		mutate_message(chance, &program->arena, message,
			       other->closes ? message : other);
}

static void change_program(struct chance *chance, struct program *program,
			   const struct program *lender)
{
	unsigned int at = chance_below(chance, program->count);
	struct message *message = program->messages[at];

	switch (chance_below(chance, 20)) {
	case 0:
		if (program->count > 1)
			program_remove(program, at);
		break;
	case 1:
		program_insert(program, at,
			       message_copy(&program->arena, message));
		break;
	case 2:
		change_place(chance, program);
		break;
	case 3:
		message->socket = chance_below(chance, SOCKETS);
		break;
	case 4:
		generate_episode(chance, program, at);
		break;
	case 5:
		if (lender)
			splice(chance, program, lender);
		break;
	case 6:
		add_close(chance, program);
		break;
	case 7:
	case 8:
		change_header(chance, message);
		break;
	case 9:
		message->sends = !message->sends;
		break;
	case 10:
		message->leaves = !message->leaves;
		break;
	default:
		change_message(chance, program, lender);
	}
}

void mutate(struct chance *chance, struct program *program,
	    const struct program *lender)
{
	unsigned int times = 1 + chance_below(chance, 4);

	while (times--)
		change_program(chance, program, lender);
}
