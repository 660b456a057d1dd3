// SPDX-License-Identifier: GPL-2.0-only
#include "workloads.h"

#include "support.h"

void add_workloads(struct cluster *cluster)
{
	add_namespace(cluster, "x", "team=one");
	add_namespace(cluster, "y", "team=two");
	add_pod(cluster, "x/web-1", "app=web", "10.0.0.1", "");
	add_pod(cluster, "x/web-2", "app=web", "10.0.0.2", "");
	add_pod(cluster, "x/db", "app=db", "10.0.0.3", "");
	add_pod(cluster, "y/job", "app=job", "10.0.1.1", "");
}
