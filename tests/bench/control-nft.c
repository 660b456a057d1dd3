// SPDX-License-Identifier: GPL-2.0-only
/*
 * By libnftables, which takes text: a plan says what is run, and what is then
 * listed.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "control-nft-plan.h"
#include "control.h"
#include "policy/memory.h"

enum variant {
	HASH,
	INTERVAL,
	CHAINS,
	FLAT,
	RULE,
	CHAIN,
};

/* All that are measured at a time have tables of their own. */
static const char *const table_names[] = {
	[HASH] = "hash", [INTERVAL] = "interval", [CHAINS] = "chains",
	[FLAT] = "flat", [RULE] = "rule",	  [CHAIN] = "chain",
};

static char *check_there(struct contender *contender, const struct input *input)
{
	struct nft_plan *plan = contender->data;

	(void)input;
	return nft_check(plan, plan->there, true);
}

static char *check_before(struct contender *contender,
			  const struct input *input)
{
	struct nft_plan *plan = contender->data;

	(void)input;
	return nft_check(plan, plan->before, false);
}

static char *change(struct contender *contender, const struct input *input)
{
	const struct nft_plan *plan = contender->data;

	(void)input;
	return nft_run(plan->change);
}

static char *back(struct contender *contender, const struct input *input)
{
	const struct nft_plan *plan = contender->data;

	(void)input;
	return nft_run(plan->back);
}

static char *nft_close(struct contender *contender, const struct input *input)
{
	struct nft_plan *plan = contender->data;
	char *problem;

	(void)input;
	problem = nft_run_new(xasprintf("add table ip %s\ndelete table ip %s\n",
					plan->table, plan->table));
	free(plan->table);
	free(plan->change);
	free(plan->back);
	free(plan->list);
	free(plan->present);
	free(plan->absent);
	free(plan);
	contender->data = NULL;
	return problem;
}

static struct nft_plan *new_plan(struct contender *contender, const char *table)
{
	struct nft_plan *plan = xcalloc(1, sizeof(*plan));

	nft_start();
	plan->table = xasprintf("bench_%s", table);
	contender->data = plan;
	return plan;
}

/* --- a set of addresses */

static char *open_set(struct contender *contender, const struct input *input)
{
	bool interval = contender->variant == INTERVAL;
	struct nft_plan *plan =
		new_plan(contender, table_names[contender->variant]);
	struct text text;

	text_open(&text);
	fprintf(text.stream, "add element ip %s peers { ", plan->table);
	print_peers(text.stream, input);
	fputs(" }\n", text.stream);
	plan->change = text_close(&text);
	plan->back = xasprintf("flush set ip %s peers\n", plan->table);
	plan->list = xasprintf("list set ip %s peers", plan->table);
	plan->there = input->address_count - 2;
	plan->present = xasprintf("get element ip %s peers { %s }", plan->table,
				  input->present);
	plan->absent = xasprintf("get element ip %s peers { " ABSENT_ADDRESS
				 " }",
				 plan->table);
	return nft_run_new(
		xasprintf("table ip %s { set peers { type ipv4_addr; %s}; }\n",
			  plan->table, interval ? "flags interval; " : ""));
}

static char *open_resync_set(struct contender *contender,
			     const struct input *input)
{
	char *problem = open_set(contender, input);
	struct nft_plan *plan = contender->data;
	char *load = plan->change;

	plan->change = xasprintf("%s%s", plan->back, load);
	if (!problem)
		problem = nft_run(load);
	free(load);
	return problem;
}

/* --- a table of tests/bench/policies */

/* With a name of its own, since others are there at the same time. */
static char *renamed(const char *text, const char *table)
{
	const char *name = strstr(text, " bench {");

	return xasprintf("%.*s %s%s", (int)(name - text), text, table,
			 name + strlen(" bench"));
}

static char *open_table(struct contender *contender, const struct input *input)
{
	bool flat = contender->variant == FLAT;
	struct nft_plan *plan =
		new_plan(contender, table_names[contender->variant]);
	char *text = scene_text(input, flat ? "flat.nft" : "chains.nft");

	plan->change = renamed(text, plan->table);
	free(text);
	plan->back = xasprintf("delete table ip %s\n", plan->table);
	plan->list = xasprintf("list table ip %s", plan->table);
	plan->there = (input->address_count - 2) * (1 + flat);
	if (flat) {
		plan->present =
			xasprintf("get element ip %s egress { " CLIENT_ADDRESS
				  " . %s . udp . %zu }",
				  plan->table, input->present,
				  FIRST_PORT + input->rule_count - 1);
		plan->absent =
			xasprintf("get element ip %s egress { " CLIENT_ADDRESS
				  " . " ABSENT_ADDRESS " . udp . %d }",
				  plan->table, FIRST_PORT);
	} else {
		plan->present = xasprintf("get element ip %s peers%zu { %s }",
					  plan->table, input->rule_count - 1,
					  input->present);
		plan->absent =
			xasprintf("get element ip %s peers0 { " ABSENT_ADDRESS
				  " }",
				  plan->table);
	}
	return NULL;
}

static char *check_no_table(struct contender *contender,
			    const struct input *input)
{
	const struct nft_plan *plan = contender->data;

	(void)input;
	return nft_succeeds(plan->list) ?
		       xasprintf("%s: still there", plan->list) :
		       NULL;
}

static char *open_loaded_table(struct contender *contender,
			       const struct input *input)
{
	char *problem = open_table(contender, input);
	const struct nft_plan *plan = contender->data;

	return problem ? problem : nft_run(plan->change);
}

static char *open_resync_table(struct contender *contender,
			       const struct input *input)
{
	char *problem = open_loaded_table(contender, input);
	struct nft_plan *plan = contender->data;
	char *load = plan->change;

	plan->change = xasprintf("%s%s", plan->back, load);
	free(load);
	return problem;
}

/* --- an address joins */

static char *print_join(const struct nft_plan *plan, const struct input *input,
			const char *verb)
{
	struct text text;
	size_t i;

	text_open(&text);
	for (i = 0; i < input->policy_count; i++)
		fprintf(text.stream,
			"%s element ip %s peers%zu { " JOINING_ADDRESS " }\n",
			verb, plan->table, i);
	return text_close(&text);
}

static char *open_join(struct contender *contender, const struct input *input)
{
	char *problem = open_loaded_table(contender, input);
	struct nft_plan *plan = contender->data;

	free(plan->change);
	free(plan->back);
	free(plan->present);
	plan->change = print_join(plan, input, "add");
	plan->back = print_join(plan, input, "delete");
	plan->part = JOINING_ADDRESS;
	plan->list_once = true;
	plan->there = input->policy_count;
	plan->present =
		xasprintf("get element ip %s peers%zu { " JOINING_ADDRESS " }",
			  plan->table, input->policy_count - 1);
	return problem;
}

/* --- a policy is edited */

static char *rule_text(size_t rule)
{
	return xasprintf("ip daddr @peers%zu udp dport %zu return", rule,
			 FIRST_PORT + rule);
}

static char *chain_text(const struct nft_plan *plan, size_t rule_count)
{
	struct text text;
	size_t i;

	text_open(&text);
	fprintf(text.stream, "flush chain ip %s egress\n", plan->table);
	for (i = 0; i < rule_count; i++) {
		char *rule = rule_text(i);

		fprintf(text.stream, "add rule ip %s egress %s\n", plan->table,
			rule);
		free(rule);
	}
	fprintf(text.stream, "add rule ip %s egress drop\n", plan->table);
	return text_close(&text);
}

static unsigned long handle_of(const struct nft_plan *plan, size_t rule)
{
	char *wanted = rule_text(rule);
	unsigned long handle = nft_handle(plan, wanted);

	free(wanted);
	return handle;
}

/* A rule that came back has another handle. */
static char *take_handle(struct nft_plan *plan, const struct input *input)
{
	unsigned long handle = handle_of(plan, input->rule_count - 1);

	free(plan->change);
	plan->change = xasprintf("delete rule ip %s egress handle %lu\n",
				 plan->table, handle);
	return handle ? NULL : xasprintf("%s: a rule is missing", plan->list);
}

static char *open_edit(struct contender *contender, const struct input *input)
{
	char *problem = open_loaded_table(contender, input);
	struct nft_plan *plan = contender->data;
	char *rule;

	free(plan->change);
	plan->change = NULL;
	free(plan->back);
	plan->back = NULL;
	free(plan->list);
	free(plan->present);
	plan->present = NULL;
	plan->list = xasprintf("list chain ip %s egress", plan->table);
	plan->part = "udp dport";
	plan->there = input->rule_count - 1;
	plan->before = input->rule_count;
	if (problem)
		return problem;
	if (contender->variant == CHAIN) {
		plan->change = chain_text(plan, input->rule_count - 1);
		plan->back = chain_text(plan, input->rule_count);
		return NULL;
	}
	rule = rule_text(input->rule_count - 1);
	plan->back = xasprintf("add rule ip %s egress position %lu %s\n",
			       plan->table,
			       handle_of(plan, input->rule_count - 2), rule);
	free(rule);
	return take_handle(plan, input);
}

static char *check_before_edit(struct contender *contender,
			       const struct input *input)
{
	char *problem = check_before(contender, input);

	if (problem || contender->variant == CHAIN)
		return problem;
	return take_handle(contender->data, input);
}

#define THERE_AND_BACK                                        \
	.change = change, .check = check_there, .back = back, \
	.check_back = check_before, .close = nft_close

struct contender nft_hash_set = {
	.name = "nft, hash set",
	.variant = HASH,
	.open = open_set,
	THERE_AND_BACK,
};

struct contender nft_interval_set = {
	.name = "nft, interval set",
	.variant = INTERVAL,
	.open = open_set,
	THERE_AND_BACK,
};

struct contender nft_chains = {
	.name = "nft, chains and a set for each rule",
	.variant = CHAINS,
	.open = open_table,
	.change = change,
	.check = check_there,
	.back = back,
	.check_back = check_no_table,
	.close = nft_close,
};

struct contender nft_flat = {
	.name = "nft, one concatenated set",
	.variant = FLAT,
	.open = open_table,
	.change = change,
	.check = check_there,
	.back = back,
	.check_back = check_no_table,
	.close = nft_close,
};

struct contender nft_join = {
	.name = "nft, an element for each set",
	.variant = CHAINS,
	.open = open_join,
	THERE_AND_BACK,
};

struct contender nft_edit_rule = {
	.name = "nft, rule by handle",
	.variant = RULE,
	.open = open_edit,
	.change = change,
	.check = check_there,
	.back = back,
	.check_back = check_before_edit,
	.close = nft_close,
};

struct contender nft_edit_chain = {
	.name = "nft, chain flushed and written",
	.variant = CHAIN,
	.open = open_edit,
	THERE_AND_BACK,
};

/* A resync leaves all as it was, so there is nothing to take back. */
struct contender nft_resync_hash = {
	.name = "nft, hash set",
	.variant = HASH,
	.open = open_resync_set,
	.change = change,
	.check = check_there,
	.close = nft_close,
};

struct contender nft_resync_interval = {
	.name = "nft, interval set",
	.variant = INTERVAL,
	.open = open_resync_set,
	.change = change,
	.check = check_there,
	.close = nft_close,
};

struct contender nft_resync_chains = {
	.name = "nft, chains and a set for each rule",
	.variant = CHAINS,
	.open = open_resync_table,
	.change = change,
	.check = check_there,
	.close = nft_close,
};

struct contender nft_resync_flat = {
	.name = "nft, one concatenated set",
	.variant = FLAT,
	.open = open_resync_table,
	.change = change,
	.check = check_there,
	.close = nft_close,
};
