// SPDX-License-Identifier: GPL-2.0-only
#include "metrics.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exposition.h"
#include "names.h"
#include "policy/memory.h"
#include "traffic.h"

/* The two halves of a pod's key. */
static void put_pod(FILE *out, const struct pod *pod)
{
	const char *slash = strchr(pod->key, '/');
	size_t length = slash ? (size_t)(slash - pod->key) : 0;
	char *name_space = xasprintf("%.*s", (int)length, pod->key);

	exposition_label(out, "namespace", name_space);
	fputc(',', out);
	exposition_label(out, "pod", slash ? slash + 1 : pod->key);
	free(name_space);
}

/* The measures of what was decided, each a counter of its own. */
static const struct measure {
	const char *name;
	const char *pod_name;
	size_t offset;
	const char *help;
	const char *pod_help;
} measures[] = {
	{ "podwall_judged_connections_total", "podwall_pod_connections_total",
	  offsetof(struct count, connections),
	  "Connections that were decided so with their first packet, once for each direction that was judged.",
	  "Connections of the pod that were decided so with their first packet." },
	{ "podwall_judged_packets_total", "podwall_pod_packets_total",
	  offsetof(struct count, packets),
	  "Packets that were decided so, once for each direction that was judged.",
	  "Packets of the pod that were decided so." },
	{ "podwall_judged_bytes_total", "podwall_pod_bytes_total",
	  offsetof(struct count, bytes),
	  "Bytes of the packets that were decided so, from the IP header on.",
	  "Bytes of the packets of the pod that were decided so, from the IP header on." },
};

#define MEASURE_COUNT (sizeof(measures) / sizeof(*measures))

static uint64_t measured(const struct count *count,
			 const struct measure *measure)
{
	return *(const uint64_t *)((const char *)count + measure->offset);
}

/* The samples of one measure; with the reason, unless they are of a pod. */
static void put_sums(FILE *out, const struct traffic_sums *sums,
		     const struct measure *measure, const struct pod *pod)
{
	size_t i;

	for (i = 0; i < sums->count; i++) {
		const struct traffic *entry = &sums->list[i];

		fprintf(out, "%s{", pod ? measure->pod_name : measure->name);
		if (pod) {
			put_pod(out, pod);
			fputc(',', out);
		}
		fprintf(out, "direction=\"%s\",verdict=\"%s\",mode=\"%s\"",
			name_of(ENUMERATION_DIRECTION, entry->direction),
			name_of(ENUMERATION_VERDICT, entry->verdict),
			name_of(ENUMERATION_MODE, entry->mode));
		if (!pod)
			fprintf(out, ",reason=\"%s\"",
				name_of(ENUMERATION_REASON, entry->reason));
		fprintf(out, "} %" PRIu64 "\n",
			measured(&entry->count, measure));
	}
}

static void add_traffic(FILE *out, const struct status *status)
{
	struct traffic_sums sums;
	size_t i;

	traffic_sums_begin(&sums);
	for (i = 0; i < status->traffic_count; i++)
		traffic_sums_add(&sums, &status->traffic[i], true);
	for (i = 0; i < MEASURE_COUNT; i++) {
		exposition_begin(out, measures[i].name, "counter",
				 measures[i].help);
		put_sums(out, &sums, &measures[i], NULL);
	}
	traffic_sums_clear(&sums);
}

static void add_pod_traffic(FILE *out, const struct objects *objects)
{
	struct traffic_sums *sums = xcalloc(objects->pod_count, sizeof(*sums));
	size_t measure, i, j;

	for (i = 0; i < objects->pod_count; i++)
		for (j = 0; j < objects->pods[i].traffic_count; j++)
			traffic_sums_add(&sums[i], &objects->pods[i].traffic[j],
					 false);
	for (measure = 0; measure < MEASURE_COUNT; measure++) {
		exposition_begin(out, measures[measure].pod_name, "counter",
				 measures[measure].pod_help);
		for (i = 0; i < objects->pod_count; i++)
			put_sums(out, &sums[i], &measures[measure],
				 &objects->pods[i]);
	}
	for (i = 0; i < objects->pod_count; i++)
		traffic_sums_clear(&sums[i]);
	free(sums);
}

static void add_pods(FILE *out, const struct objects *objects)
{
	size_t i;

	exposition_begin(out, "podwall_pod_info", "gauge",
			 "Always 1, for each registered pod.");
	for (i = 0; i < objects->pod_count; i++) {
		const struct pod *pod = &objects->pods[i];

		fputs("podwall_pod_info{", out);
		put_pod(out, pod);
		fputc(',', out);
		exposition_label(out, "interface",
				 pod->interface ? pod->interface : "");
		fprintf(out, ",mode=\"%s\"} 1\n",
			name_of(ENUMERATION_MODE, pod->mode));
	}
	add_pod_traffic(out, objects);
	exposition_begin(out, "podwall_pod_events_lost_total", "counter",
			 "Events of the pod that were lost.");
	for (i = 0; i < objects->pod_count; i++) {
		fputs("podwall_pod_events_lost_total{", out);
		put_pod(out, &objects->pods[i]);
		fprintf(out, "} %" PRIu64 "\n", objects->pods[i].events_lost);
	}
}

/* Memory is in bytes, everything else in objects. */
static void add_objects(FILE *out, const char *name, const char *help,
			const struct amounts *amounts)
{
	unsigned int field;

	exposition_begin(out, name, "gauge", help);
	for (field = AMOUNT_FIRST; field <= AMOUNT_LAST; field++)
		if (field != PODWALL_A_AMOUNTS_MEMORY)
			fprintf(out, "%s{resource=\"%s\"} %" PRIu64 "\n", name,
				amount_name(field), amount_get(amounts, field));
}

static void add_amounts(FILE *out, const struct status *status)
{
	add_objects(out, "podwall_objects", "Objects that the module holds.",
		    &status->used);
	add_objects(out, "podwall_objects_limit",
		    "Objects that the module may hold.", &status->limits);
	exposition_number(out, "podwall_memory_bytes", "gauge",
			  status->used.memory,
			  "Kernel memory that policy and open transactions hold.");
	exposition_number(
		out, "podwall_memory_limit_bytes", "gauge",
		status->limits.memory,
		"Kernel memory that policy and open transactions may hold.");
}

static void add_policy(FILE *out, const struct status *status)
{
	exposition_number(
		out, "podwall_enforcing", "gauge", status->enforcing,
		"Whether the hooks are registered: 1 with a pod or a guarded block, 0 without.");
	exposition_number(out, "podwall_policy_generation", "gauge",
			  status->generation,
			  "Generation of the policy that is in force.");
	exposition_number(out, "podwall_policy_desired_generation", "gauge",
			  status->desired_generation,
			  "Generation that somebody asked for last.");
	exposition_number(out, "podwall_commits_total", "counter",
			  status->commits, "Transactions that were committed.");
	exposition_number(out, "podwall_commits_refused_total", "counter",
			  status->commits_refused,
			  "Transactions that were refused.");
	exposition_begin(
		out, "podwall_commit_delay_seconds", "summary",
		"How long commits took to be enforced, from when the change was known.");
	exposition_seconds(out, "podwall_commit_delay_seconds_sum",
			   status->delay_sum);
	fprintf(out, "podwall_commit_delay_seconds_count %" PRIu64 "\n",
		status->commits);
	exposition_duration(out, "podwall_last_commit_delay_seconds", "gauge",
			    status->delay,
			    "How long the last commit took to be enforced.");
}

static void add_packets(FILE *out, const struct status *status)
{
	exposition_begin(
		out, "podwall_packets_total", "counter",
		"Packets that passed and that were dropped, each counted once.");
	fprintf(out,
		"podwall_packets_total{verdict=\"accept\"} %" PRIu64
		"\npodwall_packets_total{verdict=\"deny\"} %" PRIu64 "\n",
		status->accepted_packets, status->denied_packets);
	exposition_number(
		out, "podwall_audited_packets_total", "counter",
		status->audited_packets,
		"Denials that audit mode let pass; the packets count as accepted, too.");
	add_traffic(out, status);
	exposition_number(out, "podwall_events_sent_total", "counter",
			  status->events_sent, "Events that were sent.");
	exposition_number(
		out, "podwall_events_lost_total", "counter",
		status->events_lost,
		"Events that the rate limit, want of memory or a slow listener suppressed.");
}

static void add_machine(FILE *out, const struct machine *machine)
{
	if (machine->has_connections) {
		exposition_number(out, "podwall_conntrack_connections", "gauge",
				  machine->connections,
				  "Connections that conntrack tracks.");
		exposition_number(out, "podwall_conntrack_connections_limit",
				  "gauge", machine->connections_max,
				  "Connections that conntrack can track.");
	}
	exposition_number(out, "podwall_warnings", "gauge",
			  machine->bypass.warning_count,
			  "Warnings that nlctl status gives.");
}

char *metrics_text(const struct metrics *metrics)
{
	const struct status *status = metrics->status;
	size_t length;
	char *text;
	FILE *out = xopen_memstream(&text, &length);

	exposition_number(out, "podwall_up", "gauge", !!status,
			  "Whether the module is loaded.");
	exposition_begin(out, "podwall_read_timestamp_seconds", "gauge",
			 "When these metrics were read.");
	fprintf(out, "podwall_read_timestamp_seconds %lld.%03ld\n",
		(long long)metrics->read.tv_sec,
		metrics->read.tv_nsec / 1000000);
	exposition_begin(
		out, "podwall_build_info", "gauge",
		"Always 1; the versions of the module, empty without one, and of nlctl.");
	fputs("podwall_build_info{", out);
	exposition_label(out, "version", status ? status->version : "");
	fputc(',', out);
	exposition_label(out, "nlctl_version", metrics->tool_version);
	fputs("} 1\n", out);
	if (status) {
		add_policy(out, status);
		add_packets(out, status);
		add_amounts(out, status);
		add_machine(out, metrics->machine);
	}
	if (status && metrics->objects)
		add_pods(out, metrics->objects);
	fclose(out);
	return text;
}
