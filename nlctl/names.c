// SPDX-License-Identifier: GPL-2.0-only
#include "names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "policy/memory.h"

#define NAMES_MAX 8

static const char *const names[][NAMES_MAX] = {
	[ENUMERATION_DIRECTION] = {
		[PODWALL_DIRECTION_INGRESS] = "ingress",
		[PODWALL_DIRECTION_EGRESS] = "egress",
	},
	[ENUMERATION_TIER] = {
		[PODWALL_TIER_ADMIN] = "admin",
		[PODWALL_TIER_POLICY] = "policy",
		[PODWALL_TIER_BASELINE] = "baseline",
	},
	[ENUMERATION_ACTION] = {
		[PODWALL_ACTION_ACCEPT] = "accept",
		[PODWALL_ACTION_DENY] = "deny",
		[PODWALL_ACTION_PASS] = "pass",
	},
	[ENUMERATION_MODE] = {
		[PODWALL_MODE_ENFORCE] = "enforce",
		[PODWALL_MODE_AUDIT] = "audit",
	},
	[ENUMERATION_VERDICT] = {
		[PODWALL_VERDICT_ACCEPT] = "accept",
		[PODWALL_VERDICT_DENY] = "deny",
	},
	[ENUMERATION_REASON] = {
		[PODWALL_REASON_NO_POLICY] = "no-policy",
		[PODWALL_REASON_RULE] = "rule",
		[PODWALL_REASON_ISOLATED] = "isolated",
		[PODWALL_REASON_DEFAULT] = "default",
		[PODWALL_REASON_UNREGISTERED] = "unregistered",
		[PODWALL_REASON_NODE] = "node",
	},
	[ENUMERATION_NODE_ACCESS] = {
		[PODWALL_NODE_ACCESS_ACCEPT] = "accept",
		[PODWALL_NODE_ACCESS_JUDGE] = "judge",
	},
	[ENUMERATION_DENY_ACTION] = {
		[PODWALL_DENY_ACTION_DROP] = "drop",
		[PODWALL_DENY_ACTION_REJECT] = "reject",
	},
};

const char *name_of(enum enumeration enumeration, unsigned int value)
{
	const char *name = NULL;

	if (value < NAMES_MAX)
		name = names[enumeration][value];
	return name ? name : "unknown";
}

unsigned int name_value(enum enumeration enumeration, const char *name)
{
	unsigned int value;

	for (value = 1; value < NAMES_MAX; value++) {
		const char *known = names[enumeration][value];

		if (known && !strcmp(known, name))
			return value;
	}
	return 0;
}

char *name_choices(enum enumeration enumeration)
{
	char *text = xstrdup(names[enumeration][1]);
	unsigned int value;

	for (value = 2; value < NAMES_MAX; value++) {
		const char *name = names[enumeration][value];
		bool last = value + 1 == NAMES_MAX ||
			    !names[enumeration][value + 1];
		char *longer;

		if (!name)
			break;
		longer = xasprintf("%s%s%s", text, last ? " or " : ", ", name);
		free(text);
		text = longer;
	}
	return text;
}

static const struct {
	uint8_t number;
	const char *name;
} protocols[] = {
	{ IPPROTO_ICMP, "icmp" }, { IPPROTO_TCP, "tcp" },
	{ IPPROTO_UDP, "udp" },	  { IPPROTO_ICMPV6, "icmpv6" },
	{ IPPROTO_SCTP, "sctp" },
};

#define PROTOCOL_COUNT (sizeof(protocols) / sizeof(*protocols))

const char *protocol_text(uint8_t protocol, char *buffer)
{
	size_t i;

	for (i = 0; i < PROTOCOL_COUNT; i++)
		if (protocols[i].number == protocol)
			return strcpy(buffer, protocols[i].name);
	snprintf(buffer, PROTOCOL_TEXT_MAX, "%u", protocol);
	return buffer;
}

bool protocol_parse(const char *text, uint8_t *protocol)
{
	uint64_t number;
	size_t i;

	for (i = 0; i < PROTOCOL_COUNT; i++) {
		if (!strcmp(protocols[i].name, text)) {
			*protocol = protocols[i].number;
			return true;
		}
	}
	if (!number_parse(text, UINT8_MAX, &number))
		return false;
	*protocol = number;
	return true;
}

bool protocol_has_ports(uint8_t protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP ||
	       protocol == IPPROTO_SCTP;
}

static const struct {
	const char *name;
	size_t offset;
} amount_fields[] = {
	[PODWALL_A_AMOUNTS_ADDRESSES] = { "addresses",
					  offsetof(struct amounts, addresses) },
	[PODWALL_A_AMOUNTS_PEER_SETS] = { "peer_sets",
					  offsetof(struct amounts, peer_sets) },
	[PODWALL_A_AMOUNTS_RULE_SETS] = { "rule_sets",
					  offsetof(struct amounts, rule_sets) },
	[PODWALL_A_AMOUNTS_PODS] = { "pods", offsetof(struct amounts, pods) },
	[PODWALL_A_AMOUNTS_RULES] = { "rules",
				      offsetof(struct amounts, rules) },
	[PODWALL_A_AMOUNTS_MEMBERS] = { "members",
					offsetof(struct amounts, members) },
	[PODWALL_A_AMOUNTS_GUARDED] = { "guarded",
					offsetof(struct amounts, guarded) },
	[PODWALL_A_AMOUNTS_TRANSACTIONS] = { "transactions",
					     offsetof(struct amounts,
						      transactions) },
	[PODWALL_A_AMOUNTS_MEMORY] = { "memory",
				       offsetof(struct amounts, memory) },
};

/* Memory is the one amount of 64 bits. */
static uint32_t *field_of(const struct amounts *amounts, unsigned int field)
{
	return (uint32_t *)((char *)amounts + amount_fields[field].offset);
}

const char *amount_name(unsigned int field)
{
	return amount_fields[field].name;
}

uint64_t amount_get(const struct amounts *amounts, unsigned int field)
{
	if (field == PODWALL_A_AMOUNTS_MEMORY)
		return amounts->memory;
	return *field_of(amounts, field);
}

uint64_t amount_max(unsigned int field)
{
	return field == PODWALL_A_AMOUNTS_MEMORY ? INT64_MAX : UINT32_MAX;
}

void amount_set(struct amounts *amounts, unsigned int field, uint64_t value)
{
	if (field == PODWALL_A_AMOUNTS_MEMORY)
		amounts->memory = value;
	else
		*field_of(amounts, field) = value;
}
