/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Label selectors, decoded strictly.
 */
#ifndef NLCTL_POLICY_SELECTOR_FIELDS_H
#define NLCTL_POLICY_SELECTOR_FIELDS_H

#include "policy/decoder.h"
#include "policy/model.h"

/**
 * decode_selector() - a label selector
 * @decoder: the decoder
 * @value: an object; an error is noted when it is something else, or has a
 *	field that selectors do not have; missing is the empty selector
 * @selector: receives it
 */
void decode_selector(struct decoder *decoder, const struct value *value,
		     struct selector *selector);

#endif
