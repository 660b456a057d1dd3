/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pods of this node, and what the CNI plugin says of them.
 */
#ifndef NLCTL_AGENT_LOCAL_POD_H
#define NLCTL_AGENT_LOCAL_POD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <uthash.h>

#include "agent/attachments.h"
#include "attachment.h"
#include "policy/model.h"

/**
 * struct local_pod - a pod of this node
 * @key: namespace/name
 * @api_version: of @object
 * @object: its last good version, kept as it came: what the plugin says of the pod
 *	is part of what the compiler gets, and may change by itself
 * @ips: its addresses, as the compiler has them
 * @ip_count: length of @ips
 * @contested: an address that it claims is another one's by now
 * @hh: links the pods by @key
 */
struct local_pod {
	char *key;
	char *api_version;
	json_t *object;
	struct ip *ips;
	size_t ip_count;
	bool contested;
	UT_hash_handle hh;
};

/**
 * struct local_pods - all of them; start with zeroes
 * @pods: uthash by key
 */
struct local_pods {
	struct local_pod *pods;
};

/* A pod, or NULL. */
struct local_pod *local_pods_find(const struct local_pods *pods,
				  const char *key);

/* Keep a version of a pod, which may be the one that is kept. */
struct local_pod *local_pods_keep(struct local_pods *pods, const char *key,
				  const char *api_version, json_t *object);

/* Forget a pod, if it is there. */
void local_pods_drop(struct local_pods *pods, const char *key);

/* Forget all. */
void local_pods_clear(struct local_pods *pods);

/**
 * local_pod_attach() - make a pod what the plugin says of it
 * @local: the pod; notes its addresses, and whether it is contested
 * @attachments: what the plugin says
 * @pod: the same, decoded; its addresses and interface may change
 *
 * What the plugin saw is newer than what the kubelet has reported, and knows when
 * an address is the pod's no longer. Of two that it gave one address, it has the
 * newer one; nobody told that the other one's is gone.
 */
void local_pod_attach(struct local_pod *local,
		      const struct attachments *attachments,
		      struct cluster_pod *pod);

/**
 * local_pod_minds() - whether the attachment of another pod matters to a pod
 * @local: the pod
 * @attachment: of the other; NULL when it has none any more
 *
 * It has, or had, an address of the other: the status of a pod that got a new
 * sandbox, as all do behind a start of the node, is behind for a while.
 */
bool local_pod_minds(const struct local_pod *local,
		     const struct attachment *attachment);

#endif
