/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tables of the objects that the module holds.
 */
#ifndef NLCTL_LISTING_H
#define NLCTL_LISTING_H

#include <stdbool.h>

#include "policy/objects.h"

/* Print a table to stdout. A long list within a cell is cut, unless the table is
 * wide; that has further columns, too.
 */
void print_pods(const struct objects *objects, bool wide);
void print_addresses(const struct objects *objects);
void print_peer_sets(const struct objects *objects, bool wide);
void print_rule_sets(const struct objects *objects, bool wide);
void print_settings(const struct settings *settings);

#endif
