/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Refused objects in front of the publisher of publisher_scene.h. As there, only one
 * file of a program may include it.
 */
#ifndef UNIT_REFUSALS_SCENE_H
#define UNIT_REFUSALS_SCENE_H

#include "publisher_scene.h"

#include "agent/refusals.h"

/* In microseconds: never, as tests go. */
#define NEVER 3600000000ull

/**
 * struct scene - what all tests have
 * @publisher: tells it
 * @refusals: what is tested
 */
struct scene {
	struct publisher *publisher;
	struct refusals *refusals;
};

static struct scene begin_paced(const struct pace *pace, uint64_t repeat)
{
	struct scene scene;

	scene.publisher = publisher_new(double_api.event, double_server, "one",
					pace, repeat);
	scene.refusals =
		refusals_new(double_api.event, scene.publisher, repeat);
	return scene;
}

static void end(struct scene *scene)
{
	refusals_free(scene->refusals);
	publisher_free(scene->publisher);
}

static void put_uid(struct scene *scene, enum resource_id id, const char *name,
		    const char *uid, const char *text)
{
	json_t *object = json_pack("{s:{s:s, s:s, s:s}}", "metadata",
				   "namespace", "a", "name", name, "uid", uid);

	refusals_put(scene->refusals, &resources[id], "v1", object, text);
	json_decref(object);
}

static void put(struct scene *scene, const char *name, const char *text)
{
	put_uid(scene, RESOURCE_PODS, name, "1", text);
}

static void put_many(struct scene *scene, unsigned int count)
{
	unsigned int number;

	for (number = 0; number < count; number++) {
		char *name = xasprintf("x%u", number);

		put(scene, name, "bad");
		free(name);
	}
}

static void drop(struct scene *scene, const char *name)
{
	char *key = xasprintf("a/%s", name);

	refusals_remove(scene->refusals, &resources[RESOURCE_PODS], key);
	free(key);
}

/* The first Event that was sent of an object from that request on. */
static size_t find_created(size_t from, const char *name)
{
	for (; from < double_api.count; from++) {
		json_t *event =
			json_loads(double_api.asked[from].body, 0, NULL);
		const char *its = json_string_value(json_object_get(
			json_object_get(event, "involvedObject"), "name"));
		bool same = its && !strcmp(its, name);

		json_decref(event);
		if (same)
			break;
	}
	return from;
}

static size_t patches_of(const char *name)
{
	char *path = xasprintf("/api/v1/namespaces/a/events/%s.", name);
	size_t count = 0, i;

	for (i = 0; i < double_api.count; i++)
		count += !strncmp(double_api.asked[i].path, path, strlen(path));
	free(path);
	return count;
}

static void run_until_patched(const char *name, size_t count)
{
	unsigned int patience = 10000;

	while (patches_of(name) < count) {
		assert_true(patience-- > 0);
		assert_true(sd_event_run(double_api.event, 10000) >= 0);
	}
}

#endif
