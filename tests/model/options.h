/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_OPTIONS_H
#define PODWALL_MODEL_OPTIONS_H

#include <linux/types.h>

/**
 * struct options - what a program is asked to do
 * @program: its name
 * @seed: of everything random
 * @first: round to begin with
 * @rounds: how many rounds; 0 for as many as there is time for
 * @seconds: time after which no further round begins; 0 for any
 * @size: of the rounds, or -1 for various ones
 */
struct options {
	const char *program;
	u64 seed;
	u64 first;
	u64 rounds;
	u64 seconds;
	int size;
};

struct options options_read(int count, char **arguments);
bool options_go_on(const struct options *options, u64 round);
void options_say_how_to_repeat(void);

#endif
