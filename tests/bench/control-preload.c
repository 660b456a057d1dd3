// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loaded into iptables-restore by LD_PRELOAD: the time of its system calls on
 * sockets. At the end three numbers go to the file that CONTROL_REPORT names:
 * ticks of the calls that replace the rules, ticks of all, and how many calls.
 */
#include <inttypes.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <x86intrin.h>

static uint64_t request_ticks, kernel_ticks, calls;

static void count_call(uint64_t start, bool is_request)
{
	uint64_t ticks = __rdtsc() - start;

	kernel_ticks += ticks;
	if (is_request)
		request_ticks += ticks;
	calls++;
}

int getsockopt(int fd, int level, int name, void *value, socklen_t *length)
{
	uint64_t start = __rdtsc();
	int result = syscall(SYS_getsockopt, fd, level, name, value, length);

	count_call(start, false);
	return result;
}

int setsockopt(int fd, int level, int name, const void *value, socklen_t length)
{
	uint64_t start = __rdtsc();
	int result = syscall(SYS_setsockopt, fd, level, name, value, length);

	count_call(start, level == IPPROTO_IP && name == IPT_SO_SET_REPLACE);
	return result;
}

int socket(int domain, int type, int protocol)
{
	uint64_t start = __rdtsc();
	int result = syscall(SYS_socket, domain, type, protocol);

	count_call(start, false);
	return result;
}

__attribute__((destructor)) static void report(void)
{
	const char *path = getenv("CONTROL_REPORT");
	FILE *file = path ? fopen(path, "we") : NULL;

	if (!file)
		return;
	fprintf(file, "%" PRIu64 " %" PRIu64 " %" PRIu64 "\n", request_ticks,
		kernel_ticks, calls);
	fclose(file);
}
