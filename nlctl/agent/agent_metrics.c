// SPDX-License-Identifier: GPL-2.0-only
#include "agent/agent_metrics.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#include "exposition.h"
#include "policy/memory.h"

/* A sample with one label, whose value needs no escape. */
static void put(FILE *out, const char *name, const char *label,
		const char *value, uint64_t number)
{
	fprintf(out, "%s{%s=\"%s\"} %" PRIu64 "\n", name, label, value, number);
}

static void add_state(FILE *out, const struct agent_metrics *metrics,
		      uint64_t now)
{
	uint64_t heard = metrics->heard ? metrics->heard : metrics->began;
	uint64_t waiting = metrics->waiting_since;

	exposition_begin(out, "podwall_agent_build_info", "gauge",
			 "Always 1; the version of the agent, and its node.");
	fputs("podwall_agent_build_info{", out);
	exposition_label(out, "version", metrics->version);
	fputc(',', out);
	exposition_label(out, "node", metrics->node);
	fputs("} 1\n", out);
	exposition_number(
		out, "podwall_agent_ready", "gauge", metrics->ready,
		"Whether the policy in force is the one that the cluster asks for.");
	exposition_duration(
		out, "podwall_agent_start_up_seconds", "gauge",
		metrics->started ? metrics->started : now - metrics->began,
		"How long it took, or has taken so far, until the whole policy was in force.");
	exposition_duration(
		out, "podwall_agent_waiting_seconds", "gauge",
		waiting ? now - waiting : 0,
		"How long the oldest change waits that is not in force yet; 0 without one.");
	exposition_duration(
		out, "podwall_agent_api_silence_seconds", "gauge", now - heard,
		"How long ago the API server was last heard of, or the agent began.");
}

/* --- by kind */

/* What is told of each kind. Offsets are those of the first kind. */
static const struct series {
	const char *name;
	const char *type;
	size_t offset;
	size_t step;
	const char *help;
} series[] = {
	{ "podwall_agent_objects", "gauge",
	  offsetof(struct agent_metrics, objects), sizeof(uint64_t),
	  "Objects of the API that the agent knows." },
	{ "podwall_agent_objects_refused", "gauge",
	  offsetof(struct agent_metrics, refused), sizeof(uint64_t),
	  "Objects among them that it could not take as they are." },
	{ "podwall_agent_lists_total", "counter",
	  offsetof(struct agent_metrics, watchers[0].lists),
	  sizeof(struct watcher_counts), "Lists that were read to their end." },
	{ "podwall_agent_watches_total", "counter",
	  offsetof(struct agent_metrics, watchers[0].watches),
	  sizeof(struct watcher_counts), "Watches that were begun." },
	{ "podwall_agent_watch_events_total", "counter",
	  offsetof(struct agent_metrics, watchers[0].events),
	  sizeof(struct watcher_counts), "Objects that watches have told of." },
	{ "podwall_agent_watch_failures_total", "counter",
	  offsetof(struct agent_metrics, watchers[0].failures),
	  sizeof(struct watcher_counts),
	  "Requests to list or watch that failed." },
};

static void add_series(FILE *out, const struct agent_metrics *metrics)
{
	size_t i, kind;

	for (i = 0; i < sizeof(series) / sizeof(*series); i++) {
		const char *number = (const char *)metrics + series[i].offset;

		exposition_begin(out, series[i].name, series[i].type,
				 series[i].help);
		for (kind = 0; kind < RESOURCE_COUNT; kind++) {
			put(out, series[i].name, "kind", resources[kind].kind,
			    *(const uint64_t *)number);
			number += series[i].step;
		}
	}
}

static void add_kinds(FILE *out, const struct agent_metrics *metrics)
{
	const struct watcher_counts *watchers = metrics->watchers;
	size_t i;

	add_series(out, metrics);
	exposition_begin(out, "podwall_agent_served", "gauge",
			 "Whether the API serves the kind.");
	for (i = 0; i < RESOURCE_COUNT; i++)
		put(out, "podwall_agent_served", "kind", resources[i].kind,
		    watchers[i].served);
	exposition_begin(out, "podwall_agent_listed", "gauge",
			 "Whether the kind was listed whole since the start.");
	for (i = 0; i < RESOURCE_COUNT; i++)
		put(out, "podwall_agent_listed", "kind", resources[i].kind,
		    watchers[i].complete);
	exposition_begin(out, "podwall_agent_watching", "gauge",
			 "Whether a watch of the kind is open.");
	for (i = 0; i < RESOURCE_COUNT; i++)
		put(out, "podwall_agent_watching", "kind", resources[i].kind,
		    watchers[i].watching);
}

/* --- what becomes of it */

static void add_compiled(FILE *out, const struct compiled_sizes *sizes)
{
	static const char name[] = "podwall_agent_compiled_objects";

	exposition_begin(
		out, name, "gauge",
		"What the compiler holds: pods of the cluster, and what the pods of this node need.");
	put(out, name, "resource", "pods", sizes->pods);
	put(out, name, "resource", "local_pods", sizes->local_pods);
	put(out, name, "resource", "identities", sizes->identities);
	put(out, name, "resource", "addresses", sizes->addresses);
	put(out, name, "resource", "peer_sets", sizes->peer_sets);
	put(out, name, "resource", "rule_sets", sizes->rule_sets);
}

static void add_commits(FILE *out, const struct agent_metrics *metrics)
{
	static const char *const results[COMMIT_RESULT_COUNT] = {
		[COMMIT_DONE] = "done",
		[COMMIT_REFUSED] = "refused",
		[COMMIT_STALE] = "stale",
		[COMMIT_FAILED] = "failed",
	};
	size_t i;

	exposition_number(out, "podwall_agent_generation", "gauge",
			  metrics->generation,
			  "Generation of the agent's last commit.");
	exposition_begin(out, "podwall_agent_commits_total", "counter",
			 "Transactions of the agent, by how they ended.");
	for (i = 0; i < COMMIT_RESULT_COUNT; i++)
		put(out, "podwall_agent_commits_total", "result", results[i],
		    metrics->commits[i]);
	histogram_write(
		&metrics->delay, out, "podwall_agent_delay_seconds",
		"From when the agent was told of a change until it was in force.");
	exposition_number(out, "podwall_agent_comparisons_total", "counter",
			  metrics->comparisons,
			  "Comparisons of everything with the kernel.");
	exposition_number(
		out, "podwall_agent_repairs_total", "counter", metrics->repairs,
		"Comparisons that took away a difference which somebody else had made.");
}

static void put_submissions(FILE *out, const char *kind,
			    const struct submission_counts *counts)
{
	const struct {
		const char *result;
		uint64_t number;
	} results[] = {
		{ "taken", counts->taken },
		{ "refused", counts->refused },
		{ "failed", counts->failed },
		{ "dropped", counts->dropped },
	};
	size_t i;

	for (i = 0; i < sizeof(results) / sizeof(*results); i++)
		fprintf(out,
			"podwall_agent_reports_total{kind=\"%s\",result=\"%s\"} %" PRIu64
			"\n",
			kind, results[i].result, results[i].number);
}

char *agent_metrics_text(const struct agent_metrics *metrics, uint64_t now)
{
	size_t length;
	char *text;
	FILE *out = xopen_memstream(&text, &length);

	add_state(out, metrics, now);
	add_kinds(out, metrics);
	add_compiled(out, &metrics->compiled);
	add_commits(out, metrics);
	exposition_begin(
		out, "podwall_agent_reports_total", "counter",
		"What the agent told the API server, as Events and as the node's condition.");
	put_submissions(out, "Event", &metrics->events);
	put_submissions(out, "Node", &metrics->condition);
	if (metrics->process)
		process_usage_write(metrics->process, out);
	fclose(out);
	return text;
}
