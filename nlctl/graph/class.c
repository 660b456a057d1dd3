// SPDX-License-Identifier: GPL-2.0-only
#include "graph/class.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "graph/rule_answers.h"
#include "policy/memory.h"
#include "progress.h"

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

/* Instead of the number of a map, where there is no answer. */
#define MAP_NONE UINT32_MAX

/* All that is asked. */
struct questions {
	const struct objects *objects;
	const struct peers *peers;
	const struct classes *classes;
	struct port_maps *maps;
	struct rule_answers *rule_sets; /* by rule set of the objects */
	uint32_t accepted; /* the map for ends that no rule judges */
	uint32_t guarded_egress;
	uint32_t guarded_ingress;
	uint32_t nothing;
};

static uint32_t ask_rule_set(struct questions *questions, uint32_t id,
			     uint32_t membership)
{
	const struct objects *objects = questions->objects;
	size_t low = 0, high = objects->rule_set_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (objects->rule_sets[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	if (!id || low == objects->rule_set_count ||
	    objects->rule_sets[low].id != id)
		return questions->accepted;
	if (!questions->rule_sets[low].rule_set)
		rule_answers_open(&questions->rule_sets[low],
				  &objects->rule_sets[low]);
	return rule_answers_ask(&questions->rule_sets[low], membership);
}

/* What one end says about the other. */
static uint32_t ask_end(struct questions *questions,
			const struct class_key *end, bool egress, uint32_t own,
			uint32_t peer)
{
	uint32_t id = egress ? end->egress : end->ingress;
	uint32_t enforced = egress ? end->egress_enforced :
				     end->ingress_enforced;
	uint32_t map;

	if (end->kind != GRAPH_PODS) {
		if (!peers_has(questions->peers, own,
			       questions->objects->peer_set_count))
			return questions->accepted;
		return egress ? questions->guarded_egress :
				questions->guarded_ingress;
	}
	map = ask_rule_set(questions, id, peer);
	if (end->audit)
		return port_maps_audited(questions->maps, map);
	if (!enforced)
		return map;
	return port_maps_enforced(questions->maps, map,
				  ask_rule_set(questions, enforced, peer));
}

/* The worst that two of their addresses in one family answer each other;
 * MAP_NONE without such.
 */
static uint32_t ask_family(struct questions *questions,
			   const struct class_key *client,
			   const struct class_key *server,
			   enum class_family family)
{
	const struct class_addresses *addresses = questions->classes->addresses;
	const struct class_addresses *from, *to;
	uint32_t worst = MAP_NONE;
	size_t i, j;

	if (client->addresses[family] == NO_ADDRESSES ||
	    server->addresses[family] == NO_ADDRESSES)
		return MAP_NONE;
	from = &addresses[client->addresses[family]];
	to = &addresses[server->addresses[family]];
	for (i = 0; i < from->count; i++)
		for (j = 0; j < to->count; j++) {
			uint32_t own = from->memberships[i];
			uint32_t peer = to->memberships[j];
			uint32_t map =
				port_maps_both(questions->maps,
					       ask_end(questions, client, true,
						       own, peer),
					       ask_end(questions, server, false,
						       peer, own));

			worst = worst == MAP_NONE ?
					map :
					port_maps_worse(questions->maps, worst,
							map);
		}
	return worst;
}

static uint32_t ask_pair(struct questions *questions,
			 const struct class_key *client,
			 const struct class_key *server)
{
	uint32_t worst = MAP_NONE;
	int family;

	/* Nobody wants to know about others, who then are more alike. */
	if (!client->focus && !server->focus)
		return questions->nothing;
	for (family = 0; family < CLASS_FAMILIES; family++) {
		uint32_t map = ask_family(questions, client, server, family);

		if (worst == MAP_NONE)
			worst = map;
		else if (map != MAP_NONE)
			worst = port_maps_worse(questions->maps, worst, map);
	}
	return worst == MAP_NONE ? questions->nothing : worst;
}

/* What was seen of a map among the answers. */
enum {
	SEEN = 1,
	SEEN_BETWEEN =
		2, /* two classes, between which it lets something pass */
};

/**
 * struct census - the different answers so far
 * @seen: by map
 * @size: length of @seen
 * @answers: how many maps were seen
 * @passing: how many of them between two classes, and let something pass
 */
struct census {
	uint8_t *seen;
	size_t size;
	size_t answers;
	size_t passing;
};

static bool passes(const struct port_map *map)
{
	return port_map_has(map, PORT_ACCEPTED) ||
	       port_map_has(map, PORT_AUDITED);
}

static void count_answer(struct census *census, const struct port_maps *maps,
			 uint32_t map, bool between)
{
	if (map >= census->size) {
		size_t size = 2 * (size_t)map + 1024;

		census->seen = xreallocarray(census->seen, size, 1);
		memset(census->seen + census->size, 0, size - census->size);
		census->size = size;
	}
	census->answers += !census->seen[map];
	census->seen[map] |= SEEN;
	if (!between || census->seen[map] & SEEN_BETWEEN)
		return;
	census->passing += passes(&maps->list[map]);
	census->seen[map] |= SEEN_BETWEEN;
}

static enum graph_result check_census(const struct graph_source *source,
				      const struct port_maps *maps,
				      const struct census *census)
{
	if (source->edge_max && census->passing > source->edge_max)
		return GRAPH_MANY_EDGES;
	if (source->answer_max && census->answers > source->answer_max)
		return GRAPH_MANY_ANSWERS;
	if (maps->count > GRAPH_MAPS_MAX)
		return GRAPH_MANY_MAPS;
	return GRAPH_BUILT;
}

static enum graph_result ask_all(const struct graph_source *source,
				 struct questions *questions, uint32_t *cells)
{
	const struct classes *classes = questions->classes;
	size_t count = classes->count, from, to;
	enum graph_result result = GRAPH_BUILT;
	struct census census = {};

	progress_begin("asking all rule sets", count * count);
	for (from = 0; from < count && result == GRAPH_BUILT; from++) {
		for (to = 0; to < count && result == GRAPH_BUILT; to++) {
			uint32_t map = ask_pair(questions, &classes->keys[from],
						&classes->keys[to]);

			cells[from * count + to] = map;
			count_answer(&census, questions->maps, map, from != to);
			result = check_census(source, questions->maps, &census);
		}
		progress_step(count);
	}
	free(census.seen);
	return result;
}

enum graph_result classes_answer(const struct graph_source *source,
				 const struct peers *peers,
				 const struct classes *classes,
				 struct port_maps *maps, uint32_t **cells)
{
	const struct objects *objects = source->objects;
	uint32_t guarded =
		port_maps_text(maps,
			       "a guarded block, in which no pod has this address");
	struct questions questions = {
		.objects = objects,
		.peers = peers,
		.classes = classes,
		.maps = maps,
		.rule_sets = xcalloc(objects->rule_set_count + 1,
				     sizeof(*questions.rule_sets)),
		.accepted = port_maps_everywhere(maps, PORT_ACCEPTED, 0, 0),
		.guarded_egress =
			port_maps_everywhere(maps, PORT_DENIED, guarded, 0),
		.guarded_ingress =
			port_maps_everywhere(maps, PORT_DENIED, 0, guarded),
		.nothing = port_maps_everywhere(maps, PORT_DENIED, 0, 0),
	};
	enum graph_result result;
	size_t i;

	for (i = 0; i < objects->rule_set_count; i++)
		questions.rule_sets[i] = (struct rule_answers){
			.objects = objects, .peers = peers, .maps = maps
		};
	*cells = xcalloc(classes->count * classes->count + 1, sizeof(**cells));
	result = ask_all(source, &questions, *cells);
	if (result != GRAPH_BUILT) {
		free(*cells);
		*cells = NULL;
	}
	for (i = 0; i < objects->rule_set_count; i++)
		rule_answers_clear(&questions.rule_sets[i]);
	free(questions.rule_sets);
	return result;
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
