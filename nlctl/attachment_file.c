// SPDX-License-Identifier: GPL-2.0-only
#include "attachment_file.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "policy/memory.h"

#define FILES "attachments"
#define SUFFIX ".json"

/* More than any attachment takes. */
#define FILE_MAX 32768

/* Seconds after which a file that got no name of its own was left behind. */
#define LEFT_BEHIND 60

char *attachment_directory(const char *directory)
{
	return xasprintf("%s/" FILES, directory);
}

static char *path_of(const char *directory, const char *name)
{
	return xasprintf("%s/" FILES "/%s", directory, name);
}

/* Whoever may write there says who a pod is. */
static char *make_one(const char *path)
{
	struct stat status;

	if (mkdir(path, 0700) && errno != EEXIST)
		return xasprintf("cannot make the directory %s: %s", path,
				 strerror(errno));
	if (lstat(path, &status))
		return xasprintf("cannot look at %s: %s", path,
				 strerror(errno));
	if (!S_ISDIR(status.st_mode))
		return xasprintf("%s is not a directory", path);
	if (status.st_uid != geteuid() || status.st_mode & 022)
		return xasprintf(
			"the directory %s has to be writable for its owner alone, who has to be user %u",
			path, geteuid());
	return NULL;
}

char *attachment_directory_make(const char *directory)
{
	char *files = attachment_directory(directory);
	char *problem = make_one(directory);

	if (!problem)
		problem = make_one(files);
	free(files);
	return problem;
}

char *attachment_file_name(const char *container, const char *interface)
{
	const unsigned char *at;
	size_t length;
	FILE *stream;
	char *name;

	stream = xopen_memstream(&name, &length);
	fprintf(stream, "%s@", container);
	for (at = (const unsigned char *)interface; *at; at++)
		if (*at < 0x80 && (isalnum(*at) || strchr("_.-", *at)))
			fputc(*at, stream);
		else
			fprintf(stream, "%%%02x", *at);
	fputs(SUFFIX, stream);
	fclose(stream);
	return name;
}

bool attachment_file_is(const char *name)
{
	size_t length = strlen(name);
	size_t suffix = strlen(SUFFIX);

	return length > suffix && !strcmp(name + length - suffix, SUFFIX) &&
	       strchr(name, '@') && !strchr(name, '/') && *name != '.';
}

char *attachment_file_write(const char *directory,
			    const struct attachment *attachment)
{
	char *problem = NULL, *text, *name, *path;
	json_t *tree = attachment_json(attachment);
	int error;

	/* What nobody could read is not written. */
	attachment_free(attachment_parse(tree, &problem));
	if (problem)
		goto out;
	problem = attachment_directory_make(directory);
	if (problem)
		goto out;
	text = json_dumps(tree, JSON_INDENT(1) | JSON_SORT_KEYS);
	name = attachment_file_name(attachment->container,
				    attachment->interface);
	path = path_of(directory, name);
	error = file_replace(path, text, 0600);
	if (error)
		problem =
			xasprintf("cannot write %s: %s", path, strerror(error));
	free(path);
	free(name);
	free(text);
out:
	json_decref(tree);
	return problem;
}

/* The text of a file, or NULL with what is wrong; without, there is none. */
static char *read_text(const char *path, size_t *length, char **problem)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat status;
	char *text = NULL;
	ssize_t part;

	if (fd < 0) {
		if (errno != ENOENT)
			*problem =
				xasprintf("cannot open: %s", strerror(errno));
		return NULL;
	}
	*length = 0;
	if (fstat(fd, &status) || !S_ISREG(status.st_mode)) {
		*problem = xstrdup("is not a file");
		goto out;
	}
	text = xcalloc(FILE_MAX + 1, 1);
	do {
		part = read(fd, text + *length, FILE_MAX + 1 - *length);
		if (part < 0 && errno != EINTR)
			*problem =
				xasprintf("cannot read: %s", strerror(errno));
		*length += part > 0 ? part : 0;
	} while (!*problem && part && *length <= FILE_MAX);
	if (!*problem && *length > FILE_MAX)
		*problem = xasprintf("is longer than %d bytes", FILE_MAX);
out:
	close(fd);
	if (*problem) {
		free(text);
		text = NULL;
	}
	return text;
}

static struct attachment *parse_text(const char *text, size_t length,
				     const char *name, char **problem)
{
	struct attachment *attachment;
	json_error_t error;
	json_t *tree = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
	char *own;

	if (!tree) {
		*problem = xasprintf("line %d: %s", error.line, error.text);
		return NULL;
	}
	attachment = attachment_parse(tree, problem);
	json_decref(tree);
	if (!attachment)
		return NULL;
	own = attachment_file_name(attachment->container,
				   attachment->interface);
	if (strcmp(own, name) != 0) {
		*problem = xasprintf("has what belongs into %s", own);
		attachment_free(attachment);
		attachment = NULL;
	}
	free(own);
	return attachment;
}

struct attachment *attachment_file_read(const char *directory, const char *name,
					char **problem)
{
	char *path = path_of(directory, name), *what = NULL, *text;
	struct attachment *attachment = NULL;
	size_t length = 0;

	text = read_text(path, &length, &what);
	if (text)
		attachment = parse_text(text, length, name, &what);
	*problem = what ? xasprintf("%s: %s", path, what) : NULL;
	free(what);
	free(text);
	free(path);
	return attachment;
}

char *attachment_file_remove(const char *directory, const char *name)
{
	char *path = path_of(directory, name);
	char *problem = NULL;

	if (unlink(path) && errno != ENOENT && errno != ENOTDIR)
		problem = xasprintf("cannot remove %s: %s", path,
				    strerror(errno));
	free(path);
	return problem;
}

/* A writer that is killed leaves NAME.json.XXXXXX. */
static void remove_left(const char *directory, const char *name)
{
	char *path = path_of(directory, name);
	struct stat status;

	if (!lstat(path, &status) && S_ISREG(status.st_mode) &&
	    status.st_mtime + LEFT_BEHIND < time(NULL))
		unlink(path);
	free(path);
}

char *attachment_file_list(const char *directory, char ***names, size_t *count)
{
	char *path = attachment_directory(directory), *problem = NULL;
	DIR *stream = opendir(path);
	struct dirent *entry;

	*names = NULL;
	*count = 0;
	if (!stream && errno != ENOENT)
		problem =
			xasprintf("cannot open %s: %s", path, strerror(errno));
	free(path);
	if (!stream)
		return problem;
	while ((entry = readdir(stream))) {
		if (attachment_file_is(entry->d_name))
			*array_add(*names, *count) = xstrdup(entry->d_name);
		else if (strstr(entry->d_name, SUFFIX "."))
			remove_left(directory, entry->d_name);
	}
	closedir(stream);
	return NULL;
}

void attachment_file_list_free(char **names, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		free(names[i]);
	free(names);
}
