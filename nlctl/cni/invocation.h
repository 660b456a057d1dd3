/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the runtime asks, as its environment says it.
 */
#ifndef NLCTL_CNI_INVOCATION_H
#define NLCTL_CNI_INVOCATION_H

#include <stdbool.h>

#include "cni/failure.h"

enum cni_command {
	CNI_ADD,
	CNI_DEL,
	CNI_CHECK,
	CNI_STATUS,
	CNI_GC,
	CNI_VERSION,
};

/**
 * struct invocation - a command and what it is about
 * @command: the command
 * @container: id of the container; NULL where the command has none
 * @netns: path of its network namespace; NULL when the runtime gives none
 * @interface: name of the interface inside; NULL where the command has none
 * @pod_namespace: of the pod; NULL when it is not known
 * @pod_name: likewise
 * @pod_uid: likewise
 *
 * Texts are owned.
 */
struct invocation {
	enum cni_command command;
	char *container;
	char *netns;
	char *interface;
	char *pod_namespace;
	char *pod_name;
	char *pod_uid;
};

/**
 * invocation_read() - take the environment in
 * @read: finds a variable by name, as getenv() does
 * @invocation: receives it; freed with invocation_clear() in any case
 *
 * Return: NULL, or what is wrong.
 */
struct failure *invocation_read(char *(*read)(const char *name),
				struct invocation *invocation);

/**
 * invocation_clear() - free what the structure owns and zero it
 * @invocation: the invocation
 */
void invocation_clear(struct invocation *invocation);

#endif
