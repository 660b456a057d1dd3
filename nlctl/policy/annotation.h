/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Annotations of podwall's own, each of which chooses between two words.
 */
#ifndef NLCTL_POLICY_ANNOTATION_H
#define NLCTL_POLICY_ANNOTATION_H

#include <stdbool.h>
#include "policy/decoder.h"

/* On policies, namespaces and pods: "audit" or "enforce". */
#define MODE_ANNOTATION "podwall.io/mode"
/* On namespaces and pods: "accepted" or "denied". */
#define REPORT_ANNOTATION "podwall.io/report"

/**
 * struct annotation - an annotation and what it may say
 * @name: its name
 * @words: the two words; the second is what holds without the annotation
 */
struct annotation {
	const char *name;
	const char *words[2];
};

/**
 * annotation_decode() - what an annotation of an object says
 * @decoder: the decoder
 * @metadata: of the object; an error is noted when the annotation says neither
 *	of its words
 * @annotation: which
 * @lenient: what is neither is a warning, and taken as the second word
 *
 * Return: 1 or 2 for the first or the second word; 0 when there is no such
 * annotation, or after an error.
 */
unsigned int annotation_decode(struct decoder *decoder,
			       const struct value *metadata,
			       const struct annotation *annotation,
			       bool lenient);

/**
 * annotation_check() - warn of annotations that nlctl does not know
 * @decoder: the decoder
 * @metadata: of the object; an error is noted when its annotations are none
 *
 * Only podwall's own are looked at; others are somebody else's.
 */
void annotation_check(struct decoder *decoder, const struct value *metadata);

#endif
