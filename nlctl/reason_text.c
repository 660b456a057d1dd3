// SPDX-License-Identifier: GPL-2.0-only
#include "reason_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "policy/memory.h"

/**
 * struct wording - a reason in words, with blanks that fill_in() knows
 * @sentence: alone
 * @clause: behind the name and the verdict of the pod
 * @brief: in a few words
 * @origin: what follows @brief where the origin is known
 */
struct wording {
	const char *sentence;
	const char *clause;
	const char *brief;
	const char *origin;
};

#define NO_POD "the {end} is no pod of {place}"
#define GUARDED \
	"the address of the {end} is guarded and belongs to no registered pod"
#define UNKNOWN "for a reason that this version of nlctl does not know"

static const struct wording wordings[] = {
	[PODWALL_REASON_NO_POLICY] = {
		.sentence = "no policy concerns {pod}",
		.clause = "no policy concerns it",
		.brief = "no policy",
		.origin = " by {origin}",
	},
	[PODWALL_REASON_RULE] = {
		.sentence = "{verdict} by {origin} ({tier} tier)",
		.clause = "{origin}",
		.brief = "{verdict}",
		.origin = " by {origin}",
	},
	[PODWALL_REASON_ISOLATED] = {
		.sentence = "{pod} is isolated, and no rule covers the connection: {origin}",
		.clause = "isolated by {origin}",
		.brief = "isolated",
		.origin = " by {origin}",
	},
	/* The module does not say why nothing decided. */
	[PODWALL_REASON_DEFAULT] = {
		.sentence = "no rule decides: the policy tier does not isolate {pod}, or does not judge this connection (with the pod's own node, or with itself by way of a Service)",
		.clause = "no rule decides, and {skip}",
		.brief = "no rule decides",
		.origin = " by {origin}",
	},
	/* The origin is the block. */
	[PODWALL_REASON_UNREGISTERED] = {
		.sentence = GUARDED,
		.clause = GUARDED,
		.brief = "no registered pod has this guarded address",
		.origin = " in {origin}",
	},
	/* The origin is what did not come to pass. */
	[PODWALL_REASON_NODE] = {
		.sentence = "{origin} would deny, but the node reaches its own pods",
		.clause = "the node reaches its own pods; {origin} would deny",
		.brief = "the node reaches its own pods",
		.origin = "; {origin} would deny",
	},
};

static const struct wording unknown = {
	.sentence = UNKNOWN,
	.clause = UNKNOWN,
	.brief = "unknown",
	.origin = " by {origin}",
};

static const char *const skips[] = {
	[WALK_SKIP_NONE] = "nothing isolates it",
	[WALK_SKIP_NODE] = "it is its own node",
	[WALK_SKIP_ITSELF] = "it is itself",
};

static const struct wording *wording_of(const struct reason_details *details)
{
	const size_t count = sizeof(wordings) / sizeof(*wordings);

	if (details->reason < count && wordings[details->reason].sentence)
		return &wordings[details->reason];
	return &unknown;
}

static char *fill_in(const char *text, const struct reason_details *details)
{
	const struct {
		const char *blank;
		const char *text;
	} blanks[] = {
		{ "{pod}", details->pod ? details->pod : "the pod" },
		{ "{origin}",
		  details->origin ? details->origin : "a rule without origin" },
		{ "{end}", details->end },
		{ "{place}", details->place },
		{ "{verdict}", details->verdict == PODWALL_VERDICT_ACCEPT ?
				       "accepted" :
				       "denied" },
		{ "{tier}", name_of(ENUMERATION_TIER, details->tier) },
		{ "{skip}", skips[details->skip] },
	};
	const size_t count = sizeof(blanks) / sizeof(*blanks);
	size_t length, i;
	char *filled;
	FILE *stream = xopen_memstream(&filled, &length);

	while (*text) {
		for (i = 0; i < count; i++)
			if (!strncmp(text, blanks[i].blank,
				     strlen(blanks[i].blank)))
				break;
		if (i < count) {
			fputs(blanks[i].text, stream);
			text += strlen(blanks[i].blank);
		} else {
			fputc(*text++, stream);
		}
	}
	fclose(stream);
	return filled;
}

char *reason_sentence(const struct reason_details *details)
{
	if (details->reason == PODWALL_REASON_NO_POLICY && !details->pod)
		return fill_in(NO_POD, details);
	return fill_in(wording_of(details)->sentence, details);
}

char *reason_clause(const struct reason_details *details)
{
	if (details->reason == PODWALL_REASON_NO_POLICY) {
		if (!details->pod)
			return fill_in(NO_POD, details);
		if (details->is_itself)
			return xstrdup("a pod always reaches itself");
	}
	return fill_in(wording_of(details)->clause, details);
}

char *reason_brief(const struct reason_details *details)
{
	const struct wording *wording = wording_of(details);
	char *brief = xasprintf("%s%s", wording->brief,
				details->origin ? wording->origin : "");
	char *filled = fill_in(brief, details);

	free(brief);
	return filled;
}
