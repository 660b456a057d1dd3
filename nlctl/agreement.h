/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether a walk comes to where the judge does. Where it does not, nobody may
 * tell it for true.
 */
#ifndef NLCTL_AGREEMENT_H
#define NLCTL_AGREEMENT_H

#include <stdbool.h>

#include "explanation.h"
#include "walk.h"

/**
 * agrees_with_module() - whether a walk comes to the module's decision
 * @walk: the walk of a direction
 * @decision: the module's, of the same generation
 *
 * Return: whether verdict, reason, mode, pod, tier, rule set, rule and origin
 * are the same.
 */
bool agrees_with_module(const struct walk_direction *walk,
			const struct decision *decision);

/**
 * agrees_with_evaluator() - whether a walk comes to the evaluator's decision
 * @walk: the walk of a direction, by the compiler's rules
 * @decision: the evaluator's
 *
 * The evaluator knows no rule sets, and has reasons of its own.
 *
 * Return: whether verdict and tier are the same, and whether a denial is only
 * audited.
 */
bool agrees_with_evaluator(const struct walk_direction *walk,
			   const struct decision *decision);

#endif
