/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Small changes that make a program of another one, right or wrong.
 */
#ifndef NETLINK_FUZZ_MUTATE_H
#define NETLINK_FUZZ_MUTATE_H

#include "generate.h"

/* Change a program; another one lends what is spliced in, or NULL. */
void mutate(struct chance *chance, struct program *program,
	    const struct program *lender);

/* Change attributes of one message only. */
void mutate_message(struct chance *chance, struct arena *arena,
		    struct message *message, const struct message *lender);

#endif
