/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DIFFERENTIAL_OUTCOME_H
#define DIFFERENTIAL_OUTCOME_H

/* What came of something, from harmless to not. */
enum outcome {
	OUTCOME_FINE,
	OUTCOME_NOT_READ, /* nlctl does not take the manifests */
	OUTCOME_NOT_COMPILED, /* nlctl refuses the cluster */
	OUTCOME_NOT_COMMITTED, /* the module refuses what nlctl made of it */
	OUTCOME_LISTED, /* the module lists something else than it was sent */
	OUTCOME_NOT_ANSWERED, /* the module does not say how it judges */
	OUTCOME_JUDGED, /* module and evaluator judge differently */
};

#endif
