// SPDX-License-Identifier: GPL-2.0-only
#include "verdict.h"

#include "names.h"

bool verdict_audited(enum podwall_verdict verdict, enum podwall_mode mode)
{
	return verdict == PODWALL_VERDICT_DENY && mode == PODWALL_MODE_AUDIT;
}

const char *verdict_name(enum podwall_verdict verdict, enum podwall_mode mode)
{
	return verdict_audited(verdict, mode) ?
		       name_of(ENUMERATION_MODE, PODWALL_MODE_AUDIT) :
		       name_of(ENUMERATION_VERDICT, verdict);
}

const char *verdict_text(enum podwall_verdict verdict, enum podwall_mode mode)
{
	return verdict_audited(verdict, mode) ?
		       "deny (audit mode: reported, but let pass)" :
		       name_of(ENUMERATION_VERDICT, verdict);
}

enum style verdict_style(enum podwall_verdict verdict, bool audited)
{
	if (audited)
		return STYLE_WARN;
	return verdict == PODWALL_VERDICT_ACCEPT ? STYLE_ACCEPT : STYLE_DENY;
}
