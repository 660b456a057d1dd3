/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_ASK_H
#define PODWALL_MODEL_ASK_H

#include "naive.h"
#include "world.h"

struct address ask_address(const struct world *world);
struct question ask_question(const struct world *world,
			     const struct rules *rules);
struct flow ask_flow(const struct world *world);

#endif
