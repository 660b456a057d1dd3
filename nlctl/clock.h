/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Time, and how it is told.
 */
#ifndef NLCTL_CLOCK_H
#define NLCTL_CLOCK_H

#include <stdint.h>

#define NANOSECONDS_PER_SECOND 1000000000ull
#define NANOSECONDS_PER_MILLISECOND 1000000ull
#define NANOSECONDS_PER_MICROSECOND 1000ull

/**
 * clock_now() - read CLOCK_BOOTTIME
 *
 * It never goes back, and the module can tell it, too.
 *
 * Return: nanoseconds.
 */
uint64_t clock_now(void);

/* Room for the text of any duration. */
#define DURATION_TEXT_MAX 32

/**
 * duration_text() - a duration for a person to read
 * @duration: nanoseconds
 * @buffer: at least DURATION_TEXT_MAX bytes
 *
 * Return: @buffer, with "1.2 ms", say.
 */
const char *duration_text(uint64_t duration, char *buffer);

/* Room for any moment in words. */
#define MOMENT_TEXT_MAX 40

/**
 * moment_text() - a moment as RFC 3339 has it
 * @moment: nanoseconds since 1970
 * @buffer: at least MOMENT_TEXT_MAX bytes
 *
 * Return: @buffer, with "2026-01-31T12:34:56.789012345Z", say.
 */
const char *moment_text(uint64_t moment, char *buffer);

/**
 * moment_second_text() - a moment as RFC 3339 has it, to the second
 * @moment: nanoseconds since 1970
 * @buffer: at least MOMENT_TEXT_MAX bytes
 *
 * Return: @buffer, with "2026-01-31T12:34:56Z", say.
 */
const char *moment_second_text(uint64_t moment, char *buffer);

/**
 * moment_clock_text() - the time of day of a moment, where we are
 * @moment: nanoseconds since 1970
 * @buffer: at least MOMENT_TEXT_MAX bytes
 *
 * Return: @buffer, with "12:34:56.789", say.
 */
const char *moment_clock_text(uint64_t moment, char *buffer);

#endif
