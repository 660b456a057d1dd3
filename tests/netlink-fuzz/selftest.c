// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fuzzer's own parts, without a kernel, as TAP: programs survive being
 * written and read, and making and changing them touches no memory that is not
 * theirs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus.h"
#include "decode.h"
#include "mutate.h"
#include "text.h"

#define PROGRAMS 300
#define CHANGES 6

static unsigned int results, failures;

static void result(bool fine, const char *name, unsigned long count)
{
	results++;
	failures += !fine;
	printf("%sok %u - %s (%lu)\n", fine ? "" : "not ", results, name,
	       count);
}

static char *text_of(const struct program *program)
{
	size_t size;
	char *text;
	FILE *stream = open_memstream(&text, &size);

	text_write(stream, program);
	fclose(stream);
	return text;
}

static void encode(struct buffer *buffer, const struct program *program)
{
	const struct now now = { 31, 7, 1000, 5 };
	unsigned int i;

	buffer->size = 0;
	for (i = 0; i < program->count; i++)
		if (!program->messages[i]->closes)
			encode_message(buffer, program->messages[i], &now);
}

/* What is read back is written and sent as before. */
static bool survives(const struct program *program)
{
	struct buffer before = {}, after = {};
	char *text = text_of(program), *again = NULL;
	struct program copy;
	const char *wrong;
	bool fine = text_read(text, &copy, &wrong);

	if (fine) {
		again = text_of(&copy);
		encode(&before, program);
		encode(&after, &copy);
		fine = !strcmp(text, again) && before.size == after.size &&
		       (!before.size ||
			!memcmp(before.data, after.data, before.size));
		program_free(&copy);
	} else {
		printf("# %s\n", wrong);
	}
	if (!fine)
		printf("# this is not read back as it was:\n%s", text);
	buffer_free(&before);
	buffer_free(&after);
	free(text);
	free(again);
	return fine;
}

static void test_survival(struct chance *chance)
{
	unsigned long count = 0;
	struct program lender = {};
	unsigned int i, j;
	bool fine = true;

	for (i = 0; fine && i < PROGRAMS; i++) {
		struct program program;

		generate_program(chance, &program);
		fine = survives(&program);
		for (j = 0; fine && program.count && j < CHANGES; j++) {
			mutate(chance, &program, lender.count ? &lender : NULL);
			fine = survives(&program);
			count++;
		}
		program_free(&lender);
		lender = program;
	}
	program_free(&lender);
	result(fine, "changed programs are read back as they were written",
	       count);
}

/* Text of programs, with bytes changed at random, is read or refused. */
static void test_garbage(struct chance *chance)
{
	unsigned long refused = 0;
	unsigned int i, times;

	for (i = 0; i < PROGRAMS; i++) {
		struct program program, copy;
		const char *wrong;
		size_t length;
		char *text;

		generate_program(chance, &program);
		text = text_of(&program);
		length = strlen(text);
		for (times = chance_below(chance, 8); length && times--;)
			text[chance_below(chance, length)] =
				"x{}=~!#*/@\"\n 0"[chance_below(chance, 14)];
		if (text_read(text, &copy, &wrong))
			program_free(&copy);
		else
			refused++;
		program_free(&program);
		free(text);
	}
	result(refused > PROGRAMS / 10, "garbage is refused", refused);
}

static void mark(const struct list *list, uint64_t *seen)
{
	unsigned int i;

	for (i = 0; i < list->count; i++) {
		const struct grammar_set *set =
			grammar_set_of(list->items[i]->definition);

		seen[set - grammar_sets] |=
			1ull << list->items[i]->definition->number;
		mark(&list->items[i]->children, seen);
	}
}

/* Sets that nests of requests lead to are of requests, with all they have. */
static void mark_expected(const struct grammar_set *set, uint64_t mask,
			  uint64_t *expected)
{
	unsigned int i;

	for (i = 0; i < set->count; i++) {
		const struct grammar_attribute *one = &set->attributes[i];

		if (!(mask >> one->number & 1) || one->listed)
			continue;
		expected[set - grammar_sets] |= 1ull << one->number;
		if (one->nested)
			mark_expected(one->nested, ~0ull, expected);
	}
}

static void test_reach(struct chance *chance)
{
	uint64_t *seen = calloc(grammar_set_count, sizeof(*seen));
	uint64_t *expected = calloc(grammar_set_count, sizeof(*expected));
	uint64_t operations = 0, requests = 0;
	unsigned int i, j;

	for (i = 0; i < PROGRAMS; i++) {
		struct program program;

		generate_program(chance, &program);
		for (j = 0; j < program.count; j++) {
			const struct message *message = program.messages[j];

			if (message->closes)
				continue;
			operations |= 1ull << message->operation->number;
			mark(&message->attributes, seen);
		}
		program_free(&program);
	}
	for (i = 0; i < grammar_operation_count; i++) {
		const struct grammar_operation *one = &grammar_operations[i];

		requests |= 1ull << one->number;
		mark_expected(one->set, one->request, expected);
	}
	result(operations == requests, "every operation is made",
	       __builtin_popcountll(operations));
	for (i = 0; i < grammar_set_count; i++)
		if (expected[i])
			result(seen[i] == expected[i], grammar_sets[i].name,
			       __builtin_popcountll(seen[i]));
	free(seen);
	free(expected);
}

/* What is made, but not changed, the grammar has no objection to. */
static void test_decode(struct chance *chance)
{
	unsigned long count = 0, odd = 0;
	struct buffer buffer = {};
	unsigned int i, j;

	for (i = 0; i < PROGRAMS; i++) {
		struct program program;

		generate_program(chance, &program);
		for (j = 0; j < program.count; j++) {
			const struct message *message = program.messages[j];
			const struct now now = {};
			struct list list = {};
			struct arena arena = {};
			const char *wrong;

			if (message->closes)
				continue;
			buffer.size = 0;
			encode_message(&buffer, message, &now);
			count++;
			wrong = decode_list(&arena, message->operation->set,
					    message->operation->request,
					    &buffer.data[20], buffer.size - 20,
					    &list);
			if (wrong && !odd++)
				printf("# %s: %s\n", message->operation->name,
				       wrong);
			arena_free(&arena);
		}
		program_free(&program);
	}
	buffer_free(&buffer);
	result(!odd, "what is made is what the grammar says", count);
}

/* The seeds are read, and each is what it was when it is written again. */
static void test_seeds(const char *directory)
{
	struct corpus corpus = {};
	unsigned int i;
	bool fine;

	corpus_read(&corpus, directory);
	fine = corpus.count;
	for (i = 0; fine && i < corpus.count; i++)
		fine = survives(&corpus.entries[i]->program);
	result(fine, "seeds are read", corpus.count);
	corpus_free(&corpus);
}

static void list_grammar(void)
{
	unsigned int i, j;

	for (i = 0; i < grammar_set_count; i++)
		for (j = 0; j < grammar_sets[i].count; j++)
			printf("%s %s %u\n", grammar_sets[i].name,
			       grammar_sets[i].attributes[j].name,
			       grammar_sets[i].attributes[j].number);
	for (i = 0; i < grammar_operation_count; i++)
		printf("%s %u\n", grammar_operations[i].name,
		       grammar_operations[i].number);
}

int main(int count, char **arguments)
{
	struct chance chance;

	if (count == 2 && !strcmp(arguments[1], "--list")) {
		list_grammar();
		return 0;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	chance = chance_begin(count > 1 ? strtoul(arguments[1], NULL, 10) : 1);
	if (count > 2)
		test_seeds(arguments[2]);
	test_survival(&chance);
	test_garbage(&chance);
	test_reach(&chance);
	test_decode(&chance);
	printf("1..%u\n", results);
	return !!failures;
}
