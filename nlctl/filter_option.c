// SPDX-License-Identifier: GPL-2.0-only
#include "filter_option.h"

#include <stdlib.h>

#include "names.h"

/* A name that is none is told with those that there are. */
static bool take_name(const struct nlctl *nlctl, bool known, const char *option,
		      const char *name, enum enumeration enumeration)
{
	char *choices;

	if (known)
		return true;
	choices = name_choices(enumeration);
	nlctl_error(nlctl, "option --%s: \"%s\" is not %s", option, name,
		    choices);
	free(choices);
	return false;
}

bool filter_take(const struct nlctl *nlctl, struct filter *filter,
		 enum filter_option option, const char *value)
{
	switch (option) {
	case FILTER_POD:
		if (filter_add_pod(filter, value))
			return true;
		nlctl_error(nlctl,
			    "option --pod: \"%s\" is not NAMESPACE/NAME of a pod",
			    value);
		return false;
	case FILTER_NAMESPACE:
		if (filter_add_namespace(filter, value))
			return true;
		nlctl_error(nlctl,
			    "option --namespace: \"%s\" is not the name of a namespace",
			    value);
		return false;
	case FILTER_DIRECTION:
		return take_name(nlctl, filter_add_direction(filter, value),
				 "direction", value, ENUMERATION_DIRECTION);
	case FILTER_REASON:
		return take_name(nlctl, filter_add_reason(filter, value),
				 "reason", value, ENUMERATION_REASON);
	case FILTER_POLICY:
		break;
	}
	if (filter_add_origin(filter, value))
		return true;
	nlctl_error(nlctl,
		    "option --policy: an empty text is part of every name");
	return false;
}

bool filter_check(const struct nlctl *nlctl, const struct filter *filter,
		  bool accepted)
{
	const char *reason = filter_accepting_reason(filter);

	if (!reason || accepted)
		return true;
	nlctl_error(nlctl,
		    "option --reason: for \"%s\" connections are accepted; it goes with --accepted",
		    reason);
	return false;
}
