// SPDX-License-Identifier: GPL-2.0-only
#include "cni/failure.h"

#include <stdarg.h>
#include <stdlib.h>

#include "output.h"
#include "policy/memory.h"

struct failure *failure_new(enum failure_code code, char *details,
			    const char *format, ...)
{
	struct failure *failure = xcalloc(1, sizeof(*failure));
	va_list arguments;

	failure->code = code;
	failure->details = details;
	va_start(arguments, format);
	failure->message = xvasprintf(format, arguments);
	va_end(arguments);
	return failure;
}

json_t *failure_json(const struct failure *failure, const char *version)
{
	json_t *tree = json_pack("{s:s, s:i, s:o}", "cniVersion", version,
				 "code", failure->code, "msg",
				 json_text(failure->message));

	if (failure->details)
		json_object_set_new(tree, "details",
				    json_text(failure->details));
	return tree;
}

void failure_free(struct failure *failure)
{
	if (!failure)
		return;
	free(failure->message);
	free(failure->details);
	free(failure);
}
