/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_KUNIT_ASK_H
#define PODWALL_KUNIT_ASK_H

#include <kunit/test.h>
#include <linux/types.h>

struct peers;
struct podwall_ip;
struct podwall_policy;
struct podwall_port_map;
struct podwall_query;
struct podwall_row;

void ask_policy(struct kunit *test, const struct podwall_policy *policy, u32 set,
		const struct podwall_query *query);
void ask_users(struct kunit *test, const struct podwall_policy *policy);
void ask_row(struct kunit *test, const struct podwall_row *row,
	     const struct peers *peers, const struct podwall_port_map *ports,
	     const struct podwall_query *query);

#endif
