// SPDX-License-Identifier: GPL-2.0-only
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy/memory.h"

/* Write all of it; 0 or an errno value. */
static int write_text(int fd, const char *text)
{
	size_t left = strlen(text);
	ssize_t written;

	for (; left; left -= written, text += written) {
		written = write(fd, text, left);
		if (written < 0 && errno != EINTR)
			return errno;
		if (written < 0)
			written = 0;
	}
	return 0;
}

static int write_synced(int fd, const char *text, mode_t mode)
{
	int error = write_text(fd, text);

	if (!error && (fchmod(fd, mode) || fsync(fd)))
		error = errno;
	return error;
}

/* A rename lasts only once the directory is on the disk as well. */
static int sync_directory(const char *path)
{
	char *copy = xstrdup(path);
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int error = 0;

	free(copy);
	if (fd < 0)
		return errno;
	if (fsync(fd) && errno != EINVAL)
		error = errno;
	close(fd);
	return error;
}

/* Give a file that has no name one beside the path; NULL when that cannot be. */
static char *name_file(int fd, const char *path)
{
	unsigned int attempt, number;
	char source[32], *name;

	snprintf(source, sizeof(source), "/proc/self/fd/%d", fd);
	for (attempt = 0; attempt < 100; attempt++) {
		if (getrandom(&number, sizeof(number), 0) < 0)
			return NULL;
		name = xasprintf("%s.%06x", path, number & 0xffffff);
		if (!linkat(AT_FDCWD, source, AT_FDCWD, name,
			    AT_SYMLINK_FOLLOW))
			return name;
		free(name);
		if (errno != EEXIST)
			return NULL;
	}
	return NULL;
}

/* A file without a name is gone with its writer, whenever that dies. *name is
 * NULL on an error, and where there are none such or none can be given a name.
 */
static int write_unnamed(const char *text, const char *path, mode_t mode,
			 char **name)
{
	char *copy = xstrdup(path);
	int fd = open(dirname(copy), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	int error;

	free(copy);
	*name = NULL;
	if (fd < 0)
		return 0;
	error = write_synced(fd, text, mode);
	if (!error)
		*name = name_file(fd, path);
	close(fd);
	return error;
}

static int write_named(const char *text, const char *path, mode_t mode,
		       char **name)
{
	int fd, error;

	*name = xasprintf("%s.XXXXXX", path);
	fd = mkostemp(*name, O_CLOEXEC);
	if (fd < 0) {
		error = errno;
		free(*name);
		*name = NULL;
		return error;
	}
	error = write_synced(fd, text, mode);
	close(fd);
	return error;
}

int file_replace(const char *path, const char *text, mode_t mode)
{
	char *name;
	int error = write_unnamed(text, path, mode, &name);

	if (!error && !name)
		error = write_named(text, path, mode, &name);
	if (!error && rename(name, path))
		error = errno;
	if (!error)
		error = sync_directory(path);
	else if (name)
		unlink(name);
	free(name);
	return error;
}

static int write_to(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int error;

	if (fd < 0)
		return errno;
	error = write_text(fd, text);
	if (close(fd) && !error)
		error = errno;
	return error;
}

int file_write(const char *path, const char *text, mode_t mode)
{
	char *real = realpath(path, NULL);
	struct stat info;
	int error;

	if (real && !stat(real, &info) && !S_ISREG(info.st_mode))
		error = write_to(real, text);
	else
		error = file_replace(real ? real : path, text, mode);
	free(real);
	return error;
}
