// SPDX-License-Identifier: GPL-2.0-only
/*
 * By ipset, and iptables that name its sets.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "control-iptables.h"
#include "control-sets.h"
#include "control.h"
#include "policy/memory.h"

#define NO_RULES \
	"*filter\n:INPUT ACCEPT\n:FORWARD ACCEPT\n:OUTPUT ACCEPT\nCOMMIT\n"

/* Entries of the table without a rule of ours: three policies and the end. */
#define NO_ENTRIES 4
/* Of both chains: a beginning, a drop, and a return; and what leads there. */
#define CHAIN_ENTRIES (2 * 3 + 3)

/**
 * struct plan - what is run; all texts are owned
 * @change: lines of ipset that make the change, or NULL
 * @change_rules: lines of iptables-restore that come after those, or NULL
 * @keep_rules: whether other chains stay
 * @back_rules: the same, back, in front of @back
 * @back: lines of ipset that take the change back, or NULL
 * @there: elements of all sets after the change
 * @before: and before
 * @entries_there: entries of the iptables after the change
 * @entries_before: and before
 * @list_once: whether to count elements after the first change only
 * @is_listed: they have been counted
 * @present: a set and an address that it has after the change, or NULL
 * @stays: that address is there before the change as well
 * @absent: a set and an address that it never has
 */
struct plan {
	char *change;
	char *change_rules;
	bool keep_rules;
	char *back_rules;
	char *back;
	size_t there;
	size_t before;
	size_t entries_there;
	size_t entries_before;
	bool list_once;
	bool is_listed;
	char *present;
	bool stays;
	char *absent;
};

static int64_t own_bytes(struct contender *contender, const struct input *input)
{
	(void)contender;
	(void)input;
	return sets_sum("Size in memory: ");
}

/* --- the steps */

static char *change(struct contender *contender, const struct input *input)
{
	const struct plan *plan = contender->data;
	char *problem = plan->change ? sets_restore(plan->change) : NULL;

	(void)input;
	if (problem || !plan->change_rules)
		return problem;
	return iptables_restore(plan->keep_rules);
}

/* Sets that rules name cannot be destroyed. */
static char *back(struct contender *contender, const struct input *input)
{
	const struct plan *plan = contender->data;
	char *problem = NULL;

	(void)input;
	if (plan->back_rules)
		problem = iptables_restore(plan->keep_rules);
	if (problem || !plan->back)
		return problem;
	return sets_restore(plan->back);
}

static char *check(struct plan *plan, size_t wanted, size_t entries,
		   bool is_there)
{
	size_t found;

	if (!plan->is_listed) {
		found = sets_sum("Number of entries: ");
		if (found != wanted)
			return xasprintf("ipset list: %zu elements, %zu wanted",
					 found, wanted);
		plan->is_listed = plan->list_once;
	}
	if (entries) {
		found = iptables_entries();
		if (found != entries)
			return xasprintf("iptables: %zu entries, %zu wanted",
					 found, entries);
	}
	/* Of a set that is destroyed libipset does not say that it is missing. */
	if (!wanted)
		return NULL;
	if (plan->present && sets_do("test %s", plan->present) != is_there)
		return xasprintf("ipset test %s: %s", plan->present,
				 is_there ? "not found" : "found");
	if (is_there && sets_do("test %s", plan->absent))
		return xasprintf("ipset test %s: found", plan->absent);
	return NULL;
}

/* What is written here is not for the clock: the rules of the next step. */
static char *check_there(struct contender *contender, const struct input *input)
{
	struct plan *plan = contender->data;
	char *problem = check(plan, plan->there, plan->entries_there, true);

	(void)input;
	return problem ? problem : iptables_prepare(plan->back_rules);
}

static char *check_before(struct contender *contender,
			  const struct input *input)
{
	struct plan *plan = contender->data;
	char *problem =
		check(plan, plan->before, plan->entries_before, plan->stays);

	(void)input;
	return problem ? problem : iptables_prepare(plan->change_rules);
}

static struct plan *new_plan(struct contender *contender)
{
	struct plan *plan = xcalloc(1, sizeof(*plan));

	sets_start();
	contender->data = plan;
	return plan;
}

static char *ipset_close(struct contender *contender, const struct input *input)
{
	struct plan *plan = contender->data;
	char destroy[] = "destroy\n";
	char *problem = NULL;

	(void)input;
	if (plan->entries_there) {
		problem = iptables_prepare(NO_RULES);
		if (!problem)
			problem = iptables_restore(false);
	}
	if (!problem)
		problem = sets_restore(destroy);
	free(plan->change);
	free(plan->change_rules);
	free(plan->back_rules);
	free(plan->back);
	free(plan->present);
	free(plan->absent);
	free(plan);
	contender->data = NULL;
	return problem;
}

/* --- one set of addresses */

static char *print_set(const struct input *input, const char *name)
{
	char ip[NETWORK_TEXT_MAX];
	struct text text;
	size_t i;

	text_open(&text);
	for (i = 0; i < input->address_count; i++) {
		ip_text(&input->load.objects.addresses[i].ip, ip);
		if (peer_occurrences(ip))
			fprintf(text.stream, "add %s %s\n", name, ip);
	}
	return text_close(&text);
}

static char *create_text(const char *name)
{
	return xasprintf("create %s hash:ip family inet maxelem 1048576\n",
			 name);
}

static char *open_addresses(struct contender *contender,
			    const struct input *input)
{
	struct plan *plan = new_plan(contender);
	char *create = create_text("peers");
	char *problem;

	plan->change = print_set(input, "peers");
	plan->back = xstrdup("flush peers\n");
	plan->there = input->address_count - 2;
	plan->present = xasprintf("peers %s", input->present);
	plan->absent = xstrdup("peers " ABSENT_ADDRESS);
	problem = sets_restore(create);
	free(create);
	return problem;
}

static char *open_resync_addresses(struct contender *contender,
				   const struct input *input)
{
	char *problem = open_addresses(contender, input);
	struct plan *plan = contender->data;
	char *create = create_text("next");
	char *next = print_set(input, "next");

	if (!problem)
		problem = sets_restore(plan->change);
	free(plan->change);
	plan->change =
		xasprintf("%s%sswap next peers\ndestroy next\n", create, next);
	free(next);
	free(create);
	return problem;
}

/* --- the rules of tests/bench/policies */

static char *open_rules(struct contender *contender, const struct input *input)
{
	struct plan *plan = new_plan(contender);

	plan->change = scene_text(input, "ipset");
	plan->change_rules = scene_text(input, "iptables");
	plan->back_rules = xstrdup(NO_RULES);
	plan->back = xstrdup("destroy\n");
	plan->there = input->address_count;
	plan->entries_there =
		NO_ENTRIES + CHAIN_ENTRIES + 2 * input->rule_count;
	plan->entries_before = NO_ENTRIES;
	plan->present =
		xasprintf("peers%zu %s", input->rule_count - 1, input->present);
	plan->absent = xstrdup("peers0 " ABSENT_ADDRESS);
	return iptables_prepare(plan->change_rules);
}

static char *load(struct contender *contender, const struct input *input)
{
	char *problem = open_rules(contender, input);

	return problem ? problem : change(contender, input);
}

/* Each set has its lines together. */
static char *swap_text(char *lines)
{
	char *line, *name, *save = NULL, *last = NULL;
	struct text text;

	text_open(&text);
	for (line = strtok_r(lines, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		name = strchr(line, ' ') + 1;
		if (!strncmp(line, "add ", 4)) {
			fprintf(text.stream, "add next-%s\n", name);
			continue;
		}
		if (last)
			fprintf(text.stream,
				"swap next-%s %s\ndestroy next-%s\n", last,
				last, last);
		free(last);
		last = strndup(name, strcspn(name, " "));
		fprintf(text.stream, "create next-%s\n", name);
	}
	fprintf(text.stream, "swap next-%s %s\ndestroy next-%s\n", last, last,
		last);
	free(last);
	return text_close(&text);
}

static char *open_resync_rules(struct contender *contender,
			       const struct input *input)
{
	char *problem = load(contender, input);
	struct plan *plan = contender->data;
	char *lines = plan->change;

	plan->change = swap_text(lines);
	free(lines);
	free(plan->back_rules);
	plan->back_rules = NULL;
	return problem;
}

/* --- an address joins */

static char *print_join(const struct input *input, const char *verb)
{
	struct text text;
	size_t i;

	text_open(&text);
	for (i = 0; i < input->policy_count; i++)
		fprintf(text.stream, "%s peers%zu " JOINING_ADDRESS "\n", verb,
			i);
	return text_close(&text);
}

static char *open_join(struct contender *contender, const struct input *input)
{
	char *problem = load(contender, input);
	struct plan *plan = contender->data;

	free(plan->change);
	free(plan->change_rules);
	free(plan->back);
	free(plan->back_rules);
	free(plan->present);
	plan->change_rules = NULL;
	plan->back_rules = NULL;
	plan->change = print_join(input, "add");
	plan->back = print_join(input, "del");
	plan->before = plan->there;
	plan->there += input->policy_count;
	plan->entries_before = 0;
	plan->list_once = true;
	plan->present =
		xasprintf("peers%zu " JOINING_ADDRESS, input->policy_count - 1);
	return problem;
}

/* --- a policy is edited */

static char *chain_text(size_t rule_count)
{
	struct text text;
	size_t i;

	text_open(&text);
	fputs("*filter\n:POD-EGRESS -\n", text.stream);
	for (i = 0; i < rule_count; i++)
		fprintf(text.stream,
			"-A POD-EGRESS -p udp -m set --match-set peers%zu dst "
			"-m udp --dport %zu -j RETURN\n",
			i, FIRST_PORT + i);
	fputs("-A POD-EGRESS -j DROP\nCOMMIT\n", text.stream);
	return text_close(&text);
}

static char *open_edit(struct contender *contender, const struct input *input)
{
	char *problem = load(contender, input);
	struct plan *plan = contender->data;

	free(plan->change);
	free(plan->change_rules);
	free(plan->back);
	free(plan->back_rules);
	plan->change = NULL;
	plan->back = NULL;
	plan->change_rules = chain_text(input->rule_count - 1);
	plan->back_rules = chain_text(input->rule_count);
	plan->keep_rules = true;
	plan->stays = true;
	plan->before = plan->there;
	plan->entries_before = plan->entries_there--;
	return problem ? problem : iptables_prepare(plan->change_rules);
}

#define THERE_AND_BACK                                        \
	.change = change, .check = check_there, .back = back, \
	.check_back = check_before, .close = ipset_close

struct contender ipset_addresses = {
	.name = "ipset hash:ip",
	.open = open_addresses,
	THERE_AND_BACK,
	.own_bytes = own_bytes,
};

struct contender ipset_rules = {
	.name = "ipset and iptables-restore (a process)",
	.open = open_rules,
	THERE_AND_BACK,
	.own_bytes = own_bytes,
};

struct contender ipset_join = {
	.name = "ipset, an element for each set",
	.open = open_join,
	THERE_AND_BACK,
};

struct contender ipset_edit = {
	.name = "iptables-restore --noflush (a process)",
	.open = open_edit,
	THERE_AND_BACK,
};

struct contender ipset_resync_addresses = {
	.name = "ipset hash:ip, swapped",
	.open = open_resync_addresses,
	.change = change,
	.check = check_there,
	.close = ipset_close,
};

struct contender ipset_resync_rules = {
	.name = "ipset, swapped, and iptables-restore (a process)",
	.open = open_resync_rules,
	.change = change,
	.check = check_there,
	.close = ipset_close,
};
