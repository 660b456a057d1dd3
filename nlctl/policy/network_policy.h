/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The spec of a NetworkPolicy, decoded strictly.
 */
#ifndef NLCTL_POLICY_NETWORK_POLICY_H
#define NLCTL_POLICY_NETWORK_POLICY_H

#include "policy/decoder.h"
#include "policy/model.h"

/**
 * decode_policy_spec() - decode and default the spec of a NetworkPolicy
 * @decoder: the decoder; its @failed says whether there was an error
 * @spec: the spec; missing is the same as an empty object
 * @policy: receives selector, types and rules
 *
 * Unknown fields anywhere in the spec are errors: a misspelt "ports" would
 * otherwise open all ports.
 */
void decode_policy_spec(struct decoder *decoder, const struct value *spec,
			struct network_policy *policy);

#endif
