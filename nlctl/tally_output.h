/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Readings of the counters as tables and as JSON.
 */
#ifndef NLCTL_TALLY_OUTPUT_H
#define NLCTL_TALLY_OUTPUT_H

#include <jansson.h>
#include <stdbool.h>

#include "tally.h"

/**
 * enum tally_view - what of a reading is shown
 * @TALLY_SUMMARY: totals, then reasons, then rules
 * @TALLY_REASONS: by direction, verdict and reason
 * @TALLY_PODS: by pod, direction and verdict
 * @TALLY_RULES: by rule
 */
enum tally_view {
	TALLY_SUMMARY,
	TALLY_REASONS,
	TALLY_PODS,
	TALLY_RULES,
};

/**
 * tally_print() - print a reading for a person
 * @tally: the reading
 * @view: what of it
 * @rates: with columns of what is counted in a second
 */
void tally_print(const struct tally *tally, enum tally_view view, bool rates);

/**
 * tally_print_unused() - print the rules that never matched
 * @tally: the reading
 *
 * One line each, with the rule sets and pods that use it.
 */
void tally_print_unused(const struct tally *tally);

/**
 * tally_json() - a reading as JSON
 * @tally: the reading
 * @view: what of it
 * @rates: with what is counted in a second; null when no reading was before
 *
 * Return: a new object.
 */
json_t *tally_json(const struct tally *tally, enum tally_view view, bool rates);

/**
 * tally_unused_json() - the rules that never matched as JSON
 * @tally: the reading
 *
 * Return: a new object.
 */
json_t *tally_unused_json(const struct tally *tally);

#endif
