// SPDX-License-Identifier: GPL-2.0-only
/*
 * load-measure STATE REPEATS CASES JSON: measure what the module takes to load
 * and change a saved state, and what memory it takes.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "load.h"
#include "load-change.h"
#include "load-memory.h"
#include "load-sample.h"

/* Loads, and what else is slow, say as much with fewer repeats. */
#define SLOW_SHARE 10

static const char *const case_names[] = {
	"memory", "loads", "empty", "rule-sets", "known", "new", "pods",
};

static const char *chosen;

/* Whether a word is in a list with commas. */
static bool is_in(const char *word, const char *list)
{
	size_t length = strlen(word);

	for (; list; list = strchr(list, ',')) {
		list += *list == ',';
		if (!strncmp(list, word, length) &&
		    (!list[length] || list[length] == ','))
			return true;
	}
	return false;
}

static bool wanted(const char *name)
{
	return !strcmp(chosen, "all") || is_in(name, chosen);
}

static bool check_cases(void)
{
	size_t i, known = 0, given = 1;
	const char *comma;

	for (i = 0; i < sizeof(case_names) / sizeof(*case_names); i++)
		known += is_in(case_names[i], chosen);
	for (comma = chosen; (comma = strchr(comma, ',')); comma++)
		given++;
	return !strcmp(chosen, "all") || known == given;
}

static void time_all(struct load *load, size_t repeats)
{
	size_t slow_repeats = repeats / SLOW_SHARE + 1;

	if (wanted("loads"))
		time_loads(load, slow_repeats);
	if (wanted("empty"))
		time_empty(load, repeats);
	if (wanted("rule-sets"))
		time_rule_sets(load, repeats);
	if (wanted("known"))
		time_known(load, repeats);
	if (wanted("new"))
		time_new(load, repeats, slow_repeats);
	if (wanted("pods"))
		time_pod(load, repeats);
}

int main(int argc, char **argv)
{
	json_t *memory = json_null();
	struct load load = {};
	double before, after;
	json_t *series;
	size_t repeats;

	chosen = argc == 5 ? argv[3] : "";
	if (argc != 5 || sscanf(argv[2], "%zu", &repeats) != 1 || !repeats ||
	    !check_cases()) {
		fprintf(stderr, "usage: %s STATE REPEATS all|CASE,... JSON\n",
			argv[0]);
		return EXIT_FAILURE;
	}
	load_open(&load, argv[1]);
	if (!load.objects.address_count || !load.objects.pod_count)
		load_fail("%s: it has no address or no pod", argv[1]);
	before = clock_calibrate();
	clock_ticks_per_ns = before;
	/* The first load also fills the caches of the allocators. */
	load_replace(&load);

	printf("%zu addresses, %zu peer sets, %zu rule sets, %zu pods\n\n",
	       load.objects.address_count, load.objects.peer_set_count,
	       load.objects.rule_set_count, load.objects.pod_count);
	/* From here on, for whoever watches the output, it is all measured. */
	fflush(stdout);
	if (wanted("memory")) {
		memory = memory_report(&load);
		printf("\n");
	}
	time_all(&load, repeats);
	series = sample_report();
	after = clock_calibrate();
	printf("\nCALL, the time of a system call that does nothing, is subtracted for each.\n"
	       "Ticks of the clock each nanosecond: %.4f before, %.4f after.\n",
	       before, after);

	if (json_dump_file(json_pack("{s:{s:f, s:f}, s:o, s:o}", "clock",
				     "ticks_per_ns_before", before,
				     "ticks_per_ns_after", after, "bytes",
				     memory, "nanoseconds", series),
			   argv[4], JSON_INDENT(2)))
		load_fail("cannot write %s", argv[4]);
	load_close(&load);
	return EXIT_SUCCESS;
}
