// SPDX-License-Identifier: GPL-2.0-only
#include "complaints.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* tests/vm/verdict has all; these come first in what it looks for. */
static const char *const words[] = {
	"BUG",
	"WARNING:",
	"KASAN",
	"UBSAN",
	"Oops",
	"general protection",
	"INFO: ",
	"refcount_t",
	"ODEBUG",
	"corruption",
	"suspicious RCU",
	"possible ",
	"inconsistent lock",
	"page allocation failure",
	"Call Trace:",
};

int complaints_open(void)
{
	int log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (log < 0 || lseek(log, 0, SEEK_END) < 0) {
		perror("/dev/kmsg");
		exit(2);
	}
	return log;
}

bool complaints_any(int log, char *line, size_t size)
{
	char record[8192];
	bool found = false;
	ssize_t length;
	size_t i;

	/* A record that was overwritten meanwhile is passed over. */
	while ((length = read(log, record, sizeof(record) - 1)) > 0 ||
	       (length < 0 && errno == EPIPE)) {
		char *text;

		if (length < 0)
			continue;
		record[length] = '\0';
		text = strchr(record, ';');
		for (i = 0;
		     text && !found && i < sizeof(words) / sizeof(*words);
		     i++) {
			if (!strstr(text, words[i]))
				continue;
			found = true;
			snprintf(line, size, "%.*s",
				 (int)strcspn(text + 1, "\n"), text + 1);
		}
	}
	return found;
}
