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

/* Write; 0 or an errno value. */
static int write_state(json_t *state, FILE *file)
{
	if (json_dumpf(state, file, JSON_SORT_KEYS | JSON_INDENT(1)) ||
	    fputc('\n', file) == EOF || fflush(file))
		return errno ? errno : EIO;
	return 0;
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

/* Give a file that has no name one beside the path. */
static int name_file(int fd, const char *path, char **name)
{
	unsigned int attempt, number;
	char source[32];
	int error = EEXIST;

	snprintf(source, sizeof(source), "/proc/self/fd/%d", fd);
	for (attempt = 0; error == EEXIST && attempt < 100; attempt++) {
		if (getrandom(&number, sizeof(number), 0) < 0)
			return errno;
		free(*name);
		*name = xasprintf("%s.%06x", path, number & 0xffffff);
		error = 0;
		if (linkat(AT_FDCWD, source, AT_FDCWD, *name,
			   AT_SYMLINK_FOLLOW))
			error = errno;
	}
	if (error) {
		free(*name);
		*name = NULL;
	}
	return error;
}

/* A file without a name is gone with its writer, whenever that dies. Where the
 * file system has none such, it has a name from the beginning.
 */
static int open_temporary(const char *path, char **name)
{
	char *copy = xstrdup(path);
	int fd = open(dirname(copy), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);

	free(copy);
	if (fd >= 0)
		return fd;
	*name = xasprintf("%s.XXXXXX", path);
	fd = mkostemp(*name, O_CLOEXEC);
	if (fd < 0) {
		free(*name);
		*name = NULL;
	}
	return fd;
}

static int replace_file(json_t *state, const char *path)
{
	char *name = NULL;
	int fd = open_temporary(path, &name);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
	int error;

	if (!file) {
		error = errno;
		if (fd >= 0)
			close(fd);
		goto out;
	}
	error = write_state(state, file);
	if (!error && fsync(fd))
		error = errno;
	if (!error && !name)
		error = name_file(fd, path, &name);
	if (fclose(file) && !error)
		error = errno;
	if (!error && rename(name, path))
		error = errno;
	if (!error)
		error = sync_directory(path);
	else if (name)
		unlink(name);
out:
	free(name);
	return error;
}

static int write_file(json_t *state, const char *path)
{
	FILE *file = fopen(path, "we");
	int error;

	if (!file)
		return errno;
	error = write_state(state, file);
	if (fclose(file) && !error)
		error = errno;
	return error;
}

/* What is not a regular file, as a pipe or a device, is written to as it is;
 * through a symbolic link the file behind it is replaced.
 */
static int save_file(json_t *state, const char *path)
{
	char *real = realpath(path, NULL);
	struct stat info;
	int error;

	if (real && !stat(real, &info) && !S_ISREG(info.st_mode))
		error = write_file(state, real);
	else
		error = replace_file(state, real ? real : path);
	free(real);
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
