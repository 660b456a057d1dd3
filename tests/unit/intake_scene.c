// SPDX-License-Identifier: GPL-2.0-only
#include "intake_scene.h"

#include <stdlib.h>
#include <string.h>

#include "manifest_objects.h"
#include "policy/memory.h"

static void on_changed(void *context)
{
	struct intake_scene *scene = context;

	scene->changes++;
}

static void on_heard(void *context, const struct resource *resource,
		     const char *api_version, const json_t *object)
{
	struct intake_scene *scene = context;

	(void)resource;
	assert_non_null(api_version);
	assert_non_null(object);
	scene->heard++;
}

static void on_gone(void *context, const struct resource *resource,
		    const char *key)
{
	struct intake_scene *scene = context;

	free(scene->gone);
	scene->gone = xasprintf("%s %s", resource->kind, key);
}

static void on_refused(void *context, const struct resource *resource,
		       const char *api_version, const json_t *object,
		       const char *text)
{
	struct intake_scene *scene = context;

	(void)resource;
	assert_non_null(api_version);
	assert_non_null(object);
	scene->refusals++;
	free(scene->refusal);
	scene->refusal = xstrdup(text);
}

static void on_blocks(void *context, const struct network *blocks, size_t count)
{
	struct intake_scene *scene = context;

	(void)blocks;
	scene->blocks++;
	scene->block_count = count;
}

static void on_complete(void *context)
{
	struct intake_scene *scene = context;

	scene->completions++;
}

static void on_attached(void *context, const char *key)
{
	struct intake_scene *scene = context;

	scene->attached++;
	intake_attached(scene->intake, key);
}

int intake_scene_set_up(void **state)
{
	struct intake_scene *scene = xcalloc(1, sizeof(*scene));
	const struct intake_owner owner = {
		.changed = on_changed,
		.heard = on_heard,
		.gone = on_gone,
		.refused = on_refused,
		.blocks = on_blocks,
		.complete = on_complete,
		.context = scene,
	};

	strcpy(scene->directory, "/tmp/podwall-intake-XXXXXX");
	if (!mkdtemp(scene->directory) || sd_event_new(&scene->event) < 0)
		return -1;
	scene->compiler = compiler_new("one");
	scene->attachments = attachments_new(scene->event, scene->directory,
					     on_attached, scene);
	if (!scene->attachments)
		return -1;
	scene->intake =
		intake_new("one", scene->compiler, scene->attachments, &owner);
	scene->audience = intake_audience(scene->intake);
	*state = scene;
	return 0;
}

int intake_scene_tear_down(void **state)
{
	struct intake_scene *scene = *state;
	char *command;
	int status;

	intake_free(scene->intake);
	attachments_free(scene->attachments);
	compiler_free(scene->compiler);
	sd_event_unref(scene->event);
	command = xasprintf("rm -rf %s", scene->directory);
	status = system(command);
	free(command);
	free(scene->refusal);
	free(scene->gone);
	free(scene);
	return status;
}

void put_object(struct intake_scene *scene, const char *api_version,
		enum resource_id id, const char *text)
{
	json_t *object = manifest_parse(text);

	scene->audience.put(scene->audience.context, &resources[id],
			    api_version, object);
	json_decref(object);
}

void remove_object(struct intake_scene *scene, enum resource_id id,
		   const char *text)
{
	json_t *object = manifest_parse(text);

	scene->audience.removed(scene->audience.context, &resources[id],
				object);
	json_decref(object);
}

void put_namespace(struct intake_scene *scene, const char *name)
{
	char *text = xasprintf("{\"metadata\":{\"name\":\"%s\"}}", name);

	put_object(scene, "v1", RESOURCE_NAMESPACES, text);
	free(text);
}

void put_pod(struct intake_scene *scene, const char *name, const char *node,
	     const char *ip)
{
	char *text = xasprintf(
		"{\"metadata\":{\"name\":\"%s\",\"namespace\":\"a\",\"uid\":\"u-%s\"},\"spec\":{\"nodeName\":\"%s\"},\"status\":{\"phase\":\"Running\",\"podIP\":\"%s\"}}",
		name, name, node, ip);

	put_object(scene, POD, text);
	free(text);
}

const struct pod *compiled_pod(struct intake_scene *scene, const char *key)
{
	struct difference difference;

	compiler_changes(scene->compiler, &difference);
	difference_clear(&difference);
	return compiler_find_pod(scene->compiler, key);
}
