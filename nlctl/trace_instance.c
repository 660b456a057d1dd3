// SPDX-License-Identifier: GPL-2.0-only
#include "trace_instance.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy/memory.h"

#define PREFIX "nlctl-"

static char *name_of_process(unsigned long namespace, long process)
{
	return xasprintf(PREFIX "%lu-%ld", namespace, process);
}

static bool find_namespace(unsigned long *number)
{
	struct stat namespace;

	if (stat("/proc/self/ns/pid", &namespace))
		return false;
	*number = namespace.st_ino;
	return true;
}

char *trace_instance_name(void)
{
	unsigned long namespace;

	if (!find_namespace(&namespace))
		return NULL;
	return name_of_process(namespace, getpid());
}

bool trace_instance_is_stale(const char *name)
{
	unsigned long namespace, own;
	long process;
	char *again;
	bool ours;

	if (sscanf(name, PREFIX "%lu-%ld", &namespace, &process) != 2 ||
	    process <= 0 || process > INT32_MAX || !find_namespace(&own) ||
	    namespace != own)
		return false;
	again = name_of_process(namespace, process);
	ours = !strcmp(name, again);
	free(again);
	return ours &&
	       (process == getpid() || (kill(process, 0) && errno == ESRCH));
}

/* One that cannot be removed harms nobody else. */
static void remove_stale(void)
{
	char **names = tracefs_instances("^" PREFIX);
	size_t i;

	for (i = 0; names && names[i]; i++) {
		struct tracefs_instance *instance;

		if (!trace_instance_is_stale(names[i]))
			continue;
		instance = tracefs_instance_alloc(NULL, names[i]);
		if (instance)
			trace_instance_destroy(instance);
	}
	tracefs_list_free(names);
}

struct tracefs_instance *trace_instance_create(const struct nlctl *nlctl)
{
	struct tracefs_instance *instance = NULL;
	char *name;

	remove_stale();
	name = trace_instance_name();
	if (name)
		instance = tracefs_instance_create(name);
	if (!instance)
		nlctl_error(nlctl, "cannot create the trace instance %s: %s",
			    name ? name : "of this process", strerror(errno));
	free(name);
	return instance;
}

void trace_instance_destroy(struct tracefs_instance *instance)
{
	tracefs_instance_destroy(instance);
	tracefs_instance_free(instance);
}
