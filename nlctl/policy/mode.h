/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether denials are in force, as objects say by an annotation.
 */
#ifndef NLCTL_POLICY_MODE_H
#define NLCTL_POLICY_MODE_H

#include <stdbool.h>
#include "policy/annotation.h"
#include "policy/decoder.h"
#include "policy/model.h"

/**
 * decode_mode() - the mode that an object's annotations say
 * @decoder: the decoder
 * @metadata: of the object; an error is noted when the annotation says neither
 *	audit nor enforce
 * @lenient: what is neither is a warning, and taken as enforce
 *
 * Return: the mode; 0 when there is no such annotation, or after an error.
 */
enum podwall_mode decode_mode(struct decoder *decoder,
			      const struct value *metadata, bool lenient);

/**
 * mode_of_pod() - the mode that a pod and its namespace come to
 * @namespace: its namespace, or NULL when that is not known
 * @pod: the pod; what it says goes before what its namespace says
 */
enum podwall_mode mode_of_pod(const struct cluster_namespace *namespace,
			      const struct cluster_pod *pod);

#endif
