/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Output that a signal can end.
 *
 * Who has signals end waits (interrupt.h) must not write to standard output as
 * others do: while a pipe is full, a write waits for whoever reads it, and no
 * signal would end that. What is printed in a delivery is kept, and written in
 * parts for which there is room.
 */
#ifndef NLCTL_DELIVERY_H
#define NLCTL_DELIVERY_H

#include <stdio.h>

#include "interrupt.h"

/**
 * struct delivery - what is being printed
 * @output: standard output as it was before
 * @text: what was printed
 * @length: its bytes
 */
struct delivery {
	FILE *output;
	char *text;
	size_t length;
};

/**
 * delivery_begin() - keep what is printed to stdout from now on
 * @delivery: receives the delivery, which delivery_end() ends
 */
void delivery_begin(struct delivery *delivery);

/**
 * delivery_end() - write what was printed
 * @delivery: the delivery
 * @interrupt: the span in which signals end waits
 *
 * When a signal has come, and nobody reads anything for a second, the signal ends
 * the program after all.
 *
 * Return: false when it was not written; what failed is told by ferror().
 */
bool delivery_end(struct delivery *delivery, const struct interrupt *interrupt);

#endif
