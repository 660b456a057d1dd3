/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_ADDRESS_CLASS_H
#define PODWALL_ADDRESS_CLASS_H

#include <linux/types.h>

struct podwall_array;
struct podwall_classifier;
struct podwall_error;
struct podwall_transaction;

int podwall_addresses_begin(struct podwall_classifier *to,
			    const struct podwall_classifier *from, u8 family,
			    const struct podwall_transaction *transaction,
			    bool moves);
int podwall_addresses_move(struct podwall_classifier *to,
			   const struct podwall_classifier *from, u8 family,
			   bool renumbers);
int podwall_addresses_move_stretches(struct podwall_classifier *to,
				     const struct podwall_classifier *from,
				     u8 family,
				     const struct podwall_array *stretches);
int podwall_addresses_change(struct podwall_classifier *classifier,
			     const struct podwall_array *staged,
			     struct podwall_error *error);

#endif
