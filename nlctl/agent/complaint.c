// SPDX-License-Identifier: GPL-2.0-only
#include "agent/complaint.h"

#include <stdlib.h>
#include <string.h>

#include "policy/memory.h"

bool complaint_raise(struct complaint *complaint, const char *text)
{
	if (complaint->text && !strcmp(complaint->text, text))
		return false;
	free(complaint->text);
	complaint->text = xstrdup(text);
	return true;
}

bool complaint_clear(struct complaint *complaint)
{
	bool raised = complaint->text;

	free(complaint->text);
	complaint->text = NULL;
	return raised;
}
