/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The text of one member of a JSON object, as it stands there.
 */
#ifndef NLCTL_CNI_MEMBER_H
#define NLCTL_CNI_MEMBER_H

#include <stddef.h>

/**
 * member_find() - find the text of a member's value
 * @text: an object that jansson has read without an error; the text need not end
 *	with a 0 byte
 * @length: its bytes
 * @key: name of the member
 * @size: receives the bytes of the value
 *
 * A tree would not give numbers back as they were written.
 *
 * Return: where the value begins; NULL when there is no such member.
 */
const char *member_find(const char *text, size_t length, const char *key,
			size_t *size);

#endif
