/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_GENERATION_H
#define PODWALL_GENERATION_H

#include <linux/types.h>

/** enum podwall_transaction_step - what may become of a transaction */
enum podwall_transaction_step {
	PODWALL_TRANSACTION_BEGUN,
	PODWALL_TRANSACTION_COMMITTED,
	PODWALL_TRANSACTION_ABORTED,
	/* It was refused, or its socket has closed. */
	PODWALL_TRANSACTION_LOST,
};

u64 podwall_generation_desired(u64 desired, u64 live, u32 open,
			       enum podwall_transaction_step step);

#endif
