/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random modes: whether objects deny in force or in audit.
 */
#ifndef GENERATOR_MODES_H
#define GENERATOR_MODES_H

#include <jansson.h>
#include "generator/chance.h"

/**
 * generate_mode() - say by annotation whether an object is in audit mode
 * @chance: decides
 * @object: a policy, a pod or a namespace; what it said before is forgotten
 * @rarity: of so many one is in audit mode, and one says that it is not
 */
void generate_mode(struct chance *chance, json_t *object, unsigned int rarity);

#endif
