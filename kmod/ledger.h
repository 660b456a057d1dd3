/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_LEDGER_H
#define PODWALL_LEDGER_H

#include <linux/types.h>

/**
 * DOC: The ledger
 *
 * Kernels that are built to find mistakes (CONFIG_DEBUG_NET) keep count of what
 * is made and freed, kind by kind. When the module is unloaded everything must
 * have been freed; what was not is named in a warning. It finds what a search
 * for leaks does not: pages, objects that something forgotten still points at,
 * and a reference too many. Other kernels have no ledger, and pay nothing.
 */

/** enum podwall_ledger_kind - what is counted */
enum podwall_ledger_kind {
	PODWALL_LEDGER_NAMESPACE,
	PODWALL_LEDGER_TRANSACTION,
	PODWALL_LEDGER_POLICY,
	PODWALL_LEDGER_PEER_SET,
	PODWALL_LEDGER_RULE_SET,
	PODWALL_LEDGER_COUNTERS,
	PODWALL_LEDGER_POD,
	PODWALL_LEDGER_EVENT_LIMIT,
	PODWALL_LEDGER_ADDRESS_MAP,
	/* Pages count their references themselves, so references it is. */
	PODWALL_LEDGER_ADDRESS_SLOTS,
	PODWALL_LEDGER_IDENTITIES,
	PODWALL_LEDGER_REGIONS,
	PODWALL_LEDGER_PORT_MAP,
	PODWALL_LEDGER_ROW,
	PODWALL_LEDGER_CELLS,
	PODWALL_LEDGER_TRAFFIC,
	PODWALL_LEDGER_TRAFFIC_TOTAL,
	PODWALL_LEDGER_KINDS,
};

#ifdef CONFIG_DEBUG_NET
void podwall_ledger_made(enum podwall_ledger_kind kind);
void podwall_ledger_freed(enum podwall_ledger_kind kind);
s64 podwall_ledger_count(enum podwall_ledger_kind kind);
s64 podwall_ledger_left(enum podwall_ledger_kind kind);
const char *podwall_ledger_name(enum podwall_ledger_kind kind);
void podwall_ledger_close(void);
#else
static inline void podwall_ledger_made(enum podwall_ledger_kind kind)
{
}

static inline void podwall_ledger_freed(enum podwall_ledger_kind kind)
{
}

static inline void podwall_ledger_close(void)
{
}
#endif

#endif
