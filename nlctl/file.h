/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files that are replaced in one step.
 */
#ifndef NLCTL_FILE_H
#define NLCTL_FILE_H

#include <sys/types.h>

/**
 * file_replace() - put a new file in the place of what is there
 * @path: the file; need not exist; a symbolic link is replaced itself
 * @text: what it is to have
 * @mode: its permissions, whatever the umask is
 *
 * Whoever reads the file sees the old content or the new, which is on the disk
 * already, whenever this program is killed. A file called @path.XXXXXX may then
 * be left beside it. Nothing outside its directory is touched, so the directory
 * may belong to somebody else.
 *
 * Return: 0 or an errno value.
 */
int file_replace(const char *path, const char *text, mode_t mode);

/**
 * file_write() - the same where the path may lead somewhere else
 * @path: the file; need not exist
 * @text: what it is to have
 * @mode: the permissions of a new file, whatever the umask is
 *
 * What is not a regular file, as a pipe or a device, is written to as it is;
 * through a symbolic link the file behind it is replaced.
 *
 * Return: 0 or an errno value.
 */
int file_write(const char *path, const char *text, mode_t mode);

#endif
