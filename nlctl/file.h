/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files that are replaced in one step.
 */
#ifndef NLCTL_FILE_H
#define NLCTL_FILE_H

#include <sys/types.h>

/**
 * file_replace() - put a text in the place of what a file has
 * @path: the file; need not exist
 * @text: the text
 * @mode: the permissions of the new file, whatever the umask is
 *
 * Whoever reads the file sees the old content or the new, which is on the disk
 * already, whenever this program is killed. A file called @path.XXXXXX may then
 * be left beside it. What is not a regular file, as a pipe or a device, is
 * written to as it is; through a symbolic link the file behind it is replaced.
 *
 * Return: 0 or an errno value.
 */
int file_replace(const char *path, const char *text, mode_t mode);

#endif
