// SPDX-License-Identifier: GPL-2.0-only
#include "control-iptables.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control-sample.h"
#include "policy/memory.h"

#define RULES_FILE "/run/control.iptables"
#define REPORT_FILE "/run/control.report"

char *iptables_prepare(const char *rules)
{
	FILE *file;

	if (!rules)
		return NULL;
	file = fopen(RULES_FILE, "we");
	if (!file || fputs(rules, file) < 0 || fclose(file))
		return xasprintf("%s: %s", RULES_FILE, strerror(errno));
	return NULL;
}

static char *take_report(void)
{
	unsigned long request, kernel, calls;
	FILE *report = fopen(REPORT_FILE, "re");
	bool good = report && fscanf(report, "%lu %lu %lu", &request, &kernel,
				     &calls) == 3;

	if (report)
		fclose(report);
	if (!good)
		return xasprintf("%s: no report", REPORT_FILE);
	sample_foreign(request, kernel, calls);
	return NULL;
}

char *iptables_restore(bool keep)
{
	char *arguments[] = { "iptables-legacy-restore",
			      keep ? "--noflush" : NULL, NULL };
	/* control-preload.so is beside this program. */
	char *environment[] = { "PATH=/usr/sbin:/usr/bin",
				"LD_PRELOAD=./control-preload.so",
				"CONTROL_REPORT=" REPORT_FILE, NULL };
	posix_spawn_file_actions_t actions;
	int error, status = 0;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, RULES_FILE,
					 O_RDONLY, 0);
	error = posix_spawnp(&pid, arguments[0], &actions, NULL, arguments,
			     environment);
	posix_spawn_file_actions_destroy(&actions);
	if (error)
		return xasprintf("%s: %s", arguments[0], strerror(error));
	if (waitpid(pid, &status, 0) != pid || status)
		return xasprintf("%s: failed, status %#x", arguments[0],
				 (unsigned int)status);
	return take_report();
}

size_t iptables_entries(void)
{
	struct ipt_getinfo info = { .name = "filter" };
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	socklen_t length = sizeof(info);

	if (fd < 0 ||
	    getsockopt(fd, IPPROTO_IP, IPT_SO_GET_INFO, &info, &length))
		info.num_entries = 0;
	close(fd);
	return info.num_entries;
}
