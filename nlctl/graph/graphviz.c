// SPDX-License-Identifier: GPL-2.0-only
#include "graph/graphviz.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "policy/memory.h"

extern char **environ;

/* A file without a name: the program reads it at its own pace. */
static int text_file(const char *text, size_t length)
{
	int file = memfd_create("graph", MFD_CLOEXEC);
	ssize_t done;

	if (file < 0)
		return -1;
	while (length) {
		done = write(file, text, length);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0) {
			close(file);
			return -1;
		}
		text += done;
		length -= done;
	}
	lseek(file, 0, SEEK_SET);
	return file;
}

static int spawn(int input, int output, pid_t *process)
{
	char *const arguments[] = { "dot", "-q", "-Tsvg", NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	int error;

	/* Whoever watches has signals blocked. */
	sigemptyset(&none);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	error = posix_spawnp(process, arguments[0], &actions, &attributes,
			     arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return error;
}

static char *read_all(int file)
{
	size_t length;
	char *text, part[65536];
	FILE *stream = xopen_memstream(&text, &length);
	ssize_t count;

	while ((count = read(file, part, sizeof(part))) > 0 ||
	       (count < 0 && errno == EINTR))
		if (count > 0)
			fwrite(part, count, 1, stream);
	fclose(stream);
	return text;
}

static char *failure(int error)
{
	if (error == ENOENT)
		return xstrdup(
			"Graphviz draws the picture, and its program \"dot\" is not there: install the package graphviz");
	return xasprintf("cannot run dot of Graphviz: %s", strerror(error));
}

char *graphviz_draw(const char *text, size_t length, char **svg)
{
	int ends[2], input, error, status = 0;
	pid_t process;

	*svg = NULL;
	input = text_file(text, length);
	if (input < 0)
		return failure(errno);
	if (pipe2(ends, O_CLOEXEC)) {
		error = errno;
		close(input);
		return failure(error);
	}
	error = spawn(input, ends[1], &process);
	close(input);
	close(ends[1]);
	if (error) {
		close(ends[0]);
		return failure(error);
	}
	*svg = read_all(ends[0]);
	close(ends[0]);
	while (waitpid(process, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status) && !WEXITSTATUS(status) && strstr(*svg, "</svg>"))
		return NULL;
	free(*svg);
	*svg = NULL;
	if (WIFSIGNALED(status))
		return xasprintf("dot of Graphviz was ended by signal %d",
				 WTERMSIG(status));
	return xasprintf("dot of Graphviz failed with status %d",
			 WEXITSTATUS(status));
}
