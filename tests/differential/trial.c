// SPDX-License-Identifier: GPL-2.0-only
#include "trial.h"

#include <stdlib.h>
#include <string.h>

#include "comparison.h"
#include "generator/manifests.h"
#include "policy/memory.h"

void trial_add(struct trial *trial, json_t *manifests, enum way way)
{
	*array_add(trial->steps, trial->count) =
		(struct step){ manifests, way };
}

void trial_remove(struct trial *trial, size_t first, size_t count)
{
	size_t i;

	for (i = first; i < first + count; i++)
		json_decref(trial->steps[i].manifests);
	memmove(trial->steps + first, trial->steps + first + count,
		(trial->count - first - count) * sizeof(*trial->steps));
	trial->count -= count;
}

struct step *trial_last(const struct trial *trial)
{
	return trial->count ? &trial->steps[trial->count - 1] : NULL;
}

void trial_clear(struct trial *trial)
{
	trial_remove(trial, 0, trial->count);
	free(trial->steps);
	*trial = (struct trial){};
}

static enum outcome commit(const struct step *step, bool first,
			   struct module *module, struct cluster *cluster,
			   char **text)
{
	struct problems problems = {};
	bool fine = manifests_read(step->manifests, cluster, &problems);

	problems_clear(&problems);
	if (fine)
		return module_commit(module, cluster,
				     first && step->way == WAY_DIFFERENCE ?
					     WAY_FLUSH :
					     step->way,
				     text);
	*text = xstrdup("nlctl does not read the manifests");
	return OUTCOME_NOT_READ;
}

static enum outcome ask(const struct trial *trial, struct module *module,
			const struct cluster *cluster, char **text)
{
	struct explanation explanation;
	enum outcome outcome;

	if (!trial->connection.protocol)
		return OUTCOME_FINE;
	outcome = module_ask(module, &trial->connection, &explanation, text);
	if (outcome)
		return outcome;
	*text = compare(cluster, &explanation, NULL);
	explanation_clear(&explanation);
	return *text ? OUTCOME_JUDGED : OUTCOME_FINE;
}

enum outcome trial_run(const struct trial *trial, struct module *module,
		       char **text)
{
	enum outcome outcome = OUTCOME_FINE;
	struct cluster cluster = {};
	size_t i;

	*text = NULL;
	for (i = 0; i < trial->count && !outcome; i++) {
		cluster_clear(&cluster);
		outcome = commit(&trial->steps[i], !i, module, &cluster, text);
	}
	if (!outcome)
		outcome = ask(trial, module, &cluster, text);
	cluster_clear(&cluster);
	return outcome;
}

void trial_print(const struct trial *trial)
{
	static const char *const ways[] = {
		[WAY_DIFFERENCE] = "as the difference",
		[WAY_FLUSH] = "after a flush",
		[WAY_REPLACE] = "all at once",
	};
	size_t i;

	for (i = 0; i < trial->count; i++) {
		printf("# cluster %zu of %zu, %s:\n", i + 1, trial->count,
		       ways[trial->steps[i].way]);
		manifests_print(trial->steps[i].manifests, "# ", stdout);
	}
}
