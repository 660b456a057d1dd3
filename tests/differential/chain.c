// SPDX-License-Identifier: GPL-2.0-only
#include "chain.h"

#include <stdlib.h>
#include <string.h>

#include "connections.h"
#include "generator/generator.h"
#include "generator/manifests.h"
#include "policy/memory.h"
#include "trial.h"

#define CLUSTERS 24
#define QUESTIONS 48
#define SHRINK_SECONDS 60

static void print_lines(const char *text)
{
	const char *end;

	for (; *text; text = *end ? end + 1 : end) {
		end = strchrnul(text, '\n');
		printf("# %.*s\n", (int)(end - text), text);
	}
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
		puts("# but these clusters alone do not fail:");
	}
	trial_print(trial);
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

static char *problems_text(const struct problems *problems)
{
	size_t length;
	char *text;
	FILE *stream = xopen_memstream(&text, &length);

	problems_print(problems, stream);
	fclose(stream);
	return text;
}

/* Commit the last step of the trial, and ask about it. */
static enum outcome try(struct module *module, struct chance *chance,
			struct trial *trial, struct counts *counts, char **text)
{
	const struct step *step = trial_last(trial);
	struct problems problems = {};
	struct cluster cluster = {};
	enum outcome outcome = OUTCOME_NOT_READ;

	if (manifests_read(step->manifests, &cluster, &problems))
		outcome = module_commit(module, &cluster, step->way, text);
	else
		*text = problems_text(&problems);
	problems_clear(&problems);
	if (!outcome) {
		counts->clusters++;
		outcome = ask(module, chance, &cluster, trial, counts, text);
	}
	cluster_clear(&cluster);
	return outcome;
}

/* What follows on the last step, and how it is committed. */
static void choose(struct chance *chance, struct trial *trial,
		   struct counts *counts)
{
	const struct step *last = trial_last(trial);
	enum way way = WAY_DIFFERENCE;
	unsigned int changes;
	json_t *manifests;

	if (!last || chance_one_in(chance, 12))
		way = chance_one_in(chance, 2) ? WAY_FLUSH : WAY_REPLACE;
	counts->restarted += way != WAY_DIFFERENCE;
	if (!last || chance_one_in(chance, 8)) {
		manifests = generate_cluster(chance);
	} else {
		manifests = json_deep_copy(last->manifests);
		for (changes = 1 + chance_below(chance, 3); changes; changes--)
			generate_change(chance, manifests);
		counts->changed += way == WAY_DIFFERENCE;
	}
	trial->connection = (struct connection){};
	trial_add(trial, manifests, way);
}

/* The flush, if it was one, has been all the same. */
static void pass_over(struct trial *trial)
{
	size_t count = trial_last(trial)->way == WAY_FLUSH ? trial->count : 1;

	trial_remove(trial, trial->count - count, count);
}

/* The trial goes back no further than to the last time that nothing was left of
 * what the module had.
 */
void chain_run(struct module *module, uint64_t seed, struct counts *counts)
{
	struct chance chance = chance_begin(seed);
	enum outcome outcome = OUTCOME_FINE;
	struct trial trial = {};
	unsigned int i;

	counts->chains++;
	for (i = 0; i < CLUSTERS && !outcome; i++) {
		char *text = NULL;

		choose(&chance, &trial, counts);
		outcome = try(module, &chance, &trial, counts, &text);
		if (outcome == OUTCOME_NOT_COMPILED) {
			counts->passed_over++;
			pass_over(&trial);
			outcome = OUTCOME_FINE;
		} else if (trial_last(&trial)->way != WAY_DIFFERENCE) {
			trial_remove(&trial, 0, trial.count - 1);
		}
		if (outcome) {
			counts->failures++;
			report(&trial, module, outcome, text, seed);
		}
		free(text);
	}
	trial_clear(&trial);
}
