/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_ROW_PROGRAMS_H
#define PODWALL_ROW_PROGRAMS_H

#include "row.h"

struct podwall_error;
struct podwall_membership;

struct podwall_row *
podwall_row_programs_build(const struct podwall_rule_set *set,
			   const struct podwall_membership *membership,
			   u64 memory, struct podwall_error *error);

#endif
