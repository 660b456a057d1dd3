// SPDX-License-Identifier: GPL-2.0-only
#include "control-report.h"

#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "policy/memory.h"

static void add_bytes(struct table *table, json_t *object, const char *name,
		      double *samples, size_t count)
{
	double median;

	sort_samples(samples, count);
	median = quantile(samples, count, 0.5);
	table_add(table, "%.0f", quantile(samples, count, 0.25) / 1024);
	table_add(table, "%.0f", median / 1024);
	table_add(table, "%.0f", quantile(samples, count, 0.75) / 1024);
	json_object_set_new(object, name,
			    json_pack("{s:f, s:f, s:f}", "lower_quartile",
				      quantile(samples, count, 0.25), "median",
				      median, "upper_quartile",
				      quantile(samples, count, 0.75)));
}

static json_t *report_memory(struct result *result, struct table *table)
{
	double *samples = xcalloc(result->count, sizeof(*samples));
	json_t *object = json_object();
	size_t i;

	for (i = 0; i < result->count; i++)
		samples[i] = result->memory[i].used;
	add_bytes(table, object, "used", samples, result->count);
	for (i = 0; i < result->count; i++)
		samples[i] = result->memory[i].held;
	add_bytes(table, object, "held", samples, result->count);
	for (i = 0; i < result->count; i++)
		samples[i] = result->memory[i].charged;
	sort_samples(samples, result->count);
	table_add(table, "%.0f", quantile(samples, result->count, 0.5) / 1024);
	json_object_set_new(object, "charged",
			    json_real(quantile(samples, result->count, 0.5)));
	if (result->own[0] < 0) {
		table_add(table, "-");
	} else {
		table_add(table, "%.0f", result->own[0] / 1024.0);
		json_object_set_new(object, "own",
				    json_integer(result->own[0]));
	}
	free(samples);
	return object;
}

static void report_series(struct result *results, size_t count,
			  const struct control_case *one, bool back,
			  json_t *list)
{
	struct table table = {};
	size_t i;

	printf("\n%s%s%s\n", one->title, back ? ": " : "",
	       back ? one->title_back : "");
	table_begin(&table,
		    one->kind == KIND_MEMORY ?
			    "KIB\tLESS FREE Q1\tMEDIAN\tQ3\tHELD Q1\tMEDIAN\t"
			    "Q3\tCHARGED\tOWN" :
			    "MICROSECONDS\tCALLS\tREQUEST\tKERNEL Q1\tMEDIAN\t"
			    "Q3\tELAPSED Q1\tMEDIAN\tQ3");
	for (i = 0; i < count; i++) {
		struct result *result = &results[i];
		json_t *object;

		if (result->problem)
			continue;
		table_add(&table, "%s", result->contender->name);
		object = one->kind == KIND_MEMORY ?
				 report_memory(result, &table) :
				 series_report(back ? &result->back :
						      &result->there,
					       &table);
		json_object_set_new(object, "case", json_string(one->name));
		json_object_set_new(object, "change",
				    json_string(back ? one->title_back :
						       one->title));
		json_object_set_new(object, "contender",
				    json_string(result->contender->name));
		json_array_append_new(list, object);
	}
	table_print(&table);
}

bool report_case(struct result *results, size_t count,
		 const struct control_case *one, json_t *list)
{
	bool good = true;
	size_t i;

	report_series(results, count, one, false, list);
	if (one->title_back)
		report_series(results, count, one, true, list);
	for (i = 0; i < count; i++) {
		struct result *result = &results[i];

		if (result->problem) {
			printf("%s: no figure: %s\n", result->contender->name,
			       result->problem);
			good = false;
		}
		series_clear(&result->there);
		series_clear(&result->back);
		free(result->memory);
		free(result->own);
		free(result->problem);
	}
	/* For whoever watches. */
	fflush(stdout);
	return good;
}
