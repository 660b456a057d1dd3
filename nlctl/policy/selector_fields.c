// SPDX-License-Identifier: GPL-2.0-only
#include "policy/selector_fields.h"

#include <string.h>
#include "policy/fields.h"
#include "policy/memory.h"
#include "policy/name_syntax.h"

static bool decode_relation(struct decoder *decoder, const struct value *value,
			    enum requirement_relation *relation)
{
	static const char *const names[] = {
		[REQUIREMENT_IN] = "In",
		[REQUIREMENT_NOT_IN] = "NotIn",
		[REQUIREMENT_EXISTS] = "Exists",
		[REQUIREMENT_DOES_NOT_EXIST] = "DoesNotExist",
	};
	const char *text = decode_string(decoder, value);
	size_t i;

	for (i = 0; text && i < sizeof(names) / sizeof(*names); i++) {
		if (!strcmp(text, names[i])) {
			*relation = i;
			return true;
		}
	}
	if (text)
		decode_error(decoder, value,
			     "\"%s\" is not In, NotIn, Exists or DoesNotExist",
			     text);
	else if (!value->json)
		decode_error(decoder, value, "is missing");
	return false;
}

static void decode_requirement(struct decoder *decoder,
			       const struct value *value,
			       struct requirement *requirement)
{
	static const char *const known[] = { "key", "operator", "values",
					     NULL };
	struct value key, relation, values;
	const char *text;
	size_t count, i;

	if (!decode_known(decoder, value, known)) {
		if (!value->json)
			decode_error(decoder, value, "is empty");
		return;
	}
	key = value_member(value, "key");
	relation = value_member(value, "operator");
	values = value_member(value, "values");

	if (!key.json)
		decode_error(decoder, &key, "is missing");
	text = decode_form(decoder, &key, label_key_wrong);
	if (text)
		requirement->key = xstrdup(text);

	count = decode_length(decoder, &values);
	for (i = 0; i < count; i++) {
		struct value element = value_element(&values, i);

		if (!element.json)
			decode_error(decoder, &element, "is empty");
		text = decode_form(decoder, &element, label_value_wrong);
		if (text)
			*array_add(requirement->values,
				   requirement->value_count) = xstrdup(text);
	}

	if (!decode_relation(decoder, &relation, &requirement->relation))
		return;
	if (requirement->relation == REQUIREMENT_IN ||
	    requirement->relation == REQUIREMENT_NOT_IN) {
		if (!count)
			decode_error(decoder, &values,
				     "must not be empty with In and NotIn");
	} else if (count) {
		decode_error(decoder, &values,
			     "must be empty with Exists and DoesNotExist");
	}
}

void decode_selector(struct decoder *decoder, const struct value *value,
		     struct selector *selector)
{
	static const char *const known[] = { "matchLabels", "matchExpressions",
					     NULL };
	struct value labels, expressions;
	size_t count, i;

	if (!decode_known(decoder, value, known))
		return;
	labels = value_member(value, "matchLabels");
	decode_labels(decoder, &labels, &selector->match_labels);
	expressions = value_member(value, "matchExpressions");
	count = decode_length(decoder, &expressions);
	for (i = 0; i < count; i++) {
		struct value element = value_element(&expressions, i);

		decode_requirement(decoder, &element,
				   array_add(selector->match_expressions,
					     selector->expression_count));
	}
}
