// SPDX-License-Identifier: GPL-2.0-only
#include "agent/complaint.h"

#include <stdlib.h>
#include <string.h>

#include "agent/wording.h"
#include "policy/memory.h"

/* Counts in it may differ at each attempt. */
static bool same_wording(const char *a, const char *b)
{
	char *left = wording_of(a), *right = wording_of(b);
	bool same = !strcmp(left, right);

	free(left);
	free(right);
	return same;
}

bool complaint_raise(struct complaint *complaint, const char *text)
{
	bool known = complaint->text && same_wording(complaint->text, text);

	free(complaint->text);
	complaint->text = xstrdup(text);
	return !known;
}

bool complaint_clear(struct complaint *complaint)
{
	bool raised = complaint->text;

	free(complaint->text);
	complaint->text = NULL;
	return raised;
}
