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

/* Leave out clusters in front of the last; halves of them first. */
static void shrink_steps(struct shrinking *shrinking)
{
	struct trial *trial = shrinking->trial;
	size_t length, first;

	for (length = trial->count / 2; length; length /= 2) {
		first = 0;
		while (first + length < trial->count &&
		       now() < shrinking->end) {
			struct trial whole = *trial;
			size_t i;

			whole.steps =
				xmemdup(trial->steps,
					trial->count * sizeof(*trial->steps));
			for (i = first; i < first + length; i++)
				json_incref(whole.steps[i].manifests);
			trial_remove(trial, first, length);
			if (still_fails(shrinking)) {
				for (i = first; i < first + length; i++)
					json_decref(whole.steps[i].manifests);
				free(whole.steps);
			} else {
				free(trial->steps);
				*trial = whole;
				first += length;
			}
		}
	}
}

bool trial_shrink(struct trial *trial, struct module *module,
		  enum outcome outcome, unsigned int seconds)
{
	struct shrinking shrinking = { .trial = trial,
				       .module = module,
				       .outcome = outcome,
				       .end = now() + seconds };
	size_t i;

	if (!still_fails(&shrinking))
		return false;
	shrink_steps(&shrinking);
	do {
		shrinking.smaller = !shrinking.deep;
		for (i = trial->count; i--;)
			shrink(&shrinking, trial->steps[i].manifests);
		shrinking.deep = true;
	} while (shrinking.smaller && now() < shrinking.end);
	return true;
}
