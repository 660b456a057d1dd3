/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_DUMP_H
#define PODWALL_MODEL_DUMP_H

#include "naive.h"
#include "world.h"

const char *dump_address(const struct address *address);
const char *dump_network(const struct network *network);
const char *dump_question(const struct question *question);
const char *dump_flow(const struct flow *flow);
const char *dump_answer(u8 verdict, u8 reason, u8 tier, int rule);
void dump_world(const struct world *world);
void dump_changes(const struct list *changes);

#endif
