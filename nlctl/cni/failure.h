/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a plugin says when it fails, as the specification of CNI has it.
 */
#ifndef NLCTL_CNI_FAILURE_H
#define NLCTL_CNI_FAILURE_H

#include <jansson.h>

/* Codes of the specification, and ours from 100 on. */
enum failure_code {
	FAILURE_VERSION = 1,
	FAILURE_FIELD = 2,
	FAILURE_ENVIRONMENT = 4,
	FAILURE_IO = 5,
	FAILURE_DECODE = 6,
	FAILURE_CONFIGURATION = 7,
	FAILURE_TRY_AGAIN = 11,
	FAILURE_UNAVAILABLE = 50,
	FAILURE_ABSENT = 100, /* the container was never attached */
	FAILURE_DIFFERENT = 101, /* it is attached in another way */
};

/**
 * struct failure - why a command failed
 * @code: what kind it is
 * @message: what went wrong; owned
 * @details: what to do, or the words of whoever refused; NULL without; owned
 */
struct failure {
	enum failure_code code;
	char *message;
	char *details;
};

/**
 * failure_new() - say why a command failed
 * @code: what kind it is
 * @details: what to do; NULL for nothing; taken over
 * @format: what went wrong, as for printf()
 *
 * Return: the failure, freed with failure_free().
 */
struct failure *failure_new(enum failure_code code, char *details,
			    const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * failure_json() - a failure as the runtime reads it
 * @failure: the failure
 * @version: of the specification
 *
 * Return: a new object.
 */
json_t *failure_json(const struct failure *failure, const char *version);

/**
 * failure_free() - free a failure
 * @failure: the failure, or NULL
 */
void failure_free(struct failure *failure);

#endif
