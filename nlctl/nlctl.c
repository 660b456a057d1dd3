// SPDX-License-Identifier: GPL-2.0-only
#include "nlctl.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "output.h"
#include "policy/memory.h"

#define NAMESPACE_DIRECTORY "/run/netns"

const char *nlctl_version(void)
{
	return NLCTL_VERSION;
}

void nlctl_error(const struct nlctl *nlctl, const char *format, ...)
{
	va_list arguments;
	char *text, *clean;

	/* What was printed so far belongs in front, wherever both go. */
	fflush(stdout);
	va_start(arguments, format);
	text = xvasprintf(format, arguments);
	va_end(arguments);
	clean = text_escape(text, "");
	fprintf(stderr, "nlctl: %s%s%s\n", nlctl->verb ? nlctl->verb : "",
		nlctl->verb ? ": " : "", clean);
	free(clean);
	free(text);
}

bool nlctl_enter_namespace(const struct nlctl *nlctl)
{
	const char *name = nlctl->netns;
	char *path;
	int fd;
	int error = 0;

	if (!name)
		return true;
	if (!*name || strchr(name, '/') || !strcmp(name, ".") ||
	    !strcmp(name, "..")) {
		nlctl_error(nlctl, "\"%s\" is no name of a network namespace",
			    name);
		return false;
	}

	path = xasprintf(NAMESPACE_DIRECTORY "/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		error = errno;
	if (fd >= 0)
		close(fd);
	free(path);
	if (error)
		nlctl_error(nlctl, "cannot enter network namespace %s: %s",
			    name, strerror(error));
	return !error;
}
