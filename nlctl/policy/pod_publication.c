// SPDX-License-Identifier: GPL-2.0-only
#include "policy/pod_publication.h"

#include <stdlib.h>
#include <string.h>
#include "policy/equality.h"
#include "policy/live_pod.h"
#include "policy/memory.h"
#include "policy/mode.h"
#include "policy/reporting.h"

static int compare_ips(const void *a, const void *b)
{
	return ip_compare(a, b);
}

static char *interface_of(const struct local_pod *here, const char *key,
			  const struct objects *live)
{
	const struct pod *pod = live_pod(live, key);

	if (here->pod->interface)
		return xstrdup(here->pod->interface);
	/* Manifests do not know it; do not forget what the kernel knows. */
	if (here->published.key && here->published.interface &&
	    !strcmp(here->published.uid, here->pod->uid))
		return xstrdup(here->published.interface);
	if (pod && pod->interface && !strcmp(pod->uid, here->pod->uid))
		return xstrdup(pod->interface);
	return NULL;
}

static struct pod render_pod(const struct inhabitant *inhabitant,
			     const struct objects *live)
{
	const struct identity *identity = inhabitant->identity;
	const struct cluster_namespace *namespace = identity->namespace->object;
	const struct cluster_pod *from = inhabitant->here->pod;
	const struct draft *draft = identity->draft;
	struct pod pod = {
		.key = xstrdup(inhabitant->key),
		.uid = xstrdup(from->uid),
		.ingress_rule_set = draft_id(draft, PART_INGRESS),
		.egress_rule_set = draft_id(draft, PART_EGRESS),
		.ingress_enforced_rule_set =
			draft_id(draft, PART_INGRESS_ENFORCED),
		.egress_enforced_rule_set =
			draft_id(draft, PART_EGRESS_ENFORCED),
		.mode = mode_of_pod(namespace, from),
		.report_accepted = reporting_of_pod(namespace, from),
	};
	size_t i;

	for (i = 0; i < inhabitant->claim_count; i++)
		if (inhabitant->claims[i].address->owner == inhabitant)
			*array_add(pod.ips, pod.ip_count) =
				inhabitant->claims[i].address->ip;
	if (pod.ip_count > 1)
		qsort(pod.ips, pod.ip_count, sizeof(*pod.ips), compare_ips);
	pod.interface = interface_of(inhabitant->here, inhabitant->key, live);
	return pod;
}

static bool is_registered(const struct inhabitant *inhabitant)
{
	return inhabitant->local && inhabitant->owned && inhabitant->identity &&
	       inhabitant->identity->namespace->object;
}

void publish_pod(struct compiler *compiler, struct inhabitant *inhabitant,
		 const struct objects *live, struct difference *difference)
{
	struct local_pod *here = inhabitant->here;
	struct pod *before = NULL, now = {};
	const struct pod *after = NULL;

	if (!here)
		return;
	if (is_registered(inhabitant))
		now = render_pod(inhabitant, live);
	if (now.key && here->published.key &&
	    same_pod(&now, &here->published)) {
		pod_clear(&now);
		return;
	}
	if (here->published.key) {
		before = xmemdup(&here->published, sizeof(*before));
		*array_add(compiler->outdated.pods,
			   compiler->outdated.pod_count) = before;
	}
	here->published = now;
	if (now.key)
		after = &here->published;
	compiler->counts.local_pods += !!after - !!before;
	if (before || after)
		*array_add(difference->pods, difference->pod_count) =
			(struct pod_change){ change_kind(before, after), before,
					     after };
}
