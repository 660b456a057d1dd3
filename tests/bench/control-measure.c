// SPDX-License-Identifier: GPL-2.0-only
/*
 * control-measure REPEATS SLOW_REPEATS CASES CONTENDERS JSON: measure what the
 * control plane of each contender takes, by turns.
 */
#include <fnmatch.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "control-memory.h"
#include "control-sample.h"
#include "control.h"
#include "policy/memory.h"

/* Time for what a change leaves behind to be freed, in microseconds. */
#define SETTLE_FAST 10000
#define SETTLE_SLOW 500000

#define CONTENDERS_MAX 8

enum kind {
	KIND_FAST,
	KIND_SLOW,
	KIND_MEMORY,
};

/**
 * struct control_case - one change, and who makes it
 * @name: for --cases
 * @scene: of tests/bench/scene.py
 * @title: the change, in words
 * @title_back: the one that takes it back, if that is measured
 * @kind: how it is measured
 * @policy_count: for the input
 * @contenders: who
 */
struct control_case {
	const char *name;
	const char *scene;
	const char *title;
	const char *title_back;
	enum kind kind;
	size_t policy_count;
	struct contender *contenders[CONTENDERS_MAX];
};

#define JOINS &podwall_join, &nft_join, &ipset_join, &bpf_join
#define ADDRESSES                                             \
	&podwall_addresses, &nft_hash_set, &nft_interval_set, \
		&ipset_addresses, &bpf_addresses, &bpf_addresses_batch
#define RULES                                                             \
	&podwall_rules, &nft_chains, &nft_flat, &ipset_rules, &bpf_rules, \
		&bpf_rules_batch

/* Memory comes first: what was freed leaves holes. */
static const struct control_case cases[] = {
	{
		.name = "memory-addresses",
		.scene = "addresses-100000",
		.title = "100,000 addresses",
		.kind = KIND_MEMORY,
		.contenders = { &podwall_addresses, &nft_hash_set,
				&nft_interval_set, &ipset_addresses,
				&bpf_addresses_batch },
	},
	{
		.name = "memory-rules",
		.scene = "rules-10000",
		.title = "10,000 rules with 10 addresses each",
		.kind = KIND_MEMORY,
		.contenders = { &podwall_rules, &nft_chains, &nft_flat,
				&ipset_rules, &bpf_rules_batch },
	},
	{
		.name = "addresses",
		.scene = "addresses-100000",
		.title = "100,000 addresses are loaded",
		.kind = KIND_SLOW,
		.contenders = { ADDRESSES },
	},
	{
		.name = "rules",
		.scene = "rules-10000",
		.title = "10,000 rules with 10 addresses each are loaded",
		.kind = KIND_SLOW,
		.contenders = { RULES },
	},
	{
		.name = "join-1",
		.scene = "rules-500",
		.title = "an address joins that 1 policy selects",
		.title_back = "and leaves",
		.policy_count = 1,
		.contenders = { JOINS },
	},
	{
		.name = "join-50",
		.scene = "rules-500",
		.title = "an address joins that 50 policies select",
		.title_back = "and leaves",
		.policy_count = 50,
		.contenders = { JOINS },
	},
	{
		.name = "join-500",
		.scene = "rules-500",
		.title = "an address joins that 500 policies select",
		.title_back = "and leaves",
		.policy_count = 500,
		.contenders = { JOINS },
	},
	{
		.name = "edit",
		.scene = "rules-20",
		.title = "a rule set of 20 rules loses one",
		.title_back = "and gains it again",
		.contenders = { &podwall_edit, &nft_edit_rule, &nft_edit_chain,
				&ipset_edit, &bpf_edit },
	},
	{
		.name = "resync-addresses",
		.scene = "addresses-100000",
		.title = "100,000 addresses are replaced by the same",
		.kind = KIND_SLOW,
		.contenders = { &podwall_resync, &nft_resync_hash,
				&nft_resync_interval, &ipset_resync_addresses,
				&bpf_resync_addresses },
	},
	{
		.name = "resync-rules",
		.scene = "rules-10000",
		.title = "10,000 rules are replaced by the same",
		.kind = KIND_SLOW,
		.contenders = { &podwall_resync, &nft_resync_chains,
				&nft_resync_flat, &ipset_resync_rules,
				&bpf_resync_rules },
	},
};

#define CASES (sizeof(cases) / sizeof(*cases))

/**
 * struct result - of one contender in one case
 * @contender: who
 * @there: the change
 * @back: the one that takes it back
 * @memory: for each repeat its growth
 * @own: for each repeat what the contender says
 * @count: length of the two
 * @problem: why there is no figure; owned
 */
struct result {
	struct contender *contender;
	struct series there;
	struct series back;
	struct holding *memory;
	int64_t *own;
	size_t count;
	char *problem;
};

static void read_input(struct input *input, const struct control_case *one)
{
	static char present[NETWORK_TEXT_MAX];
	char *path = xasprintf("%s-4.json", one->scene);
	size_t i;

	load_open(&input->load, path);
	free(path);
	input->scene = xasprintf("%s-4", one->scene);
	input->address_count = input->load.objects.address_count;
	input->rule_count = input->load.objects.rule_sets[0].rule_count;
	input->policy_count = one->policy_count;
	/* The pods come before the peers. */
	i = input->address_count - 1;
	ip_text(&input->load.objects.addresses[i].ip, present);
	input->present = present;
}

static void clear_input(struct input *input)
{
	load_close(&input->load);
	free((char *)input->scene);
}

static bool step(struct result *result, contender_step *function,
		 const struct input *input)
{
	if (!result->problem && function)
		result->problem = function(result->contender, input);
	return !result->problem;
}

/* Also after a problem, which is what counts then. */
static void close_contender(struct result *result, const struct input *input)
{
	char *problem;

	if (!result->contender->data)
		return;
	problem = result->contender->close(result->contender, input);
	if (result->problem)
		free(problem);
	else
		result->problem = problem;
}

/* --- time */

static void time_step(struct result *result, contender_step *function,
		      const struct input *input, struct series *series)
{
	sample_begin();
	step(result, function, input);
	sample_end(result->problem ? NULL : series);
}

static void time_once(struct result *result, const struct control_case *one,
		      const struct input *input, bool counts)
{
	const struct contender *contender = result->contender;
	useconds_t settle = one->kind == KIND_FAST ? SETTLE_FAST : SETTLE_SLOW;

	if (result->problem)
		return;
	usleep(settle);
	time_step(result, contender->change, input,
		  counts ? &result->there : NULL);
	step(result, contender->check, input);
	if (result->problem || !contender->back)
		return;
	usleep(settle);
	time_step(result, contender->back, input,
		  counts && one->title_back ? &result->back : NULL);
	step(result, contender->check_back, input);
}

/* The first time fills the caches of allocators, and is not counted. */
static void time_case(struct result *results, size_t count,
		      const struct control_case *one, const struct input *input,
		      size_t repeats)
{
	size_t i, j, k;

	for (i = 0; i < count; i++)
		step(&results[i], results[i].contender->open, input);
	for (i = 0; i <= repeats; i++)
		for (j = 0; j < count; j++) {
			k = i % 2 ? count - 1 - j : j;
			time_once(&results[k], one, input, i > 0);
		}
	for (i = 0; i < count; i++)
		close_contender(&results[i], input);
}

/* --- memory */

static void weigh_once(struct result *result, const struct input *input,
		       bool counts)
{
	struct contender *contender = result->contender;
	struct holding before, after;
	size_t count = result->count;
	int64_t own = -1;

	if (!step(result, contender->open, input))
		return;
	before = holding_read();
	step(result, contender->change, input);
	if (!step(result, contender->check, input))
		return;
	if (contender->own_bytes)
		own = contender->own_bytes(contender, input);
	after = holding_read();
	if (!counts)
		return;
	*array_add(result->memory, count) = (struct holding){
		.used = after.used - before.used,
		.held = after.held - before.held,
		.charged = after.charged - before.charged,
	};
	*array_add(result->own, result->count) = own;
}

static void weigh_case(struct result *results, size_t count,
		       const struct input *input, size_t repeats)
{
	size_t i, j, k;

	for (i = 0; i <= repeats; i++)
		for (j = 0; j < count; j++) {
			k = i % 2 ? count - 1 - j : j;
			if (results[k].problem)
				continue;
			weigh_once(&results[k], input, i > 0);
			close_contender(&results[k], input);
		}
}

/* --- what came out */

static void add_bytes(struct table *table, json_t *object, const char *name,
		      double *samples, size_t count)
{
	double median;

	sort_samples(samples, count);
	median = quantile(samples, count, 0.5);
	table_add(table, "%.0f", quantile(samples, count, 0.25) / 1024);
	table_add(table, "%.0f", median / 1024);
	table_add(table, "%.0f", quantile(samples, count, 0.75) / 1024);
	json_object_set_new(object, name,
			    json_pack("{s:f, s:f, s:f}", "lower_quartile",
				      quantile(samples, count, 0.25), "median",
				      median, "upper_quartile",
				      quantile(samples, count, 0.75)));
}

static json_t *report_memory(struct result *result, struct table *table)
{
	double *samples = xcalloc(result->count, sizeof(*samples));
	json_t *object = json_object();
	size_t i;

	for (i = 0; i < result->count; i++)
		samples[i] = result->memory[i].used;
	add_bytes(table, object, "used", samples, result->count);
	for (i = 0; i < result->count; i++)
		samples[i] = result->memory[i].held;
	add_bytes(table, object, "held", samples, result->count);
	for (i = 0; i < result->count; i++)
		samples[i] = result->memory[i].charged;
	sort_samples(samples, result->count);
	table_add(table, "%.0f", quantile(samples, result->count, 0.5) / 1024);
	json_object_set_new(object, "charged",
			    json_real(quantile(samples, result->count, 0.5)));
	if (result->own[0] < 0) {
		table_add(table, "-");
	} else {
		table_add(table, "%.0f", result->own[0] / 1024.0);
		json_object_set_new(object, "own",
				    json_integer(result->own[0]));
	}
	free(samples);
	return object;
}

static void report_series(struct result *results, size_t count,
			  const struct control_case *one, bool back,
			  json_t *list)
{
	struct table table = {};
	size_t i;

	printf("\n%s%s%s\n", one->title, back ? ": " : "",
	       back ? one->title_back : "");
	table_begin(&table,
		    one->kind == KIND_MEMORY ?
			    "KIB\tLESS FREE Q1\tMEDIAN\tQ3\tHELD Q1\tMEDIAN\t"
			    "Q3\tCHARGED\tOWN" :
			    "MICROSECONDS\tCALLS\tREQUEST\tKERNEL Q1\tMEDIAN\t"
			    "Q3\tELAPSED Q1\tMEDIAN\tQ3");
	for (i = 0; i < count; i++) {
		struct result *result = &results[i];
		json_t *object;

		if (result->problem)
			continue;
		table_add(&table, "%s", result->contender->name);
		object = one->kind == KIND_MEMORY ?
				 report_memory(result, &table) :
				 series_report(back ? &result->back :
						      &result->there,
					       &table);
		json_object_set_new(object, "case", json_string(one->name));
		json_object_set_new(object, "change",
				    json_string(back ? one->title_back :
						       one->title));
		json_object_set_new(object, "contender",
				    json_string(result->contender->name));
		json_array_append_new(list, object);
	}
	table_print(&table);
}

static bool report_case(struct result *results, size_t count,
			const struct control_case *one, json_t *list)
{
	bool good = true;
	size_t i;

	report_series(results, count, one, false, list);
	if (one->title_back)
		report_series(results, count, one, true, list);
	for (i = 0; i < count; i++) {
		struct result *result = &results[i];

		if (result->problem) {
			printf("%s: no figure: %s\n", result->contender->name,
			       result->problem);
			good = false;
		}
		series_clear(&result->there);
		series_clear(&result->back);
		free(result->memory);
		free(result->own);
		free(result->problem);
	}
	/* For whoever watches. */
	fflush(stdout);
	return good;
}

/* --- the choice */

static bool wanted(const char *name, const char *patterns)
{
	char *copy = xstrdup(patterns), *save = NULL, *pattern;
	bool found = false;

	for (pattern = strtok_r(copy, ",", &save); pattern && !found;
	     pattern = strtok_r(NULL, ",", &save))
		found = !fnmatch(pattern, name, 0);
	free(copy);
	return found;
}

static bool run_case(const struct control_case *one, const char *contenders,
		     size_t repeats, json_t *list)
{
	struct result results[CONTENDERS_MAX] = {};
	struct input input = {};
	size_t count = 0, i;
	bool good;

	for (i = 0; i < CONTENDERS_MAX && one->contenders[i]; i++)
		if (wanted(one->contenders[i]->name, contenders))
			results[count++].contender = one->contenders[i];
	if (!count)
		return true;
	fprintf(stderr, "control: %s\n", one->name);
	read_input(&input, one);
	if (one->kind == KIND_MEMORY)
		weigh_case(results, count, &input, repeats);
	else
		time_case(results, count, one, &input, repeats);
	good = report_case(results, count, one, list);
	clear_input(&input);
	return good;
}

int main(int argc, char **argv)
{
	json_t *list = json_array();
	size_t repeats, slow_repeats, ran = 0, i;
	bool good = true;

	if (argc == 2 && !strcmp(argv[1], "--cases")) {
		for (i = 0; i < CASES; i++)
			printf("%-17s %s\n", cases[i].name, cases[i].title);
		return EXIT_SUCCESS;
	}
	if (argc != 6 || sscanf(argv[1], "%zu", &repeats) != 1 ||
	    sscanf(argv[2], "%zu", &slow_repeats) != 1 || !repeats ||
	    !slow_repeats) {
		fprintf(stderr,
			"usage: %s REPEATS SLOW_REPEATS CASES CONTENDERS JSON\n"
			"       %s --cases\n",
			argv[0], argv[0]);
		return EXIT_FAILURE;
	}
	/* Memory that is given back to the kernel would be asked for again. */
	mallopt(M_MMAP_MAX, 0);
	mallopt(M_TRIM_THRESHOLD, -1);
	clock_ticks_per_ns = clock_calibrate();
	for (i = 0; i < CASES; i++) {
		if (!wanted(cases[i].name, argv[3]))
			continue;
		ran++;
		good &= run_case(&cases[i], argv[4],
				 cases[i].kind == KIND_FAST ? repeats :
							      slow_repeats,
				 list);
	}
	if (!ran)
		load_fail("%s: no such case", argv[3]);
	if (json_dump_file(list, argv[5], JSON_INDENT(2)))
		load_fail("cannot write %s", argv[5]);
	json_decref(list);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
