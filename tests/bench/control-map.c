// SPDX-License-Identifier: GPL-2.0-only
#include "control-map.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control-sample.h"
#include "ebpf/policy.h"
#include "policy/memory.h"

static char *fail(const char *what)
{
	return xasprintf("bpf: %s: %s", what, strerror(errno));
}

int map_create(size_t key_size)
{
	union bpf_attr attributes = {
		.map_type = BPF_MAP_TYPE_LPM_TRIE,
		.key_size = key_size,
		.value_size = sizeof(__u32),
		.max_entries = MAP_ENTRIES_MAX,
		.map_flags = BPF_F_NO_PREALLOC,
	};

	return sample_bpf(BPF_MAP_CREATE, &attributes, sizeof(attributes));
}

char *map_write_batch(const struct map *map, bool remove)
{
	union bpf_attr attributes = {
		.batch = {
			.map_fd = map->fd,
			.keys = (uintptr_t)map->keys,
			.values = remove ? 0 : (uintptr_t)map->values,
			.count = map->count,
		},
	};

	if (!map->count)
		return NULL;
	if (sample_bpf(remove ? BPF_MAP_DELETE_BATCH : BPF_MAP_UPDATE_BATCH,
		       &attributes, sizeof(attributes)) ||
	    attributes.batch.count != map->count)
		return fail("batch");
	return NULL;
}

char *map_write(const struct map *map, bool remove)
{
	union bpf_attr attributes = { .map_fd = map->fd };
	size_t i;

	for (i = 0; i < map->count; i++) {
		attributes.key =
			(uintptr_t)((char *)map->keys + i * map->key_size);
		attributes.value = remove ? 0 : (uintptr_t)&map->values[i];
		if (sample_bpf(remove ? BPF_MAP_DELETE_ELEM :
					BPF_MAP_UPDATE_ELEM,
			       &attributes, sizeof(attributes)))
			return fail("element");
	}
	return NULL;
}

char *map_walk(const struct map *map, size_t *found)
{
	char *keys = xcalloc(MAP_ENTRIES_MAX / 8, map->key_size);
	__u32 *values = xcalloc(MAP_ENTRIES_MAX / 8, sizeof(*values));
	char place[sizeof(struct address_key)] = {};
	union bpf_attr attributes = {
		.batch = {
			.out_batch = (uintptr_t)place,
			.keys = (uintptr_t)keys,
			.values = (uintptr_t)values,
			.map_fd = map->fd,
		},
	};
	char *problem = NULL;
	long result;

	*found = 0;
	do {
		attributes.batch.count = MAP_ENTRIES_MAX / 8;
		result = sample_bpf(BPF_MAP_LOOKUP_BATCH, &attributes,
				    sizeof(attributes));
		if (result && errno != ENOENT) {
			problem = fail("walk");
			break;
		}
		*found += attributes.batch.count;
		attributes.batch.in_batch = (uintptr_t)place;
	} while (!result);
	free(values);
	free(keys);
	return problem;
}

bool map_holds(const struct map *map, const void *key)
{
	__u32 value;
	union bpf_attr attributes = {
		.map_fd = map->fd,
		.key = (uintptr_t)key,
		.value = (uintptr_t)&value,
	};

	return !sample_bpf(BPF_MAP_LOOKUP_ELEM, &attributes,
			   sizeof(attributes));
}

int64_t map_bytes(const struct map *map)
{
	char *path = xasprintf("/proc/self/fdinfo/%d", map->fd);
	FILE *file = fopen(path, "re");
	int64_t bytes = 0;
	char line[256];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "memlock: %" SCNd64, &bytes) == 1)
			break;
	if (file)
		fclose(file);
	free(path);
	return bytes;
}
