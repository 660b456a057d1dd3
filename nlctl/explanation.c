// SPDX-License-Identifier: GPL-2.0-only
#include "explanation.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "output.h"
#include "policy/memory.h"
#include "policy/mode.h"
#include "reason_text.h"

void decision_clear(struct decision *decision)
{
	free(decision->pod);
	free(decision->origin);
	free(decision->text);
	*decision = (struct decision){};
}

void explanation_clear(struct explanation *explanation)
{
	decision_clear(&explanation->egress);
	decision_clear(&explanation->ingress);
	*explanation = (struct explanation){};
}

static void take_judgement(struct decision *decision,
			   const struct cluster *cluster,
			   const struct judgement *judgement,
			   enum podwall_direction direction,
			   const struct endpoint *end)
{
	decision->direction = direction;
	decision->verdict = judgement->verdict;
	decision->reason = judgement->reason;
	if (end->pod) {
		decision->pod = xstrdup(end->pod->key);
		decision->mode =
			mode_of_pod(cluster_find_namespace(cluster,
							   end->pod->namespace),
				    end->pod);
	}
	if (judgement->audited)
		decision->mode = PODWALL_MODE_AUDIT;
	decision->tier = judgement->tier;
	if (judgement->origin && *judgement->origin)
		decision->origin = xstrdup(judgement->origin);
	if (judgement->text && *judgement->text)
		decision->text = xstrdup(judgement->text);
}

const char *explanation_evaluate(const struct cluster *cluster,
				 const struct endpoint *from,
				 const struct endpoint *to,
				 const struct connection *connection,
				 struct explanation *explanation)
{
	struct evaluation evaluation;
	const char *refusal;

	*explanation = (struct explanation){ .connection = *connection };
	refusal = evaluate(cluster, from, to, connection->server.family,
			   connection->protocol, connection->server_port,
			   &evaluation);
	if (refusal)
		return refusal;
	explanation->verdict = evaluation.verdict;
	take_judgement(&explanation->egress, cluster, &evaluation.egress,
		       PODWALL_DIRECTION_EGRESS, from);
	take_judgement(&explanation->ingress, cluster, &evaluation.ingress,
		       PODWALL_DIRECTION_INGRESS, to);
	evaluation_clear(&evaluation);
	return NULL;
}

static bool denies(const struct decision *decision)
{
	return decision->verdict == PODWALL_VERDICT_DENY;
}

bool explanation_audited(const struct explanation *explanation)
{
	return explanation->verdict == PODWALL_VERDICT_ACCEPT &&
	       (denies(&explanation->egress) || denies(&explanation->ingress));
}

static void set_name(json_t *object, const char *key,
		     enum enumeration enumeration, unsigned int value)
{
	if (value)
		json_object_set_new(object, key,
				    json_string(name_of(enumeration, value)));
}

json_t *decision_json(const struct decision *decision)
{
	json_t *object = json_object();
	char cookie[24];

	set_name(object, "verdict", ENUMERATION_VERDICT, decision->verdict);
	set_name(object, "reason", ENUMERATION_REASON, decision->reason);
	set_name(object, "mode", ENUMERATION_MODE, decision->mode);
	set_name(object, "tier", ENUMERATION_TIER, decision->tier);
	if (decision->pod)
		json_object_set_new(object, "pod", json_text(decision->pod));
	if (decision->rule_set)
		json_object_set_new(object, "rule_set",
				    json_integer(decision->rule_set));
	if (decision->has_cookie) {
		snprintf(cookie, sizeof(cookie), "0x%016" PRIx64,
			 decision->cookie);
		json_object_set_new(object, "cookie", json_string(cookie));
	}
	if (decision->origin)
		json_object_set_new(object, "origin",
				    json_text(decision->origin));
	if (decision->text)
		json_object_set_new(object, "text", json_text(decision->text));
	return object;
}

json_t *explanation_json(const struct explanation *explanation)
{
	json_t *object = json_object();

	set_name(object, "verdict", ENUMERATION_VERDICT, explanation->verdict);
	json_object_set_new(object, "egress",
			    decision_json(&explanation->egress));
	json_object_set_new(object, "ingress",
			    decision_json(&explanation->ingress));
	return object;
}

char *decision_text(const struct decision *decision, const char *end)
{
	const struct reason_details details = {
		.reason = decision->reason,
		.verdict = decision->verdict,
		.tier = decision->tier,
		.pod = decision->pod,
		.origin = decision->origin,
		.end = end,
		.place = "this node",
	};

	return decision->text ? xstrdup(decision->text) :
				reason_sentence(&details);
}
