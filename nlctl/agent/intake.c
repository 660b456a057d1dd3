// SPDX-License-Identifier: GPL-2.0-only
#include "agent/intake.h"

#include <stdlib.h>
#include <string.h>

#include "agent/inventory.h"
#include "agent/local_pod.h"
#include "agent/log.h"
#include "agent/node_blocks.h"
#include "agent/object.h"
#include "policy/memory.h"

struct intake {
	const char *node;
	struct compiler *compiler;
	struct attachments *attachments;
	struct intake_owner owner;
	struct inventory inventories[RESOURCE_COUNT];
	bool complete[RESOURCE_COUNT];
	struct local_pods local_pods;
	char **asked; /* pods that the plugin may be waiting for */
	size_t asked_count;
	struct node_blocks blocks;
};

static bool is_local(const struct intake *intake, const json_t *pod)
{
	const json_t *spec = json_object_get(pod, "spec");
	const char *node = json_string_value(json_object_get(spec, "nodeName"));

	return node && !strcmp(node, intake->node);
}

static void take(struct intake *intake, struct cluster *cluster,
		 struct local_pod *local)
{
	if (local)
		local_pod_attach(local, intake->attachments, cluster->pods);
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
		take(intake, &cluster, NULL);
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

/* The addresses of the node's pods come from the node itself. */
static void look_at_node(struct intake *intake, const char *name,
			 const json_t *object)
{
	struct node_blocks *blocks = &intake->blocks;

	if (!strcmp(name, intake->node) && node_blocks_read(blocks, object))
		intake->owner.blocks(intake->owner.context, blocks->list,
				     blocks->count);
}

/* Take an object from the compiler. */
static void withdraw(struct intake *intake, const struct resource *resource,
		     const struct known *known)
{
	object_remove(resource, known->key, intake->compiler);
	if (resource->id == RESOURCE_PODS)
		local_pods_drop(&intake->local_pods, known->key);
	intake->owner.changed(intake->owner.context);
}

/* Another object of that name, when nobody told that the last one went: what was
 * good of that one says nothing of this one.
 */
static void tell_apart(struct intake *intake, const struct resource *resource,
		       const json_t *object, struct known *known)
{
	uint32_t uid = object_uid(object);

	if (known->uid != uid && known->good) {
		withdraw(intake, resource, known);
		known->good = false;
	}
	known->uid = uid;
}

static void put(struct intake *intake, const struct resource *resource,
		const char *api_version, json_t *object, struct known *known)
{
	struct inventory *inventory = &intake->inventories[resource->id];
	struct cluster cluster = {};
	struct local_pod *local = NULL;
	char *refusal;

	if (resource->id == RESOURCE_NODES)
		look_at_node(intake, known->key, object);
	if (resource->id == RESOURCE_PODS)
		attachments_remember(intake->attachments, known->key);
	tell_apart(intake, resource, object, known);
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
	if (resource->id == RESOURCE_PODS && is_local(intake, object))
		local = local_pods_keep(&intake->local_pods, known->key,
					api_version, object);
	else if (resource->id == RESOURCE_PODS)
		local_pods_drop(&intake->local_pods, known->key);
	take(intake, &cluster, local);
	intake->owner.heard(intake->owner.context, resource, api_version,
			    object);
}

static void forget(struct intake *intake, const struct resource *resource,
		   struct known *known)
{
	intake->owner.gone(intake->owner.context, resource, known->key);
	withdraw(intake, resource, known);
	if (resource->id == RESOURCE_PODS)
		attachments_forget(intake->attachments, known->key);
	inventory_remove(&intake->inventories[resource->id], known);
}

static void on_begin(void *context, const struct resource *resource)
{
	struct intake *intake = context;

	intake->inventories[resource->id].list++;
}

/* What an object is known by; NULL when that cannot be said. The compiler would take
 * what has no namespace as one of "default", and not find it by its name alone.
 */
static char *key_of(const struct resource *resource, const json_t *object)
{
	bool namespaced = resource->id == RESOURCE_PODS ||
			  resource->id == RESOURCE_NETWORK_POLICIES;
	char *key = object_key(object);

	if (key && !strchr(key, '/') == !namespaced)
		return key;
	free(key);
	return NULL;
}

static void on_put(void *context, const struct resource *resource,
		   const char *api_version, json_t *object)
{
	struct intake *intake = context;
	char *key = key_of(resource, object);

	if (key)
		put(intake, resource, api_version, object,
		    inventory_see(&intake->inventories[resource->id], key));
	else
		log_warning("the API server sent a %s without a name, or without its namespace",
			    resource->kind);
	free(key);
}

static void on_removed(void *context, const struct resource *resource,
		       json_t *object)
{
	struct intake *intake = context;
	char *key = key_of(resource, object);
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

/* A pod of this node whose good version may come to something else by now, whether
 * or not that is its present one.
 */
static void put_again(struct intake *intake, struct local_pod *pod)
{
	struct cluster cluster = {};
	char *refusal;

	refusal = object_decode(&resources[RESOURCE_PODS], pod->api_version,
				pod->object, &cluster);
	if (!refusal)
		take(intake, &cluster, pod);
	free(refusal);
}

static void put_others(struct intake *intake, const char *key)
{
	const struct attachment *attachment =
		attachments_find(intake->attachments, key);
	struct local_pod *pod = NULL, *next = NULL;

	HASH_ITER(hh, intake->local_pods.pods, pod, next)
		if (strcmp(pod->key, key) != 0 &&
		    local_pod_minds(pod, attachment))
			put_again(intake, pod);
}

static void note_asked(struct intake *intake, const char *key)
{
	size_t i;

	for (i = 0; i < intake->asked_count; i++)
		if (!strcmp(intake->asked[i], key))
			return;
	*array_add(intake->asked, intake->asked_count) = xstrdup(key);
}

void intake_attached(struct intake *intake, const char *key)
{
	struct local_pod *pod = local_pods_find(&intake->local_pods, key);

	note_asked(intake, key);
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

/* attachments_enforced(), or attachments_withdrawn(). */
typedef void (*tell_function)(struct attachments *attachments, const char *key,
			      const struct ip *ips, size_t count,
			      uint64_t generation);

static void tell(const struct intake *intake, const char *key,
		 uint64_t generation, tell_function function)
{
	const struct pod *pod = compiler_find_pod(intake->compiler, key);

	function(intake->attachments, key, pod ? pod->ips : NULL,
		 pod ? pod->ip_count : 0, generation);
}

/* What was asked of a pod that the API server has not told of is answered when it
 * does, if the pod is attached; else the pod is gone, and so is every trace of it.
 */
static void tell_asked(const struct intake *intake, const char *key,
		       uint64_t generation, tell_function function)
{
	bool here = local_pods_find(&intake->local_pods, key);

	if (!here && attachments_find(intake->attachments, key))
		return;
	tell(intake, key, generation, function);
	if (!here && !inventory_find(&intake->inventories[RESOURCE_PODS], key))
		attachments_forget(intake->attachments, key);
}

static void tell_all(struct intake *intake, uint64_t generation,
		     tell_function function)
{
	const struct local_pod *pod;
	size_t i;

	for (i = 0; i < intake->asked_count; i++)
		tell_asked(intake, intake->asked[i], generation, function);
	for (pod = intake->local_pods.pods; pod; pod = pod->hh.next)
		tell(intake, pod->key, generation, function);
	forget_asked(intake);
}

void intake_enforced(struct intake *intake, uint64_t generation)
{
	tell_all(intake, generation, attachments_enforced);
}

void intake_withdrawn(struct intake *intake, uint64_t generation)
{
	tell_all(intake, generation, attachments_withdrawn);
}

void intake_refused(struct intake *intake, const char *text)
{
	const struct local_pod *pod;
	size_t i;

	for (i = 0; i < intake->asked_count; i++)
		attachments_refused(intake->attachments, intake->asked[i],
				    text);
	for (pod = intake->local_pods.pods; pod; pod = pod->hh.next)
		attachments_refused(intake->attachments, pod->key, text);
}

size_t intake_count(const struct intake *intake, enum resource_id id,
		    size_t *refused)
{
	*refused = intake->inventories[id].refused;
	return inventory_count(&intake->inventories[id]);
}

size_t intake_local_count(const struct intake *intake)
{
	return HASH_COUNT(intake->local_pods.pods);
}

void intake_free(struct intake *intake)
{
	size_t i;

	if (!intake)
		return;
	local_pods_clear(&intake->local_pods);
	for (i = 0; i < RESOURCE_COUNT; i++)
		inventory_clear(&intake->inventories[i]);
	forget_asked(intake);
	node_blocks_clear(&intake->blocks);
	free(intake);
}
