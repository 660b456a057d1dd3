// SPDX-License-Identifier: GPL-2.0-only
#include "policy/rule_table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"

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

static void touch(struct rule_table *table, struct rule_content *content)
{
	if (content->touched)
		return;
	content->touched = true;
	*array_add(table->touched, table->touched_count) = content;
}

struct rule_content *rule_table_add(struct rule_table *table,
				    struct rule_set *rule_set)
{
	char *text = content_text(rule_set);
	struct rule_content *content;

	HASH_FIND_STR(table->contents, text, content);
	if (content) {
		free(text);
		rule_set_clear(rule_set);
		content->users++;
		return content;
	}
	content = xcalloc(1, sizeof(*content));
	content->text = text;
	content->rule_set = *rule_set;
	content->users = 1;
	*rule_set = (struct rule_set){};
	HASH_ADD_KEYPTR(hh, table->contents, text, strlen(text), content);
	touch(table, content);
	return content;
}

void rule_table_drop(struct rule_table *table, struct rule_content *content)
{
	if (!--content->users)
		touch(table, content);
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
			rule_table_wish(table, content, live->rule_sets[i].id);
	}
}

/* The set of that id that nobody uses any more. */
static struct rule_content *find_unused(const struct rule_table *table,
					uint32_t id)
{
	size_t i;

	for (i = 0; i < table->touched_count; i++) {
		struct rule_content *content = table->touched[i];

		if (!content->users && content->published &&
		    !content->followed && content->rule_set.id == id)
			return content;
	}
	return NULL;
}

void rule_table_wish(struct rule_table *table, struct rule_content *content,
		     uint32_t id)
{
	struct rule_content *unused;

	if (content->rule_set.id)
		return;
	if (numbers_take(&table->ids, id)) {
		content->rule_set.id = id;
		return;
	}
	unused = id ? find_unused(table, id) : NULL;
	if (!unused)
		return;
	unused->followed = true;
	content->follows = unused;
	content->rule_set.id = id;
}

void rule_table_number(struct rule_table *table)
{
	size_t i;

	for (i = 0; i < table->touched_count; i++) {
		struct rule_content *content = table->touched[i];

		if (content->users && !content->rule_set.id)
			content->rule_set.id = numbers_allot(&table->ids);
	}
}

void rule_content_free(struct rule_content *content)
{
	rule_set_clear(&content->rule_set);
	free(content->text);
	free(content);
}

void rule_table_clear(struct rule_table *table)
{
	struct rule_content *content, *next;

	HASH_ITER(hh, table->contents, content, next) {
		HASH_DEL(table->contents, content);
		rule_content_free(content);
	}
	numbers_clear(&table->ids);
	free(table->touched);
	*table = (struct rule_table){};
}
