/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All there is to tell about a connection: who judged it how, the way to that
 * through the rules, and what nearly decided.
 */
#ifndef NLCTL_STORY_H
#define NLCTL_STORY_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "judge.h"
#include "near_miss.h"
#include "walk.h"

/**
 * struct story_end - an end of a connection
 * @text: a pod's key or an address, borrowed
 * @is_pod: it is a pod
 * @ip: its address
 * @labels: the pod's, when manifests tell; or NULL
 */
struct story_end {
	const char *text;
	bool is_pod;
	struct ip ip;
	const struct labels *labels;
};

/**
 * struct story_direction - one direction of a connection
 * @decision: of the judge; borrowed
 * @walk: the way through the rules; NULL when there are no rules to walk
 * @agrees: the walk came to the decision
 * @misses: rules that nearly decided
 */
struct story_direction {
	const struct decision *decision;
	const struct walk_direction *walk;
	bool agrees;
	struct near_misses misses;
};

/**
 * struct story - the story of a connection; borrows from judge and explanation
 * @explanation: the judge's answer
 * @offline: it is that of the evaluator, not of the module
 * @client: the client
 * @server: the server
 * @question: what was walked
 * @has_walk: there were rules to walk
 * @walk: the walk
 * @egress: as the client's pod has it
 * @ingress: as the server's pod has it
 *
 * It points into itself, so it must not be copied.
 */
struct story {
	const struct explanation *explanation;
	bool offline;
	struct story_end client;
	struct story_end server;
	struct walk_question question;
	bool has_walk;
	struct walk walk;
	struct story_direction egress;
	struct story_direction ingress;
};

/**
 * story_make() - find all there is to tell
 * @judge: who answered, opened with the rules
 * @from: the client
 * @to: the server
 * @explanation: the answer
 * @story: receives the story; freed with story_clear()
 */
void story_make(const struct judge *judge, const struct end *from,
		const struct end *to, const struct explanation *explanation,
		struct story *story);

/**
 * story_print() - tell the story to a person
 * @story: the story
 * @port: what the client connects to, as text
 * @wide: every rule that was looked at, and all near misses
 */
void story_print(const struct story *story, const char *port, bool wide);

/**
 * story_json() - the story as JSON
 * @story: the story
 *
 * Return: a new object: that of explanation_json(), and more.
 */
json_t *story_json(const struct story *story);

/* Free what the structure owns and zero it. */
void story_clear(struct story *story);

#endif
