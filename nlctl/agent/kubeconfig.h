/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kubeconfig files.
 */
#ifndef NLCTL_AGENT_KUBECONFIG_H
#define NLCTL_AGENT_KUBECONFIG_H

#include <stdbool.h>

#include "agent/credentials.h"
#include "policy/problem.h"

/**
 * kubeconfig_read() - read what the current context of a kubeconfig says
 * @path: the file; what it names is relative to its directory
 * @credentials: receives it, with the files that it names read
 * @problems: receives what is wrong
 *
 * Return: false when an error was added to @problems.
 */
bool kubeconfig_read(const char *path, struct credentials *credentials,
		     struct problems *problems);

#endif
