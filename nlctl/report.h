/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is wrong with manifests, for people and for programs.
 */
#ifndef NLCTL_REPORT_H
#define NLCTL_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "policy/problem.h"

/**
 * report_problems() - write all problems, one a line
 * @problems: the problems
 * @stream: where to write
 *
 * The form is that of problems_print(), but what a terminal would obey is
 * written as \xNN: texts of manifests are in there, and names of files.
 */
void report_problems(const struct problems *problems, FILE *stream);

/**
 * report_json() - all problems as JSON
 * @problems: the problems
 *
 * Return: a new list of objects with severity, file, line, object, field and
 * message; what is unknown is null.
 */
json_t *report_json(const struct problems *problems);

#endif
