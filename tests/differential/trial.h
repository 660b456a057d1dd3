/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One cluster, or a cluster on top of another, and one connection: what went
 * wrong once, to be tried again.
 */
#ifndef DIFFERENTIAL_TRIAL_H
#define DIFFERENTIAL_TRIAL_H

#include <jansson.h>

#include "module.h"

/**
 * struct trial - what is done from a flush on
 * @before: manifests to commit first, or NULL
 * @manifests: manifests to commit then
 * @way: how
 * @connection: what to ask about, unless it failed in front of that
 */
struct trial {
	json_t *before;
	json_t *manifests;
	enum way way;
	struct connection connection;
};

/**
 * trial_run() - try it
 * @trial: the trial
 * @module: the module
 * @text: receives what is wrong, unless all is fine; owned by the caller
 */
enum outcome trial_run(const struct trial *trial, struct module *module,
		       char **text);

void trial_clear(struct trial *trial);

/**
 * trial_shrink() - leave out what the failure does not need
 * @trial: the trial, which becomes smaller
 * @module: the module
 * @outcome: what has to come of it still
 * @seconds: time it may take
 *
 * Return: false when the trial alone does not fail in this way.
 */
bool trial_shrink(struct trial *trial, struct module *module,
		  enum outcome outcome, unsigned int seconds);

#endif
