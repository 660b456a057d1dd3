/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Attachments on disk: one file each in DIRECTORY/attachments, which belongs in a
 * file system that a restart of the machine empties, as /run is.
 *
 * The file is the truth: whoever is told of an attachment reads it there. Texts of
 * problems belong to the caller.
 */
#ifndef NLCTL_ATTACHMENT_FILE_H
#define NLCTL_ATTACHMENT_FILE_H

#include <stdbool.h>

#include "attachment.h"

/* Where the agent is asked, inside of DIRECTORY. */
#define AGENT_SOCKET "agent.sock"

/**
 * attachment_directory() - where the files are
 * @directory: what plugin and agent were told
 *
 * Return: its path, which the caller frees.
 */
char *attachment_directory(const char *directory);

/**
 * attachment_directory_make() - have the directories, of this user alone
 * @directory: what plugin and agent were told
 *
 * Return: NULL, or why that is impossible.
 */
char *attachment_directory_make(const char *directory);

/**
 * attachment_file_name() - the name of an attachment's file
 * @container: id of the sandbox, which container_id_wrong() finds right
 * @interface: name inside, which interface_name_wrong() finds right
 *
 * Return: the name, which the caller frees: no two have the same.
 */
char *attachment_file_name(const char *container, const char *interface);

/**
 * attachment_file_is() - whether a name is one of an attachment's file
 * @name: the name, without directory
 */
bool attachment_file_is(const char *name);

/**
 * attachment_file_write() - leave an attachment, in one step
 * @directory: what plugin and agent were told
 * @attachment: the attachment
 *
 * Return: NULL, or why that is impossible; then what was there is there still.
 */
char *attachment_file_write(const char *directory,
			    const struct attachment *attachment);

/**
 * attachment_file_read() - read one attachment
 * @directory: what plugin and agent were told
 * @name: of the file
 * @problem: set to what is wrong with the file, or else to NULL
 *
 * Return: the attachment, freed with attachment_free(); NULL when there is no such
 * file, and when something is wrong with it.
 */
struct attachment *attachment_file_read(const char *directory, const char *name,
					char **problem);

/**
 * attachment_file_remove() - remove an attachment; what is gone, is gone
 * @directory: what plugin and agent were told
 * @name: of the file
 *
 * Return: NULL, or why that is impossible.
 */
char *attachment_file_remove(const char *directory, const char *name);

/**
 * attachment_file_list() - list the names of the files there are
 * @directory: what plugin and agent were told
 * @names: receives them; freed with attachment_file_list_free()
 * @count: receives their number
 *
 * What is left of writers that died is removed.
 *
 * Return: NULL, or why that is impossible; then there are none.
 */
char *attachment_file_list(const char *directory, char ***names, size_t *count);
void attachment_file_list_free(char **names, size_t count);

#endif
