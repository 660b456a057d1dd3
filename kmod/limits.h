/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_LIMITS_H
#define PODWALL_LIMITS_H

#include <linux/sizes.h>

/*
 * What one network namespace may hold until settings say otherwise: ten times
 * a large node of a large cluster, and far from what hurts one.
 */
#define PODWALL_LIMIT_ADDRESSES		1048576
#define PODWALL_LIMIT_PEER_SETS		65536
#define PODWALL_LIMIT_RULE_SETS		16384
#define PODWALL_LIMIT_PODS		4096
#define PODWALL_LIMIT_RULES		1048576
#define PODWALL_LIMIT_MEMBERS		4194304
#define PODWALL_LIMIT_GUARDED		64
#define PODWALL_LIMIT_TRANSACTIONS	16
#define PODWALL_LIMIT_MEMORY		SZ_512M

/* What no setting changes. */
#define PODWALL_POD_ADDRESSES_MAX	16
#define PODWALL_GUARDED_MAX		1024
#define PODWALL_RULE_SET_RULES_MAX	65536
/* A rule and a block each fit one message of a listing. */
#define PODWALL_RULE_PEER_SETS_MAX	1024
#define PODWALL_RULE_PORT_RANGES_MAX	512
#define PODWALL_BLOCK_EXCEPTS_MAX	512
/* What all peer sets' blocks may cut the addresses of a family into. */
#define PODWALL_BLOCK_EDGES_MAX		1048576
#define PODWALL_REGION_SETS_MAX		4194304
/* So that nested blocks are not compared for minutes. */
#define PODWALL_REGION_WORK_MAX		268435456
#define PODWALL_EVENT_RATE_DEFAULT	400
#define PODWALL_EVENT_RATE_MAX		1000000

#endif
