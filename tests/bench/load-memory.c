// SPDX-License-Identifier: GPL-2.0-only
#include "load-memory.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "output.h"
#include "policy/memory.h"
#include "query.h"

/* The kernel brings its statistics up to date every 2 s. */
#define SETTLE 3000000

/* The last ones are what the kernel charged to the caller's cgroup. */
static const struct {
	const char *name;
	const char *file;
	const char *label;
	unsigned int unit;
} gauges[] = {
	{ "slab", "/proc/meminfo", "Slab:", 1024 },
	{ "vmalloc", "/proc/meminfo", "VmallocUsed:", 1024 },
	{ "percpu", "/proc/meminfo", "Percpu:", 1024 },
	{ "free", "/proc/meminfo", "MemFree:", 1024 },
	{ "programs", "/proc/meminfo", "AnonPages:", 1024 },
	{ "charged_slab", "/sys/fs/cgroup/bench/memory.stat", "slab", 1 },
	{ "charged_vmalloc", "/sys/fs/cgroup/bench/memory.stat", "vmalloc", 1 },
	{ "charged_percpu", "/sys/fs/cgroup/bench/memory.stat", "percpu", 1 },
};

#define GAUGES (sizeof(gauges) / sizeof(*gauges))

static int64_t read_gauge(size_t index)
{
	FILE *file = fopen(gauges[index].file, "re");
	int64_t value = 0, found;
	char line[256], label[64];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "%63s %" SCNd64, label, &found) == 2 &&
		    !strcmp(label, gauges[index].label))
			value = found * gauges[index].unit;
	if (file)
		fclose(file);
	return value;
}

/**
 * struct holding - what the kernel holds more than without a policy, in bytes
 * @addresses: addresses of the policy
 * @status: what the module says it holds
 * @gauges: growth of each gauge
 */
struct holding {
	size_t addresses;
	int64_t status;
	int64_t gauges[GAUGES];
};

enum column {
	COLUMN_STATUS,
	COLUMN_SLAB,
	COLUMN_VMALLOC,
	COLUMN_PERCPU,
	COLUMN_SUM,
	COLUMN_FREE,
	COLUMN_CHARGED,
	COLUMNS,
};

static const char *const column_names[COLUMNS] = {
	[COLUMN_STATUS] = "status",   [COLUMN_SLAB] = "slab",
	[COLUMN_VMALLOC] = "vmalloc", [COLUMN_PERCPU] = "percpu",
	[COLUMN_SUM] = "sum",	      [COLUMN_FREE] = "less_free",
	[COLUMN_CHARGED] = "charged",
};

static int64_t holding_column(const struct holding *holding, enum column column)
{
	const int64_t *values = holding->gauges;

	switch (column) {
	case COLUMN_STATUS:
		return holding->status;
	case COLUMN_SLAB:
	case COLUMN_VMALLOC:
	case COLUMN_PERCPU:
		return values[column - COLUMN_SLAB];
	case COLUMN_SUM:
		return values[0] + values[1] + values[2];
	case COLUMN_FREE:
		return -values[3] - values[4];
	default:
		return values[5] + values[6] + values[7];
	}
}

static int64_t read_used(struct load *load)
{
	struct status status;
	int64_t memory;

	load_require(load, read_status(load->netlink, &status));
	memory = status.used.memory;
	status_clear(&status);
	return memory;
}

/*
 * What a policy takes that has every address, every second one of each
 * identity, or none. The workload deals addresses to identities in turn.
 */
static struct holding measure_holding(struct load *load, unsigned int stride)
{
	struct address *all = load->objects.addresses;
	size_t count = load->objects.address_count;
	struct address *kept = xcalloc(count, sizeof(*kept));
	struct holding holding = {};
	size_t i, identities = 1;

	for (i = 0; i < count; i++)
		if (all[i].identity > identities)
			identities = all[i].identity;
	for (i = 0; stride && i < count; i++)
		if (i / identities % stride == 0)
			kept[holding.addresses++] = all[i];
	load_flush(load);
	usleep(SETTLE);
	holding.status = -read_used(load);
	for (i = 0; i < GAUGES; i++)
		holding.gauges[i] = -read_gauge(i);

	load->objects.addresses = kept;
	load->objects.address_count = holding.addresses;
	load_replace(load);
	load->objects.addresses = all;
	load->objects.address_count = count;
	free(kept);

	usleep(SETTLE);
	for (i = 0; i < GAUGES; i++)
		holding.gauges[i] += read_gauge(i);
	holding.status += read_used(load);
	return holding;
}

static json_t *holding_json(const struct holding *holding)
{
	json_t *object =
		json_pack("{s:I}", "addresses", (json_int_t)holding->addresses);
	unsigned int column;

	for (column = 0; column < COLUMNS; column++)
		json_object_set_new(object, column_names[column],
				    json_integer(holding_column(holding,
								column)));
	return object;
}

json_t *memory_report(struct load *load)
{
	const struct holding rows[] = {
		measure_holding(load, 0),
		measure_holding(load, 2),
		measure_holding(load, 1),
	};
	size_t count = sizeof(rows) / sizeof(*rows);
	const struct holding *all = &rows[count - 1];
	const struct holding *half = &rows[count - 2];
	json_t *list = json_array();
	json_t *each = json_object();
	struct table table = {};
	unsigned int column;
	size_t i;

	table_begin(
		&table,
		"BYTES\tSTATUS\tSLAB\tVMALLOC\tPERCPU\tSUM\tLESS FREE\tCHARGED");
	for (i = 0; i < count; i++) {
		table_add(&table, "%zu addresses", rows[i].addresses);
		for (column = 0; column < COLUMNS; column++)
			table_add(&table, "%" PRId64,
				  holding_column(&rows[i], column));
		json_array_append_new(list, holding_json(&rows[i]));
	}
	table_add(&table, "each address");
	for (column = 0; all->addresses && column < COLUMNS; column++) {
		double bytes = (double)(holding_column(all, column) -
					holding_column(half, column)) /
			       (all->addresses - half->addresses);

		table_add(&table, "%.1f", bytes);
		json_object_set_new(each, column_names[column],
				    json_real(bytes));
	}
	table_print(&table);
	return json_pack("{s:o, s:o}", "policies", list, "each_address", each);
}
