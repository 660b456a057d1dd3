// SPDX-License-Identifier: GPL-2.0-only
#include "listing.h"

#include <inttypes.h>
#include <stdlib.h>

#include "list_cell.h"
#include "names.h"
#include "output.h"
#include "policy/memory.h"
#include "reason_text.h"
#include "verdict.h"

static void add_rule_sets(struct table *table, uint32_t id, uint32_t enforced)
{
	if (!id)
		table_add(table, "-");
	else if (enforced)
		table_add(table, "%u, enforced %u", id, enforced);
	else
		table_add(table, "%u", id);
}

/* Packets of a pod that were decided so. */
static uint64_t packets_of(const struct pod *pod, enum podwall_verdict verdict,
			   bool audited)
{
	uint64_t packets = 0;
	size_t i;

	for (i = 0; i < pod->traffic_count; i++) {
		const struct traffic *traffic = &pod->traffic[i];

		if (traffic->verdict == verdict &&
		    verdict_audited(verdict, traffic->mode) == audited)
			packets += traffic->count.packets;
	}
	return packets;
}

/* The further columns of a wide table. */
static void add_pod_traffic(struct table *table, const struct pod *pod)
{
	table_add(table, "%" PRIu64,
		  packets_of(pod, PODWALL_VERDICT_ACCEPT, false));
	table_add(table, "%" PRIu64,
		  packets_of(pod, PODWALL_VERDICT_DENY, false));
	table_add(table, "%" PRIu64,
		  packets_of(pod, PODWALL_VERDICT_DENY, true));
	table_add(table, "%" PRIu64, pod->events_lost);
}

void print_pods(const struct objects *objects, bool wide)
{
	struct table table;
	size_t i, j;

	if (wide)
		table_begin(
			&table,
			"POD\tADDRESSES\tINTERFACE\tINGRESS\tEGRESS\tMODE\tREPORTS\tUID\tACCEPTED\tDENIED\tAUDITED\tEVENTS LOST");
	else
		table_begin(
			&table,
			"POD\tADDRESSES\tINTERFACE\tINGRESS\tEGRESS\tMODE\tREPORTS\tUID");
	table.wide = wide;
	for (i = 0; i < objects->pod_count; i++) {
		const struct pod *pod = &objects->pods[i];
		char address[NETWORK_TEXT_MAX];
		char *addresses = NULL;

		for (j = 0; j < pod->ip_count; j++)
			list_cell_append(&addresses, "%s",
					 ip_text(&pod->ips[j], address));
		table_add(&table, "%s", pod->key);
		list_cell_add(&table, addresses, "");
		table_add(&table, "%s", pod->interface ? pod->interface : "");
		add_rule_sets(&table, pod->ingress_rule_set,
			      pod->ingress_enforced_rule_set);
		add_rule_sets(&table, pod->egress_rule_set,
			      pod->egress_enforced_rule_set);
		table_add(&table, "%s", name_of(ENUMERATION_MODE, pod->mode));
		table_add(&table, "%s",
			  pod->report_accepted ? "accepted" : "denied");
		table_add(&table, "%s", pod->uid);
		if (wide)
			add_pod_traffic(&table, pod);
	}
	table_print(&table);
}

void print_addresses(const struct objects *objects)
{
	char text[NETWORK_TEXT_MAX];
	struct table table;
	size_t i;

	table_begin(&table, "ADDRESS\tIDENTITY");
	for (i = 0; i < objects->address_count; i++) {
		table_add(&table, "%s",
			  ip_text(&objects->addresses[i].ip, text));
		table_add(&table, "%u", objects->addresses[i].identity);
	}
	table_print(&table);
}

static char *block_text(const struct table *table, const struct block *block)
{
	char network[NETWORK_TEXT_MAX];
	char *text = xstrdup(network_text(&block->network, network));
	size_t i;

	if (block->except_count)
		list_cell_append(&text, "except");
	for (i = 0; i < list_cell_shown(table, block->except_count); i++)
		list_cell_append(&text, "%s%s",
				 network_text(&block->except[i], network),
				 i + 1 < block->except_count ? "," : "");
	list_cell_append_rest(table, &text, block->except_count);
	return text;
}

/* How many rules name a peer set. */
static size_t count_users(const struct objects *objects, uint32_t id)
{
	size_t users = 0;
	size_t i, j, k;

	for (i = 0; i < objects->rule_set_count; i++)
		for (j = 0; j < objects->rule_sets[i].rule_count; j++) {
			const struct rule *rule =
				&objects->rule_sets[i].rules[j];

			for (k = 0; k < rule->peer_set_count; k++)
				users += rule->peer_sets[k] == id;
		}
	return users;
}

void print_peer_sets(const struct objects *objects, bool wide)
{
	struct table table;
	size_t i, j;

	table_begin(&table, wide ? "ID\tNAME\tRULES\tIDENTITIES\tBLOCKS" :
				   "ID\tNAME\tIDENTITIES\tBLOCKS");
	table.wide = wide;
	for (i = 0; i < objects->peer_set_count; i++) {
		const struct peer_set *set = &objects->peer_sets[i];
		char *identities = NULL;
		char *blocks = NULL;

		for (j = 0; j < list_cell_shown(&table, set->identity_count);
		     j++)
			list_cell_append(&identities, "%u", set->identities[j]);
		for (j = 0; j < list_cell_shown(&table, set->block_count);
		     j++) {
			char *block = block_text(&table, &set->blocks[j]);

			list_cell_append(&blocks, "%s%s", block,
					 j + 1 < set->block_count ? ";" : "");
			free(block);
		}
		list_cell_append_rest(&table, &identities, set->identity_count);
		list_cell_append_rest(&table, &blocks, set->block_count);
		table_add(&table, "%u", set->id);
		table_add(&table, "%s", set->name);
		if (wide)
			table_add(&table, "%zu", count_users(objects, set->id));
		list_cell_add(&table, identities, "");
		list_cell_add(&table, blocks, "");
	}
	table_print(&table);
}

static void add_peers(struct table *table, const struct rule *rule)
{
	char *text = NULL;
	size_t i;

	for (i = 0; i < list_cell_shown(table, rule->peer_set_count); i++)
		list_cell_append(&text, "set-%u", rule->peer_sets[i]);
	list_cell_append_rest(table, &text, rule->peer_set_count);
	list_cell_add(table, text, "any");
}

static void add_ports(struct table *table, const struct rule *rule)
{
	char *text = NULL;
	size_t i;

	for (i = 0; i < list_cell_shown(table, rule->port_range_count); i++) {
		const struct port_range *range = &rule->port_ranges[i];
		char protocol[PROTOCOL_TEXT_MAX];

		protocol_text(range->protocol, protocol);
		if (range->first == range->last)
			list_cell_append(&text, "%u/%s", range->first,
					 protocol);
		else
			list_cell_append(&text, "%u-%u/%s", range->first,
					 range->last, protocol);
	}
	list_cell_append_rest(table, &text, rule->port_range_count);
	list_cell_add(table, text, "any");
}

/**
 * struct row - a line of the table of rule sets
 * @set: the rule set
 * @enforced: the set says what of others is enforced
 * @rule: the rule; NULL for what is decided without one
 * @action: accept, deny or pass
 * @count: decided so
 * @origin: of the rule, or what decides without one
 */
struct row {
	const struct rule_set *set;
	bool enforced;
	const struct rule *rule;
	enum podwall_action action;
	struct count count;
	const char *origin;
};

static void add_row(struct table *table, const struct row *row)
{
	const struct rule *rule = row->rule;

	table_add(table, "%u", row->set->id);
	table_add(table, "%s%s",
		  name_of(ENUMERATION_DIRECTION, row->set->direction),
		  row->enforced ? " enforced" : "");
	if (rule) {
		table_add(table, "%s", name_of(ENUMERATION_TIER, rule->tier));
		table_add(table, "%u", rule->priority);
	} else {
		table_add(table, "-");
		table_add(table, "-");
	}
	table_add(table, "%s", name_of(ENUMERATION_ACTION, row->action));
	if (rule) {
		add_peers(table, rule);
		add_ports(table, rule);
	} else {
		table_add(table, "any");
		table_add(table, "any");
	}
	table_add(table, "%" PRIu64, row->count.connections);
	table_add(table, "%" PRIu64, row->count.packets);
	table_add(table, "%" PRIu64, row->count.bytes);
	if (table->wide && rule)
		table_add(table, "0x%016" PRIx64, rule->cookie);
	else if (table->wide)
		table_add(table, "-");
	table_add(table, "%s", row->origin);
}

/* Whether a set only says what of other sets is enforced. */
static bool is_enforced_part(const struct objects *objects, uint32_t id)
{
	bool enforced = false;
	size_t i;

	for (i = 0; i < objects->pod_count; i++) {
		const struct pod *pod = &objects->pods[i];

		if (pod->ingress_rule_set == id || pod->egress_rule_set == id)
			return false;
		if (pod->ingress_enforced_rule_set == id ||
		    pod->egress_enforced_rule_set == id)
			enforced = true;
	}
	return enforced;
}

static void add_rule_set(struct table *table, const struct objects *objects,
			 const struct rule_set *set)
{
	struct row row = { .set = set,
			   .enforced = is_enforced_part(objects, set->id) };
	char *origin = NULL;
	size_t i;

	for (i = 0; i < set->rule_count; i++) {
		row.rule = &set->rules[i];
		row.action = row.rule->action;
		row.count = row.rule->count;
		row.origin = row.rule->origin;
		add_row(table, &row);
	}

	row.rule = NULL;
	if (set->isolated) {
		origin = reason_brief(&(struct reason_details){
			.reason = PODWALL_REASON_ISOLATED,
			.origin = set->isolation_origin,
		});
		row.action = PODWALL_ACTION_DENY;
		row.count = set->isolation_count;
		row.origin = origin;
		add_row(table, &row);
		free(origin);
	}
	if (!set->isolated || set->default_count.packets) {
		row.action = PODWALL_ACTION_ACCEPT;
		row.count = set->default_count;
		origin = reason_brief(&(struct reason_details){
			.reason = PODWALL_REASON_DEFAULT,
		});
		row.origin = origin;
		add_row(table, &row);
		free(origin);
	}
}

void print_rule_sets(const struct objects *objects, bool wide)
{
	struct table table;
	size_t i;

	if (wide)
		table_begin(
			&table,
			"SET\tDIRECTION\tTIER\tPRIORITY\tACTION\tPEERS\tPORTS\tCONNECTIONS\tPACKETS\tBYTES\tCOOKIE\tORIGIN");
	else
		table_begin(
			&table,
			"SET\tDIRECTION\tTIER\tPRIORITY\tACTION\tPEERS\tPORTS\tCONNECTIONS\tPACKETS\tBYTES\tORIGIN");
	table.wide = wide;
	for (i = 0; i < objects->rule_set_count; i++)
		add_rule_set(&table, objects, &objects->rule_sets[i]);
	table_print(&table);
}

void print_settings(const struct settings *settings)
{
	char network[NETWORK_TEXT_MAX];
	char *guarded = NULL;
	struct table table;
	unsigned int field;
	size_t i;

	for (i = 0; i < settings->guarded_count; i++)
		list_cell_append(&guarded, "%s",
				 network_text(&settings->guarded[i], network));
	table_begin(&table, "SETTING\tVALUE");
	table_add(&table, "guarded");
	list_cell_add(&table, guarded, "");
	table_add(&table, "node access");
	table_add(&table, "%s",
		  name_of(ENUMERATION_NODE_ACCESS, settings->node_access));
	table_add(&table, "deny");
	table_add(&table, "%s",
		  name_of(ENUMERATION_DENY_ACTION, settings->deny_action));
	table_add(&table, "event rate");
	table_add(&table, "%u", settings->event_rate);
	for (field = AMOUNT_FIRST; field <= AMOUNT_LAST; field++) {
		table_add(&table, "limit %s", amount_name(field));
		table_add(&table, "%" PRIu64,
			  amount_get(&settings->limits, field));
	}
	table_print(&table);
}
