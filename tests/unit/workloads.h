/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small cluster without policies.
 */
#ifndef UNIT_WORKLOADS_H
#define UNIT_WORKLOADS_H

#include "policy/cluster.h"

/* Add pods x/web-1, x/web-2 and x/db, 10.0.0.1 to 3, and y/job, 10.0.1.1, with
 * labels app=web and so on, in namespaces with team=one and team=two.
 */
void add_workloads(struct cluster *cluster);

#endif
