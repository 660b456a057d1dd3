// SPDX-License-Identifier: GPL-2.0-only
#include "events.h"

#include <stdlib.h>
#include "policy/memory.h"
#include "support.h"

struct event make_event(void)
{
	struct event event = {
		.connection = {
			.protocol = IPPROTO_TCP,
			.client_port = 56548,
			.server_port = 443,
		},
		.decision = {
			.direction = PODWALL_DIRECTION_EGRESS,
			.verdict = PODWALL_VERDICT_DENY,
			.reason = PODWALL_REASON_ISOLATED,
			.mode = PODWALL_MODE_ENFORCE,
			.tier = PODWALL_TIER_POLICY,
			.rule_set = 2,
		},
		.length = 60,
		.lost = 3,
		.pod_lost = 1,
		.generation = 12,
		.time = MOMENT,
	};

	assert_true(ip_parse("10.1.0.12", &event.connection.client));
	assert_true(ip_parse("198.51.100.7", &event.connection.server));
	event.decision.pod = xstrdup("default/backend");
	event.decision.origin =
		xstrdup("NetworkPolicy default/restrict-egress");
	event.client_pod = xstrdup("default/backend");
	return event;
}

void set_text(char **text, const char *value)
{
	free(*text);
	*text = value ? xstrdup(value) : NULL;
}
