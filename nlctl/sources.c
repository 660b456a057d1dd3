// SPDX-License-Identifier: GPL-2.0-only
#include "sources.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "live.h"
#include "output.h"
#include "policy/compiler.h"
#include "policy/manifest.h"
#include "policy/memory.h"
#include "progress.h"
#include "report.h"
#include "state.h"

/* Names that a message lists at most. */
#define NODES_SHOWN 8

static void tell(const struct nlctl *nlctl, struct problems *problems)
{
	report_problems(problems, stderr);
	if (problems->errors)
		nlctl_error(nlctl, "%zu error%s in the manifests",
			    problems->errors, problems->errors == 1 ? "" : "s");
	problems_clear(problems);
}

bool sources_check(const struct nlctl *nlctl, const struct arguments *arguments,
		   bool needed)
{
	size_t standard = 0;
	const char **paths;
	size_t count, i;

	paths = arguments_values(arguments, 'f', &count);
	for (i = 0; i < count; i++)
		standard += !strcmp(paths[i], "-");
	free(paths);
	if (needed && !count)
		nlctl_error(nlctl, "option --file is needed");
	else if (standard > 1)
		nlctl_error(nlctl,
			    "option --file: - (stdin) is given %zu times, but can be read once",
			    standard);
	return !(needed && !count) && standard <= 1;
}

/* Namespaces that were only implied are not counted. */
static size_t count_objects(const struct cluster *cluster)
{
	size_t count = HASH_COUNT(cluster->pods) + HASH_COUNT(cluster->nodes) +
		       HASH_COUNT(cluster->policies) +
		       HASH_COUNT(cluster->cluster_policies);
	const struct cluster_namespace *namespace;

	for (namespace = cluster->namespaces; namespace;
	     namespace = namespace->hh.next)
		count += !namespace->implied;
	return count;
}

/* Read the sources; *empty becomes the first that has no object, if any. */
static bool read_sources(const struct nlctl *nlctl,
			 const struct arguments *arguments,
			 struct cluster *cluster, const char **empty)
{
	struct manifest_options options = {
		.lenient = arguments_has(arguments, OPTION_LENIENT),
	};
	struct problems problems = {};
	const char **paths;
	size_t count, i;
	bool valid = true;

	*cluster = (struct cluster){};
	*empty = NULL;
	paths = arguments_values(arguments, 'f', &count);
	progress_begin("reading manifests", 0);
	for (i = 0; i < count; i++) {
		size_t before = count_objects(cluster);

		if (!manifest_read(&paths[i], 1, &options, cluster, &problems))
			valid = false;
		if (!*empty && count_objects(cluster) == before)
			*empty = paths[i];
	}
	progress_end();
	tell(nlctl, &problems);
	free(paths);
	return valid;
}

bool sources_read(const struct nlctl *nlctl, const struct arguments *arguments,
		  struct cluster *cluster)
{
	const char *empty;

	return read_sources(nlctl, arguments, cluster, &empty);
}

bool sources_complete(const struct nlctl *nlctl, const struct cluster *cluster)
{
	struct problems problems = {};
	bool complete = compile_check(cluster, &problems);

	tell(nlctl, &problems);
	return complete;
}

static bool names_node(const struct cluster *cluster, const char *node)
{
	const struct cluster_pod *pod;

	/* A pod that is not scheduled yet has an empty one. */
	if (!*node)
		return false;
	if (cluster_find_node(cluster, node))
		return true;
	for (pod = cluster->pods; pod; pod = pod->hh.next)
		if (!strcmp(pod->node, node))
			return true;
	return false;
}

/* The nodes that manifests name, each once; the caller frees the array. */
static const char **known_nodes(const struct cluster *cluster, size_t *count)
{
	struct cluster nodes_only = { .nodes = cluster->nodes };
	const struct cluster_node *node;
	const struct cluster_pod *pod;
	const char **names = NULL;
	size_t i;

	*count = 0;
	for (node = cluster->nodes; node; node = node->hh.next)
		*array_add(names, *count) = node->name;
	for (pod = cluster->pods; pod; pod = pod->hh.next) {
		if (!*pod->node || names_node(&nodes_only, pod->node))
			continue;
		for (i = 0; i < *count && strcmp(names[i], pod->node) != 0; i++)
			;
		if (i == *count)
			*array_add(names, *count) = pod->node;
	}
	return names;
}

static void tell_node(const struct nlctl *nlctl, const struct cluster *cluster,
		      const char *node)
{
	size_t count, length, i;
	const char **names = known_nodes(cluster, &count);
	FILE *stream;
	char *text;

	stream = xopen_memstream(&text, &length);
	for (i = 0; i < count && i < NODES_SHOWN; i++)
		fprintf(stream, "%s%s", i ? ", " : "", names[i]);
	if (count > NODES_SHOWN)
		fprintf(stream, " and %zu more", count - NODES_SHOWN);
	if (!count)
		fputs("none", stream);
	fclose(stream);
	nlctl_error(nlctl,
		    "no Node and no pod names node \"%s\", and every pod would be removed; nothing was changed; nodes known: %s; correct --node, or permit it with --allow-empty",
		    node, text);
	free(text);
	free(names);
}

bool sources_read_whole(const struct nlctl *nlctl,
			const struct arguments *arguments,
			struct cluster *cluster)
{
	const char *node = arguments_value(arguments, OPTION_NODE);
	const char *empty;

	if (!read_sources(nlctl, arguments, cluster, &empty))
		return false;
	if (arguments_has(arguments, OPTION_ALLOW_EMPTY))
		return true;
	if (empty) {
		nlctl_error(nlctl,
			    "%s has no object, and what it should say would be removed; nothing was changed; correct the source, leave it out, or permit it with --allow-empty",
			    strcmp(empty, "-") ? empty : "standard input");
		return false;
	}
	if (node && !names_node(cluster, node)) {
		tell_node(nlctl, cluster, node);
		return false;
	}
	return true;
}

bool plan_make(const struct nlctl *nlctl, struct netlink *netlink,
	       const struct cluster *cluster, const char *node,
	       struct plan *plan)
{
	struct problems problems = {};
	struct settings settings;
	bool valid;
	int error;

	*plan = (struct plan){};
	progress_begin("reading what is in force", 0);
	error = live_read(netlink, &plan->live, &settings);
	progress_end();
	if (error) {
		netlink_report(nlctl, netlink);
		return false;
	}
	settings_clear(&settings);
	progress_begin("compiling", 0);
	valid = compile(cluster, node, &plan->live, &plan->desired, &problems);
	progress_end();
	tell(nlctl, &problems);
	if (!valid) {
		plan_clear(plan);
		return false;
	}
	progress_begin("comparing", 0);
	difference_find(&plan->live, &plan->desired, &plan->difference);
	progress_end();
	return true;
}

void plan_clear(struct plan *plan)
{
	difference_clear(&plan->difference);
	objects_clear(&plan->desired);
	objects_clear(&plan->live);
}

static void add_change(json_t *changes, enum change_kind kind,
		       const char *object, json_t *before, json_t *after)
{
	static const char *const names[] = {
		[CHANGE_ADD] = "add",
		[CHANGE_REMOVE] = "remove",
		[CHANGE_REPLACE] = "replace",
	};
	json_t *change = json_pack("{s:s, s:s}", "change", names[kind],
				   "object", object);

	if (before)
		json_object_set_new(change, "before", before);
	if (after)
		json_object_set_new(change, "after", after);
	json_array_append_new(changes, change);
}

static json_t *changes_json(const struct difference *difference)
{
	json_t *changes = json_array();
	size_t i;

	for (i = 0; i < difference->address_count; i++) {
		const struct address_change *change = &difference->addresses[i];

		add_change(changes, change->kind, "address",
			   change->before ? address_json(change->before) : NULL,
			   change->after ? address_json(change->after) : NULL);
	}
	for (i = 0; i < difference->peer_set_count; i++) {
		const struct peer_set_change *change =
			&difference->peer_sets[i];

		add_change(changes, change->kind, "peer_set",
			   change->before ? peer_set_json(change->before) :
					    NULL,
			   change->after ? peer_set_json(change->after) : NULL);
	}
	for (i = 0; i < difference->rule_set_count; i++) {
		const struct rule_set_change *change =
			&difference->rule_sets[i];

		add_change(changes, change->kind, "rule_set",
			   change->before ?
				   rule_set_json(change->before, false) :
				   NULL,
			   change->after ? rule_set_json(change->after, false) :
					   NULL);
	}
	for (i = 0; i < difference->pod_count; i++) {
		const struct pod_change *change = &difference->pods[i];

		add_change(changes, change->kind, "pod",
			   change->before ? pod_json(change->before) : NULL,
			   change->after ? pod_json(change->after) : NULL);
	}
	return changes;
}

static void print_difference(const struct difference *difference)
{
	char *text, *clean;
	size_t length;
	FILE *stream = xopen_memstream(&text, &length);

	difference_print(difference, stream);
	fclose(stream);
	clean = text_escape(text, "\n");
	fputs(clean, stdout);
	free(clean);
	free(text);
}

void plan_print(const struct nlctl *nlctl, const struct plan *plan,
		uint64_t generation, bool done)
{
	const struct difference *difference = &plan->difference;
	size_t added = difference_count(difference, CHANGE_ADD);
	size_t removed = difference_count(difference, CHANGE_REMOVE);
	size_t replaced = difference_count(difference, CHANGE_REPLACE);

	if (nlctl->json) {
		output_json(json_pack("{s:o, s:b, s:I, s:I, s:I, s:o}",
				      "generation", json_number(generation),
				      "changed",
				      done && !difference_empty(difference),
				      "added", (json_int_t)added, "removed",
				      (json_int_t)removed, "replaced",
				      (json_int_t)replaced, "changes",
				      changes_json(difference)));
		return;
	}
	if (difference_empty(difference)) {
		printf("nothing to change; generation %" PRIu64 "\n",
		       generation);
		return;
	}
	print_difference(difference);
	printf(done ? "%zu added, %zu removed, %zu replaced; generation %" PRIu64
		      "\n" :
		      "%zu to add, %zu to remove, %zu to replace; generation %" PRIu64
		      " stays\n",
	       added, removed, replaced, generation);
}
