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
#include "control-report.h"
#include "control.h"
#include "policy/memory.h"

/* Time for what a change leaves behind to be freed, in microseconds. */
#define SETTLE_FAST 10000
#define SETTLE_SLOW 500000

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
		.takes_minutes = true,
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
		.takes_minutes = true,
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
		.takes_minutes = true,
		.contenders = { &podwall_resync, &nft_resync_chains,
				&nft_resync_flat, &ipset_resync_rules,
				&bpf_resync_rules },
	},
};

#define CASES (sizeof(cases) / sizeof(*cases))

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

	if (argc != 6 || sscanf(argv[1], "%zu", &repeats) != 1 ||
	    sscanf(argv[2], "%zu", &slow_repeats) != 1 || !repeats ||
	    !slow_repeats) {
		fprintf(stderr,
			"usage: %s REPEATS SLOW_REPEATS CASES CONTENDERS JSON\n",
			argv[0]);
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
				 cases[i].takes_minutes ? slow_repeats / 10 +
								  1 :
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
