// SPDX-License-Identifier: GPL-2.0-only
/*
 * The compiler: the input chooses a cluster, a node and changes. The compiled
 * objects have to do what the evaluator says, to be what the kernel asks for,
 * and to be the same once they were saved and read.
 */
#include "unit/support.h"

#include "generator/generator.h"
#include "generator/manifests.h"
#include "input.h"
#include "policy/difference.h"
#include "saved.h"
#include "unit/interpreter.h"
#include "unit/opinions.h"

/* More of them take more time than they find. */
#define CONNECTIONS 150

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_cluster(const json_t *manifests, struct cluster *cluster)
{
	struct problems problems = {};

	if (!manifests_read(manifests, cluster, &problems))
		problems_print(&problems, stderr);
	assert_int_equal(problems.errors, 0);
	problems_clear(&problems);
}

static void choose_settings(struct chance *chance, struct settings *settings)
{
	static const char *const blocks[] = { "0.0.0.0/0", "10.0.0.0/8",
					      "fd00::/16", "10.0.0.5/32" };
	static struct network guarded[3];
	unsigned int field;

	*settings = (struct settings){
		.guarded = guarded,
		.guarded_count = chance_below(chance, COUNT(guarded) + 1),
		.node_access =
			PODWALL_NODE_ACCESS_ACCEPT + chance_below(chance, 2),
		.deny_action =
			PODWALL_DENY_ACTION_DROP + chance_below(chance, 2),
		.event_rate = chance_below(chance, 1000001),
	};
	for (field = 0; field < settings->guarded_count; field++)
		assert_true(network_parse(chance_of(chance, blocks),
					  &guarded[field]));
	settings->limits.addresses = chance_below(chance, 65536);
	settings->limits.memory = (uint64_t)chance_below(chance, 65536) << 20;
}

static void check_same(const struct objects *a, const struct objects *b)
{
	struct difference difference;

	difference_find(a, b, &difference);
	assert_true(difference_empty(&difference));
	difference_clear(&difference);
}

static void check_all(const struct cluster *cluster, const char *node,
		      const struct objects *objects,
		      const struct settings *settings)
{
	struct problems problems = {};
	struct objects again;

	check_objects(objects);
	opinions_compare(cluster, objects, CONNECTIONS);
	saved_check(objects, settings);
	check_same(objects, objects);
	/* On top of itself, as a second apply compiles it, nothing changes. */
	assert_true(compile(cluster, node, objects, &again, &problems));
	check_same(objects, &again);
	objects_clear(&again);
	problems_clear(&problems);
}

/* Compile on top of what is live, which the result takes the place of. */
static void step(const json_t *manifests, const char *node,
		 const struct settings *settings, struct objects *live)
{
	struct problems problems = {};
	struct cluster cluster = {};
	struct objects objects;

	read_cluster(manifests, &cluster);
	if (compile(&cluster, node, live, &objects, &problems)) {
		assert_int_equal(problems.errors, 0);
		check_all(&cluster, node, &objects, settings);
		objects_clear(live);
		*live = objects;
	} else {
		assert_true(problems.errors);
	}
	problems_clear(&problems);
	cluster_clear(&cluster);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct chance chance = chance_begin(0);
	struct objects live = {};
	struct settings settings;
	unsigned int changes;
	json_t *manifests;
	const char *node;

	input_begin(data, size);
	node = chance_one_in(&chance, 3) ? "one" : NULL;
	choose_settings(&chance, &settings);
	manifests = generate_cluster(&chance);
	step(manifests, node, &settings, &live);
	for (changes = chance_below(&chance, 4); changes; changes--) {
		generate_change(&chance, manifests);
		step(manifests, node, &settings, &live);
	}
	objects_clear(&live);
	json_decref(manifests);
	return 0;
}
