/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The intake of node "one" between a compiler and a directory of attachments, both
 * real, and an owner that counts what it is told.
 */
#ifndef UNIT_INTAKE_SCENE_H
#define UNIT_INTAKE_SCENE_H

#include "support.h"

#include <systemd/sd-event.h>

#include "agent/intake.h"

/* How pods are put. */
#define POD "v1", RESOURCE_PODS

/**
 * struct intake_scene - the intake and what is around it
 * @directory: of the attachments; empty
 * @event: the loop in which it is watched
 * @compiler: gets the objects
 * @attachments: those in @directory
 * @intake: what is tested
 * @audience: how a watch tells it of objects
 * @changes: how often the compiler had to be asked again
 * @heard: objects that were good
 * @gone: kind and key of the last that went; NULL before
 * @refusals: objects that could not be decoded
 * @refusal: what was wrong with the last; NULL before
 * @blocks: how often the node's blocks changed
 * @block_count: how many they are
 * @completions: how often all was there
 * @attached: how often an attachment came or went
 */
struct intake_scene {
	char directory[32];
	sd_event *event;
	struct compiler *compiler;
	struct attachments *attachments;
	struct intake *intake;
	struct audience audience;
	size_t changes;
	size_t heard;
	char *gone;
	size_t refusals;
	char *refusal;
	size_t blocks;
	size_t block_count;
	size_t completions;
	size_t attached;
};

/* A test that finds a new scene in *state. */
#define INTAKE_TEST(function)                                          \
	cmocka_unit_test_setup_teardown(function, intake_scene_set_up, \
					intake_scene_tear_down)

int intake_scene_set_up(void **state);
int intake_scene_tear_down(void **state);

/**
 * put_object() - an object is there, or has changed
 * @scene: the scene
 * @api_version: of the object
 * @id: its resource
 * @text: the object, in JSON
 */
void put_object(struct intake_scene *scene, const char *api_version,
		enum resource_id id, const char *text);

/**
 * remove_object() - an object is gone
 * @scene: the scene
 * @id: its resource
 * @text: the object, in JSON
 */
void remove_object(struct intake_scene *scene, enum resource_id id,
		   const char *text);

/* Put a namespace without labels. */
void put_namespace(struct intake_scene *scene, const char *name);

/**
 * put_pod() - put a running pod of namespace "a"
 * @scene: the scene
 * @name: its name; its uid is "u-NAME"
 * @node: where it runs
 * @ip: its address
 */
void put_pod(struct intake_scene *scene, const char *name, const char *node,
	     const char *ip);

/**
 * compiled_pod() - the pod as the kernel would get it
 * @scene: the scene
 * @key: namespace/name
 *
 * Return: the pod, until the next change; NULL when the kernel would get none.
 */
const struct pod *compiled_pod(struct intake_scene *scene, const char *key);

#endif
