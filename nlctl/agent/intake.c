// SPDX-License-Identifier: GPL-2.0-only
#include "agent/intake.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "agent/inventory.h"
#include "agent/log.h"
#include "agent/object.h"
#include "policy/memory.h"

/* A pod of this node, its last good version kept as it came: what the CNI plugin
 * says of it is part of what the compiler gets, and may change by itself.
 */
struct local_pod {
	char *key;
	char *api_version;
	json_t *object;
	bool contested; /* an address in its status is another one's by now */
	UT_hash_handle hh;
};

struct intake {
	const char *node;
	struct compiler *compiler;
	struct attachments *attachments;
	struct intake_owner owner;
	struct inventory inventories[RESOURCE_COUNT];
	bool complete[RESOURCE_COUNT];
	struct local_pod *local_pods;
	char **asked; /* pods that the plugin may be waiting for */
	size_t asked_count;
	struct network *blocks;
	size_t block_count;
};

static struct local_pod *find_local_pod(const struct intake *intake,
					const char *key)
{
	struct local_pod *pod;

	HASH_FIND_STR(intake->local_pods, key, pod);
	return pod;
}

static void drop_local_pod(struct intake *intake, const char *key)
{
	struct local_pod *pod = find_local_pod(intake, key);

	if (!pod)
		return;
	HASH_DEL(intake->local_pods, pod);
	json_decref(pod->object);
	free(pod->api_version);
	free(pod->key);
	free(pod);
}

static void keep_local_pod(struct intake *intake, const char *key,
			   const char *api_version, json_t *object)
{
	struct local_pod *pod = find_local_pod(intake, key);

	if (!pod) {
		pod = xcalloc(1, sizeof(*pod));
		pod->key = xstrdup(key);
		pod->api_version = xstrdup(api_version);
		HASH_ADD_KEYPTR(hh, intake->local_pods, pod->key, strlen(key),
				pod);
	}
	/* It may be the one that is kept already. */
	json_incref(object);
	json_decref(pod->object);
	pod->object = object;
}

static bool is_local(const struct intake *intake, const json_t *pod)
{
	const json_t *spec = json_object_get(pod, "spec");
	const char *node = json_string_value(json_object_get(spec, "nodeName"));

	return node && !strcmp(node, intake->node);
}

/* More addresses than a pod may have, of which the kernel takes fewer. */
#define IPS_MAX 64

/* The plugin gave the address to another pod since. */
static bool is_others(const struct intake *intake, const char *key,
		      const struct ip *ip)
{
	const struct attachment *owner =
		attachments_find_ip(intake->attachments, ip);

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

/* What the plugin saw is newer than what the kubelet has reported, and knows
 * when an address is the pod's no longer.
 */
static void attach(const struct intake *intake, struct cluster_pod *pod)
{
	const struct attachment *attachment =
		attachments_find(intake->attachments, pod->key);
	struct local_pod *local = find_local_pod(intake, pod->key);
	struct ip ips[IPS_MAX];
	size_t kept = 0, i;

	local->contested = false;
	if (attachment && is_of(attachment, pod, local->object)) {
		kept = attachments_ips(intake->attachments, pod->key, ips,
				       IPS_MAX);
		if (kept > IPS_MAX)
			kept = IPS_MAX;
		free(pod->ips);
		pod->ips = xmemdup(ips, kept * sizeof(*ips));
		pod->ip_count = kept;
		if (attachment->host_interface) {
			free(pod->interface);
			pod->interface = xstrdup(attachment->host_interface);
		}
		return;
	}
	for (i = 0; i < pod->ip_count; i++)
		if (is_others(intake, pod->key, &pod->ips[i]))
			local->contested = true;
		else if (!attachments_gone(intake->attachments, pod->key,
					   &pod->ips[i]))
			pod->ips[kept++] = pod->ips[i];
	pod->ip_count = kept;
}

static void take(struct intake *intake, struct cluster *cluster, bool local)
{
	if (local)
		attach(intake, cluster->pods);
	object_put(cluster, intake->compiler);
	intake->owner.changed(intake->owner.context);
}

/* An object that cannot be decoded: what was good before holds. */
static void refuse(struct intake *intake, const struct resource *resource,
		   const char *api_version, json_t *object, struct known *known,
		   const char *refusal)
{
	const char *instead = "it is left out";
	struct cluster cluster = {};
	bool again = known->refused;
	char *text;

	if (known->good) {
		instead = "its last good version holds";
	} else if (resource->id == RESOURCE_NETWORK_POLICIES &&
		   object_stand_in(api_version, object, &cluster)) {
		instead = "the pods that it selects are isolated instead";
		take(intake, &cluster, false);
	} else if (resource->id == RESOURCE_PODS) {
		instead = "it is not registered";
	}
	inventory_refuse(&intake->inventories[resource->id], known, true);
	text = xasprintf("%s; %s", refusal, instead);
	if (!again)
		log_warning("%s %s is refused: %s", resource->kind, known->key,
			    text);
	intake->owner.refused(intake->owner.context, resource, api_version,
			      object, text);
	free(text);
}

static bool same_blocks(const struct intake *intake,
			const struct network *blocks, size_t count)
{
	size_t i;

	if (count != intake->block_count)
		return false;
	for (i = 0; i < count; i++)
		if (network_compare(&blocks[i], &intake->blocks[i]))
			return false;
	return true;
}

/* The addresses of the node's pods come from the node itself. */
static void look_at_node(struct intake *intake, const char *name,
			 const json_t *object)
{
	struct network *blocks;
	size_t count;

	if (strcmp(name, intake->node) != 0)
		return;
	blocks = object_blocks(object, &count);
	if (same_blocks(intake, blocks, count)) {
		free(blocks);
		return;
	}
	free(intake->blocks);
	intake->blocks = blocks;
	intake->block_count = count;
	intake->owner.blocks(intake->owner.context, blocks, count);
}

static void put(struct intake *intake, const struct resource *resource,
		const char *api_version, json_t *object, struct known *known)
{
	struct inventory *inventory = &intake->inventories[resource->id];
	struct cluster cluster = {};
	bool local = false;
	char *refusal;

	if (resource->id == RESOURCE_NODES)
		look_at_node(intake, known->key, object);
	refusal = object_decode(resource, api_version, object, &cluster);
	if (refusal) {
		refuse(intake, resource, api_version, object, known, refusal);
		free(refusal);
		return;
	}
	if (known->refused)
		log_notice("%s %s is good again", resource->kind, known->key);
	inventory_refuse(inventory, known, false);
	known->good = true;
	if (resource->id == RESOURCE_PODS) {
		local = is_local(intake, object);
		if (local)
			keep_local_pod(intake, known->key, api_version, object);
		else
			drop_local_pod(intake, known->key);
	}
	take(intake, &cluster, local);
	intake->owner.heard(intake->owner.context, resource, api_version,
			    object);
}

static void forget(struct intake *intake, const struct resource *resource,
		   struct known *known)
{
	object_remove(resource, known->key, intake->compiler);
	if (resource->id == RESOURCE_PODS) {
		drop_local_pod(intake, known->key);
		attachments_forget(intake->attachments, known->key);
	}
	inventory_remove(&intake->inventories[resource->id], known);
	intake->owner.changed(intake->owner.context);
}

static void on_begin(void *context, const struct resource *resource)
{
	struct intake *intake = context;

	intake->inventories[resource->id].list++;
}

static void on_put(void *context, const struct resource *resource,
		   const char *api_version, json_t *object)
{
	struct intake *intake = context;
	char *key = object_key(object);

	if (key)
		put(intake, resource, api_version, object,
		    inventory_see(&intake->inventories[resource->id], key));
	else
		log_warning("the API server sent a %s without a name",
			    resource->kind);
	free(key);
}

static void on_removed(void *context, const struct resource *resource,
		       json_t *object)
{
	struct intake *intake = context;
	char *key = object_key(object);
	struct known *known;

	known = key ? inventory_find(&intake->inventories[resource->id], key) :
		      NULL;
	if (known)
		forget(intake, resource, known);
	free(key);
}

static bool all_complete(const struct intake *intake)
{
	size_t i;

	for (i = 0; i < RESOURCE_COUNT; i++)
		if (!intake->complete[i])
			return false;
	return true;
}

/* What the list did not have is there no more. */
static void on_end(void *context, const struct resource *resource)
{
	struct intake *intake = context;
	struct inventory *inventory = &intake->inventories[resource->id];
	struct known *known, *next;
	bool before = all_complete(intake);

	HASH_ITER(hh, inventory->objects, known, next)
		if (known->listed != inventory->list)
			forget(intake, resource, known);
	intake->complete[resource->id] = true;
	if (!before && all_complete(intake))
		intake->owner.complete(intake->owner.context);
}

struct intake *intake_new(const char *node, struct compiler *compiler,
			  struct attachments *attachments,
			  const struct intake_owner *owner)
{
	struct intake *intake = xcalloc(1, sizeof(*intake));

	intake->node = node;
	intake->compiler = compiler;
	intake->attachments = attachments;
	intake->owner = *owner;
	return intake;
}

struct audience intake_audience(struct intake *intake)
{
	return (struct audience){
		.begin = on_begin,
		.put = on_put,
		.removed = on_removed,
		.end = on_end,
		.context = intake,
	};
}

static void put_again(struct intake *intake, const struct local_pod *pod)
{
	struct known *known =
		inventory_find(&intake->inventories[RESOURCE_PODS], pod->key);

	if (known)
		put(intake, &resources[RESOURCE_PODS], pod->api_version,
		    pod->object, known);
}

static bool has_address(const struct local_pod *pod,
			const struct attachment *attachment)
{
	const json_t *status = json_object_get(pod->object, "status");
	const json_t *list = json_object_get(status, "podIPs"), *entry;
	const char *text = json_string_value(json_object_get(status, "podIP"));
	struct ip ip;
	size_t i;

	if (text && ip_parse(text, &ip) && attachment_has(attachment, &ip))
		return true;
	json_array_foreach(list, i, entry) {
		text = json_string_value(json_object_get(entry, "ip"));
		if (text && ip_parse(text, &ip) &&
		    attachment_has(attachment, &ip))
			return true;
	}
	return false;
}

/* Others whose status has, or had, an address of the pod. The status of a pod that
 * got a new sandbox, as all do behind a start of the node, is behind for a while.
 */
static void put_others(struct intake *intake, const char *key)
{
	const struct attachment *attachment =
		attachments_find(intake->attachments, key);
	struct local_pod *pod, *next;

	HASH_ITER(hh, intake->local_pods, pod, next)
		if (strcmp(pod->key, key) != 0 &&
		    (pod->contested ||
		     (attachment && has_address(pod, attachment))))
			put_again(intake, pod);
}

void intake_attached(struct intake *intake, const char *key)
{
	struct local_pod *pod = find_local_pod(intake, key);

	*array_add(intake->asked, intake->asked_count) = xstrdup(key);
	if (pod)
		put_again(intake, pod);
	put_others(intake, key);
	/* Though there may be nothing to change, somebody waits. */
	intake->owner.changed(intake->owner.context);
}

/* What is asked of a pod that has come since is answered with the others'. */
static void forget_asked(struct intake *intake)
{
	while (intake->asked_count)
		free(intake->asked[--intake->asked_count]);
	free(intake->asked);
	intake->asked = NULL;
}

static void tell_enforced(const struct intake *intake, const char *key,
			  uint64_t generation)
{
	const struct pod *pod = compiler_find_pod(intake->compiler, key);

	attachments_enforced(intake->attachments, key, pod ? pod->ips : NULL,
			     pod ? pod->ip_count : 0, generation);
}

/* What was asked of a pod that the API server has not told of is answered when it
 * does, if the pod is attached; else the pod is gone, and so is every trace of it.
 */
static void tell_asked(const struct intake *intake, const char *key,
		       uint64_t generation)
{
	bool here = find_local_pod(intake, key);

	if (!here && attachments_find(intake->attachments, key))
		return;
	tell_enforced(intake, key, generation);
	if (!here && !inventory_find(&intake->inventories[RESOURCE_PODS], key))
		attachments_forget(intake->attachments, key);
}

void intake_enforced(struct intake *intake, uint64_t generation)
{
	const struct local_pod *pod;
	size_t i;

	for (i = 0; i < intake->asked_count; i++)
		tell_asked(intake, intake->asked[i], generation);
	for (pod = intake->local_pods; pod; pod = pod->hh.next)
		tell_enforced(intake, pod->key, generation);
	forget_asked(intake);
}

void intake_refused(struct intake *intake, const char *text)
{
	const struct local_pod *pod;
	size_t i;

	for (i = 0; i < intake->asked_count; i++)
		attachments_refused(intake->attachments, intake->asked[i],
				    text);
	for (pod = intake->local_pods; pod; pod = pod->hh.next)
		attachments_refused(intake->attachments, pod->key, text);
	forget_asked(intake);
}

size_t intake_count(const struct intake *intake, enum resource_id id,
		    size_t *refused)
{
	*refused = intake->inventories[id].refused;
	return inventory_count(&intake->inventories[id]);
}

size_t intake_local_count(const struct intake *intake)
{
	return HASH_COUNT(intake->local_pods);
}

void intake_free(struct intake *intake)
{
	struct local_pod *pod, *next;
	size_t i;

	if (!intake)
		return;
	HASH_ITER(hh, intake->local_pods, pod, next)
		drop_local_pod(intake, pod->key);
	for (i = 0; i < RESOURCE_COUNT; i++)
		inventory_clear(&intake->inventories[i]);
	forget_asked(intake);
	free(intake->blocks);
	free(intake);
}
