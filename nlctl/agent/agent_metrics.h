/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the agent tells of itself, as Prometheus reads it.
 */
#ifndef NLCTL_AGENT_METRICS_H
#define NLCTL_AGENT_METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/histogram.h"
#include "agent/process.h"
#include "agent/resource.h"
#include "agent/submission.h"
#include "agent/watcher.h"

/**
 * enum commit_result - how a transaction ended
 * @COMMIT_DONE: it is in force
 * @COMMIT_REFUSED: the kernel refused it, for a limit say
 * @COMMIT_STALE: another writer was faster
 * @COMMIT_FAILED: the kernel could not be asked
 */
enum commit_result {
	COMMIT_DONE,
	COMMIT_REFUSED,
	COMMIT_STALE,
	COMMIT_FAILED,
	COMMIT_RESULT_COUNT
};

/**
 * struct compiled_sizes - what the compiler holds
 * @pods: of the cluster
 * @local_pods: of this node
 * @identities: that the kernel needs
 * @addresses: likewise
 * @peer_sets: likewise
 * @rule_sets: likewise
 */
struct compiled_sizes {
	uint64_t pods;
	uint64_t local_pods;
	uint64_t identities;
	uint64_t addresses;
	uint64_t peer_sets;
	uint64_t rule_sets;
};

/**
 * struct agent_metrics - what there is to tell; start with zeroes
 * @version: of the agent; borrowed
 * @node: the node that it is for; borrowed
 * @began: when it began, a moment of clock_now()
 * @started: how long it took until the whole policy was in force for the first
 *	time, in nanoseconds; 0 until then
 * @ready: the policy in force is the one that the cluster asks for
 * @waiting_since: when the oldest change came that is not in force yet, a moment
 *	of clock_now(); 0 without one
 * @heard: when the API server was last heard of, a moment of clock_now(); 0 for
 *	never
 * @generation: of the last commit of the agent
 * @commits: transactions by how they ended
 * @delay: from a change's arrival until it was in force
 * @comparisons: of everything with the kernel
 * @repairs: comparisons that found and took away a difference which somebody
 *	else had made
 * @objects: by kind: objects that are known
 * @refused: by kind: objects among them that could not be taken as they are
 * @watchers: by kind: what watcher_counts() says
 * @compiled: what the compiler holds
 * @events: what became of Kubernetes Events
 * @condition: what became of the node's condition
 * @process: what the process takes; borrowed; NULL to leave that out
 */
struct agent_metrics {
	const char *version;
	const char *node;
	uint64_t began;
	uint64_t started;
	bool ready;
	uint64_t waiting_since;
	uint64_t heard;
	uint64_t generation;
	uint64_t commits[COMMIT_RESULT_COUNT];
	struct histogram delay;
	uint64_t comparisons;
	uint64_t repairs;
	uint64_t objects[RESOURCE_COUNT];
	uint64_t refused[RESOURCE_COUNT];
	struct watcher_counts watchers[RESOURCE_COUNT];
	struct compiled_sizes compiled;
	struct submission_counts events;
	struct submission_counts condition;
	const struct process_usage *process;
};

/**
 * agent_metrics_text() - write metrics in the text exposition format
 * @metrics: what there is to tell
 * @now: the time, of clock_now()
 *
 * docs/metrics.md lists the names, which are stable. It may follow the text of
 * metrics_text(): no name is in both.
 *
 * Return: the text, which the caller frees.
 */
char *agent_metrics_text(const struct agent_metrics *metrics, uint64_t now);

#endif
