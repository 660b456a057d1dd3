// SPDX-License-Identifier: GPL-2.0-only
#include "agent/histogram.h"

#include <inttypes.h>
#include <stdlib.h>

#include "clock.h"
#include "exposition.h"
#include "policy/memory.h"

/* The text is what the label says: it must never change. */
static const struct bound {
	uint64_t milliseconds;
	const char *text;
} bounds[HISTOGRAM_BOUNDS] = {
	{ 1, "0.001" },	 { 2, "0.002" },  { 5, "0.005" }, { 10, "0.01" },
	{ 20, "0.02" },	 { 50, "0.05" },  { 100, "0.1" }, { 200, "0.2" },
	{ 500, "0.5" },	 { 1000, "1" },	  { 2000, "2" },  { 5000, "5" },
	{ 10000, "10" }, { 30000, "30" },
};

void histogram_add(struct histogram *histogram, uint64_t duration)
{
	unsigned int i = 0;

	while (i < HISTOGRAM_BOUNDS &&
	       duration > bounds[i].milliseconds * NANOSECONDS_PER_MILLISECOND)
		i++;
	histogram->counts[i]++;
	histogram->sum += duration;
}

void histogram_write(const struct histogram *histogram, FILE *out,
		     const char *name, const char *help)
{
	uint64_t count = 0;
	unsigned int i;
	char *sum;

	exposition_begin(out, name, "histogram", help);
	for (i = 0; i <= HISTOGRAM_BOUNDS; i++) {
		count += histogram->counts[i];
		fprintf(out, "%s_bucket{le=\"%s\"} %" PRIu64 "\n", name,
			i < HISTOGRAM_BOUNDS ? bounds[i].text : "+Inf", count);
	}
	sum = xasprintf("%s_sum", name);
	exposition_seconds(out, sum, histogram->sum);
	free(sum);
	fprintf(out, "%s_count %" PRIu64 "\n", name, count);
}
