// SPDX-License-Identifier: GPL-2.0-only
#include "graph/class_answers.h"

#include <stdlib.h>
#include <string.h>

#include "graph/rule_answers.h"
#include "policy/memory.h"
#include "progress.h"

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
