/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_CELLS_H
#define PODWALL_CELLS_H

#include <linux/refcount.h>
#include <linux/types.h>

/**
 * struct podwall_cells - what a rule set makes of each region and identity
 * @references: rows that hold it
 * @region_count: regions that fit, which come first
 * @identity_count: numbers of identities that fit, which follow
 * @first: index of the first cell in @values
 * @values: the cells; what they mean is for the row to know
 *
 * Immutable once published.
 */
struct podwall_cells {
	refcount_t references;
	u32 region_count;
	u32 identity_count;
	u32 first;
	u32 values[];
};

struct podwall_cells *podwall_cells_create(u32 region_count, u32 identity_count,
					   u32 seed);
struct podwall_cells *podwall_cells_extend(struct podwall_cells *from,
					   u32 region_count, u32 identity_count,
					   u32 seed);
struct podwall_cells *podwall_cells_get(struct podwall_cells *cells);
void podwall_cells_put(struct podwall_cells *cells);
size_t podwall_cells_size(const struct podwall_cells *cells);

/* Regions from 0 on, and behind them identities from 0 on. */
static inline u32 *podwall_cells_values(struct podwall_cells *cells)
{
	return cells->values + cells->first;
}

static inline u32 podwall_cells_count(const struct podwall_cells *cells)
{
	return cells->region_count + cells->identity_count;
}

static inline bool podwall_cells_fit(const struct podwall_cells *cells,
				     u32 regions, u32 identities)
{
	return cells->region_count >= regions &&
	       cells->identity_count >= identities;
}

#endif
