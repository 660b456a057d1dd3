/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What takes long is told meanwhile, to a person.
 */
#ifndef NLCTL_PROGRESS_H
#define NLCTL_PROGRESS_H

#include <stddef.h>

/**
 * progress_begin() - begin something that may take long
 * @what: what is done, as "compiling"
 * @total: how many steps there will be; 0 if that is not known
 *
 * If standard error is a terminal that is not "dumb", a line there says what is
 * done, and how far it is, once it takes more than a second together with what
 * was done just before. What was begun before ends.
 *
 * A thread of its own writes the line, so what is done may well be one call.
 */
void progress_begin(const char *what, size_t total);

/**
 * progress_step() - something was done
 * @steps: how many steps
 */
void progress_step(size_t steps);

/**
 * progress_end() - end what was begun, if anything was, and erase the line
 *
 * Call it before anything else is printed.
 */
void progress_end(void);

#endif
