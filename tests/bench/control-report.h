/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cases, and what came of them.
 */
#ifndef CONTROL_REPORT_H
#define CONTROL_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control-memory.h"
#include "control-sample.h"
#include "control.h"

#define CONTENDERS_MAX 8

enum kind {
	KIND_FAST,
	KIND_SLOW,
	KIND_MEMORY,
};

/**
 * struct control_case - one change, and who makes it
 * @name: for --cases
 * @scene: of tests/bench/scene.py
 * @title: the change, in words
 * @title_back: the one that takes it back, if that is measured
 * @kind: how it is measured
 * @takes_minutes: a tenth of the repeats is enough
 * @policy_count: for the input
 * @contenders: who
 */
struct control_case {
	const char *name;
	const char *scene;
	const char *title;
	const char *title_back;
	enum kind kind;
	bool takes_minutes;
	size_t policy_count;
	struct contender *contenders[CONTENDERS_MAX];
};

/**
 * struct result - of one contender in one case
 * @contender: who
 * @there: the change
 * @back: the one that takes it back
 * @memory: for each repeat its growth
 * @own: for each repeat what the contender says
 * @count: length of the two
 * @problem: why there is no figure; owned
 */
struct result {
	struct contender *contender;
	struct series there;
	struct series back;
	struct holding *memory;
	int64_t *own;
	size_t count;
	char *problem;
};

/**
 * report_case() - print tables of a case, and free its results
 * @results: one for each contender
 * @count: length of @results
 * @one: the case
 * @list: receives the same as JSON
 *
 * Return: whether all contenders have a figure.
 */
bool report_case(struct result *results, size_t count,
		 const struct control_case *one, json_t *list);

#endif
