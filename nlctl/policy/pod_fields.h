/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What matters of a Pod.
 */
#ifndef NLCTL_POLICY_POD_FIELDS_H
#define NLCTL_POLICY_POD_FIELDS_H

#include "policy/decoder.h"
#include "policy/model.h"

/**
 * decode_pod_fields() - decode the fields that decide about traffic
 * @decoder: the decoder; its @failed says whether there was an error
 * @root: the Pod
 * @pod: receives everything but its name; other fields are passed over
 */
void decode_pod_fields(struct decoder *decoder, const struct value *root,
		       struct cluster_pod *pod);

#endif
