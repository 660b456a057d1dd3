/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which connections are reported, as objects say by an annotation.
 */
#ifndef NLCTL_POLICY_REPORTING_H
#define NLCTL_POLICY_REPORTING_H

#include <stdbool.h>
#include "policy/annotation.h"
#include "policy/decoder.h"
#include "policy/model.h"

/**
 * decode_reporting() - the reporting that an object's annotations say
 * @decoder: the decoder
 * @metadata: of the object; an error is noted when the annotation says neither
 *	accepted nor denied
 * @lenient: what is neither is a warning, and taken as denied
 *
 * Return: the reporting; REPORTING_UNSAID when there is no such annotation, or
 * after an error.
 */
enum reporting decode_reporting(struct decoder *decoder,
				const struct value *metadata, bool lenient);

/**
 * reporting_of_pod() - whether accepted connections of a pod are reported
 * @namespace: its namespace, or NULL when that is not known
 * @pod: the pod; what it says goes before what its namespace says
 */
bool reporting_of_pod(const struct cluster_namespace *namespace,
		      const struct cluster_pod *pod);

#endif
