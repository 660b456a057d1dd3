// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who bears a label: random changes, and a list of all beside. PODWALL_SEED sets
 * the seed.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include "generator/chance.h"
#include "policy/label_index.h"
#include "policy/memory.h"
#include "random_run.h"

#define RUNS 500
#define SECONDS 10
#define STEPS 150
#define BEARERS 40

static const char *const keys[] = { "app", "app.kubernetes.io/name", "tier",
				    "" };
static const char *const values[] = { "", "a", "b", "app", "data" };

/* Somebody, and whether he was added. */
struct bearer {
	struct labels labels;
	bool there;
};

struct scene {
	struct chance chance;
	struct label_index index;
	struct bearer bearers[BEARERS];
	bool open[COUNT(keys)]; /* as it should be */
	size_t compared;
};

static void label(struct scene *scene, struct bearer *bearer)
{
	size_t i;

	labels_clear(&bearer->labels);
	for (i = 0; i < COUNT(keys); i++)
		if (chance_one_in(&scene->chance, 3))
			labels_set(&bearer->labels, keys[i],
				   chance_of(&scene->chance, values));
}

static bool anybody_has(const struct scene *scene, const char *key)
{
	size_t i;

	for (i = 0; i < BEARERS; i++)
		if (scene->bearers[i].there &&
		    labels_find(&scene->bearers[i].labels, key))
			return true;
	return false;
}

/* With the last who has it, a key is forgotten, and is not open any more. */
static void close_unused(struct scene *scene)
{
	size_t i;

	for (i = 0; i < COUNT(keys); i++)
		if (!anybody_has(scene, keys[i]))
			scene->open[i] = false;
}

static void toggle(struct scene *scene)
{
	struct bearer *bearer =
		&scene->bearers[chance_below(&scene->chance, BEARERS)];

	if (bearer->there) {
		label_index_remove(&scene->index, &bearer->labels, bearer);
	} else {
		label(scene, bearer);
		label_index_add(&scene->index, &bearer->labels, bearer);
	}
	bearer->there = !bearer->there;
	close_unused(scene);
}

static void open(struct scene *scene)
{
	size_t key = chance_below(&scene->chance, COUNT(keys)), i;

	if (label_index_is_open(&scene->index, keys[key]))
		return;
	label_index_open(&scene->index, keys[key]);
	for (i = 0; i < BEARERS; i++)
		if (scene->bearers[i].there)
			label_index_enter(&scene->index, keys[key],
					  &scene->bearers[i].labels,
					  &scene->bearers[i]);
	scene->open[key] = true;
}

static size_t times_found(void *const *found, size_t count, const void *bearer)
{
	size_t times = 0, i;

	for (i = 0; i < count; i++)
		times += found[i] == bearer;
	return times;
}

static void check_label(struct scene *scene, const char *key, const char *value)
{
	size_t count, expected = 0, i;
	void *const *found =
		label_index_find(&scene->index, key, value, &count);

	for (i = 0; i < BEARERS; i++) {
		struct bearer *bearer = &scene->bearers[i];
		const char *own = bearer->there ?
					  labels_find(&bearer->labels, key) :
					  NULL;
		bool has = own && !strcmp(own, value);

		assert_int_equal(times_found(found, count, bearer), has);
		expected += has;
	}
	assert_int_equal(count, expected);
	scene->compared++;
}

static void check(struct scene *scene)
{
	size_t i, j;

	for (i = 0; i < COUNT(keys); i++) {
		assert_int_equal(label_index_is_open(&scene->index, keys[i]),
				 scene->open[i] ||
					 !anybody_has(scene, keys[i]));
		if (!label_index_is_open(&scene->index, keys[i]))
			continue;
		for (j = 0; j < COUNT(values); j++)
			check_label(scene, keys[i], values[j]);
	}
}

static size_t test_seed(uint64_t seed)
{
	struct scene scene = { .chance = chance_begin(seed) };
	unsigned int adding, step;
	size_t i;

	/* Few of some keys, or nearly all. */
	adding = 1 + chance_below(&scene.chance, 4);
	for (step = 0; step < STEPS; step++) {
		for (i = 0; i < adding; i++)
			toggle(&scene);
		if (chance_one_in(&scene.chance, 4))
			open(&scene);
		check(&scene);
	}
	/* Either it is empty in the end, or all is forgotten at once. */
	for (i = 0; i < BEARERS; i++)
		if (scene.bearers[i].there && seed % 2)
			label_index_remove(&scene.index,
					   &scene.bearers[i].labels,
					   &scene.bearers[i]);
	if (seed % 2)
		assert_null(scene.index.keys);
	label_index_clear(&scene.index);
	assert_null(scene.index.keys);
	for (i = 0; i < BEARERS; i++)
		labels_clear(&scene.bearers[i].labels);
	return scene.compared;
}

int main(void)
{
	struct random_run run = { .test = test_seed,
				  .most = RUNS,
				  .seconds = SECONDS,
				  .cases = "indexes",
				  .parts = "labels" };

	return random_run_all("who bears a label", &run);
}
