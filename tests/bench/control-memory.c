// SPDX-License-Identifier: GPL-2.0-only
#include "control-memory.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "load.h"

/* The kernel sums up what it charged every 2 s. */
#define POLL 250000
#define QUIET_POLLS 10
#define POLLS_MAX 120

/* What is less than that is noise. */
#define NOISE (256 * 1024)

#define CHARGED "/sys/fs/cgroup/bench/memory.stat"

static int64_t read_gauge(const char *path, const char *wanted)
{
	FILE *file = fopen(path, "re");
	int64_t value = 0;
	char line[256], label[64];
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file))
		found = sscanf(line, "%63s %" SCNd64, label, &value) == 2 &&
			!strcmp(label, wanted);
	if (!found)
		load_fail("cannot read %s of %s", wanted, path);
	fclose(file);
	return value;
}

static int64_t machine(const char *label)
{
	return read_gauge("/proc/meminfo", label) * 1024;
}

/* Programs' pages, and the tables that lead to them, are not the kernel's. */
static int64_t used(void)
{
	return machine("MemTotal:") - machine("MemFree:") -
	       machine("AnonPages:") - machine("PageTables:");
}

static void drop_caches(void)
{
	FILE *file = fopen("/proc/sys/vm/drop_caches", "we");

	if (!file || fputs("3\n", file) < 0 || fclose(file))
		load_fail("cannot drop the kernel's caches");
}

struct holding holding_read(void)
{
	unsigned int quiet = 0, polls = 0;
	int64_t before, now;

	drop_caches();
	before = used();
	while (quiet < QUIET_POLLS && polls++ < POLLS_MAX) {
		usleep(POLL);
		now = used();
		quiet = llabs(now - before) < NOISE ? quiet + 1 : 0;
		before = now;
	}
	drop_caches();
	return (struct holding){
		.used = used(),
		.held = machine("Slab:") + machine("VmallocUsed:") +
			machine("Percpu:"),
		.charged = read_gauge(CHARGED, "kernel") -
			   read_gauge(CHARGED, "pagetables") -
			   read_gauge(CHARGED, "kernel_stack"),
	};
}
