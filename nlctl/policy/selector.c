// SPDX-License-Identifier: GPL-2.0-only
#include "policy/selector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "policy/block.h"
#include "policy/memory.h"

bool requirement_has_value(const struct requirement *requirement,
			   const char *value)
{
	size_t i;

	for (i = 0; i < requirement->value_count; i++)
		if (!strcmp(requirement->values[i], value))
			return true;
	return false;
}

static bool requirement_met(const struct requirement *requirement,
			    const struct labels *labels)
{
	const char *value = labels_find(labels, requirement->key);

	switch (requirement->relation) {
	case REQUIREMENT_IN:
		return value && requirement_has_value(requirement, value);
	case REQUIREMENT_NOT_IN:
		return !value || !requirement_has_value(requirement, value);
	case REQUIREMENT_EXISTS:
		return value;
	case REQUIREMENT_DOES_NOT_EXIST:
		return !value;
	}
	return false;
}

bool selector_matches(const struct selector *selector,
		      const struct labels *labels)
{
	size_t i;

	for (i = 0; i < selector->match_labels.count; i++) {
		const struct label *label = &selector->match_labels.list[i];
		const char *value = labels_find(labels, label->key);

		if (!value || strcmp(value, label->value))
			return false;
	}
	for (i = 0; i < selector->expression_count; i++)
		if (!requirement_met(&selector->match_expressions[i], labels))
			return false;
	return true;
}

static int compare_strings(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The parts in order and without repetition, separated by commas. */
static char *join(char **parts, size_t count)
{
	size_t length, i;
	char *text;
	FILE *stream;

	if (count > 1)
		qsort(parts, count, sizeof(*parts), compare_strings);
	stream = xopen_memstream(&text, &length);
	for (i = 0; i < count; i++)
		if (!i || strcmp(parts[i - 1], parts[i]))
			fprintf(stream, "%s%s", i ? "," : "", parts[i]);
	fclose(stream);
	return text;
}

static char *requirement_text(const struct requirement *requirement)
{
	bool in = requirement->relation == REQUIREMENT_IN;
	const char *key = requirement->key;
	char **values;
	char *joined, *text;

	if (requirement->relation == REQUIREMENT_EXISTS)
		return xstrdup(key);
	if (requirement->relation == REQUIREMENT_DOES_NOT_EXIST)
		return xasprintf("!%s", key);

	values = xmemdup(requirement->values,
			 requirement->value_count * sizeof(*values));
	joined = join(values, requirement->value_count);
	if (strchr(joined, ','))
		text = xasprintf("%s %s (%s)", key, in ? "in" : "notin",
				 joined);
	else
		text = xasprintf("%s%s%s", key, in ? "=" : "!=", joined);
	free(joined);
	free(values);
	return text;
}

char *selector_text(const struct selector *selector)
{
	size_t count = 0, i;
	char **parts = NULL;
	char *text;

	for (i = 0; i < selector->match_labels.count; i++) {
		const struct label *label = &selector->match_labels.list[i];

		*array_add(parts, count) =
			xasprintf("%s=%s", label->key, label->value);
	}
	for (i = 0; i < selector->expression_count; i++)
		*array_add(parts, count) =
			requirement_text(&selector->match_expressions[i]);
	text = join(parts, count);
	for (i = 0; i < count; i++)
		free(parts[i]);
	free(parts);
	return text;
}

static char *block_text(const struct block *block)
{
	struct block tidy = block_copy(block);
	char number[NETWORK_TEXT_MAX];
	size_t length, i;
	char *text;
	FILE *stream = xopen_memstream(&text, &length);

	fputs(network_text(&tidy.network, number), stream);
	for (i = 0; i < tidy.except_count; i++)
		fprintf(stream, "%s%s", i ? ", " : " except ",
			network_text(&tidy.except[i], number));
	free(tidy.except);
	fclose(stream);
	return text;
}

char *peer_text(const struct policy_peer *peer, const char *namespace)
{
	char *pods, *namespaces, *nodes, *text;

	if (peer->is_block)
		return block_text(&peer->block);
	if (peer->is_nodes) {
		nodes = selector_text(&peer->node_selector);
		text = xasprintf("nodes{%s}", nodes);
		free(nodes);
		return text;
	}
	pods = selector_text(&peer->pod_selector);
	if (peer->has_namespace_selector)
		namespaces = selector_text(&peer->namespace_selector);
	else
		namespaces =
			xasprintf("%s=%s", NAMESPACE_NAME_LABEL, namespace);
	text = xasprintf("pods{%s} in namespaces{%s}", pods, namespaces);
	free(namespaces);
	free(pods);
	return text;
}
