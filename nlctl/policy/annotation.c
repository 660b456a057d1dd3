// SPDX-License-Identifier: GPL-2.0-only
#include "policy/annotation.h"

#include <string.h>

/* What stands before the slash of podwall's own annotations. */
#define OWN_PREFIX "podwall.io/"

static bool is_unknown(const char *key)
{
	return !strncmp(key, OWN_PREFIX, strlen(OWN_PREFIX)) &&
	       strcmp(key, MODE_ANNOTATION) != 0 &&
	       strcmp(key, REPORT_ANNOTATION) != 0;
}

void annotation_check(struct decoder *decoder, const struct value *metadata)
{
	struct value annotations = value_member(metadata, "annotations");
	const char *key;
	json_t *json;

	decode_object(decoder, &annotations);
	if (!json_is_object(annotations.json))
		return;
	json_object_foreach(annotations.json, key, json) {
		struct value annotation = value_member(&annotations, key);

		if (is_unknown(key))
			decode_warning(
				decoder, &annotation,
				"is not an annotation that nlctl knows; there are " MODE_ANNOTATION
				" and " REPORT_ANNOTATION);
	}
}

unsigned int annotation_decode(struct decoder *decoder,
			       const struct value *metadata,
			       const struct annotation *annotation,
			       bool lenient)
{
	struct value annotations = value_member(metadata, "annotations");
	struct value value = value_member(&annotations, annotation->name);
	const char *first = annotation->words[0];
	const char *second = annotation->words[1];
	const char *text = decode_string(decoder, &value);

	if (!text)
		return 0;
	if (!strcmp(text, first))
		return 1;
	if (!strcmp(text, second))
		return 2;
	if (lenient) {
		decode_warning(decoder, &value,
			       "\"%s\" is not %s or %s, and taken as %s", text,
			       first, second, second);
		return 2;
	}
	decode_error(decoder, &value, "\"%s\" is not %s or %s", text, first,
		     second);
	return 0;
}
