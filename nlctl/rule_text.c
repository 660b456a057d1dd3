// SPDX-License-Identifier: GPL-2.0-only
#include "rule_text.h"

#include <stdlib.h>

#include "names.h"
#include "policy/memory.h"
#include "walk.h"

/* So many entries of a list are told. */
#define ENTRIES_MAX 8

const char *text_or(const char *text, const char *otherwise)
{
	return text && *text ? text : otherwise;
}

const char *rule_origin_text(const struct rule *rule)
{
	return text_or(rule->origin, "a rule without origin");
}

static char *add(char *text, const char *separator, const char *more)
{
	char *longer = xasprintf("%s%s%s", text, *text ? separator : "", more);

	free(text);
	return longer;
}

static char *range_text(const struct port_range *range)
{
	char protocol[PROTOCOL_TEXT_MAX];

	protocol_text(range->protocol, protocol);
	if (range->first <= 1 && range->last == UINT16_MAX)
		return xasprintf("any %s", protocol);
	if (range->first == range->last)
		return xasprintf("%u/%s", range->first, protocol);
	return xasprintf("%u-%u/%s", range->first, range->last, protocol);
}

static char *rest_text(char *text, size_t count)
{
	char *rest;

	if (count <= ENTRIES_MAX)
		return text;
	rest = xasprintf("%zu more", count - ENTRIES_MAX);
	text = add(text, " and ", rest);
	free(rest);
	return text;
}

char *rule_ports_text(const struct rule *rule)
{
	char *text = xstrdup(rule->any_port ? "any" : "");
	size_t i;

	for (i = 0; i < rule->port_range_count && i < ENTRIES_MAX; i++) {
		char *range = range_text(&rule->port_ranges[i]);

		text = add(text, ", ", range);
		free(range);
	}
	return rest_text(text, rule->port_range_count);
}

char *rule_peers_text(const struct objects *objects, const struct rule *rule)
{
	char *text = xstrdup(rule->any_peer ? "any" : "");
	size_t i;

	for (i = 0; i < rule->peer_set_count && i < ENTRIES_MAX; i++) {
		const struct peer_set *peer_set =
			walk_peer_set(objects, rule->peer_sets[i]);

		text = add(text, " or ",
			   text_or(peer_set ? peer_set->name : NULL,
				   "a peer set without name"));
	}
	return rest_text(text, rule->peer_set_count);
}
