/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A publisher in front of the API server of api_double.h, objects to warn of, and what
 * it has sent. As there, only one file of a program may include it.
 */
#ifndef UNIT_PUBLISHER_SCENE_H
#define UNIT_PUBLISHER_SCENE_H

#include "support.h"

#include <jansson.h>

#include "agent/publisher.h"
#include "api_double.h"

/* In microseconds: whatever is said is old by the next round. */
#define REPEAT_AT_ONCE 1

static const struct object_reference policy = {
	.api_version = "networking.k8s.io/v1",
	.kind = "NetworkPolicy",
	.namespace = "shop",
	.name = "web",
	.uid = "1",
	.resource_version = "2",
};

static const struct object_reference node = {
	.api_version = "v1",
	.kind = "Node",
	.name = "one",
};

/**
 * begin_publisher() - a publisher that tells all at once
 * @repeat: microseconds after which it tells again what is still true; 0 for
 *	PUBLISHER_REPEAT
 *
 * Return: the publisher, freed with publisher_free().
 */
static inline struct publisher *begin_publisher(uint64_t repeat)
{
	return publisher_new(double_api.event, double_server, "one",
			     &double_pace, repeat);
}

/**
 * expect_field() - check a text of an Event that was sent
 * @index: number of the request
 * @object: the member that has the field; NULL for the Event itself
 * @field: its name
 * @wanted: what it is to say
 */
static void expect_field(size_t index, const char *object, const char *field,
			 const char *wanted)
{
	json_t *event = json_loads(double_api.asked[index].body, 0, NULL);
	const json_t *part = object ? json_object_get(event, object) : event;
	const char *value = json_string_value(json_object_get(part, field));

	assert_non_null(value);
	assert_string_equal(value, wanted);
	json_decref(event);
}

#endif
