// SPDX-License-Identifier: GPL-2.0-only
#include "unit/support.h"

#include <stdlib.h>

#include "policy/difference.h"
#include "saved.h"
#include "state.h"
#include "state_reader.h"

static char *write_state(const struct objects *objects,
			 const struct settings *settings)
{
	json_t *state = state_json(objects, settings);
	char *text = json_dumps(state, JSON_SORT_KEYS | JSON_INDENT(2));

	json_decref(state);
	assert_non_null(text);
	return text;
}

void saved_check(const struct objects *objects, const struct settings *settings)
{
	char *first = write_state(objects, settings), *second, *problem;
	struct difference difference;
	struct settings settings_read;
	struct objects read;
	json_t *state;

	state = json_loads(first, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(state);
	problem = state_read(state, &read, &settings_read);
	if (problem)
		fail_msg("what was saved is refused: %s", problem);
	json_decref(state);
	difference_find(objects, &read, &difference);
	assert_true(difference_empty(&difference));
	difference_clear(&difference);
	second = write_state(&read, &settings_read);
	assert_string_equal(first, second);
	objects_clear(&read);
	settings_clear(&settings_read);
	free(first);
	free(second);
}
