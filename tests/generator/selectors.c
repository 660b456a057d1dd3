// SPDX-License-Identifier: GPL-2.0-only
#include "generator/selectors.h"

#include <string.h>
#include "generator/names.h"
#include "policy/model.h"

static const char *const keys[] = { "app", "tier" };
static const char *const values[] = { "a", "b", "c" };

json_t *generate_labels(struct chance *chance)
{
	json_t *labels = json_object();
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (!chance_one_in(chance, 3))
			json_object_set_new(labels, keys[i],
					    json_string(chance_of(chance,
								  values)));
	return labels;
}

static json_t *generate_requirement(struct chance *chance)
{
	static const char *const operators[] = { "In", "NotIn", "Exists",
						 "DoesNotExist" };
	const char *operator= chance_of(chance, operators);
	json_t *requirement = json_pack("{s:s, s:s}", "key",
					chance_of(chance, keys),
					"operator", operator);
	json_t *list = json_array();
	unsigned int count;

	for (count = 1 + chance_below(chance, 2); count; count--)
		json_array_append_new(list,
				      json_string(chance_of(chance, values)));
	if (strstr(operator, "In"))
		json_object_set(requirement, "values", list);
	json_decref(list);
	return requirement;
}

json_t *generate_selector(struct chance *chance)
{
	json_t *selector = json_object();

	if (chance_one_in(chance, 4))
		return selector;
	if (chance_one_in(chance, 2)) {
		json_object_set_new(selector, "matchLabels",
				    json_pack("{s:s}", chance_of(chance, keys),
					      chance_of(chance, values)));
		if (!chance_one_in(chance, 3))
			return selector;
	}
	json_object_set_new(selector, "matchExpressions",
			    json_pack("[o]", generate_requirement(chance)));
	return selector;
}

json_t *generate_namespace_selector(struct chance *chance)
{
	if (!chance_one_in(chance, 6))
		return generate_selector(chance);
	return json_pack("{s:{s:s}}", "matchLabels", NAMESPACE_NAME_LABEL,
			 chance_of(chance, namespace_names));
}
