// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "live.h"
#include "output.h"
#include "policy/memory.h"
#include "state.h"

/* Write and close; 0 or an errno value. */
static int write_state(json_t *state, int fd, bool sync)
{
	FILE *file = fdopen(fd, "w");
	int error = 0;

	if (!file) {
		error = errno;
		close(fd);
		return error;
	}
	if (json_dumpf(state, file, JSON_SORT_KEYS | JSON_INDENT(1)) ||
	    fputc('\n', file) == EOF || fflush(file) || (sync && fsync(fd)))
		error = errno ? errno : EIO;
	if (fclose(file) && !error)
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

static int replace_file(json_t *state, const char *path)
{
	char *temporary = xasprintf("%s.XXXXXX", path);
	int fd = mkostemp(temporary, O_CLOEXEC);
	int error;

	if (fd < 0) {
		error = errno;
		goto out;
	}
	error = write_state(state, fd, true);
	if (!error && rename(temporary, path))
		error = errno;
	if (error)
		unlink(temporary);
	else
		error = sync_directory(path);
out:
	free(temporary);
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
	int fd;

	if (real && !stat(real, &info) && !S_ISREG(info.st_mode)) {
		fd = open(real, O_WRONLY | O_CLOEXEC);
		error = fd < 0 ? errno : write_state(state, fd, false);
	} else {
		error = replace_file(state, real ? real : path);
	}
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
