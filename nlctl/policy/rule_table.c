// SPDX-License-Identifier: GPL-2.0-only
#include "policy/rule_table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <uthash.h>
#include "policy/memory.h"

struct rule_content {
	char *text;
	size_t index;
	UT_hash_handle hh;
};

static void write_rule(FILE *stream, const struct rule *rule)
{
	size_t i;

	fprintf(stream, "\nrule %u %u %u %d %d %" PRIx64 " %s\n", rule->tier,
		rule->priority, rule->action, rule->any_peer, rule->any_port,
		rule->cookie, rule->origin ? rule->origin : "");
	for (i = 0; i < rule->peer_set_count; i++)
		fprintf(stream, " %u", rule->peer_sets[i]);
	for (i = 0; i < rule->port_range_count; i++)
		fprintf(stream, " %u:%u-%u", rule->port_ranges[i].protocol,
			rule->port_ranges[i].first, rule->port_ranges[i].last);
}

/* All that makes two rule sets differ, without id and counters. */
static char *content_text(const struct rule_set *rule_set)
{
	size_t length, i;
	FILE *stream;
	char *text;

	stream = xopen_memstream(&text, &length);
	fprintf(stream, "%u %d %d %s", (unsigned int)rule_set->direction,
		rule_set->isolated, rule_set->isolation_audited,
		rule_set->isolation_origin ? rule_set->isolation_origin : "");
	for (i = 0; i < rule_set->rule_count; i++)
		write_rule(stream, &rule_set->rules[i]);
	fclose(stream);
	return text;
}

size_t rule_table_add(struct rule_table *table, struct rule_set *rule_set)
{
	char *text = content_text(rule_set);
	struct rule_content *content;

	HASH_FIND_STR(table->contents, text, content);
	if (content) {
		free(text);
		rule_set_clear(rule_set);
		return content->index;
	}
	content = xcalloc(1, sizeof(*content));
	content->text = text;
	content->index = table->count;
	HASH_ADD_KEYPTR(hh, table->contents, text, strlen(text), content);
	*array_add(table->rule_sets, table->count) = *rule_set;
	*rule_set = (struct rule_set){};
	return content->index;
}

void rule_table_keep(struct rule_table *table, const struct objects *live)
{
	struct rule_content *content;
	size_t i;

	for (i = 0; i < live->rule_set_count; i++) {
		char *text = content_text(&live->rule_sets[i]);

		HASH_FIND_STR(table->contents, text, content);
		free(text);
		if (content)
			rule_table_wish(table, content->index,
					live->rule_sets[i].id);
	}
}

void rule_table_wish(struct rule_table *table, size_t index, uint32_t id)
{
	if (!table->rule_sets[index].id && numbers_take(&table->numbers, id))
		table->rule_sets[index].id = id;
}

void rule_table_number(struct rule_table *table)
{
	size_t i;

	for (i = 0; i < table->count; i++)
		if (!table->rule_sets[i].id)
			table->rule_sets[i].id = numbers_allot(&table->numbers);
}

void rule_table_clear(struct rule_table *table)
{
	struct rule_content *content, *next;
	size_t i;

	HASH_ITER(hh, table->contents, content, next) {
		HASH_DEL(table->contents, content);
		free(content->text);
		free(content);
	}
	for (i = 0; i < table->count; i++)
		rule_set_clear(&table->rule_sets[i]);
	free(table->rule_sets);
	numbers_clear(&table->numbers);
	*table = (struct rule_table){};
}
