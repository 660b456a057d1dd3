/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The versions of the specification that the plugin speaks.
 */
#ifndef NLCTL_CNI_VERSION_H
#define NLCTL_CNI_VERSION_H

#include <jansson.h>
#include <stdbool.h>

/* The newest of them. */
#define CNI_NEWEST "1.1.0"

/**
 * version_known() - whether a version is one of them
 * @text: the version
 */
bool version_known(const char *text);

/**
 * version_least() - whether a version is another one or newer
 * @text: a known version
 * @least: another known version
 */
bool version_least(const char *text, const char *least);

/**
 * version_json() - what VERSION answers
 * @asked: the version that the question was put in
 *
 * Return: a new object.
 */
json_t *version_json(const char *asked);

/**
 * version_names() - all of them, for messages
 *
 * Return: "0.3.1, 0.4.0", say, which the caller frees.
 */
char *version_names(void);

#endif
