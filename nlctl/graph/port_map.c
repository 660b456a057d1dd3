// SPDX-License-Identifier: GPL-2.0-only
#include "graph/port_map.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "policy/memory.h"

/* Finds maps by their segments. */
struct port_map_entry {
	const struct port_segment *segments;
	uint32_t number;
	UT_hash_handle hh;
};

enum combination {
	COMBINE_BOTH,
	COMBINE_WORSE,
	COMBINE_ENFORCED,
	COMBINE_AUDITED,
};

struct pair {
	uint32_t a;
	uint32_t b;
	uint32_t combination;
};

struct port_pair_entry {
	struct pair pair;
	uint32_t number;
	UT_hash_handle hh;
};

struct port_text_entry {
	uint32_t number;
	const char *text;
	UT_hash_handle hh;
};

void port_map_append(struct port_map *map, const struct port_segment *segment)
{
	const struct port_segment *last =
		map->count ? &map->segments[map->count - 1] : NULL;

	if (last && last->verdict == segment->verdict &&
	    last->egress == segment->egress &&
	    last->ingress == segment->ingress)
		return;
	*array_add(map->segments, map->count) = *segment;
}

uint32_t port_map_last(const struct port_map *map, size_t i)
{
	return (i + 1 < map->count ? map->segments[i + 1].first :
				     PORT_MAP_END) -
	       1;
}

const struct port_segment *port_map_find(const struct port_map *map,
					 uint8_t protocol, uint16_t port)
{
	uint32_t wanted = (uint32_t)protocol << 16 | port;
	size_t low = 0, high = map->count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (map->segments[middle].first <= wanted)
			low = middle;
		else
			high = middle;
	}
	return &map->segments[low];
}

bool port_map_has(const struct port_map *map, enum port_verdict verdict)
{
	size_t i;

	for (i = 0; i < map->count; i++)
		if (map->segments[i].verdict == verdict)
			return true;
	return false;
}

uint32_t port_maps_text(struct port_maps *maps, const char *text)
{
	struct port_text_entry *entry;

	if (!text || !*text)
		return 0;
	HASH_FIND_STR(maps->by_text, text, entry);
	if (entry)
		return entry->number;
	if (!maps->text_count)
		*array_add(maps->texts, maps->text_count) = xstrdup("");
	entry = xcalloc(1, sizeof(*entry));
	entry->number = maps->text_count;
	entry->text = xstrdup(text);
	*array_add(maps->texts, maps->text_count) = (char *)entry->text;
	HASH_ADD_KEYPTR(hh, maps->by_text, entry->text, strlen(entry->text),
			entry);
	return entry->number;
}

uint32_t port_maps_put(struct port_maps *maps, struct port_map *map)
{
	size_t size = map->count * sizeof(*map->segments);
	struct port_map_entry *entry;

	HASH_FIND(hh, maps->by_content, map->segments, size, entry);
	if (entry) {
		free(map->segments);
		*map = (struct port_map){};
		return entry->number;
	}
	entry = xcalloc(1, sizeof(*entry));
	entry->segments = map->segments;
	entry->number = maps->count;
	*array_add(maps->list, maps->count) = *map;
	HASH_ADD_KEYPTR(hh, maps->by_content, entry->segments, size, entry);
	*map = (struct port_map){};
	return entry->number;
}

uint32_t port_maps_everywhere(struct port_maps *maps, enum port_verdict verdict,
			      uint32_t egress, uint32_t ingress)
{
	const struct port_segment segment = { 0, verdict, egress, ingress };
	struct port_map map = {};

	port_map_append(&map, &segment);
	return port_maps_put(maps, &map);
}

static struct port_segment combine(enum combination combination,
				   const struct port_segment *a,
				   const struct port_segment *b)
{
	struct port_segment result = *a;

	switch (combination) {
	case COMBINE_BOTH:
		result.ingress = b->ingress;
		if (b->verdict < a->verdict)
			result.verdict = b->verdict;
		break;
	case COMBINE_WORSE:
		if (b->verdict < a->verdict)
			result = *b;
		break;
	case COMBINE_ENFORCED:
		if (a->verdict == PORT_DENIED && b->verdict == PORT_DENIED)
			result = *b;
		else if (a->verdict == PORT_DENIED)
			result.verdict = PORT_AUDITED;
		break;
	case COMBINE_AUDITED:
		if (a->verdict == PORT_DENIED)
			result.verdict = PORT_AUDITED;
		break;
	}
	return result;
}

static void combine_maps(enum combination combination, const struct port_map *a,
			 const struct port_map *b, struct port_map *result)
{
	size_t i = 0, j = 0;

	while (i < a->count && j < b->count) {
		struct port_segment segment =
			combine(combination, &a->segments[i], &b->segments[j]);
		uint32_t a_last = port_map_last(a, i);
		uint32_t b_last = port_map_last(b, j);

		segment.first = a->segments[i].first;
		if (b->segments[j].first > segment.first)
			segment.first = b->segments[j].first;
		port_map_append(result, &segment);
		i += a_last <= b_last;
		j += b_last <= a_last;
	}
}

static uint32_t combine_once(struct port_maps *maps,
			     enum combination combination, uint32_t a,
			     uint32_t b)
{
	const struct pair pair = { a, b, combination };
	struct port_pair_entry *entry;
	struct port_map map = {};

	HASH_FIND(hh, maps->by_pair, &pair, sizeof(pair), entry);
	if (entry)
		return entry->number;
	combine_maps(combination, &maps->list[a], &maps->list[b], &map);
	entry = xcalloc(1, sizeof(*entry));
	entry->pair = pair;
	entry->number = port_maps_put(maps, &map);
	HASH_ADD(hh, maps->by_pair, pair, sizeof(pair), entry);
	return entry->number;
}

uint32_t port_maps_both(struct port_maps *maps, uint32_t egress,
			uint32_t ingress)
{
	return combine_once(maps, COMBINE_BOTH, egress, ingress);
}

uint32_t port_maps_worse(struct port_maps *maps, uint32_t a, uint32_t b)
{
	return a == b ? a : combine_once(maps, COMBINE_WORSE, a, b);
}

uint32_t port_maps_enforced(struct port_maps *maps, uint32_t all,
			    uint32_t enforced)
{
	return combine_once(maps, COMBINE_ENFORCED, all, enforced);
}

uint32_t port_maps_audited(struct port_maps *maps, uint32_t map)
{
	return combine_once(maps, COMBINE_AUDITED, map, map);
}

void port_maps_clear(struct port_maps *maps)
{
	struct port_map_entry *map, *next_map;
	struct port_pair_entry *pair, *next_pair;
	struct port_text_entry *text, *next_text;
	size_t i;

	HASH_ITER(hh, maps->by_content, map, next_map) {
		HASH_DEL(maps->by_content, map);
		free(map);
	}
	HASH_ITER(hh, maps->by_pair, pair, next_pair) {
		HASH_DEL(maps->by_pair, pair);
		free(pair);
	}
	HASH_ITER(hh, maps->by_text, text, next_text) {
		HASH_DEL(maps->by_text, text);
		free(text);
	}
	for (i = 0; i < maps->count; i++)
		free(maps->list[i].segments);
	for (i = 0; i < maps->text_count; i++)
		free(maps->texts[i]);
	free(maps->list);
	free(maps->texts);
	*maps = (struct port_maps){};
}
