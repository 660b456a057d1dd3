// SPDX-License-Identifier: GPL-2.0-only
#include "agent/trouble.h"

bool trouble_failed(struct trouble *trouble, uint64_t now, uint64_t patience,
		    long code)
{
	if (!trouble->since)
		trouble->since = now;
	if (trouble->said ? trouble->code == code :
			    now - trouble->since < patience)
		return false;
	trouble->said = true;
	trouble->code = code;
	return true;
}

void trouble_forget(struct trouble *trouble)
{
	if (!trouble->said)
		*trouble = (struct trouble){};
}

uint64_t trouble_ended(struct trouble *trouble, uint64_t now)
{
	uint64_t lasted = trouble->said ? now - trouble->since : 0;
	bool said = trouble->said;

	*trouble = (struct trouble){};
	return said && !lasted ? 1 : lasted;
}
