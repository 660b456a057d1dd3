// SPDX-License-Identifier: GPL-2.0-only

#include <linux/minmax.h>

#include "generation.h"

/**
 * podwall_generation_desired - which generation somebody asked for last
 * @desired: the answer until now
 * @live: the generation in force, behind the step
 * @open: transactions that are open, behind the step
 * @step: what has become of a transaction
 *
 * Who watches both numbers sees that a change is under way, or has got stuck:
 * one that was refused, or whose writer died, leaves the desired generation
 * above the live one. A writer that aborts takes its wish back, and one that
 * commits has what it wished for; either ends what was left from before, as what
 * was wished for then is not known any more.
 *
 * For example, at generation 7: a begin makes it 8, a refusal leaves it there,
 * the next begin too, and that one's commit leads to 8, desired and live.
 *
 * Context: Any.
 * Return: the generation.
 */
u64 podwall_generation_desired(u64 desired, u64 live, u32 open,
			       enum podwall_transaction_step step)
{
	switch (step) {
	case PODWALL_TRANSACTION_BEGUN:
		return max(desired, live + 1);
	case PODWALL_TRANSACTION_COMMITTED:
	case PODWALL_TRANSACTION_ABORTED:
		return open ? max(desired, live + 1) : live;
	case PODWALL_TRANSACTION_LOST:
		break;
	}
	return desired;
}
