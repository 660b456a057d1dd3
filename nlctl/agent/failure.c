// SPDX-License-Identifier: GPL-2.0-only
#include "agent/failure.h"

#include <stdlib.h>

#include "agent/api_object.h"
#include "policy/memory.h"

bool failure_read(const struct response *response,
		  struct reflector_answer *answer, char **words)
{
	struct api_status status = {};

	*answer = (struct reflector_answer){
		.status = response->status,
		.retry_after = response->retry_after,
	};
	*words = NULL;
	if (response->too_large && response->status < 300) {
		answer->outcome = OUTCOME_TOO_LARGE;
	} else if (response->status >= 300) {
		answer->outcome = OUTCOME_STATUS;
		api_status_parse(&status, response->body, response->length);
		if (!answer->retry_after)
			answer->retry_after = status.retry_after;
		*words = xasprintf("%ld: %s", response->status,
				   status.message ? status.message :
						    "without a word");
		free(status.message);
		return true;
	} else if (response->failure) {
		answer->outcome = OUTCOME_BROKEN;
	} else {
		return false;
	}
	*words = xstrdup(response->failure);
	return true;
}

/* That a custom kind is not there is none, unless it is defined. */
bool failure_is(const struct reflector *reflector,
		const struct reflector_answer *answer)
{
	if (reflector->step <= REFLECTOR_DEFINITION && answer->status == 404)
		return false;
	return answer->outcome != OUTCOME_FINE ||
	       reflector->step == REFLECTOR_DEFINITION;
}

static const char *what_is_asked(const struct reflector *reflector)
{
	switch (reflector->step) {
	case REFLECTOR_FIND:
		return "cannot be looked for";
	case REFLECTOR_DEFINITION:
		return "cannot be looked for in the storage of the API server";
	case REFLECTOR_LIST:
	case REFLECTOR_CHECK:
		return "cannot be listed";
	case REFLECTOR_WATCH:
		break;
	}
	return "cannot be watched";
}

/* What to do about a refusal; the caller frees it. */
static char *advice(const struct reflector *reflector, long status)
{
	const struct resource *resource = reflector->resource;
	const char *group = *resource->group ? resource->group : "\"\"";

	if (status == 401)
		return xstrdup(
			"; the API server does not take the credentials: renew the token or the client certificate");
	if (status == 404 && !resource->custom)
		return xstrdup("; is this an API server?");
	if (status != 403)
		return xstrdup("");
	switch (reflector->step) {
	case REFLECTOR_FIND:
		return xasprintf("; grant get of the path /apis/%s/*",
				 resource->group);
	case REFLECTOR_DEFINITION:
		return xasprintf(
			"; grant get of customresourcedefinitions (apiGroups: apiextensions.k8s.io) named %s.%s",
			resource->plural, resource->group);
	default:
		return xasprintf("; grant list and watch of %s (apiGroups: %s)",
				 resource->plural, group);
	}
}

char *failure_text(const struct reflector *reflector,
		   const struct reflector_answer *answer, const char *words)
{
	const char *plural = reflector->resource->plural;
	char *what_to_do, *text;

	if (answer->outcome == OUTCOME_FINE)
		return xasprintf(
			"%s are not served: they are defined, but in no version that nlctl knows, or the API server is not ready to; what is known of them stays in force, an agent that knows of none waits for them, and it is tried again",
			plural);
	what_to_do = advice(reflector, answer->status);
	text = xasprintf(
		"%s %s: %s%s; what is known of them stays in force, and it is tried again",
		plural, what_is_asked(reflector),
		words ? words :
			"the API server said something else than expected",
		what_to_do);
	free(what_to_do);
	return text;
}
