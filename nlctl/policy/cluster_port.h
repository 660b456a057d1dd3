/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ports of a rule of a policy for the whole cluster.
 */
#ifndef NLCTL_POLICY_CLUSTER_PORT_H
#define NLCTL_POLICY_CLUSTER_PORT_H

#include "policy/cluster_dialect.h"
#include "policy/decoder.h"
#include "policy/model.h"

/**
 * decode_exactly_one() - a choice between fields
 * @decoder: the decoder
 * @value: an object; an error is noted when it is missing or something else,
 *	has a field that is not in @known, or has not exactly one
 * @known: the names of the fields; NULL ends the list
 *
 * Return: the name of the field, out of @known, or NULL after an error.
 */
const char *decode_exactly_one(struct decoder *decoder,
			       const struct value *value,
			       const char *const *known);

/**
 * decode_cluster_port() - one of the protocols, or ports, of a rule
 * @decoder: the decoder
 * @value: the entry
 * @dialect: of the policy
 * @rule: receives the port; a name is a port of three protocols
 *
 * Return: whether it is a name.
 */
bool decode_cluster_port(struct decoder *decoder, const struct value *value,
			 const struct cluster_dialect *dialect,
			 struct policy_rule *rule);

#endif
