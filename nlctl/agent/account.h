/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the agent tells of itself: over HTTP, to Kubernetes, and to the service
 * manager.
 */
#ifndef NLCTL_AGENT_ACCOUNT_H
#define NLCTL_AGENT_ACCOUNT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "agent/api.h"
#include "agent/enforcer.h"
#include "agent/intake.h"
#include "agent/resource.h"
#include "agent/submission.h"
#include "agent/watcher.h"
#include "agent_option.h"
#include "nlctl.h"
#include "policy/compiler.h"

/**
 * struct account_parts - the parts of the agent that are asked; all must outlive
 * the account, but for the watchers, which come later
 * @options: what the agent was told
 * @api: the API server
 * @compiler: the compiler
 * @intake: the intake
 * @enforcer: the enforcer
 * @watchers: by kind
 * @pace: how often the API server is told, or NULL for what is right in a cluster
 * @repeat: microseconds until what is still refused is told again; 0 for
 *	PUBLISHER_REPEAT
 */
struct account_parts {
	const struct agent_options *options;
	struct api *api;
	struct compiler *compiler;
	struct intake *intake;
	struct enforcer *enforcer;
	struct watcher *const *watchers;
	const struct pace *pace;
	uint64_t repeat;
};

struct account;

/**
 * account_new() - begin to tell
 * @event: the loop
 * @parts: who is asked; copied
 *
 * Return: the account, freed with account_free(); or NULL after a line of log.
 */
struct account *account_new(sd_event *event, const struct account_parts *parts);

/**
 * account_heard() - the API server sent an object that the kernel may need
 * @account: the account
 * @resource: its kind
 * @api_version: what it is served under
 * @object: the object
 *
 * It can be decoded: if it was refused, that is told no more. If the kernel refuses
 * what comes of it, an Event is put on it. Pods of other nodes are left out: they are
 * many, and not the ones to look at.
 */
void account_heard(struct account *account, const struct resource *resource,
		   const char *api_version, const json_t *object);

/**
 * account_object_refused() - an object cannot be decoded
 * @account: the account
 * @resource: its kind
 * @api_version: what it is served under
 * @object: the object
 * @text: why, and what holds instead
 *
 * An Event on it says so, and again from time to time, until account_heard() or
 * account_gone() ends that.
 */
void account_object_refused(struct account *account,
			    const struct resource *resource,
			    const char *api_version, const json_t *object,
			    const char *text);

/**
 * account_gone() - an object is there no more
 * @account: the account
 * @resource: its kind
 * @key: see object_key()
 *
 * Nothing is told of it from now on.
 */
void account_gone(struct account *account, const struct resource *resource,
		  const char *key);

/**
 * account_listed() - all objects were listed whole: what comes from now on is new
 * @account: the account
 */
void account_listed(struct account *account);

/**
 * account_committed() - all that is to be in force is
 * @account: the account
 * @delay: nanoseconds since the oldest event in it; 0 when nothing was committed
 */
void account_committed(struct account *account, uint64_t delay);

/**
 * account_refused() - the kernel refused the policy
 * @account: the account
 * @text: why
 */
void account_refused(struct account *account, const char *text);

/**
 * account_end() - tell that the agent ends
 * @account: the account
 * @done: called from the loop when it was told, or cannot be
 * @context: passed to it
 */
void account_end(struct account *account, void (*done)(void *context),
		 void *context);

/**
 * account_free() - tell no more
 * @account: the account, or NULL
 */
void account_free(struct account *account);

#endif
