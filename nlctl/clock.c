// SPDX-License-Identifier: GPL-2.0-only
#include "clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

uint64_t clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * NANOSECONDS_PER_SECOND + now.tv_nsec;
}

/* Three digits at most in front of the point, as far as there is a unit. */
const char *duration_text(uint64_t duration, char *buffer)
{
	static const char *const units[] = { "ns", "us", "ms", "s" };
	double value = duration;
	unsigned int unit = 0;

	for (; value >= 999.95 && unit < 3; unit++)
		value /= 1000;
	snprintf(buffer, DURATION_TEXT_MAX, unit ? "%.1f %s" : "%.0f %s", value,
		 units[unit]);
	return buffer;
}

/* All but the letter at the end. */
static size_t put_seconds(uint64_t moment, char *buffer)
{
	time_t seconds = moment / NANOSECONDS_PER_SECOND;
	struct tm broken;

	gmtime_r(&seconds, &broken);
	return strftime(buffer, MOMENT_TEXT_MAX - 1, "%FT%T", &broken);
}

const char *moment_text(uint64_t moment, char *buffer)
{
	size_t length = put_seconds(moment, buffer);

	snprintf(buffer + length, MOMENT_TEXT_MAX - length, ".%09" PRIu64 "Z",
		 (uint64_t)(moment % NANOSECONDS_PER_SECOND));
	return buffer;
}

const char *moment_second_text(uint64_t moment, char *buffer)
{
	size_t length = put_seconds(moment, buffer);

	buffer[length] = 'Z';
	buffer[length + 1] = '\0';
	return buffer;
}

const char *moment_clock_text(uint64_t moment, char *buffer)
{
	time_t seconds = moment / NANOSECONDS_PER_SECOND;
	struct tm broken;
	size_t length;

	localtime_r(&seconds, &broken);
	length = strftime(buffer, MOMENT_TEXT_MAX, "%T", &broken);
	snprintf(buffer + length, MOMENT_TEXT_MAX - length, ".%03" PRIu64,
		 (uint64_t)(moment % NANOSECONDS_PER_SECOND /
			    NANOSECONDS_PER_MILLISECOND));
	return buffer;
}
