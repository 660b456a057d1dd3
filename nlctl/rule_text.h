/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a rule is about, as text.
 */
#ifndef NLCTL_RULE_TEXT_H
#define NLCTL_RULE_TEXT_H

#include "policy/objects.h"

/* The first of two texts that is there and not empty. */
const char *text_or(const char *text, const char *otherwise);

/* The rule's origin, or words that say that it has none. */
const char *rule_origin_text(const struct rule *rule);

/**
 * rule_ports_text() - the ports that a rule covers
 * @rule: the rule
 *
 * Return: "80/tcp, 8000-8080/tcp", cut after a few; the caller frees it.
 */
char *rule_ports_text(const struct rule *rule);

/**
 * rule_peers_text() - the names of the peers that a rule covers
 * @objects: that have the peer sets
 * @rule: the rule
 *
 * Return: names joined by "or", cut after a few; the caller frees it.
 */
char *rule_peers_text(const struct objects *objects, const struct rule *rule);

#endif
