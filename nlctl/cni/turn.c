// SPDX-License-Identifier: GPL-2.0-only
#include "cni/turn.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "attachment_file.h"

int turn_take(const char *directory)
{
	char *path = attachment_directory(directory);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	free(path);
	while (fd >= 0 && flock(fd, LOCK_EX) && errno == EINTR)
		;
	return fd;
}

void turn_end(int fd)
{
	if (fd >= 0)
		close(fd);
}
