/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The policy state as JSON: in listings, and as a whole in saved files.
 */
#ifndef NLCTL_STATE_H
#define NLCTL_STATE_H

#include <jansson.h>
#include <stdbool.h>

#include "policy/objects.h"

#define STATE_FORMAT "podwall-state"
#define STATE_VERSION 1

/* One object each; counters are left out of saved files, because a restore
 * cannot bring them back.
 */
json_t *address_json(const struct address *address);
json_t *count_json(const struct count *count);
json_t *peer_set_json(const struct peer_set *peer_set);
json_t *rule_set_json(const struct rule_set *rule_set, bool counters);
json_t *pod_json(const struct pod *pod);
json_t *amounts_json(const struct amounts *amounts);
json_t *settings_json(const struct settings *settings);

/* Lists of them, as in struct objects. */
json_t *addresses_json(const struct objects *objects);
json_t *peer_sets_json(const struct objects *objects);
json_t *rule_sets_json(const struct objects *objects, bool counters);
json_t *pods_json(const struct objects *objects, bool counters);

/**
 * state_json() - a whole state for a file
 * @objects: all objects
 * @settings: all settings
 *
 * Return: a new object with format, version, generation and checksum.
 */
json_t *state_json(const struct objects *objects,
		   const struct settings *settings);

/**
 * state_checksum() - what the checksum of a state should be
 * @state: the state; a field "checksum" is passed over
 *
 * It is the CRC-64/XZ of the state as compact JSON with sorted keys, so it
 * does not depend on white space.
 *
 * Return: "crc64-xz:" and 16 digits, which the caller frees.
 */
char *state_checksum(const json_t *state);

#endif
