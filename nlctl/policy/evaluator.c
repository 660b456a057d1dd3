// SPDX-License-Identifier: GPL-2.0-only
#include "policy/evaluator.h"

#include "policy/owners.h"
#include "policy/question.h"

/* NULL, or why the endpoint has no address to speak from. */
static const char *find_party(const struct cluster *cluster,
			      const struct endpoint *endpoint, int family,
			      struct party *party)
{
	const struct cluster_pod *pod = endpoint->pod;
	bool of_family = false;
	size_t i;

	*party = (struct party){ .ip = endpoint->ip };
	if (pod && (pod->phase == POD_SUCCEEDED || pod->phase == POD_FAILED))
		return "the pod has ended and has no address any more";
	for (i = 0; pod && i < pod->ip_count && !party->pod; i++) {
		if (pod->ips[i].family != family)
			continue;
		of_family = true;
		party->ip = pod->ips[i];
		if (!has_own_network(cluster, pod))
			break;
		party->pod = owner_of(cluster, &party->ip);
		if (party->pod != pod)
			party->pod = NULL;
	}
	if (pod && !of_family)
		return "the pod has no address of this family";
	if (pod && !party->pod && has_own_network(cluster, pod))
		return "the pod's address belongs to another pod";
	if (!pod) {
		if (party->ip.family != family)
			return "the address is not of this family";
		party->pod = owner_of(cluster, &party->ip);
	}
	ip_text(&party->ip, party->text);
	return NULL;
}

static bool is_denial(const struct judgement *judgement)
{
	return judgement->verdict == PODWALL_VERDICT_DENY &&
	       !judgement->audited;
}

const char *evaluate(const struct cluster *cluster, const struct endpoint *from,
		     const struct endpoint *to, int family, uint8_t protocol,
		     uint16_t port, struct evaluation *evaluation)
{
	struct party client, server;
	struct question egress = { cluster, &client,  &server,
				   false,   protocol, port };
	struct question ingress = { cluster, &server,  &client,
				    true,    protocol, port };
	const char *wrong;

	*evaluation = (struct evaluation){};
	wrong = find_party(cluster, from, family, &client);
	if (!wrong)
		wrong = find_party(cluster, to, family, &server);
	if (wrong)
		return wrong;
	evaluation->egress = judgement_of(&egress);
	evaluation->ingress = judgement_of(&ingress);
	evaluation->verdict = is_denial(&evaluation->egress) ||
					      is_denial(&evaluation->ingress) ?
				      PODWALL_VERDICT_DENY :
				      PODWALL_VERDICT_ACCEPT;
	return NULL;
}

void evaluation_clear(struct evaluation *evaluation)
{
	judgement_clear(&evaluation->egress);
	judgement_clear(&evaluation->ingress);
	*evaluation = (struct evaluation){};
}
