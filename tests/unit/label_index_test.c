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
#define PEOPLE 40

static const char *const keys[] = { "app", "app.kubernetes.io/name", "tier",
				    "" };
static const char *const values[] = { "", "a", "b", "app", "data" };

/* Somebody, and whether he was added. */
struct person {
	struct labels labels;
	bool there;
};

struct scene {
	struct chance chance;
	struct label_index index;
	struct person people[PEOPLE];
	bool open[COUNT(keys)]; /* as it should be */
	size_t compared;
};

static void label(struct scene *scene, struct person *person)
{
	size_t i;

	labels_clear(&person->labels);
	for (i = 0; i < COUNT(keys); i++)
		if (chance_one_in(&scene->chance, 3))
			labels_set(&person->labels, keys[i],
				   chance_of(&scene->chance, values));
}

static bool anybody_has(const struct scene *scene, const char *key)
{
	size_t i;

	for (i = 0; i < PEOPLE; i++)
		if (scene->people[i].there &&
		    labels_find(&scene->people[i].labels, key))
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

/* His labels stand for what he belongs to. */
static struct bearer bearer_of(struct person *person)
{
	return (struct bearer){ person, &person->labels };
}

static void toggle(struct scene *scene)
{
	struct person *person =
		&scene->people[chance_below(&scene->chance, PEOPLE)];

	if (person->there) {
		label_index_remove(&scene->index, &person->labels, person);
	} else {
		label(scene, person);
		label_index_add(&scene->index, &person->labels,
				bearer_of(person));
	}
	person->there = !person->there;
	close_unused(scene);
}

static void open(struct scene *scene)
{
	size_t key = chance_below(&scene->chance, COUNT(keys)), i;

	if (label_index_is_open(&scene->index, keys[key]))
		return;
	label_index_open(&scene->index, keys[key]);
	for (i = 0; i < PEOPLE; i++)
		if (scene->people[i].there)
			label_index_enter(&scene->index, keys[key],
					  &scene->people[i].labels,
					  bearer_of(&scene->people[i]));
	scene->open[key] = true;
}

static size_t times_found(const struct bearer *found, size_t count,
			  struct person *person)
{
	size_t times = 0, i;

	for (i = 0; i < count; i++) {
		if (found[i].self != person)
			continue;
		assert_ptr_equal(found[i].group, &person->labels);
		times++;
	}
	return times;
}

static void check_label(struct scene *scene, const char *key, const char *value)
{
	size_t count, expected = 0, i;
	const struct bearer *found =
		label_index_find(&scene->index, key, value, &count);

	for (i = 0; i < PEOPLE; i++) {
		struct person *person = &scene->people[i];
		const char *own = person->there ?
					  labels_find(&person->labels, key) :
					  NULL;
		bool has = own && !strcmp(own, value);

		assert_int_equal(times_found(found, count, person), has);
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
	for (i = 0; i < PEOPLE; i++)
		if (scene.people[i].there && seed % 2)
			label_index_remove(&scene.index,
					   &scene.people[i].labels,
					   &scene.people[i]);
	if (seed % 2)
		assert_null(scene.index.keys);
	label_index_clear(&scene.index);
	assert_null(scene.index.keys);
	for (i = 0; i < PEOPLE; i++)
		labels_clear(&scene.people[i].labels);
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
