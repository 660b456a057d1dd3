/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A state and the connection that it is loaded over. What fails ends the program.
 */
#ifndef LOAD_H
#define LOAD_H

#include <stddef.h>
#include <stdint.h>

#include "netlink.h"
#include "policy/difference.h"
#include "policy/objects.h"

/**
 * struct load - a state, and where it is loaded
 * @netlink: the connection
 * @objects: the objects, in order
 * @settings: the settings
 * @generation: of the live policy
 */
struct load {
	struct netlink *netlink;
	struct objects objects;
	struct settings settings;
	uint64_t generation;
};

/* Print a reason, and end. */
_Noreturn void load_fail(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* End with the kernel's reason unless @error is 0. */
void load_require(struct load *load, int error);

/* Read a saved state, and connect. */
void load_open(struct load *load, const char *path);
void load_close(struct load *load);

/* One transaction each. */
void load_replace(struct load *load);
void load_flush(struct load *load);
void load_change(struct load *load, const struct difference *difference);
void load_abort(struct load *load);

#endif
