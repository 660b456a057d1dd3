// SPDX-License-Identifier: GPL-2.0-only
#include "filter.h"

#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "policy/memory.h"
#include "policy/name_syntax.h"

bool filter_add_pod(struct filter *filter, const char *key)
{
	const char *slash = strchr(key, '/');

	if (!slash || slash == key || !slash[1] || strchr(slash + 1, '/'))
		return false;
	*array_add(filter->pods, filter->pod_count) = key;
	return true;
}

bool filter_add_namespace(struct filter *filter, const char *name)
{
	if (dns_label_wrong(name))
		return false;
	*array_add(filter->namespaces, filter->namespace_count) = name;
	return true;
}

bool filter_add_origin(struct filter *filter, const char *text)
{
	if (!*text)
		return false;
	*array_add(filter->origins, filter->origin_count) = text;
	return true;
}

bool filter_add_direction(struct filter *filter, const char *name)
{
	unsigned int value = name_value(ENUMERATION_DIRECTION, name);

	filter->directions |= value ? 1u << value : 0;
	return value;
}

bool filter_add_reason(struct filter *filter, const char *name)
{
	unsigned int value = name_value(ENUMERATION_REASON, name);

	filter->reasons |= value ? 1u << value : 0;
	return value;
}

const char *filter_accepting_reason(const struct filter *filter)
{
	static const enum podwall_reason reasons[] = {
		PODWALL_REASON_NO_POLICY,
		PODWALL_REASON_DEFAULT,
		PODWALL_REASON_NODE,
	};
	size_t i;

	for (i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (filter->reasons & 1u << reasons[i])
			return name_of(ENUMERATION_REASON, reasons[i]);
	return NULL;
}

static bool is_in(const char *key, const char *namespace)
{
	size_t length = strlen(namespace);

	return !strncmp(key, namespace, length) && key[length] == '/';
}

static bool passes_pods(const struct filter *filter, const char *key)
{
	size_t i;

	for (i = 0; key && i < filter->pod_count; i++)
		if (!strcmp(key, filter->pods[i]))
			return true;
	return false;
}

static bool passes_namespaces(const struct filter *filter, const char *key)
{
	size_t i;

	for (i = 0; key && i < filter->namespace_count; i++)
		if (is_in(key, filter->namespaces[i]))
			return true;
	return false;
}

static bool passes_origins(const struct filter *filter, const char *origin)
{
	size_t i;

	for (i = 0; origin && i < filter->origin_count; i++)
		if (strstr(origin, filter->origins[i]))
			return true;
	return false;
}

/* A value that a newer module may send has no bit. */
static bool passes_bits(unsigned int bits, unsigned int value)
{
	return !bits || (value < 32 && bits & 1u << value);
}

bool filter_passes(const struct filter *filter, const struct event *event)
{
	const struct decision *decision = &event->decision;
	const char *const keys[] = {
		event->client_pod,
		event->server_pod,
		decision->pod,
	};
	bool pod = !filter->pod_count;
	bool namespace = !filter->namespace_count;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		pod = pod || passes_pods(filter, keys[i]);
		namespace = namespace || passes_namespaces(filter, keys[i]);
	}
	return pod && namespace &&
	       passes_bits(filter->directions, decision->direction) &&
	       passes_bits(filter->reasons, decision->reason) &&
	       (!filter->origin_count ||
		passes_origins(filter, decision->origin));
}

void filter_clear(struct filter *filter)
{
	free(filter->pods);
	free(filter->namespaces);
	free(filter->origins);
	*filter = (struct filter){};
}
