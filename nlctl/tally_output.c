// SPDX-License-Identifier: GPL-2.0-only
#include "tally_output.h"

#include <inttypes.h>
#include <stdlib.h>

#include "names.h"
#include "output.h"
#include "policy/memory.h"
#include "reason_text.h"
#include "tally_difference.h"
#include "verdict.h"

/* An unused rule names so many of the pods that use it; JSON names all. */
#define PODS_MAX 8

#define AMOUNT_HEADINGS "CONNECTIONS\tPACKETS\tBYTES"
#define RATE_HEADINGS "\tCONNECTIONS/S\tPACKETS/S\tBYTES/S"

/* Begin a table that has amounts between other columns. */
static void begin(struct table *table, const char *front, const char *behind,
		  bool rates)
{
	char *headings = xasprintf("%s\t" AMOUNT_HEADINGS "%s%s", front,
				   rates ? RATE_HEADINGS : "", behind);

	table_begin(table, headings);
	free(headings);
}

static void add_rate(struct table *table, uint64_t count, uint64_t elapsed)
{
	if (elapsed)
		table_add(table, "%.1f", tally_rate(count, elapsed));
	else
		table_add(table, "-");
}

static void add_amount(struct table *table, const struct tally *tally,
		       const struct tally_amount *amount, bool rates)
{
	table_add(table, "%" PRIu64, amount->total.connections);
	table_add(table, "%" PRIu64, amount->total.packets);
	table_add(table, "%" PRIu64, amount->total.bytes);
	if (!rates)
		return;
	add_rate(table, amount->recent.connections, tally->elapsed);
	add_rate(table, amount->recent.packets, tally->elapsed);
	add_rate(table, amount->recent.bytes, tally->elapsed);
}

static void add_nothing(struct table *table, bool rates)
{
	unsigned int i;

	for (i = 0; i < (rates ? 6 : 3); i++)
		table_add(table, "-");
}

static void print_total(const struct tally *tally, const char *name,
			uint64_t total, uint64_t recent, bool rates)
{
	printf("packets %-8s  %" PRIu64, name, total);
	if (rates && tally->elapsed)
		printf(", %.1f/s", tally_rate(recent, tally->elapsed));
	putchar('\n');
}

static void print_totals(const struct tally *tally, bool rates)
{
	const struct status *status = &tally->status;

	print_total(tally, "accepted", status->accepted_packets,
		    tally->accepted, rates);
	print_total(tally, "denied", status->denied_packets, tally->denied,
		    rates);
	print_total(tally, "audited", status->audited_packets, tally->audited,
		    rates);
	printf("events sent       %" PRIu64 "\n"
	       "events lost       %" PRIu64 "\n",
	       status->events_sent, status->events_lost);
}

static void print_reasons(const struct tally *tally, bool rates)
{
	struct table table;
	size_t i;

	begin(&table, "DIRECTION\tVERDICT\tREASON", "", rates);
	for (i = 0; i < tally->reason_count; i++) {
		const struct tally_reason *row = &tally->reasons[i];

		table_add(&table, "%s",
			  name_of(ENUMERATION_DIRECTION, row->direction));
		table_add(&table, "%s", verdict_name(row->verdict, row->mode));
		table_add(&table, "%s",
			  name_of(ENUMERATION_REASON, row->reason));
		add_amount(&table, tally, &row->amount, rates);
	}
	table_print(&table);
}

static void print_pods(const struct tally *tally, bool rates)
{
	struct table table;
	size_t i;

	begin(&table, "POD\tDIRECTION\tVERDICT", "\tEVENTS LOST", rates);
	for (i = 0; i < tally->pod_count; i++) {
		const struct tally_pod *row = &tally->pods[i];

		table_add(&table, "%s", row->key);
		if (row->direction) {
			table_add(&table, "%s",
				  name_of(ENUMERATION_DIRECTION,
					  row->direction));
			table_add(&table, "%s",
				  verdict_name(row->verdict, row->mode));
		} else {
			table_add(&table, "-");
			table_add(&table, "-");
		}
		add_amount(&table, tally, &row->amount, rates);
		table_add(&table, "%" PRIu64, row->events_lost);
	}
	table_print(&table);
}

/* The caller frees it. */
static char *origin_text(const struct tally_decider *decider)
{
	switch (decider->kind) {
	case TALLY_ISOLATION:
		return reason_brief(&(struct reason_details){
			.reason = PODWALL_REASON_ISOLATED,
			.origin = decider->origin,
		});
	case TALLY_DEFAULT:
		return reason_brief(&(struct reason_details){
			.reason = PODWALL_REASON_DEFAULT,
		});
	case TALLY_RULE:
		break;
	}
	return xstrdup(decider->origin);
}

static void add_decider(struct table *table,
			const struct tally_decider *decider)
{
	table_add(table, "%s",
		  name_of(ENUMERATION_DIRECTION, decider->direction));
	table_add(table, "%s", name_of(ENUMERATION_ACTION, decider->action));
}

static void add_origin(struct table *table, const struct tally_decider *decider)
{
	char *origin = origin_text(decider);

	table_add(table, "%s", origin);
	free(origin);
}

static void print_rules(const struct tally *tally, bool rates)
{
	struct table table;
	size_t i;

	begin(&table, "DIRECTION\tACTION", "\tORIGIN", rates);
	for (i = 0; i < tally->rule_count; i++) {
		const struct tally_rule *row = &tally->rules[i];

		add_decider(&table, &row->decider);
		if (row->decider.action == PODWALL_ACTION_PASS)
			add_nothing(&table, rates);
		else
			add_amount(&table, tally, &row->amount, rates);
		add_origin(&table, &row->decider);
	}
	table_print(&table);
}

void tally_print(const struct tally *tally, enum tally_view view, bool rates)
{
	switch (view) {
	case TALLY_SUMMARY:
		print_totals(tally, rates);
		putchar('\n');
		print_reasons(tally, rates);
		putchar('\n');
		print_rules(tally, rates);
		break;
	case TALLY_REASONS:
		print_reasons(tally, rates);
		break;
	case TALLY_PODS:
		print_pods(tally, rates);
		break;
	case TALLY_RULES:
		print_rules(tally, rates);
		break;
	}
}

static void add_users(struct table *table, const struct tally_rule *row)
{
	char *text = xstrdup("");
	size_t i;

	for (i = 0; i < row->rule_set_count; i++) {
		char *longer = xasprintf("%s%s%u", text, i ? " " : "",
					 row->rule_sets[i]);

		free(text);
		text = longer;
	}
	table_add(table, "%s", text);
	free(text);

	text = xstrdup("");
	for (i = 0; i < row->pod_count && i < PODS_MAX; i++) {
		char *longer =
			xasprintf("%s%s%s", text, i ? " " : "", row->pods[i]);

		free(text);
		text = longer;
	}
	if (row->pod_count > PODS_MAX)
		table_add(table, "%s and %zu more", text,
			  row->pod_count - PODS_MAX);
	else
		table_add(table, "%s", text);
	free(text);
}

void tally_print_unused(const struct tally *tally)
{
	struct table table;
	size_t i;

	table_begin(&table, "DIRECTION\tACTION\tORIGIN\tSETS\tPODS");
	for (i = 0; i < tally->rule_count; i++) {
		const struct tally_rule *row = &tally->rules[i];

		if (!tally_is_unused(row))
			continue;
		add_decider(&table, &row->decider);
		add_origin(&table, &row->decider);
		add_users(&table, row);
	}
	table_print(&table);
}
