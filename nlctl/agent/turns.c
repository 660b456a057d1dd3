// SPDX-License-Identifier: GPL-2.0-only
#include "agent/turns.h"

/* How often a line is passed over before it has a turn. */
#define PASSED_MAX 2

enum line turns_next(const struct turns *turns, const bool waits[LINE_LATER],
		     bool spare)
{
	enum line line;

	for (line = LINE_NEWS; line < LINE_LATER; line++)
		if (waits[line] && turns->passed[line] >= PASSED_MAX)
			return line;
	for (line = LINE_NEWS; line < LINE_LATER; line++)
		if (waits[line] && (spare || line != LINE_AGAIN))
			return line;
	return LINE_LATER;
}

void turns_taken(struct turns *turns, const bool waits[LINE_LATER],
		 enum line line)
{
	enum line other;

	for (other = LINE_NEWS; other < LINE_LATER; other++)
		if (other == line || !waits[other])
			turns->passed[other] = 0;
		else
			turns->passed[other]++;
}
