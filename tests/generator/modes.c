// SPDX-License-Identifier: GPL-2.0-only
#include "generator/modes.h"

#include "policy/mode.h"

void generate_mode(struct chance *chance, json_t *object, unsigned int rarity)
{
	json_t *metadata = json_object_get(object, "metadata");
	unsigned int choice = chance_below(chance, rarity);

	json_object_del(metadata, "annotations");
	if (choice > 1)
		return;
	json_object_set_new(metadata, "annotations",
			    json_pack("{s:s}", MODE_ANNOTATION,
				      choice ? "enforce" : "audit"));
}
