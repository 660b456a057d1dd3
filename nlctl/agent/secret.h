/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tokens, keys and certificates: given as they are, or in files that somebody
 * replaces from time to time.
 */
#ifndef NLCTL_AGENT_SECRET_H
#define NLCTL_AGENT_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "agent/trouble.h"

enum secret_form {
	SECRET_WORD, /* printable characters in a line, as a token has them */
	SECRET_PEM,
};

/**
 * struct secret - a token, key or certificate; start with zeroes
 * @form: what it has to look like
 * @path: the file that it is in; NULL when it is in none; owned
 * @text: what it is; NULL while there is none; a 0 byte follows; owned
 * @length: its bytes
 * @seen: the file, as it was when it was read last
 * @stale: the file is read in any case
 * @trouble: the file cannot be used
 */
struct secret {
	enum secret_form form;
	char *path;
	char *text;
	size_t length;
	struct stat seen;
	bool stale;
	struct trouble trouble;
};

/**
 * secret_read() - read the file, if there is one
 * @secret: the secret; keeps what it has unless the file is fine
 *
 * Return: NULL or a text that says what is wrong with the file, without its name
 * and content; the caller frees it.
 */
char *secret_read(struct secret *secret);

/**
 * secret_refresh() - read the file again if it was changed
 * @secret: the secret; keeps what it has, and tells of it, when the file is wrong
 */
void secret_refresh(struct secret *secret);

/**
 * secret_wrong() - whether a text has the form
 * @form: the form
 * @text: the text, behind which is a 0 byte
 * @length: its bytes
 *
 * Return: NULL when it has, else what is wrong.
 */
const char *secret_wrong(enum secret_form form, const char *text,
			 size_t length);

/**
 * secret_clear() - overwrite and free what the structure owns, and zero it
 * @secret: the secret
 */
void secret_clear(struct secret *secret);

#endif
