// SPDX-License-Identifier: GPL-2.0-only
#include "trial.h"

#include <stdlib.h>

#include "comparison.h"
#include "generator/manifests.h"
#include "policy/memory.h"

static bool read_cluster(const json_t *manifests, struct cluster *cluster)
{
	struct problems problems = {};
	bool fine = manifests_read(manifests, cluster, &problems);

	problems_clear(&problems);
	return fine;
}

/* What comes in front begins with a flush; it may be nothing. */
static enum outcome commit_both(const struct trial *trial,
				struct module *module,
				const struct cluster *before,
				const struct cluster *cluster, char **text)
{
	enum outcome outcome;

	outcome = module_commit(module, before, WAY_FLUSH, text);
	if (outcome)
		return outcome;
	return module_commit(module, cluster, trial->way, text);
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
	struct cluster before = {}, cluster = {};
	enum outcome outcome = OUTCOME_NOT_READ;

	*text = NULL;
	if (read_cluster(trial->manifests, &cluster) &&
	    (!trial->before || read_cluster(trial->before, &before)))
		outcome = commit_both(trial, module, &before, &cluster, text);
	else
		*text = xstrdup("nlctl does not read the manifests");
	if (!outcome)
		outcome = ask(trial, module, &cluster, text);
	cluster_clear(&before);
	cluster_clear(&cluster);
	return outcome;
}

void trial_clear(struct trial *trial)
{
	json_decref(trial->before);
	json_decref(trial->manifests);
	*trial = (struct trial){};
}
