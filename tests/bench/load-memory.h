/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What memory a policy takes.
 */
#ifndef LOAD_MEMORY_H
#define LOAD_MEMORY_H

#include <jansson.h>

#include "load.h"

/**
 * memory_report() - load policies with all, half and none of the addresses, and
 *	print a table of the memory that they take
 * @load: the last one stays loaded
 *
 * Return: the same as JSON, in bytes.
 */
json_t *memory_report(struct load *load);

#endif
