// SPDX-License-Identifier: GPL-2.0-only
#include "tally_output.h"

#include <inttypes.h>
#include <string.h>

#include "clock.h"
#include "names.h"
#include "output.h"
#include "state.h"
#include "tally_difference.h"
#include "verdict.h"

static json_t *name_json(enum enumeration enumeration, unsigned int value)
{
	return json_string(name_of(enumeration, value));
}

static json_t *rate_json(uint64_t count, uint64_t elapsed)
{
	return json_real(tally_rate(count, elapsed));
}

/* The amounts of a row, with rates if they are asked for. */
static json_t *amount_json(const struct tally *tally,
			   const struct tally_amount *amount, bool rates)
{
	const struct count *recent = &amount->recent;
	json_t *object = count_json(&amount->total);

	if (rates && tally->elapsed)
		json_object_set_new(object, "per_second",
				    json_pack("{s:o, s:o, s:o}", "connections",
					      rate_json(recent->connections,
							tally->elapsed),
					      "packets",
					      rate_json(recent->packets,
							tally->elapsed),
					      "bytes",
					      rate_json(recent->bytes,
							tally->elapsed)));
	else if (rates)
		json_object_set_new(object, "per_second", json_null());
	return object;
}

static json_t *reasons_json(const struct tally *tally, bool rates)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < tally->reason_count; i++) {
		const struct tally_reason *row = &tally->reasons[i];
		json_t *object = amount_json(tally, &row->amount, rates);

		json_object_set_new(object, "direction",
				    name_json(ENUMERATION_DIRECTION,
					      row->direction));
		json_object_set_new(object, "verdict",
				    json_string(verdict_name(row->verdict,
							     row->mode)));
		json_object_set_new(object, "reason",
				    name_json(ENUMERATION_REASON, row->reason));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *pods_json_of(const struct tally *tally, bool rates)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < tally->pod_count; i++) {
		const struct tally_pod *row = &tally->pods[i];
		json_t *object = amount_json(tally, &row->amount, rates);

		json_object_set_new(object, "pod", json_text(row->key));
		json_object_set_new(object, "direction",
				    row->direction ?
					    name_json(ENUMERATION_DIRECTION,
						      row->direction) :
					    json_null());
		json_object_set_new(object, "verdict",
				    row->direction ?
					    json_string(verdict_name(row->verdict,
								     row->mode)) :
					    json_null());
		json_object_set_new(object, "events_lost",
				    json_number(row->events_lost));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *rule_json(const struct tally *tally,
			 const struct tally_rule *row, bool rates)
{
	static const char *const kinds[] = {
		[TALLY_RULE] = "rule",
		[TALLY_ISOLATION] = "isolation",
		[TALLY_DEFAULT] = "default",
	};
	const struct tally_decider *decider = &row->decider;
	json_t *object = amount_json(tally, &row->amount, rates);
	json_t *sets = json_array();
	json_t *pods = json_array();
	size_t i;

	for (i = 0; i < row->rule_set_count; i++)
		json_array_append_new(sets, json_integer(row->rule_sets[i]));
	for (i = 0; i < row->pod_count; i++)
		json_array_append_new(pods, json_text(row->pods[i]));
	json_object_set_new(object, "kind", json_string(kinds[decider->kind]));
	json_object_set_new(object, "direction",
			    name_json(ENUMERATION_DIRECTION,
				      decider->direction));
	json_object_set_new(object, "action",
			    name_json(ENUMERATION_ACTION, decider->action));
	json_object_set_new(object, "tier",
			    decider->tier ?
				    name_json(ENUMERATION_TIER, decider->tier) :
				    json_null());
	json_object_set_new(object, "origin",
			    *decider->origin ? json_text(decider->origin) :
					       json_null());
	json_object_set_new(object, "rule_sets", sets);
	json_object_set_new(object, "pods", pods);
	return object;
}

static json_t *rules_json(const struct tally *tally, bool unused, bool rates)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < tally->rule_count; i++)
		if (!unused || tally_is_unused(&tally->rules[i]))
			json_array_append_new(array,
					      rule_json(tally, &tally->rules[i],
							rates));
	return array;
}

static json_t *make_object(const struct tally *tally)
{
	return json_pack("{s:o}", "generation",
			 json_number(tally->objects.generation));
}

static void add_totals(json_t *object, const struct tally *tally, bool rates)
{
	const struct status *status = &tally->status;
	json_t *packets =
		json_pack("{s:o, s:o, s:o}", "accepted",
			  json_number(status->accepted_packets), "denied",
			  json_number(status->denied_packets), "audited",
			  json_number(status->audited_packets));

	if (rates && tally->elapsed)
		json_object_set_new(packets, "per_second",
				    json_pack("{s:o, s:o, s:o}", "accepted",
					      rate_json(tally->accepted,
							tally->elapsed),
					      "denied",
					      rate_json(tally->denied,
							tally->elapsed),
					      "audited",
					      rate_json(tally->audited,
							tally->elapsed)));
	else if (rates)
		json_object_set_new(packets, "per_second", json_null());
	json_object_set_new(object, "packets", packets);
	json_object_set_new(object, "events",
			    json_pack("{s:o, s:o}", "sent",
				      json_number(status->events_sent), "lost",
				      json_number(status->events_lost)));
	json_object_set_new(object, "rule_sets",
			    rule_sets_json(&tally->objects, true));
}

json_t *tally_json(const struct tally *tally, enum tally_view view, bool rates)
{
	json_t *object = make_object(tally);

	if (rates)
		json_object_set_new(object, "elapsed_seconds",
				    tally->elapsed ?
					    json_real((double)tally->elapsed /
						      NANOSECONDS_PER_SECOND) :
					    json_null());
	if (view == TALLY_SUMMARY)
		add_totals(object, tally, rates);
	if (view == TALLY_SUMMARY || view == TALLY_REASONS)
		json_object_set_new(object, "reasons",
				    reasons_json(tally, rates));
	if (view == TALLY_PODS)
		json_object_set_new(object, "pods", pods_json_of(tally, rates));
	if (view == TALLY_SUMMARY || view == TALLY_RULES)
		json_object_set_new(object, "rules",
				    rules_json(tally, false, rates));
	return object;
}

json_t *tally_unused_json(const struct tally *tally)
{
	json_t *object = make_object(tally);

	json_object_set_new(object, "rules", rules_json(tally, true, false));
	return object;
}
