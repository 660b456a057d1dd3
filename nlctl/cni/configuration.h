/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The network configuration, as the runtime puts it on standard input.
 */
#ifndef NLCTL_CNI_CONFIGURATION_H
#define NLCTL_CNI_CONFIGURATION_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cni/failure.h"

/**
 * struct configuration - a network configuration
 * @text: as it was given; owned
 * @length: its bytes
 * @tree: the same, read; numbers are reals; owned
 * @version: of the specification; borrowed from @tree, as all texts here
 * @name: of the network
 * @directory: where to meet the agent
 * @open: a pod may talk before its policy is in force
 * @timeout: nanoseconds that the agent may take
 * @previous: result of the plugins in front of this one; NULL without
 */
struct configuration {
	char *text;
	size_t length;
	json_t *tree;
	const char *version;
	const char *name;
	const char *directory;
	bool open;
	uint64_t timeout;
	const json_t *previous;
};

/**
 * configuration_parse() - read a configuration
 * @text: the text, which is taken over
 * @length: its bytes
 * @configuration: receives it; freed with configuration_clear() in any case
 *
 * Keys that are not known are passed over: others use the same object.
 *
 * Return: NULL, or what is wrong. @configuration.version is known in any case.
 */
struct failure *configuration_parse(char *text, size_t length,
				    struct configuration *configuration);

/**
 * configuration_asked() - the version that VERSION is asked in
 * @text: standard input, which may be anything
 * @length: its bytes
 *
 * Return: the version, or the newest when there is none; the caller frees it.
 */
char *configuration_asked(const char *text, size_t length);

/**
 * configuration_clear() - free what the structure owns and zero it
 * @configuration: the configuration
 */
void configuration_clear(struct configuration *configuration);

#endif
