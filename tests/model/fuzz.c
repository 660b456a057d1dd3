// SPDX-License-Identifier: GPL-2.0-only

#include <stdio.h>
#include <unistd.h>

#include <linux/podwall.h>

#include "chance.h"
#include "kernel.h"
#include "options.h"
#include "pool.h"
#include "policy.h"
#include "round.h"

/* Random rounds. */

static struct rounds rounds;

static bool play(const struct options *options, u64 round)
{
	u32 size;

	chance_seed(options->seed, round);
	kernel_seed(chance_u64());
	kernel_weaken_hash(chance_percent(30) ? 1 + chance_below(4) : 0);
	kernel_poison(chance_percent(50));
	size = chance_percent(70) ? 0 : chance_percent(90) ? 1 : 2;
	if (options->size >= 0)
		size = options->size;
	return round_play(size, false, &rounds);
}

static bool covers_everything(void)
{
	int reason;

	for (reason = PODWALL_REASON_NO_POLICY; reason <= PODWALL_REASON_NODE;
	     reason++)
		if (!rounds.tally.reasons[reason])
			return false;
	return rounds.refused &&
	       rounds.tally.rule_verdicts[PODWALL_VERDICT_ACCEPT] &&
	       rounds.tally.rule_verdicts[PODWALL_VERDICT_DENY];
}

static void report(const struct options *options, u64 count)
{
	printf("# %llu rounds, %llu commits, %llu of them in place, %llu refused, %llu questions\n",
	       count, rounds.commits, rounds.in_place, rounds.refused,
	       rounds.tally.asked);
	printf("# answers: %llu by accept, %llu by deny, %llu isolated, %llu default, %llu no policy, %llu unregistered, %llu node\n",
	       rounds.tally.rule_verdicts[PODWALL_VERDICT_ACCEPT],
	       rounds.tally.rule_verdicts[PODWALL_VERDICT_DENY],
	       rounds.tally.reasons[PODWALL_REASON_ISOLATED],
	       rounds.tally.reasons[PODWALL_REASON_DEFAULT],
	       rounds.tally.reasons[PODWALL_REASON_NO_POLICY],
	       rounds.tally.reasons[PODWALL_REASON_UNREGISTERED],
	       rounds.tally.reasons[PODWALL_REASON_NODE]);
	puts("ok - random transactions and questions");
	/* Of a few rounds it says nothing. */
	if (count >= 100 && options->size < 0)
		printf("%sok - every kind of answer was met\n",
		       covers_everything() ? "" : "not ");
}

int main(int count, char **arguments)
{
	struct options options = options_read(count, arguments);
	u64 round;

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("# seed %llu\n", options.seed);
	if (podwall_policy_init())
		return 2;
	for (round = options.first; options_go_on(&options, round); round++) {
		if (!play(&options, round)) {
			options_say_how_to_repeat();
			puts("not ok - random transactions and questions");
			/* What the round holds is no leak. */
			_exit(1);
		}
		pool_release();
	}
	podwall_policy_exit();
	report(&options, round - options.first);
	return 0;
}
