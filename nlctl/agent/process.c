// SPDX-License-Identifier: GPL-2.0-only
#include "agent/process.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "exposition.h"

/* The fields of /proc/self/stat that follow the name, which may hold anything but
 * a newline: its end is the last parenthesis. proc(5) counts them from 3.
 */
static bool read_stat(struct process_usage *usage, uint64_t *began)
{
	uint64_t user, system;
	char line[1024];
	FILE *file = fopen("/proc/self/stat", "re");
	size_t length;
	char *rest;

	if (!file)
		return false;
	length = fread(line, 1, sizeof(line) - 1, file);
	fclose(file);
	line[length] = '\0';
	rest = strrchr(line, ')');
	if (!rest ||
	    sscanf(rest + 1,
		   " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %" SCNu64
		   " %" SCNu64 " %*d %*d %*d %*d %*d %*d %" SCNu64 " %" SCNu64
		   " %" SCNu64,
		   &user, &system, began, &usage->virtual_memory,
		   &usage->resident_memory) != 5)
		return false;
	usage->processor_time = (user + system) *
				(NANOSECONDS_PER_SECOND / sysconf(_SC_CLK_TCK));
	usage->resident_memory *= sysconf(_SC_PAGESIZE);
	return true;
}

/* Ticks since the machine was started, as a time of day. */
static uint64_t time_of_day(uint64_t ticks)
{
	uint64_t age = clock_now() / NANOSECONDS_PER_MILLISECOND -
		       ticks * 1000 / sysconf(_SC_CLK_TCK);
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 - age;
}

/* One of them is the directory's own. */
static uint64_t count_descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	const struct dirent *entry;
	uint64_t count = 0;

	if (!directory)
		return 0;
	while ((entry = readdir(directory)))
		count += entry->d_name[0] != '.';
	closedir(directory);
	return count - 1;
}

bool process_usage_read(struct process_usage *usage)
{
	struct rlimit limit = {};
	uint64_t began;

	*usage = (struct process_usage){};
	if (!read_stat(usage, &began)) {
		*usage = (struct process_usage){};
		return false;
	}
	getrlimit(RLIMIT_NOFILE, &limit);
	usage->descriptors = count_descriptors();
	usage->descriptors_max = limit.rlim_cur;
	usage->began = time_of_day(began);
	return true;
}

void process_usage_write(const struct process_usage *usage, FILE *out)
{
	exposition_duration(out, "process_cpu_seconds_total", "counter",
			    usage->processor_time,
			    "Time that the agent ran, user and system.");
	exposition_number(out, "process_resident_memory_bytes", "gauge",
			  usage->resident_memory,
			  "Memory of the agent that is in RAM.");
	exposition_number(out, "process_virtual_memory_bytes", "gauge",
			  usage->virtual_memory,
			  "Addresses that the agent uses.");
	exposition_number(out, "process_open_fds", "gauge", usage->descriptors,
			  "File descriptors that the agent has open.");
	exposition_number(out, "process_max_fds", "gauge",
			  usage->descriptors_max,
			  "File descriptors that it may have open.");
	exposition_begin(out, "process_start_time_seconds", "gauge",
			 "When the agent began.");
	fprintf(out, "process_start_time_seconds %" PRIu64 ".%03" PRIu64 "\n",
		usage->began / 1000, usage->began % 1000);
}
