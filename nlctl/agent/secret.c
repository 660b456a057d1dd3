// SPDX-License-Identifier: GPL-2.0-only
#include "agent/secret.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/log.h"
#include "clock.h"
#include "policy/memory.h"

#define SECRET_MAX ((size_t)1 << 20) /* bytes of a file */

const char *secret_wrong(enum secret_form form, const char *text, size_t length)
{
	size_t i;

	if (!length)
		return "is empty";
	if (form == SECRET_PEM)
		return strstr(text, "-----BEGIN ") ? NULL :
						     "is not in the PEM format";
	for (i = 0; i < length; i++)
		if (!isgraph((unsigned char)text[i]))
			return "has characters that no token has";
	return NULL;
}

static void overwrite(char *text, size_t length)
{
	if (text)
		explicit_bzero(text, length);
	free(text);
}

/* All of a file, and what the file was; 0 or an errno value. */
static int read_file(const char *path, char **text, size_t *length,
		     struct stat *seen)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t count = 0;
	int error = 0;

	*text = xcalloc(SECRET_MAX + 1, 1);
	*length = 0;
	if (fd < 0 || fstat(fd, seen))
		error = errno;
	else if (!S_ISREG(seen->st_mode))
		error = S_ISDIR(seen->st_mode) ? EISDIR : EINVAL;
	while (!error && *length <= SECRET_MAX) {
		count = read(fd, *text + *length, SECRET_MAX + 1 - *length);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			break;
		*length += count;
	}
	if (!error && count < 0)
		error = errno;
	else if (!error && *length > SECRET_MAX)
		error = EFBIG;
	if (fd >= 0)
		close(fd);
	return error;
}

char *secret_read(struct secret *secret)
{
	struct stat seen = {};
	const char *wrong;
	size_t length;
	char *text;
	int error;

	if (!secret->path)
		return NULL;
	error = read_file(secret->path, &text, &length, &seen);
	if (error) {
		overwrite(text, length);
		return xasprintf("cannot be read: %s", strerror(error));
	}
	text[length] = '\0';
	while (length && isspace((unsigned char)text[length - 1]))
		text[--length] = '\0';
	wrong = secret_wrong(secret->form, text, length);
	if (wrong) {
		overwrite(text, length);
		return xstrdup(wrong);
	}
	overwrite(secret->text, secret->length);
	secret->text = xmemdup(text, length + 1);
	secret->length = length;
	secret->seen = seen;
	secret->stale = false;
	overwrite(text, length);
	return NULL;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	       a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

void secret_refresh(struct secret *secret)
{
	struct stat now;
	char *wrong;

	if (!secret->path || (!secret->stale && !stat(secret->path, &now) &&
			      is_same(&now, &secret->seen)))
		return;
	wrong = secret_read(secret);
	if (!wrong)
		trouble_ended(&secret->trouble, clock_now());
	else if (trouble_failed(&secret->trouble, clock_now(), 0, 0))
		log_warning("%s %s; what it had is used further", secret->path,
			    wrong);
	free(wrong);
}

void secret_clear(struct secret *secret)
{
	overwrite(secret->text, secret->length);
	free(secret->path);
	*secret = (struct secret){};
}
