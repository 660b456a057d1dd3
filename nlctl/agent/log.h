/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the agent says on standard error, a line each.
 *
 * Saying it never waits: where standard error is a pipe or a socket that nobody
 * reads, lines are lost, and the next one that goes out comes with their number.
 * There a line has at most PIPE_BUF bytes; "..." stands for the rest.
 */
#ifndef NLCTL_AGENT_LOG_H
#define NLCTL_AGENT_LOG_H

/**
 * log_error() - say that something failed that somebody has to look at
 * @format: the text, as for printf(), without a newline; control characters are
 *	written as \xNN
 */
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/**
 * log_warning() - say that something is not as it should be, but goes on
 * @format: likewise
 */
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));

/**
 * log_notice() - say what happened
 * @format: likewise
 */
void log_notice(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
