/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which events somebody wants to hear of.
 */
#ifndef NLCTL_FILTER_H
#define NLCTL_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "event.h"

/**
 * struct filter - which events are wanted; zeroes want all
 * @pods: keys of pods, one of which is an end or was judged; the array is owned,
 *	the texts are borrowed
 * @pod_count: length of @pods; 0 for any pod
 * @namespaces: of which one is that of an end, or of the judged pod; likewise
 * @namespace_count: length of @namespaces; 0 for any namespace
 * @directions: a bit 1 << direction for each that is wanted; 0 for all
 * @reasons: a bit 1 << reason for each that is wanted; 0 for all
 * @origins: texts, one of which is part of the origin; likewise
 * @origin_count: length of @origins; 0 for any origin, or none
 *
 * An event has to fit all that is given, and of each one value.
 */
struct filter {
	const char **pods;
	size_t pod_count;
	const char **namespaces;
	size_t namespace_count;
	unsigned int directions;
	unsigned int reasons;
	const char **origins;
	size_t origin_count;
};

/**
 * filter_add_pod() - want events of one more pod
 * @filter: the filter
 * @key: namespace/name of the pod; has to live as long as the filter
 *
 * Return: false when @key is something else.
 */
bool filter_add_pod(struct filter *filter, const char *key);

/* Want events of one more namespace, and of one more policy; the texts have to
 * live as long as the filter. False for what is no name, and no part of one.
 */
bool filter_add_namespace(struct filter *filter, const char *name);
bool filter_add_origin(struct filter *filter, const char *text);

/* Want one more direction, or reason; false when there is none of that name. */
bool filter_add_direction(struct filter *filter, const char *name);
bool filter_add_reason(struct filter *filter, const char *name);

/**
 * filter_accepting_reason() - a wanted reason for which nothing is denied
 * @filter: the filter
 *
 * Return: its name; NULL when there is none.
 */
const char *filter_accepting_reason(const struct filter *filter);

/**
 * filter_passes() - whether an event is wanted
 * @filter: the filter
 * @event: the event
 */
bool filter_passes(const struct filter *filter, const struct event *event);

/* Free what the structure owns and zero it; the structure itself stays. */
void filter_clear(struct filter *filter);

#endif
