/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_RESULT_H
#define PODWALL_RESULT_H

#include <linux/in.h>
#include <linux/podwall.h>
#include <linux/types.h>

/*
 * A result is the index of the count that a packet belongs to, which is the
 * rule that decided or one of the rule set's two endings, and the verdict.
 */
#define PODWALL_RESULT_COUNT	0x001fffffU
#define PODWALL_RESULT_DENY	0x80000000U

/* Instead: the rule passes, and its tier has nothing more to say. */
#define PODWALL_RESULT_PASS	0xc0000000U
#define PODWALL_RESULT_TIER	0x0000000fU

#define PODWALL_TIERS		(PODWALL_TIER_BASELINE + 1)

/* TCP, UDP and SCTP: the protocols whose ports a rule can name. */
#define PODWALL_PORT_PROTOCOLS	3

extern const u8 podwall_port_slots[256];

/* Which of them a protocol is; PODWALL_PORT_PROTOCOLS for any other. */
static __always_inline u32 podwall_port_slot(u8 protocol)
{
	return podwall_port_slots[protocol];
}

/*
 * What a packet asks for besides its peer: the protocol's slot, and below it the
 * port in host byte order.
 */
static __always_inline u32 podwall_port_key(u8 protocol, u16 port)
{
	return podwall_port_slot(protocol) << 16 | port;
}

static __always_inline u32 podwall_port_key_slot(u32 key)
{
	return key >> 16;
}

struct podwall_outcome;
struct podwall_rule_set;

void podwall_result_read(const struct podwall_rule_set *set, u32 result,
			 struct podwall_outcome *outcome);

#endif
