/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Verdicts as people and JSON see them: accept, deny, and a denial that audit
 * mode lets pass.
 */
#ifndef NLCTL_VERDICT_H
#define NLCTL_VERDICT_H

#include <stdbool.h>

#include "policy/objects.h"
#include "style.h"

/**
 * verdict_audited() - whether it is a denial that audit mode lets pass
 * @verdict: the verdict
 * @mode: that it was made in
 *
 * What is accepted in audit mode is as accepted as anything else.
 */
bool verdict_audited(enum podwall_verdict verdict, enum podwall_mode mode);

/**
 * verdict_name() - what became of it in one word, for tables and JSON
 * @verdict: the verdict
 * @mode: that it was made in
 *
 * Return: "accept", "deny", "audit" or "unknown".
 */
const char *verdict_name(enum podwall_verdict verdict, enum podwall_mode mode);

/**
 * verdict_text() - what became of it, as part of a sentence
 * @verdict: the verdict
 * @mode: that it was made in
 *
 * Return: its name; with it, what audit mode does.
 */
const char *verdict_text(enum podwall_verdict verdict, enum podwall_mode mode);

/**
 * verdict_style() - how a verdict looks
 * @verdict: the verdict
 * @audited: it is a denial that audit mode lets pass
 */
enum style verdict_style(enum podwall_verdict verdict, bool audited);

#endif
