/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a message says, whatever the counts in it are.
 */
#ifndef NLCTL_AGENT_WORDING_H
#define NLCTL_AGENT_WORDING_H

/**
 * wording_of() - a message without its counts
 * @message: the message
 *
 * The kernel says of a limit how much was asked for, which is another number with
 * each change. "the policy needs 12 rules" and "the policy needs 13 rules" have the
 * same wording. Digits that are part of a word, an address or an index stay:
 * "worker-1", "10.0.0.1", "ports[0]".
 *
 * Return: a copy with one "#" for each count, which the caller frees.
 */
char *wording_of(const char *message);

#endif
