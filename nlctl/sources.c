// SPDX-License-Identifier: GPL-2.0-only
#include "sources.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "live.h"
#include "output.h"
#include "policy/compiler.h"
#include "policy/manifest.h"
#include "state.h"

static void tell(const struct nlctl *nlctl, struct problems *problems)
{
	problems_print(problems, stderr);
	if (problems->errors)
		nlctl_error(nlctl, "%zu error%s in the manifests",
			    problems->errors, problems->errors == 1 ? "" : "s");
	problems_clear(problems);
}

bool sources_read(const struct nlctl *nlctl, const struct arguments *arguments,
		  struct cluster *cluster)
{
	struct manifest_options options = {
		.lenient = arguments_has(arguments, OPTION_LENIENT),
	};
	struct problems problems = {};
	const char **paths;
	size_t count;
	bool valid;

	*cluster = (struct cluster){};
	paths = arguments_values(arguments, 'f', &count);
	valid = manifest_read(paths, count, &options, cluster, &problems);
	tell(nlctl, &problems);
	free(paths);
	return valid;
}

bool plan_make(const struct nlctl *nlctl, struct netlink *netlink,
	       const struct cluster *cluster, const char *node,
	       struct plan *plan)
{
	struct problems problems = {};
	struct settings settings;
	bool valid;

	*plan = (struct plan){};
	if (live_read(netlink, &plan->live, &settings)) {
		netlink_report(nlctl, netlink);
		return false;
	}
	settings_clear(&settings);
	valid = compile(cluster, node, &plan->live, &plan->desired, &problems);
	tell(nlctl, &problems);
	if (!valid) {
		plan_clear(plan);
		return false;
	}
	difference_find(&plan->live, &plan->desired, &plan->difference);
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
	difference_print(difference, stdout);
	printf(done ? "%zu added, %zu removed, %zu replaced; generation %" PRIu64
		      "\n" :
		      "%zu to add, %zu to remove, %zu to replace; generation %" PRIu64
		      " stays\n",
	       added, removed, replaced, generation);
}
