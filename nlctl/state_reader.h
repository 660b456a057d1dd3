/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A saved state back to objects, refused whole when anything in it is wrong.
 */
#ifndef NLCTL_STATE_READER_H
#define NLCTL_STATE_READER_H

#include <jansson.h>

#include "policy/objects.h"

/**
 * state_read() - check a saved state and take it in
 * @state: the state, see state_json()
 * @objects: receives the objects, ordered; freed with objects_clear()
 * @settings: receives the settings; freed with settings_clear()
 *
 * Return: NULL; or a text that says what is wrong and where, which the caller
 * frees. Then both are empty.
 */
char *state_read(const json_t *state, struct objects *objects,
		 struct settings *settings);

#endif
