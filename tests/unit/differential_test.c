// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random clusters: what the compiled objects do must be what the evaluator
 * says. PODWALL_SEED sets the seed.
 */
#include "support.h"

#include "generator/generator.h"
#include "interpreter.h"
#include "opinions.h"
#include "random_run.h"
#include "same_meaning.h"

#define CLUSTERS 3000
#define SECONDS 20

/* Compile alone, compare; change something, compile on top, compare again. */
static size_t test_cluster(uint64_t number)
{
	struct chance chance = chance_begin(number);
	const char *node = chance_one_in(&chance, 3) ? "one" : NULL;
	json_t *manifests = generate_cluster(&chance);
	struct objects first = {}, again, second;
	struct problems problems = {};
	struct cluster cluster = {};
	unsigned int changes;
	size_t done = 0;

	read_generated(manifests, &cluster);
	if (compile(&cluster, node, NULL, &first, &problems)) {
		check_objects(&first);
		done += opinions_compare(&cluster, &first, 0);
		assert_true(compile(&cluster, node, &first, &again, &problems));
		assert_same_objects(&first, &again);
		objects_clear(&again);
	}
	problems_clear(&problems);
	cluster_clear(&cluster);

	for (changes = 1 + chance_below(&chance, 3); changes; changes--)
		generate_change(&chance, manifests);
	read_generated(manifests, &cluster);
	if (compile(&cluster, node, &first, &second, &problems)) {
		check_objects(&second);
		done += opinions_compare(&cluster, &second, 0);
	}
	problems_clear(&problems);
	objects_clear(&second);
	objects_clear(&first);
	cluster_clear(&cluster);
	json_decref(manifests);
	return done;
}

int main(void)
{
	struct random_run run = {
		.test = test_cluster,
		.most = CLUSTERS,
		.seconds = SECONDS,
		.cases = "clusters",
		.parts = "connections",
	};

	return random_run_all("test_random_clusters", &run);
}
