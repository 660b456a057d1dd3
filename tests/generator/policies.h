/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random NetworkPolicies.
 */
#ifndef GENERATOR_POLICIES_H
#define GENERATOR_POLICIES_H

#include <jansson.h>
#include "generator/chance.h"

/* Return a new manifest. */
json_t *generate_network_policy(struct chance *chance);

/* One item of spec.ingress or spec.egress; returns a new object. */
json_t *generate_rule(struct chance *chance, bool egress);

#endif
