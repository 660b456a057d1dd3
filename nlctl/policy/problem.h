/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is wrong with the input, collected so that a person sees all of it at
 * once.
 */
#ifndef NLCTL_POLICY_PROBLEM_H
#define NLCTL_POLICY_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Problems that are kept; further ones are counted only. */
#define PROBLEMS_MAX 100

/**
 * struct place - where something was read
 * @file: the file's name, "<stdin>", or another name of the source; NULL when
 *	unknown
 * @line: the line, from 1; 0 when unknown
 * @document: the number of the document in its file, from 1; 0 when unknown
 */
struct place {
	const char *file;
	unsigned int line;
	unsigned int document;
};

enum severity {
	SEVERITY_ERROR,
	SEVERITY_WARNING,
};

/**
 * struct problem - one error or warning; every text is owned
 * @severity: an error refuses the input, a warning does not
 * @file: see struct place; may be NULL
 * @line: see struct place
 * @document: see struct place
 * @object: kind and key of the object ("NetworkPolicy default/x"), or NULL
 * @field: path of the field ("spec.ingress[0].ports[0].port"), or NULL
 * @text: what is wrong, and what to do about it
 */
struct problem {
	enum severity severity;
	char *file;
	unsigned int line;
	unsigned int document;
	char *object;
	char *field;
	char *text;
};

/**
 * struct problems - a bounded list of problems; start with zeroes
 * @list: the first PROBLEMS_MAX problems in the order found, errors before
 *	warnings where not all have room
 * @count: length of @list
 * @errors: number of all errors, also of those not kept
 * @warnings: number of all warnings, also of those not kept
 */
struct problems {
	struct problem *list;
	size_t count;
	size_t errors;
	size_t warnings;
};

/**
 * problem_add() - note a problem
 * @problems: the list
 * @severity: error or warning
 * @place: where, or NULL; copied
 * @object: see struct problem; copied; may be NULL
 * @field: see struct problem; copied; may be NULL
 * @format: the text, as for printf()
 *
 * Control characters are kept as "\x1b", so that manifests have no say in the
 * terminal.
 */
void problem_add(struct problems *problems, enum severity severity,
		 const struct place *place, const char *object,
		 const char *field, const char *format, ...)
	__attribute__((format(printf, 6, 7)));

/**
 * problem_count() - count a problem that the list has no room for
 * @problems: the list
 * @severity: error or warning
 */
void problem_count(struct problems *problems, enum severity severity);

/**
 * problems_full() - whether a further problem is counted only
 * @problems: the list
 * @severity: of the further one; an error takes the place of a warning
 *
 * A caller to whom the words are dear asks before it makes them.
 */
bool problems_full(const struct problems *problems, enum severity severity);

/**
 * problems_move() - move all problems to the end of another list
 * @problems: the list to append to
 * @from: the list to empty
 */
void problems_move(struct problems *problems, struct problems *from);

/**
 * problems_sort() - order the problems that are kept by file and line
 * @problems: the list
 */
void problems_sort(struct problems *problems);

/**
 * problem_print() - write one problem as one line
 * @problem: the problem
 * @stream: where to write
 *
 * The form is "FILE:LINE: error: OBJECT: FIELD: TEXT", without the parts that
 * are unknown; " (document N)" follows for all but a file's first document.
 */
void problem_print(const struct problem *problem, FILE *stream);

/**
 * problems_print() - write all problems, one a line
 * @problems: the list
 * @stream: where to write
 *
 * A last line tells how many more there were than the list keeps.
 */
void problems_print(const struct problems *problems, FILE *stream);

/**
 * problems_clear() - free what the list owns and empty it
 * @problems: the list
 */
void problems_clear(struct problems *problems);

#endif
