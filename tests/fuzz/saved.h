/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Saved states, written and read.
 */
#ifndef FUZZ_SAVED_H
#define FUZZ_SAVED_H

#include "policy/objects.h"

/**
 * saved_check() - save a state, read it, and save what was read
 * @objects: in the order that struct objects promises
 * @settings: all settings
 *
 * The test fails when the second file is not the first one.
 */
void saved_check(const struct objects *objects,
		 const struct settings *settings);

#endif
