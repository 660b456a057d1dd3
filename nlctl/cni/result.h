/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The result of the plugins in front of this one: read, and passed on.
 */
#ifndef NLCTL_CNI_RESULT_H
#define NLCTL_CNI_RESULT_H

#include "attachment.h"
#include "cni/configuration.h"
#include "cni/failure.h"

/**
 * result_read() - take addresses and interfaces out of a result
 * @previous: the result, of any version
 * @attachment: receives the addresses and the node's interface
 *
 * Return: NULL, or what is wrong.
 */
struct failure *result_read(const json_t *previous,
			    struct attachment *attachment);

/**
 * result_text() - the result as it is passed on
 * @configuration: a configuration that has one
 * @text: receives the text, which the caller frees
 *
 * It is what was given, to the byte, unless it is of another version than the
 * configuration: then it is put into that form.
 *
 * Return: NULL, or what is wrong.
 */
struct failure *result_text(const struct configuration *configuration,
			    char **text);

#endif
