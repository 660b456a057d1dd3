/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Clusters, each on top of the one in front of it, and a connection: what leads
 * to a failure, to be tried again.
 */
#ifndef DIFFERENTIAL_TRIAL_H
#define DIFFERENTIAL_TRIAL_H

#include <jansson.h>

#include "module.h"

/** struct step - manifests, and how they are committed */
struct step {
	json_t *manifests;
	enum way way;
};

/**
 * struct trial - what is done; start with zeroes
 * @steps: what is committed; the first begins with nothing
 * @count: length of @steps
 * @connection: what to ask about in the end; its protocol is 0 for nothing
 */
struct trial {
	struct step *steps;
	size_t count;
	struct connection connection;
};

/* Add a step, and take the reference over. */
void trial_add(struct trial *trial, json_t *manifests, enum way way);

/* Take steps out. */
void trial_remove(struct trial *trial, size_t first, size_t count);

/* The step that was added last; NULL when there is none. */
struct step *trial_last(const struct trial *trial);

void trial_clear(struct trial *trial);

/**
 * trial_run() - try it
 * @trial: the trial
 * @module: the module
 * @text: receives what is wrong, unless all is fine; owned by the caller
 */
enum outcome trial_run(const struct trial *trial, struct module *module,
		       char **text);

/* Print it as a comment. */
void trial_print(const struct trial *trial);

/**
 * trial_shrink() - leave out what the failure does not need
 * @trial: the trial, which becomes smaller
 * @module: the module
 * @outcome: what has to come of it still
 * @seconds: time it may take
 *
 * Return: false when the trial does not fail in this way.
 */
bool trial_shrink(struct trial *trial, struct module *module,
		  enum outcome outcome, unsigned int seconds);

#endif
