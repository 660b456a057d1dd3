// SPDX-License-Identifier: GPL-2.0-only

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/printk.h>

#include "ledger.h"

static atomic64_t made[PODWALL_LEDGER_KINDS];
static atomic64_t freed[PODWALL_LEDGER_KINDS];

static const char *const names[] = {
	[PODWALL_LEDGER_NAMESPACE] = "namespaces",
	[PODWALL_LEDGER_TRANSACTION] = "transactions",
	[PODWALL_LEDGER_POLICY] = "policies",
	[PODWALL_LEDGER_PEER_SET] = "peer sets",
	[PODWALL_LEDGER_RULE_SET] = "rule sets",
	[PODWALL_LEDGER_COUNTERS] = "rows of counters",
	[PODWALL_LEDGER_POD] = "pods",
	[PODWALL_LEDGER_EVENT_LIMIT] = "limits of events",
	[PODWALL_LEDGER_ADDRESS_MAP] = "address maps",
	[PODWALL_LEDGER_ADDRESS_SLOTS] = "references to address slots",
	[PODWALL_LEDGER_IDENTITIES] = "identity tables",
	[PODWALL_LEDGER_REGIONS] = "region tables",
	[PODWALL_LEDGER_PORT_MAP] = "port maps",
	[PODWALL_LEDGER_ROW] = "rows",
	[PODWALL_LEDGER_CELLS] = "rows of cells",
	[PODWALL_LEDGER_TRAFFIC] = "rows of traffic",
	[PODWALL_LEDGER_TRAFFIC_TOTAL] = "totals of traffic",
};

/**
 * podwall_ledger_made - an object came to be, or a reference to one
 * @kind: of what
 *
 * Context: Any.
 */
void podwall_ledger_made(enum podwall_ledger_kind kind)
{
	atomic64_inc(&made[kind]);
}

/**
 * podwall_ledger_freed - it is no more
 * @kind: of what
 *
 * Context: Any.
 */
void podwall_ledger_freed(enum podwall_ledger_kind kind)
{
	atomic64_inc(&freed[kind]);
}

/**
 * podwall_ledger_count - how many were made since the module was loaded
 * @kind: of what
 *
 * Context: Any.
 */
s64 podwall_ledger_count(enum podwall_ledger_kind kind)
{
	return atomic64_read(&made[kind]);
}

/**
 * podwall_ledger_left - how many of them are not freed
 * @kind: of what
 *
 * Context: Any.
 * Return: less than 0 when some were freed twice.
 */
s64 podwall_ledger_left(enum podwall_ledger_kind kind)
{
	return atomic64_read(&made[kind]) - atomic64_read(&freed[kind]);
}

/**
 * podwall_ledger_name - what to call several of a kind
 * @kind: any below PODWALL_LEDGER_KINDS
 *
 * Context: Any.
 */
const char *podwall_ledger_name(enum podwall_ledger_kind kind)
{
	return names[kind];
}

/**
 * podwall_ledger_close - say what was made, and warn of what was not freed
 *
 * Context: Module unload, when everything should have been freed.
 */
void podwall_ledger_close(void)
{
	bool left = false;
	s64 sum = 0;
	int kind;

	for (kind = 0; kind < PODWALL_LEDGER_KINDS; kind++) {
		sum += podwall_ledger_count(kind);
		left |= WARN(podwall_ledger_left(kind),
			     "podwall: %lld of %lld %s were not freed\n",
			     podwall_ledger_left(kind),
			     podwall_ledger_count(kind),
			     podwall_ledger_name(kind));
	}
	if (left)
		return;
	pr_info("podwall: %lld objects were made and freed, %lld policies among them\n",
		sum, podwall_ledger_count(PODWALL_LEDGER_POLICY));
}
