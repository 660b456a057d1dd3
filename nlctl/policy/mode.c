// SPDX-License-Identifier: GPL-2.0-only
#include "policy/mode.h"

#include <string.h>

/* What stands before the slash of podwall's own annotations. */
#define OWN_PREFIX "podwall.io/"

static void warn_unknown(struct decoder *decoder,
			 const struct value *annotations)
{
	const char *key;
	json_t *json;

	if (!json_is_object(annotations->json))
		return;
	json_object_foreach(annotations->json, key, json) {
		struct value annotation = value_member(annotations, key);

		if (!strncmp(key, OWN_PREFIX, strlen(OWN_PREFIX)) &&
		    strcmp(key, MODE_ANNOTATION) != 0)
			decode_warning(
				decoder, &annotation,
				"is not an annotation that nlctl knows; there is " MODE_ANNOTATION);
	}
}

enum podwall_mode decode_mode(struct decoder *decoder,
			      const struct value *metadata, bool lenient)
{
	struct value annotations = value_member(metadata, "annotations");
	struct value mode = value_member(&annotations, MODE_ANNOTATION);
	const char *text;

	decode_object(decoder, &annotations);
	warn_unknown(decoder, &annotations);
	text = decode_string(decoder, &mode);
	if (!text)
		return 0;
	if (!strcmp(text, "audit"))
		return PODWALL_MODE_AUDIT;
	if (!strcmp(text, "enforce"))
		return PODWALL_MODE_ENFORCE;
	if (lenient) {
		decode_warning(
			decoder, &mode,
			"\"%s\" is not audit or enforce, and taken as enforce",
			text);
		return PODWALL_MODE_ENFORCE;
	}
	decode_error(decoder, &mode, "\"%s\" is not audit or enforce", text);
	return 0;
}

enum podwall_mode mode_of_pod(const struct cluster *cluster,
			      const struct cluster_pod *pod)
{
	const struct cluster_namespace *namespace;

	if (pod->mode)
		return pod->mode;
	namespace = cluster_find_namespace(cluster, pod->namespace);
	return namespace && namespace->mode ? namespace->mode :
					      PODWALL_MODE_ENFORCE;
}
