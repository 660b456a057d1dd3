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

#define PODWALL_TIERS		(PODWALL_TIER_BASELINE + 1)

/* TCP, UDP and SCTP: the protocols whose ports a rule can name. */
#define PODWALL_PORT_PROTOCOLS	3

/* Keys from here on have no port. */
#define PODWALL_PORT_KEYS	(PODWALL_PORT_PROTOCOLS << 16)

extern const u8 podwall_port_slots[256];

/* Which of them a protocol is; PODWALL_PORT_PROTOCOLS for any other. */
static __always_inline u32 podwall_port_slot(u8 protocol)
{
	return podwall_port_slots[protocol];
}

/**
 * podwall_port_key - say what a packet asks for besides its peer
 * @protocol: IP protocol number
 * @port: the server's, in host byte order
 * @has_port: the packet carries ports
 *
 * Context: Any.
 * Return: the protocol's slot, and below it the port. Without ports: the slot
 * plus PODWALL_PORT_PROTOCOLS, and below it 0.
 */
static __always_inline u32 podwall_port_key(u8 protocol, u16 port,
					    bool has_port)
{
	u32 slot = podwall_port_slot(protocol);

	if (has_port && likely(slot != PODWALL_PORT_PROTOCOLS))
		return slot << 16 | port;
	return (slot + PODWALL_PORT_PROTOCOLS) << 16;
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
