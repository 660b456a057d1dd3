/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A saved state as a policy, made by the module's own transactions and commits.
 * What fails ends the program.
 */
#ifndef CACHE_LOAD_H
#define CACHE_LOAD_H

#include "policy/objects.h"

struct podwall_ip;
struct podwall_policy;

struct podwall_ip cache_ip(const struct ip *ip);

struct podwall_policy *cache_load(const struct objects *objects,
				  const struct settings *settings);

#endif
