// SPDX-License-Identifier: GPL-2.0-only
#include "graph/graphviz.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "policy/memory.h"

/* Files without names: the program reads and writes at its own pace. */
static int empty_file(void)
{
	return memfd_create("graph", MFD_CLOEXEC);
}

static bool write_all(int file, const char *text, size_t length)
{
	ssize_t done;

	while (length) {
		done = write(file, text, length);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		text += done;
		length -= done;
	}
	return !lseek(file, 0, SEEK_SET);
}

/* Whoever runs this ends with its parent. The parent may be gone before the
 * kernel hears of that.
 */
static void become_dot(int input, int output, int failed, pid_t parent)
{
	char *const arguments[] = { "dot", "-q", "-Tsvg", NULL };
	sigset_t none;
	int error;

	sigemptyset(&none);
	if (!prctl(PR_SET_PDEATHSIG, SIGKILL) && getppid() == parent &&
	    dup2(input, STDIN_FILENO) >= 0 &&
	    dup2(output, STDOUT_FILENO) >= 0 &&
	    !sigprocmask(SIG_SETMASK, &none, NULL))
		execvp(arguments[0], arguments);
	error = errno;
	if (write(failed, &error, sizeof(error)) < 0)
		_exit(126);
	_exit(127);
}

/* 0, or why the program does not run; it is gone then. */
static int start(int input, int output, pid_t *process)
{
	pid_t parent = getpid();
	int failed[2], error = 0;
	ssize_t count;

	/* Closed without a word once the program runs. */
	if (pipe2(failed, O_CLOEXEC))
		return errno;
	*process = fork();
	if (!*process)
		become_dot(input, output, failed[1], parent);
	if (*process < 0)
		error = errno;
	close(failed[1]);
	do
		count = *process < 0 ? 0 :
				       read(failed[0], &error, sizeof(error));
	while (count < 0 && errno == EINTR);
	close(failed[0]);
	if (*process > 0 && error)
		waitpid(*process, NULL, 0);
	return error;
}

/* Wait until the program ends; false when it was ended instead. */
static bool await_end(pid_t process, unsigned int seconds, int *status)
{
	struct pollfd descriptor = { .events = POLLIN };
	uint64_t end = clock_now() + seconds * NANOSECONDS_PER_SECOND;
	uint64_t now;
	int count = -1;

	descriptor.fd = pidfd_open(process, 0);
	while (descriptor.fd >= 0 && count < 0) {
		now = clock_now();
		count = poll(&descriptor, 1,
			     now < end ? (int)((end - now) /
					       NANOSECONDS_PER_MILLISECOND) +
						 1 :
					 0);
		if (count < 0 && errno != EINTR)
			break;
	}
	if (descriptor.fd >= 0)
		close(descriptor.fd);
	if (count <= 0)
		kill(process, SIGKILL);
	while (waitpid(process, status, 0) < 0 && errno == EINTR)
		;
	return count > 0;
}

static char *read_all(int file)
{
	off_t length = lseek(file, 0, SEEK_END), done = 0;
	char *text = xcalloc(length + 1, 1);
	ssize_t count;

	while (done < length) {
		count = pread(file, text + done, length - done, done);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			break;
		done += count;
	}
	return text;
}

static char *failure(int error)
{
	if (error == ENOENT)
		return xstrdup(
			"Graphviz draws the picture, and its program \"dot\" is not there: install the package graphviz");
	return xasprintf("cannot run dot of Graphviz: %s", strerror(error));
}

static char *run(int input, int output, unsigned int seconds, char **svg)
{
	int error, status = 0;
	pid_t process = -1;

	error = start(input, output, &process);
	if (error)
		return failure(error);
	if (!await_end(process, seconds, &status))
		return xasprintf(
			"dot of Graphviz was not done in %u s and was ended",
			seconds);
	if (WIFSIGNALED(status))
		return xasprintf("dot of Graphviz was ended by signal %d",
				 WTERMSIG(status));
	*svg = read_all(output);
	if (!WEXITSTATUS(status) && strstr(*svg, "</svg>"))
		return NULL;
	free(*svg);
	*svg = NULL;
	return xasprintf("dot of Graphviz failed with status %d",
			 WEXITSTATUS(status));
}

char *graphviz_draw(const char *text, size_t length, unsigned int seconds,
		    char **svg)
{
	int input = empty_file(), output = empty_file();
	char *why;

	*svg = NULL;
	if (input < 0 || output < 0 || !write_all(input, text, length))
		why = failure(errno);
	else
		why = run(input, output, seconds, svg);
	if (input >= 0)
		close(input);
	if (output >= 0)
		close(output);
	return why;
}
