/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Choices made by the bytes of an input.
 */
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>

/* Begin with the first byte. */
void input_begin(const uint8_t *data, size_t size);

/**
 * input_below() - draw a number less than the bound, which is not 0
 * @bound: it takes as few bytes as numbers below it need
 *
 * When the bytes are used up, a row of numbers follows that is always the
 * same: what is small is whole, and a byte that changes leaves what others
 * chose as it was.
 */
uint32_t input_below(uint32_t bound);

/* Draw any number; it takes eight bytes. */
uint64_t input_u64(void);

#endif
