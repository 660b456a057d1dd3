// SPDX-License-Identifier: GPL-2.0-only
#include "comparison.h"

#include <stdlib.h>
#include <string.h>

#include "connections.h"
#include "names.h"
#include "policy/memory.h"

/* What the module is to say of a direction. */
struct expected {
	const struct cluster_pod *pod; /* NULL when it has none to judge for */
	enum podwall_verdict verdict;
	bool audited; /* a denial is not in force */
	enum podwall_tier tier; /* 0 when no rule and no policy decides */
	const char *origin;
	const char *text;
};

/* The module judges for pods of its node only. It sees neither why nothing
 * decides, nor that it would have but for the pod's own node.
 */
static struct expected expect(const struct cluster_pod *pod,
			      const struct judgement *judgement)
{
	struct expected expected = {
		.pod = pod,
		.verdict = PODWALL_VERDICT_ACCEPT,
		.origin = "",
		.text = "it is no pod of this node",
	};

	if (!pod)
		return expected;
	expected.verdict = judgement->verdict;
	expected.audited = judgement->audited;
	expected.text = judgement->text;
	if (judgement->reason == PODWALL_REASON_RULE ||
	    judgement->reason == PODWALL_REASON_ISOLATED) {
		expected.tier = judgement->tier;
		expected.origin = judgement->origin;
	}
	return expected;
}

static bool is_decided(const struct decision *decision)
{
	return decision->reason == PODWALL_REASON_RULE ||
	       decision->reason == PODWALL_REASON_ISOLATED;
}

static bool is_audited(const struct decision *decision)
{
	return decision->verdict == PODWALL_VERDICT_DENY &&
	       decision->mode == PODWALL_MODE_AUDIT;
}

static const char *or_nothing(const char *text)
{
	return text ? text : "";
}

static bool is_same(const struct expected *expected,
		    const struct decision *decision)
{
	enum podwall_tier tier = is_decided(decision) ? decision->tier : 0;
	const char *origin = is_decided(decision) ? decision->origin : NULL;

	return expected->verdict == decision->verdict &&
	       expected->audited == is_audited(decision) &&
	       expected->tier == tier &&
	       !strcmp(expected->origin, or_nothing(origin)) &&
	       !strcmp(expected->pod ? expected->pod->key : "",
		       or_nothing(decision->pod));
}

static const char *tier_text(enum podwall_tier tier)
{
	return tier ? name_of(ENUMERATION_TIER, tier) : "none";
}

static const char *audit_text(bool audited)
{
	return audited ? " in audit" : "";
}

static void tell(FILE *stream, const char *direction,
		 const struct expected *expected,
		 const struct decision *decision)
{
	if (is_same(expected, decision))
		return;
	fprintf(stream,
		"%s of %s: the module says %s%s, by %s, tier %s, \"%s\"; expected %s%s, tier %s, \"%s\": %s\n",
		direction, expected->pod ? expected->pod->key : "no pod",
		name_of(ENUMERATION_VERDICT, decision->verdict),
		audit_text(is_audited(decision)),
		name_of(ENUMERATION_REASON, decision->reason),
		tier_text(decision->tier), or_nothing(decision->origin),
		name_of(ENUMERATION_VERDICT, expected->verdict),
		audit_text(expected->audited), tier_text(expected->tier),
		expected->origin, expected->text);
}

static bool is_denial(const struct expected *expected)
{
	return expected->verdict == PODWALL_VERDICT_DENY && !expected->audited;
}

static void count_connection(struct tally *tally, const struct expected *egress,
			     const struct expected *ingress)
{
	if (is_denial(egress) || is_denial(ingress))
		tally->denied++;
	else if (egress->audited || ingress->audited)
		tally->audited++;
	else
		tally->accepted++;
}

static void count_direction(struct tally *tally, const struct cluster_pod *pod,
			    const struct judgement *judgement)
{
	if (!pod)
		return;
	switch (judgement->reason) {
	case PODWALL_REASON_RULE:
		tally->decided[judgement->tier]++;
		break;
	case PODWALL_REASON_ISOLATED:
		tally->isolated++;
		break;
	case PODWALL_REASON_NODE:
		tally->node++;
		break;
	default:
		tally->open++;
		break;
	}
}

char *compare(const struct cluster *cluster,
	      const struct explanation *explanation, struct tally *tally)
{
	const struct connection *connection = &explanation->connection;
	const struct endpoint from = { .ip = connection->client };
	const struct endpoint to = { .ip = connection->server };
	char client[NETWORK_TEXT_MAX], server[NETWORK_TEXT_MAX];
	struct expected egress, ingress;
	struct evaluation evaluation;
	enum podwall_verdict verdict = PODWALL_VERDICT_ACCEPT;
	const char *wrong;
	size_t length;
	char *text;
	FILE *stream;

	wrong = evaluate(cluster, &from, &to, from.ip.family,
			 connection->protocol, connection->server_port,
			 &evaluation);
	if (wrong)
		return xasprintf("the evaluator does not answer: %s", wrong);
	egress = expect(own_pod(cluster, &from.ip), &evaluation.egress);
	ingress = expect(own_pod(cluster, &to.ip), &evaluation.ingress);
	if (is_denial(&egress) || is_denial(&ingress))
		verdict = PODWALL_VERDICT_DENY;
	if (tally) {
		count_connection(tally, &egress, &ingress);
		count_direction(tally, egress.pod, &evaluation.egress);
		count_direction(tally, ingress.pod, &evaluation.ingress);
	}
	if (verdict == explanation->verdict &&
	    is_same(&egress, &explanation->egress) &&
	    is_same(&ingress, &explanation->ingress)) {
		evaluation_clear(&evaluation);
		return NULL;
	}
	stream = xopen_memstream(&text, &length);
	fprintf(stream,
		"%s -> %s, protocol %u, port %u: the module says %s, expected %s\n",
		ip_text(&connection->client, client),
		ip_text(&connection->server, server), connection->protocol,
		connection->server_port,
		name_of(ENUMERATION_VERDICT, explanation->verdict),
		name_of(ENUMERATION_VERDICT, verdict));
	tell(stream, "egress", &egress, &explanation->egress);
	tell(stream, "ingress", &ingress, &explanation->ingress);
	fclose(stream);
	evaluation_clear(&evaluation);
	return text;
}
