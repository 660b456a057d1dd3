/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What goes wrong, in its own words: said when it begins and when the words change,
 * not at each attempt.
 */
#ifndef NLCTL_AGENT_COMPLAINT_H
#define NLCTL_AGENT_COMPLAINT_H

#include <stdbool.h>

/**
 * struct complaint - what goes wrong; starts with zeroes
 * @text: why, in the words that came last; NULL while all is well
 */
struct complaint {
	char *text;
};

/**
 * complaint_raise() - note what goes wrong
 * @complaint: the complaint
 * @text: why; copied
 *
 * Return: whether it has to be said: nothing, or something else but for counts in
 * it, was said before.
 */
bool complaint_raise(struct complaint *complaint, const char *text);

/**
 * complaint_clear() - note that all is well, and free what the structure owns
 * @complaint: the complaint
 *
 * Return: whether anything went wrong before.
 */
bool complaint_clear(struct complaint *complaint);

#endif
