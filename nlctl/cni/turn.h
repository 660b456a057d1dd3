/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One plugin after the other: those of many pods that start at once would overtake
 * each other's changes of the kernel's policy again and again.
 */
#ifndef NLCTL_CNI_TURN_H
#define NLCTL_CNI_TURN_H

/**
 * turn_take() - wait until no other plugin changes the kernel's policy
 * @directory: where to meet the agent; exists
 *
 * Return: a descriptor for turn_end(). Without one there is no waiting, which is
 * slower, but not wrong.
 */
int turn_take(const char *directory);

/**
 * turn_end() - let the next one
 * @fd: what turn_take() returned
 */
void turn_end(int fd);

#endif
