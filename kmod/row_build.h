/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_ROW_BUILD_H
#define PODWALL_ROW_BUILD_H

#include <linux/types.h>

struct podwall_array;
struct podwall_error;
struct podwall_membership;
struct podwall_row;
struct podwall_rule_set;

struct podwall_row *
podwall_row_build(const struct podwall_rule_set *set,
		  const struct podwall_membership *membership,
		  struct podwall_error *error);
struct podwall_row *
podwall_row_update(const struct podwall_row *old,
		   const struct podwall_membership *membership,
		   const struct podwall_array *dirty);

#endif
