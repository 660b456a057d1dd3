// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <time.h>

#include "policy/memory.h"
#include "trial.h"

/* A trial that is being shrunk. */
struct shrinking {
	bool deep; /* else whole objects are left out only, which goes far fast */
	struct trial *trial;
	struct module *module;
	enum outcome outcome;
	time_t end;
	bool smaller; /* something was left out in this round */
};

static time_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

static bool still_fails(const struct shrinking *shrinking)
{
	enum outcome outcome;
	char *text;

	outcome = trial_run(shrinking->trial, shrinking->module, &text);
	free(text);
	return outcome == shrinking->outcome;
}

static void shrink(struct shrinking *shrinking, json_t *value);

/* The last first: what an object is stands in front. */
static void shrink_array(struct shrinking *shrinking, json_t *array)
{
	size_t i = json_array_size(array);

	while (i-- && now() < shrinking->end) {
		json_t *element = json_incref(json_array_get(array, i));

		json_array_remove(array, i);
		if (still_fails(shrinking)) {
			shrinking->smaller = true;
		} else {
			json_array_insert(array, i, element);
			if (shrinking->deep)
				shrink(shrinking, element);
		}
		json_decref(element);
	}
}

/* From the first to the last, since what is put back goes to the end. */
static void shrink_object(struct shrinking *shrinking, json_t *object)
{
	size_t count = json_object_size(object), i = 0;
	const char **keys = xcalloc(count, sizeof(*keys)), *key;
	json_t *value;

	json_object_foreach(object, key, value)
		keys[i++] = xstrdup(key);
	for (i = 0; i < count && now() < shrinking->end; i++) {
		value = json_incref(json_object_get(object, keys[i]));
		json_object_del(object, keys[i]);
		if (still_fails(shrinking)) {
			shrinking->smaller = true;
		} else {
			json_object_set(object, keys[i], value);
			shrink(shrinking, value);
		}
		json_decref(value);
	}
	for (i = 0; i < count; i++)
		free((char *)keys[i]);
	free(keys);
}

static void shrink(struct shrinking *shrinking, json_t *value)
{
	if (json_is_array(value))
		shrink_array(shrinking, value);
	else if (json_is_object(value))
		shrink_object(shrinking, value);
}

/* Whether the cluster fails on top of nothing too. */
static bool leave_out_before(const struct shrinking *shrinking)
{
	json_t *before = shrinking->trial->before;

	shrinking->trial->before = NULL;
	if (!still_fails(shrinking)) {
		shrinking->trial->before = before;
		return false;
	}
	json_decref(before);
	return true;
}

bool trial_shrink(struct trial *trial, struct module *module,
		  enum outcome outcome, unsigned int seconds)
{
	struct shrinking shrinking = { .trial = trial,
				       .module = module,
				       .outcome = outcome,
				       .end = now() + seconds };

	if (!still_fails(&shrinking))
		return false;
	if (trial->before)
		leave_out_before(&shrinking);
	do {
		shrinking.smaller = false;
		shrink(&shrinking, trial->manifests);
		shrink(&shrinking, trial->before);
		shrinking.smaller |= !shrinking.deep;
		shrinking.deep = true;
	} while (shrinking.smaller && now() < shrinking.end);
	return true;
}
