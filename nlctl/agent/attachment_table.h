/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The attachments of the node, by file, by pod and by address.
 *
 * Of a pod the table also keeps which addresses it had and has no more: the API
 * server goes on listing them for a while, when somebody else may have them.
 */
#ifndef NLCTL_AGENT_ATTACHMENT_TABLE_H
#define NLCTL_AGENT_ATTACHMENT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "attachment.h"

struct attachment_table;

/**
 * attachment_table_new() - make an empty table
 *
 * Return: the table, freed with attachment_table_free().
 */
struct attachment_table *attachment_table_new(void);

/**
 * attachment_table_put() - take in an attachment, or a newer version of it
 * @table: the table
 * @name: of its file
 * @attachment: the attachment, which is taken over
 * @before: receives the key of the pod that the file was of until now, when that
 *	was another one, which the caller frees; else NULL
 *
 * Return: whether that changed anything.
 */
bool attachment_table_put(struct attachment_table *table, const char *name,
			  struct attachment *attachment, char **before);

/**
 * attachment_table_remove() - forget an attachment: its addresses are gone
 * @table: the table
 * @name: of its file
 *
 * Return: the key of its pod, which the caller frees; NULL when there was none.
 */
char *attachment_table_remove(struct attachment_table *table, const char *name);

/**
 * attachment_table_find() - find the attachment of a pod
 * @table: the table
 * @key: of the pod
 *
 * Return: the newest; NULL when there is none.
 */
const struct attachment *
attachment_table_find(const struct attachment_table *table, const char *key);

/**
 * attachment_table_ips() - all addresses of a pod's newest container
 * @table: the table
 * @key: of the pod
 * @ips: receives them, @room at most
 * @room: length of @ips
 *
 * Return: how many there are, which may be more than @room.
 */
size_t attachment_table_ips(const struct attachment_table *table,
			    const char *key, struct ip *ips, size_t room);

/**
 * attachment_table_find_ip() - find whose an address is
 * @table: the table
 * @ip: the address
 *
 * Return: the newest attachment that has it; NULL when there is none.
 */
const struct attachment *
attachment_table_find_ip(const struct attachment_table *table,
			 const struct ip *ip);

/**
 * attachment_table_gone() - whether a pod has lost an address
 * @table: the table
 * @key: of the pod
 * @ip: the address
 */
bool attachment_table_gone(const struct attachment_table *table,
			   const char *key, const struct ip *ip);

/**
 * attachment_table_forget() - there is no such pod any more
 * @table: the table
 * @key: of the pod
 *
 * What it has lost is forgotten; what it still has stays until it is removed, and
 * then is forgotten, too.
 */
void attachment_table_forget(struct attachment_table *table, const char *key);

/**
 * attachment_table_remember() - there is such a pod
 * @table: the table
 * @key: of the pod
 *
 * Its attachment may have come while the table knew another pod of that name, which
 * was forgotten since: what this one loses is noted.
 */
void attachment_table_remember(struct attachment_table *table, const char *key);

/**
 * attachment_table_names() - list the files
 * @table: the table
 * @count: receives their number
 *
 * Return: their names, which the caller frees, each and all.
 */
char **attachment_table_names(const struct attachment_table *table,
			      size_t *count);

/**
 * attachment_table_count() - how many pods the table knows anything of
 * @table: the table
 */
size_t attachment_table_count(const struct attachment_table *table);

/**
 * attachment_table_free() - free a table
 * @table: the table, or NULL
 */
void attachment_table_free(struct attachment_table *table);

#endif
