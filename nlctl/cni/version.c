// SPDX-License-Identifier: GPL-2.0-only
#include "cni/version.h"

#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "policy/memory.h"

/* Each newer than the one before. */
static const char *const versions[] = { "0.3.1", "0.4.0", "1.0.0", CNI_NEWEST };

#define COUNT (sizeof(versions) / sizeof(*versions))

static size_t find(const char *text)
{
	size_t i;

	for (i = 0; i < COUNT; i++)
		if (!strcmp(versions[i], text))
			break;
	return i;
}

bool version_known(const char *text)
{
	return find(text) < COUNT;
}

bool version_least(const char *text, const char *least)
{
	return find(text) >= find(least);
}

json_t *version_json(const char *asked)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < COUNT; i++)
		json_array_append_new(list, json_string(versions[i]));
	return json_pack("{s:o, s:o}", "cniVersion", json_text(asked),
			 "supportedVersions", list);
}

char *version_names(void)
{
	char *text = xstrdup(versions[0]), *longer;
	size_t i;

	for (i = 1; i < COUNT; i++) {
		longer = xasprintf("%s, %s", text, versions[i]);
		free(text);
		text = longer;
	}
	return text;
}
