/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Asks the module of this node for what it has counted.
 */
#ifndef NLCTL_MODULE_METRICS_H
#define NLCTL_MODULE_METRICS_H

#include <stdbool.h>

/**
 * module_metrics_text() - read and write what metrics.h has of this node
 * @pods: tell of each pod as well
 * @problem: set to the reason when the module cannot be asked, which the caller
 *	frees; else to NULL
 *
 * Without the module, podwall_up is 0; to be asked does not load it.
 *
 * Return: the text, which the caller frees; or NULL when the module cannot be
 * asked.
 */
char *module_metrics_text(bool pods, char **problem);

#endif
