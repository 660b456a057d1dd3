// SPDX-License-Identifier: GPL-2.0-only
#include "policy/mode.h"

enum podwall_mode decode_mode(struct decoder *decoder,
			      const struct value *metadata, bool lenient)
{
	static const struct annotation annotation = { MODE_ANNOTATION,
						      { "audit", "enforce" } };
	static const enum podwall_mode modes[] = {
		0,
		PODWALL_MODE_AUDIT,
		PODWALL_MODE_ENFORCE,
	};

	return modes[annotation_decode(decoder, metadata, &annotation, lenient)];
}

enum podwall_mode mode_of_pod(const struct cluster_namespace *namespace,
			      const struct cluster_pod *pod)
{
	if (pod->mode)
		return pod->mode;
	return namespace && namespace->mode ? namespace->mode :
					      PODWALL_MODE_ENFORCE;
}
