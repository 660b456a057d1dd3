// SPDX-License-Identifier: GPL-2.0-only
#include "chain.h"

#include <stdlib.h>
#include <string.h>

#include "connections.h"
#include "generator/generator.h"
#include "generator/manifests.h"
#include "trial.h"

#define CLUSTERS 24
#define QUESTIONS 48
#define SHRINK_SECONDS 40

static void print_lines(const char *text)
{
	const char *end;

	for (; *text; text = *end ? end + 1 : end) {
		end = strchrnul(text, '\n');
		printf("# %.*s\n", (int)(end - text), text);
	}
}

static void print_trial(const struct trial *trial)
{
	static const char *const ways[] = {
		[WAY_DIFFERENCE] = "as the difference",
		[WAY_FLUSH] = "after a flush",
		[WAY_REPLACE] = "all at once",
	};

	if (trial->before) {
		puts("# first:");
		manifests_print(trial->before, "# ", stdout);
	}
	printf("# %s%s:\n", trial->before ? "then " : "", ways[trial->way]);
	manifests_print(trial->manifests, "# ", stdout);
}

static void report(struct trial *trial, struct module *module,
		   enum outcome outcome, const char *text, uint64_t seed)
{
	char *again = NULL;

	printf("# FAILED: --seed %llu --chains 1 begins with it\n",
	       (unsigned long long)seed);
	print_lines(text);
	if (trial_shrink(trial, module, outcome, SHRINK_SECONDS)) {
		trial_run(trial, module, &again);
		puts("# and so does this:");
		print_lines(again ? again : "");
		free(again);
	} else {
		puts("# but neither the cluster alone nor on top of the one in front of it:");
	}
	print_trial(trial);
	fflush(stdout);
}

/* Ask about one cluster; the trial is left with the connection that failed. */
static enum outcome ask(struct module *module, struct chance *chance,
			const struct cluster *cluster, struct trial *trial,
			struct counts *counts, char **text)
{
	enum outcome outcome = OUTCOME_FINE;
	struct explanation explanation;
	struct ends ends;
	unsigned int i;

	ends_collect(cluster, &ends);
	for (i = 0; i < QUESTIONS && !outcome; i++) {
		trial->connection = connection_choose(chance, cluster, &ends);
		outcome = module_ask(module, &trial->connection, &explanation,
				     text);
		if (outcome)
			break;
		*text = compare(cluster, &explanation, &counts->tally);
		if (*text)
			outcome = OUTCOME_JUDGED;
		explanation_clear(&explanation);
		counts->questions++;
	}
	ends_clear(&ends);
	return outcome;
}

static enum outcome try(struct module *module, struct chance *chance,
			struct trial *trial, struct counts *counts, char **text)
{
	struct problems problems = {};
	struct cluster cluster = {};
	enum outcome outcome = OUTCOME_NOT_READ;

	if (manifests_read(trial->manifests, &cluster, &problems)) {
		outcome = module_commit(module, &cluster, trial->way, text);
	} else {
		size_t length;
		FILE *stream = open_memstream(text, &length);

		problems_print(&problems, stream);
		fclose(stream);
	}
	problems_clear(&problems);
	if (!outcome) {
		counts->clusters++;
		outcome = ask(module, chance, &cluster, trial, counts, text);
	}
	cluster_clear(&cluster);
	return outcome;
}

/* What follows on a cluster, and how it is committed. */
static void choose(struct chance *chance, struct trial *trial,
		   struct counts *counts)
{
	unsigned int changes;

	trial->way = WAY_DIFFERENCE;
	if (!trial->before || chance_one_in(chance, 12))
		trial->way = chance_one_in(chance, 2) ? WAY_FLUSH : WAY_REPLACE;
	counts->restarted += trial->way != WAY_DIFFERENCE;
	if (!trial->before || chance_one_in(chance, 8)) {
		trial->manifests = generate_cluster(chance);
		return;
	}
	trial->manifests = json_deep_copy(trial->before);
	for (changes = chance_one_in(chance, 3) ? 3 : 1; changes; changes--)
		generate_change(chance, trial->manifests);
	counts->changed += trial->way == WAY_DIFFERENCE;
}

void chain_run(struct module *module, uint64_t seed, struct counts *counts)
{
	struct chance chance = chance_begin(seed);
	struct trial trial = {};
	unsigned int i;

	counts->chains++;
	for (i = 0; i < CLUSTERS; i++) {
		enum outcome outcome;
		char *text = NULL;

		trial.connection = (struct connection){};
		choose(&chance, &trial, counts);
		outcome = try(module, &chance, &trial, counts, &text);
		if (outcome == OUTCOME_NOT_COMPILED) {
			counts->passed_over++;
			json_decref(trial.manifests);
			trial.manifests = NULL;
		} else if (outcome) {
			counts->failures++;
			report(&trial, module, outcome, text, seed);
		} else {
			json_decref(trial.before);
			trial.before = trial.manifests;
			trial.manifests = NULL;
		}
		free(text);
		if (trial.manifests)
			break;
	}
	trial_clear(&trial);
}
