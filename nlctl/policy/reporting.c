// SPDX-License-Identifier: GPL-2.0-only
#include "policy/reporting.h"

enum reporting decode_reporting(struct decoder *decoder,
				const struct value *metadata, bool lenient)
{
	static const struct annotation annotation = {
		REPORT_ANNOTATION, { "accepted", "denied" }
	};
	static const enum reporting reportings[] = {
		REPORTING_UNSAID,
		REPORTING_ACCEPTED,
		REPORTING_DENIED,
	};

	return reportings[annotation_decode(decoder, metadata, &annotation,
					    lenient)];
}

bool reporting_of_pod(const struct cluster_namespace *namespace,
		      const struct cluster_pod *pod)
{
	if (pod->reporting)
		return pod->reporting == REPORTING_ACCEPTED;
	return namespace && namespace->reporting == REPORTING_ACCEPTED;
}
