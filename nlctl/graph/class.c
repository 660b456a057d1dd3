// SPDX-License-Identifier: GPL-2.0-only
#include "graph/class.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "policy/memory.h"

/* Finds classes by their keys. */
struct class_entry {
	struct class_key key;
	size_t number;
	UT_hash_handle hh;
};

static size_t put_class(struct classes *classes, const struct class_key *key)
{
	struct class_entry *entry;

	HASH_FIND(hh, classes->by_key, key, sizeof(*key), entry);
	if (entry)
		return entry->number;
	entry = xcalloc(1, sizeof(*entry));
	entry->key = *key;
	entry->number = classes->count;
	*array_add(classes->keys, classes->count) = *key;
	HASH_ADD(hh, classes->by_key, key, sizeof(*key), entry);
	return entry->number;
}

/* Finds addresses by their memberships. */
struct addresses_entry {
	const uint32_t *memberships;
	uint32_t number;
	UT_hash_handle hh;
};

/* Takes over memberships, which are ascending and differ. */
static uint32_t put_addresses(struct classes *classes, uint32_t *memberships,
			      size_t count)
{
	size_t size = count * sizeof(*memberships);
	struct addresses_entry *entry;

	HASH_FIND(hh, classes->by_memberships, memberships, size, entry);
	if (entry) {
		free(memberships);
		return entry->number;
	}
	entry = xcalloc(1, sizeof(*entry));
	entry->memberships = memberships;
	entry->number = classes->address_count;
	*array_add(classes->addresses, classes->address_count) =
		(struct class_addresses){ memberships, count };
	HASH_ADD_KEYPTR(hh, classes->by_memberships, entry->memberships, size,
			entry);
	return entry->number;
}

static int by_number(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

static enum class_family family_index(int family)
{
	return family == AF_INET ? CLASS_IPV4 : CLASS_IPV6;
}

size_t class_namespace_length(const char *key)
{
	return strcspn(key, "/");
}

static bool same_namespace(const struct pod *a, const struct pod *b)
{
	size_t length = class_namespace_length(a->key);

	return length == class_namespace_length(b->key) &&
	       !memcmp(a->key, b->key, length);
}

/* What the addresses of a pod in one family are held by. */
static uint32_t pod_addresses(const struct peers *peers, const struct pod *pod,
			      enum class_family family, struct classes *classes)
{
	uint32_t *memberships = NULL;
	size_t count = 0, kept = 0, i;

	for (i = 0; i < pod->ip_count; i++)
		if (family_index(pod->ips[i].family) == family)
			*array_add(memberships, count) =
				peers_find(peers, &pod->ips[i])->membership;
	if (!count)
		return NO_ADDRESSES;
	qsort(memberships, count, sizeof(*memberships), by_number);
	for (i = 0; i < count; i++)
		if (!i || memberships[i] != memberships[kept - 1])
			memberships[kept++] = memberships[i];
	return put_addresses(classes, memberships, kept);
}

static struct class_key pod_class(const struct graph_source *source,
				  const struct peers *peers, size_t number,
				  uint32_t namespace, struct classes *classes)
{
	const struct pod *pod = &source->objects->pods[number];
	struct class_key key = {
		.kind = GRAPH_PODS,
		.namespace = namespace,
		.egress = pod->egress_rule_set,
		.egress_enforced = pod->egress_enforced_rule_set,
		.ingress = pod->ingress_rule_set,
		.ingress_enforced = pod->ingress_enforced_rule_set,
		.audit = pod->mode == PODWALL_MODE_AUDIT,
		.focus = !source->focus || source->focus[number],
	};
	int family;

	for (family = 0; family < CLASS_FAMILIES; family++)
		key.addresses[family] =
			pod_addresses(peers, pod, family, classes);
	return key;
}

static void class_pods(const struct graph_source *source,
		       const struct peers *peers, bool *is_pod,
		       struct classes *classes)
{
	const struct objects *objects = source->objects;
	uint32_t first = 0;
	size_t i, j;

	for (i = 0; i < objects->pod_count; i++) {
		const struct pod *pod = &objects->pods[i];
		struct class_key key;

		if (!same_namespace(pod, &objects->pods[first]))
			first = i;
		key = pod_class(source, peers, i, first, classes);
		classes->of_pod[i] = put_class(classes, &key);
		for (j = 0; j < pod->ip_count; j++)
			is_pod[peers_find(peers, &pod->ips[j]) - peers->regions] =
				true;
	}
}

static void class_regions(const struct peers *peers, const bool *is_pod,
			  struct classes *classes)
{
	size_t i;

	for (i = 0; i < peers->region_count; i++) {
		const struct region *region = &peers->regions[i];
		struct class_key key = {
			.kind = region->identity ? GRAPH_REMOTE : GRAPH_OUTSIDE,
			.addresses = { NO_ADDRESSES, NO_ADDRESSES },
		};
		uint32_t *membership;

		classes->of_region[i] = SIZE_MAX;
		if (is_pod[i] || region->empty)
			continue;
		membership = xmemdup(&region->membership, sizeof(*membership));
		key.addresses[family_index(region->network.base.family)] =
			put_addresses(classes, membership, 1);
		classes->of_region[i] = put_class(classes, &key);
	}
}

void classes_build(const struct graph_source *source, const struct peers *peers,
		   struct classes *classes)
{
	bool *is_pod = xcalloc(peers->region_count, sizeof(*is_pod));

	*classes = (struct classes){
		.of_pod = xcalloc(source->objects->pod_count + 1,
				  sizeof(*classes->of_pod)),
		.of_region = xcalloc(peers->region_count,
				     sizeof(*classes->of_region)),
	};
	class_pods(source, peers, is_pod, classes);
	class_regions(peers, is_pod, classes);
	free(is_pod);
}

void classes_clear(struct classes *classes)
{
	struct addresses_entry *addresses, *next_addresses;
	struct class_entry *entry, *next;
	size_t i;

	HASH_ITER(hh, classes->by_key, entry, next) {
		HASH_DEL(classes->by_key, entry);
		free(entry);
	}
	HASH_ITER(hh, classes->by_memberships, addresses, next_addresses) {
		HASH_DEL(classes->by_memberships, addresses);
		free(addresses);
	}
	for (i = 0; i < classes->address_count; i++)
		free(classes->addresses[i].memberships);
	free(classes->addresses);
	free(classes->keys);
	free(classes->of_pod);
	free(classes->of_region);
	*classes = (struct classes){};
}
