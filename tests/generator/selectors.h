/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random labels and selectors, of few keys and values, so that they meet.
 */
#ifndef GENERATOR_SELECTORS_H
#define GENERATOR_SELECTORS_H

#include <jansson.h>
#include "generator/chance.h"

/* Return a new object each. */
json_t *generate_labels(struct chance *chance);
json_t *generate_selector(struct chance *chance);
json_t *generate_namespace_selector(struct chance *chance);

#endif
