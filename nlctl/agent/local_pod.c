// SPDX-License-Identifier: GPL-2.0-only
#include "agent/local_pod.h"

#include <stdlib.h>
#include <string.h>

#include "policy/memory.h"

struct local_pod *local_pods_find(const struct local_pods *pods,
				  const char *key)
{
	struct local_pod *pod;

	HASH_FIND_STR(pods->pods, key, pod);
	return pod;
}

struct local_pod *local_pods_keep(struct local_pods *pods, const char *key,
				  const char *api_version, json_t *object)
{
	struct local_pod *pod = local_pods_find(pods, key);

	if (!pod) {
		pod = xcalloc(1, sizeof(*pod));
		pod->key = xstrdup(key);
		pod->api_version = xstrdup(api_version);
		HASH_ADD_KEYPTR(hh, pods->pods, pod->key, strlen(key), pod);
	}
	json_incref(object);
	json_decref(pod->object);
	pod->object = object;
	return pod;
}

static void drop(struct local_pods *pods, struct local_pod *pod)
{
	HASH_DEL(pods->pods, pod);
	json_decref(pod->object);
	free(pod->ips);
	free(pod->api_version);
	free(pod->key);
	free(pod);
}

void local_pods_drop(struct local_pods *pods, const char *key)
{
	struct local_pod *pod = local_pods_find(pods, key);

	if (pod)
		drop(pods, pod);
}

void local_pods_clear(struct local_pods *pods)
{
	struct local_pod *pod = NULL, *next = NULL;

	HASH_ITER(hh, pods->pods, pod, next)
		drop(pods, pod);
}

/* More addresses than a pod may have, of which the kernel takes fewer. */
#define IPS_MAX 64

/* The plugin gave the address to another pod since. */
static bool is_others(const struct attachments *attachments, const char *key,
		      const struct ip *ip)
{
	const struct attachment *owner = attachments_find_ip(attachments, ip);

	return owner && strcmp(owner->key, key) != 0;
}

/* The uid of a static pod as the runtime knows it: the object that mirrors the pod
 * has one of its own.
 */
static const char *static_uid(const json_t *object)
{
	const json_t *metadata = json_object_get(object, "metadata");
	const json_t *annotations = json_object_get(metadata, "annotations");

	return json_string_value(json_object_get(annotations,
						 "kubernetes.io/config.hash"));
}

/* A sandbox of an earlier pod of that name says nothing of this one. */
static bool is_of(const struct attachment *attachment,
		  const struct cluster_pod *pod, const json_t *object)
{
	const char *other = static_uid(object);

	return !*attachment->uid || !*pod->uid ||
	       !strcmp(attachment->uid, pod->uid) ||
	       (other && !strcmp(attachment->uid, other));
}

static void attach(const struct attachments *attachments,
		   const struct attachment *attachment, struct cluster_pod *pod)
{
	struct ip ips[IPS_MAX];
	size_t count;

	count = attachments_ips(attachments, pod->key, ips, IPS_MAX);
	pod->ip_count = count < IPS_MAX ? count : IPS_MAX;
	free(pod->ips);
	pod->ips = xmemdup(ips, pod->ip_count * sizeof(*ips));
	if (!attachment->host_interface)
		return;
	free(pod->interface);
	pod->interface = xstrdup(attachment->host_interface);
}

void local_pod_attach(struct local_pod *local,
		      const struct attachments *attachments,
		      struct cluster_pod *pod)
{
	const struct attachment *attachment =
		attachments_find(attachments, pod->key);
	bool attached = attachment && is_of(attachment, pod, local->object);
	size_t kept = 0, i;

	if (attached)
		attach(attachments, attachment, pod);
	local->contested = false;
	for (i = 0; i < pod->ip_count; i++)
		if (is_others(attachments, pod->key, &pod->ips[i]))
			local->contested = true;
		else if (attached ||
			 !attachments_gone(attachments, pod->key, &pod->ips[i]))
			pod->ips[kept++] = pod->ips[i];
	pod->ip_count = kept;
	free(local->ips);
	local->ips = xmemdup(pod->ips, kept * sizeof(*pod->ips));
	local->ip_count = kept;
}

bool local_pod_minds(const struct local_pod *local,
		     const struct attachment *attachment)
{
	size_t i;

	if (local->contested)
		return true;
	for (i = 0; attachment && i < local->ip_count; i++)
		if (attachment_has(attachment, &local->ips[i]))
			return true;
	return false;
}
