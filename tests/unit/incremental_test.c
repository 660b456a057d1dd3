// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random clusters that change one object after the other: the changes that a
 * compiler tells, one upon the other, come to what a new compiler makes of the
 * whole, and what does not change keeps its numbers. PODWALL_SEED sets the seed.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "generator/generator.h"
#include "generator/manifests.h"
#include "generator/pods.h"
#include "interpreter.h"
#include "manifest_objects.h"
#include "opinions.h"
#include "policy/difference.h"
#include "policy/equality.h"
#include "policy/memory.h"
#include "policy/owners.h"
#include "random_run.h"
#include "same_meaning.h"

#define RUNS 3000
#define SECONDS 20
#define STEPS 12
#define CONNECTIONS 150

/* A compiler, what it was given, and what its changes have come to. @contended:
 * pods of two nodes may claim an address, even that of a node. The evaluator,
 * which no node asks, has no say in whose it is, and so none in all that follows.
 */
struct scene {
	struct chance chance;
	struct compiler *compiler;
	const char *node;
	bool contended;
	json_t *given;
	struct objects objects;
	struct cluster model; /* of @objects */
};

static void remove_twice(struct compiler *compiler, const json_t *object)
{
	assert_true(manifest_remove_from(compiler, object));
	assert_false(manifest_remove_from(compiler, object));
}

/* Give the compiler what is new, take out what is gone, and besides put in again
 * some that it has, from any object on.
 */
static void give(struct scene *scene, const json_t *manifests)
{
	size_t count = json_array_size(manifests), i;
	size_t start = count ? chance_below(&scene->chance, count) : 0;

	for (i = 0; i < json_array_size(scene->given); i++) {
		const json_t *object = json_array_get(scene->given, i);

		if (!manifest_find(manifests, object))
			remove_twice(scene->compiler, object);
	}
	for (i = 0; i < count; i++) {
		const json_t *object =
			json_array_get(manifests, (start + i) % count);
		const json_t *old = manifest_find(scene->given, object);

		if (old && json_equal(old, object) &&
		    !chance_one_in(&scene->chance, 6))
			continue;
		if (old && chance_one_in(&scene->chance, 4))
			remove_twice(scene->compiler, object);
		manifest_put_into(scene->compiler, object);
	}
	json_decref(scene->given);
	scene->given = json_deep_copy(manifests);
}

static bool waits(const struct cluster *cluster, const struct cluster_pod *pod)
{
	return cluster_find_namespace(cluster, pod->namespace)->implied;
}

/* Keep the addresses that no pod owns who waits. */
static void keep_free_ips(const struct cluster *cluster,
			  struct cluster_pod *pod)
{
	size_t kept = 0, i;

	for (i = 0; i < pod->ip_count; i++) {
		const struct cluster_pod *owner =
			owner_of(cluster, &pod->ips[i]);

		if (!owner || !waits(cluster, owner))
			pod->ips[kept++] = pod->ips[i];
	}
	pod->ip_count = kept;
}

/* A pod waits for its namespace. Until then it is not there, but what it owns is
 * nobody else's.
 */
static void read_model(const json_t *manifests, struct cluster *cluster)
{
	struct cluster whole = {};
	struct cluster_pod *pod, *next;

	*cluster = (struct cluster){};
	read_generated(manifests, &whole);
	read_generated(manifests, cluster);
	HASH_ITER(hh, cluster->pods, pod, next) {
		keep_free_ips(&whole, pod);
		if (!waits(cluster, pod))
			continue;
		HASH_DEL(cluster->pods, pod);
		cluster_pod_free(pod);
	}
	cluster_clear(&whole);
}

/* What a new compiler makes of all, in the opposite order. */
static void compile_anew(const struct scene *scene, struct objects *objects)
{
	struct compiler *compiler = compiler_new(scene->node);
	size_t i;

	for (i = json_array_size(scene->given); i; i--)
		manifest_put_into(compiler,
				  json_array_get(scene->given, i - 1));
	compiler_objects(compiler, NULL, objects);
	compiler_free(compiler);
}

static void check_compile(const struct scene *scene, const struct objects *anew)
{
	struct problems problems = {};
	struct objects objects;

	/* Else it lacks a node whose labels are needed. */
	if (compile(&scene->model, scene->node, NULL, &objects, &problems)) {
		assert_same_objects(&objects, anew);
		opinions_compare(&scene->model, &scene->objects, CONNECTIONS);
	}
	objects_clear(&objects);
	problems_clear(&problems);
}

static void check_whole(const struct scene *scene)
{
	struct objects anew;
	char *found, *expected;

	compile_anew(scene, &anew);
	check_objects(&scene->objects);
	found = meaning(&scene->objects);
	expected = meaning(&anew);
	assert_string_equal(found, expected);
	free(found);
	free(expected);
	if (!scene->contended)
		check_compile(scene, &anew);
	objects_clear(&anew);
}

/* All that pods of an identity have in common. */
static char *describe(const struct cluster *cluster, const struct ip *ip)
{
	const struct cluster_pod *pod = owner_of(cluster, ip);
	size_t length, i;
	char *text;
	FILE *stream = xopen_memstream(&text, &length);

	assert_non_null(pod);
	fprintf(stream, "%s", pod->namespace);
	for (i = 0; i < pod->labels.count; i++)
		fprintf(stream, " %s=%s", pod->labels.list[i].key,
			pod->labels.list[i].value);
	for (i = 0; i < pod->port_count; i++)
		fprintf(stream, " %s/%u/%u", pod->ports[i].name,
			pod->ports[i].protocol, pod->ports[i].port);
	fclose(stream);
	return text;
}

static char **describe_all(const struct objects *objects,
			   const struct cluster *cluster)
{
	char **texts = xcalloc(objects->address_count, sizeof(*texts));
	size_t i;

	for (i = 0; i < objects->address_count; i++)
		texts[i] = describe(cluster, &objects->addresses[i].ip);
	return texts;
}

static void free_texts(char **texts, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		free(texts[i]);
	free(texts);
}

/* One number is one identity, before the changes and after them. */
static void check_numbers(const struct objects *a, const struct cluster *first,
			  const struct objects *b, const struct cluster *second)
{
	char **left = describe_all(a, first), **right = describe_all(b, second);
	size_t i, j;

	for (i = 0; i < a->address_count; i++)
		for (j = 0; j < b->address_count; j++)
			assert_int_equal(a->addresses[i].identity ==
						 b->addresses[j].identity,
					 !strcmp(left[i], right[j]));
	free_texts(left, a->address_count);
	free_texts(right, b->address_count);
}

/* A peer set of one name is one, and a rule set of one content. */
static void check_ids(const struct objects *a, const struct objects *b)
{
	size_t i, j;

	for (i = 0; i < a->peer_set_count; i++)
		for (j = 0; j < b->peer_set_count; j++)
			assert_int_equal(!strcmp(a->peer_sets[i].name,
						 b->peer_sets[j].name),
					 a->peer_sets[i].id ==
						 b->peer_sets[j].id);
	for (i = 0; i < a->rule_set_count; i++)
		for (j = 0; j < b->rule_set_count; j++)
			if (same_rule_set(&a->rule_sets[i], &b->rule_sets[j]))
				assert_int_equal(a->rule_sets[i].id,
						 b->rule_sets[j].id);
}

static void copy_objects(const struct objects *objects, struct objects *copy)
{
	struct difference difference;

	*copy = (struct objects){};
	difference_find(NULL, objects, &difference);
	apply_difference(copy, &difference);
	difference_clear(&difference);
}

static void collect(struct scene *scene)
{
	struct cluster model_before = scene->model;
	struct difference difference;
	struct objects before, whole;

	copy_objects(&scene->objects, &before);
	read_model(scene->given, &scene->model);
	compiler_changes(scene->compiler, &difference);
	assert_true(!compiler_changed(scene->compiler));
	apply_difference(&scene->objects, &difference);
	difference_clear(&difference);
	check_whole(scene);
	if (!scene->contended)
		check_numbers(&before, &model_before, &scene->objects,
			      &scene->model);
	check_ids(&before, &scene->objects);
	if (chance_one_in(&scene->chance, 4)) {
		compiler_objects(scene->compiler, NULL, &whole);
		assert_same_objects(&whole, &scene->objects);
		objects_clear(&whole);
	}
	objects_clear(&before);
	cluster_clear(&model_before);
}

/* Kinds that the generator does not let come and go. Node one stays unless
 * addresses are contended: pods of both nodes claim its address.
 */
static void change_place(struct scene *scene, json_t *manifests)
{
	static const char *const namespaces[] = { "n0", "n1", "n2" };
	const char *kind = chance_one_in(&scene->chance, 3) ? "Node" :
							      "Namespace";
	size_t index;

	if (chance_one_in(&scene->chance, 2) &&
	    manifests_pick(manifests, &scene->chance, kind, &index) &&
	    (scene->contended ||
	     strcmp(manifest_text(json_array_get(manifests, index), "name"),
		    "one")))
		json_array_remove(manifests, index);
	else if (!strcmp(kind, "Node"))
		manifests_put(manifests,
			      generate_node(&scene->chance,
					    chance_one_in(&scene->chance, 2) &&
							    scene->contended ?
						    "one" :
						    "two"));
	else
		manifests_put(manifests,
			      generate_namespace(&scene->chance,
						 chance_of(&scene->chance,
							   namespaces)));
}

/* A pod gets the addresses of another, wherever that is. */
static void contend(struct scene *scene, json_t *manifests)
{
	size_t from, to;

	if (!manifests_pick(manifests, &scene->chance, "Pod", &from) ||
	    !manifests_pick(manifests, &scene->chance, "Pod", &to))
		return;
	json_object_set_new(json_object_get(json_array_get(manifests, to),
					    "status"),
			    "podIPs",
			    json_deep_copy(json_object_get(
				    json_object_get(json_array_get(manifests,
								   from),
						    "status"),
				    "podIPs")));
}

/* What comes and goes in between is no change. */
static void check_nothing(struct scene *scene)
{
	json_t *extra = json_deep_copy(scene->given);
	json_t *manifests = json_deep_copy(scene->given);
	struct difference difference;
	unsigned int changes;

	compiler_changes(scene->compiler, &difference);
	apply_difference(&scene->objects, &difference);
	difference_clear(&difference);
	for (changes = chance_below(&scene->chance, 4); changes; changes--)
		generate_change(&scene->chance, extra);
	give(scene, extra);
	give(scene, manifests);
	compiler_changes(scene->compiler, &difference);
	if (!difference_empty(&difference))
		difference_print(&difference, stderr);
	assert_true(difference_empty(&difference));
	difference_clear(&difference);
	cluster_clear(&scene->model);
	read_model(scene->given, &scene->model);
	json_decref(extra);
	json_decref(manifests);
}

static void begin(struct scene *scene, json_t *manifests)
{
	struct objects live = {};

	scene->given = json_array();
	scene->compiler = compiler_new(scene->node);
	give(scene, manifests);
	read_model(scene->given, &scene->model);
	/* With numbers of another time, or without. */
	if (chance_one_in(&scene->chance, 2)) {
		struct problems problems = {};
		struct cluster cluster = {};

		generate_change(&scene->chance, manifests);
		read_generated(manifests, &cluster);
		compile(&cluster, scene->node, NULL, &live, &problems);
		problems_clear(&problems);
		cluster_clear(&cluster);
	}
	compiler_objects(scene->compiler, &live, &scene->objects);
	objects_clear(&live);
	check_whole(scene);
}

static size_t test_cluster(uint64_t number)
{
	struct scene scene = { .chance = chance_begin(number) };
	json_t *manifests;
	unsigned int step, changes;

	scene.node = chance_one_in(&scene.chance, 3) ? NULL : "one";
	scene.contended = chance_one_in(&scene.chance, 3);
	manifests = generate_cluster(&scene.chance);
	begin(&scene, manifests);
	for (step = 0; step < STEPS; step++) {
		if (chance_one_in(&scene.chance, 5)) {
			check_nothing(&scene);
			continue;
		}
		for (changes = 1 + chance_below(&scene.chance, 3); changes;
		     changes--) {
			if (scene.contended && chance_one_in(&scene.chance, 4))
				contend(&scene, manifests);
			else if (chance_one_in(&scene.chance, 6))
				change_place(&scene, manifests);
			else
				generate_change(&scene.chance, manifests);
		}
		give(&scene, manifests);
		if (!chance_one_in(&scene.chance, 4))
			collect(&scene);
	}
	collect(&scene);
	compiler_free(scene.compiler);
	cluster_clear(&scene.model);
	objects_clear(&scene.objects);
	json_decref(scene.given);
	json_decref(manifests);
	return step;
}

int main(void)
{
	struct random_run run = {
		.test = test_cluster,
		.most = RUNS,
		.seconds = SECONDS,
		.cases = "clusters",
		.parts = "steps",
	};

	return random_run_all("test_random_changes", &run);
}
