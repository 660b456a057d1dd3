// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "live.h"
#include "output.h"
#include "policy/memory.h"
#include "state.h"

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

static int write_synced(int fd, const char *text)
{
	int error = write_text(fd, text);

	if (!error && fsync(fd))
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
static int write_unnamed(const char *text, const char *path, char **name)
{
	char *copy = xstrdup(path);
	int fd = open(dirname(copy), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	int error;

	free(copy);
	*name = NULL;
	if (fd < 0)
		return 0;
	error = write_synced(fd, text);
	if (!error)
		*name = name_file(fd, path);
	close(fd);
	return error;
}

static int write_named(const char *text, const char *path, char **name)
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
	error = write_synced(fd, text);
	close(fd);
	return error;
}

static int replace_file(const char *text, const char *path)
{
	char *name;
	int error = write_unnamed(text, path, &name);

	if (!error && !name)
		error = write_named(text, path, &name);
	if (!error && rename(name, path))
		error = errno;
	if (!error)
		error = sync_directory(path);
	else if (name)
		unlink(name);
	free(name);
	return error;
}

static int write_file(const char *text, const char *path)
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

/* What is not a regular file, as a pipe or a device, is written to as it is;
 * through a symbolic link the file behind it is replaced.
 */
static int save_file(const json_t *state, const char *path)
{
	char *json = json_dumps(state, JSON_SORT_KEYS | JSON_INDENT(1));
	char *real = realpath(path, NULL);
	struct stat info;
	char *text = NULL;
	int error = ENOMEM;

	if (!json)
		goto out;
	text = xasprintf("%s\n", json);
	if (real && !stat(real, &info) && !S_ISREG(info.st_mode))
		error = write_file(text, real);
	else
		error = replace_file(text, real ? real : path);
out:
	free(text);
	free(real);
	free(json);
	return error;
}

static int run(struct nlctl *nlctl, const struct arguments *arguments)
{
	const char *path = arguments->word_count ? arguments->words[0] : "-";
	struct netlink *netlink = netlink_open(nlctl);
	struct settings settings = {};
	struct objects objects = {};
	int result = EXIT_FAILURE;
	json_t *state;
	int error;

	if (!netlink)
		return EXIT_FAILURE;
	if (live_read(netlink, &objects, &settings)) {
		netlink_report(nlctl, netlink);
		goto out;
	}
	state = state_json(&objects, &settings);
	if (!strcmp(path, "-")) {
		output_json(state);
		result = EXIT_SUCCESS;
		goto out;
	}
	error = save_file(state, path);
	json_decref(state);
	if (error)
		nlctl_error(nlctl, "cannot write %s: %s", path,
			    strerror(error));
	else
		result = EXIT_SUCCESS;

out:
	settings_clear(&settings);
	objects_clear(&objects);
	netlink_close(netlink);
	return result;
}

const struct command save_command = {
	.name = "save",
	.synopsis = "[FILE|-]",
	.summary = "Write all objects and settings to a file, for restore.",
	.description =
		"The file is replaced in one step: whoever reads it sees the old content or the\n"
		"new. It is JSON whatever -o says, with a checksum, and without counters.",
	.example = "nlctl save /var/lib/podwall/state.json",
	.word_max = 1,
	.run = run,
};
