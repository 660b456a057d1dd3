/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who is told next: which of several lines has the turn.
 */
#ifndef NLCTL_AGENT_TURNS_H
#define NLCTL_AGENT_TURNS_H

#include <stdbool.h>

/**
 * enum line - where somebody waits, the first in front
 * @LINE_NEWS: to be told, as it is new
 * @LINE_FIRST: likewise, as it was not told yet
 * @LINE_AGAIN: to be told again
 * @LINE_LATER: until it is due: this line has no turn
 * @LINE_COUNT: their number
 */
enum line {
	LINE_NEWS,
	LINE_FIRST,
	LINE_AGAIN,
	LINE_LATER,
	LINE_COUNT
};

/**
 * struct turns - what turns there were; starts with zeroes
 * @passed: how often in a row a line had none while somebody stood in it
 */
struct turns {
	unsigned int passed[LINE_LATER];
};

/**
 * turns_next() - choose the line that has the next turn
 * @turns: the turns before
 * @waits: whether anybody stands in each line
 * @spare: there are turns to spare, for LINE_AGAIN
 *
 * It is the first in which anybody stands; but one that was passed over twice has a
 * turn in front of those, so that none stands still.
 *
 * Return: the line; LINE_LATER when no line has it.
 */
enum line turns_next(const struct turns *turns, const bool waits[LINE_LATER],
		     bool spare);

/**
 * turns_taken() - note that a line had a turn
 * @turns: the turns
 * @waits: whether anybody stood in each line by then
 * @line: which had it
 */
void turns_taken(struct turns *turns, const bool waits[LINE_LATER],
		 enum line line);

#endif
