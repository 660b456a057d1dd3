// SPDX-License-Identifier: GPL-2.0-only
#include "traffic.h"

#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "policy/memory.h"
#include "verdict.h"

void count_add(struct count *sum, const struct count *count)
{
	sum->connections += count->connections;
	sum->packets += count->packets;
	sum->bytes += count->bytes;
}

/* What a newer module may send has the label "unknown", whatever it is. */
static unsigned int known(enum enumeration enumeration, unsigned int value)
{
	return strcmp(name_of(enumeration, value), "unknown") ? value :
								TRAFFIC_UNKNOWN;
}

/* The mode says of denials whether they are in force. All else is. */
static enum podwall_mode mode_of(const struct traffic *traffic)
{
	return verdict_audited(traffic->verdict, traffic->mode) ?
		       PODWALL_MODE_AUDIT :
		       PODWALL_MODE_ENFORCE;
}

static struct count *sum_of(struct traffic_sums *sums,
			    const struct traffic *traffic, bool by_reason)
{
	const unsigned int direction =
		known(ENUMERATION_DIRECTION, traffic->direction);
	const unsigned int verdict =
		known(ENUMERATION_VERDICT, traffic->verdict);
	const unsigned int reason =
		by_reason ? known(ENUMERATION_REASON, traffic->reason) : 0;
	const enum podwall_mode mode = mode_of(traffic);
	struct traffic *entry;
	size_t i;

	for (i = 0; i < sums->count; i++) {
		entry = &sums->list[i];
		if (entry->direction == direction &&
		    entry->verdict == verdict && entry->mode == mode &&
		    entry->reason == reason)
			return &entry->count;
	}
	entry = array_add(sums->list, sums->count);
	*entry = (struct traffic){ direction, verdict, mode, reason, {} };
	return &entry->count;
}

void traffic_sums_add(struct traffic_sums *sums, const struct traffic *traffic,
		      bool by_reason)
{
	count_add(sum_of(sums, traffic, by_reason), &traffic->count);
}

void traffic_sums_begin(struct traffic_sums *sums)
{
	static const struct {
		enum podwall_verdict verdict;
		enum podwall_mode mode;
		enum podwall_reason reason;
	} outcomes[] = {
		{ PODWALL_VERDICT_ACCEPT, PODWALL_MODE_ENFORCE,
		  PODWALL_REASON_NO_POLICY },
		{ PODWALL_VERDICT_ACCEPT, PODWALL_MODE_ENFORCE,
		  PODWALL_REASON_RULE },
		{ PODWALL_VERDICT_ACCEPT, PODWALL_MODE_ENFORCE,
		  PODWALL_REASON_DEFAULT },
		{ PODWALL_VERDICT_ACCEPT, PODWALL_MODE_ENFORCE,
		  PODWALL_REASON_NODE },
		{ PODWALL_VERDICT_DENY, PODWALL_MODE_ENFORCE,
		  PODWALL_REASON_RULE },
		{ PODWALL_VERDICT_DENY, PODWALL_MODE_ENFORCE,
		  PODWALL_REASON_ISOLATED },
		{ PODWALL_VERDICT_DENY, PODWALL_MODE_ENFORCE,
		  PODWALL_REASON_UNREGISTERED },
		{ PODWALL_VERDICT_DENY, PODWALL_MODE_AUDIT,
		  PODWALL_REASON_RULE },
		{ PODWALL_VERDICT_DENY, PODWALL_MODE_AUDIT,
		  PODWALL_REASON_ISOLATED },
	};
	unsigned int direction;
	size_t i;

	*sums = (struct traffic_sums){};
	for (direction = PODWALL_DIRECTION_INGRESS;
	     direction <= PODWALL_DIRECTION_EGRESS; direction++)
		for (i = 0; i < sizeof(outcomes) / sizeof(*outcomes); i++) {
			/* The node reaches its pods: ingress to them. */
			if (outcomes[i].reason == PODWALL_REASON_NODE &&
			    direction == PODWALL_DIRECTION_EGRESS)
				continue;
			sum_of(sums,
			       &(struct traffic){ direction,
						  outcomes[i].verdict,
						  outcomes[i].mode,
						  outcomes[i].reason,
						  {} },
			       true);
		}
}

void traffic_sums_clear(struct traffic_sums *sums)
{
	free(sums->list);
	*sums = (struct traffic_sums){};
}
