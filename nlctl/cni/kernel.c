// SPDX-License-Identifier: GPL-2.0-only
#include "cni/kernel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "decode.h"
#include "live.h"
#include "netlink.h"
#include "policy/memory.h"
#include "query.h"
#include "transaction.h"

/* Close the connection, and say what came of it. */
static enum kernel_state finish(struct netlink *netlink, int error,
				char **problem)
{
	if (error)
		*problem = xstrdup(netlink_text(netlink));
	netlink_close(netlink);
	return error ? KERNEL_REFUSED : KERNEL_DONE;
}

enum kernel_state kernel_reach(char **problem)
{
	struct netlink *netlink = netlink_connect(problem);

	if (!netlink)
		return KERNEL_NO_MODULE;
	netlink_close(netlink);
	return KERNEL_DONE;
}

/* The addresses as blocks. */
static struct network block_of(const struct ip *ip)
{
	return (struct network){
		.base = *ip,
		.prefix_length = ip->family == AF_INET ? 32 : 128,
	};
}

enum kernel_state kernel_find_unguarded(struct attachment *attachment,
					char **problem)
{
	struct netlink *netlink = netlink_connect(problem);
	struct settings live;
	size_t i, before;
	int error;

	if (!netlink)
		return KERNEL_NO_MODULE;
	error = read_settings(netlink, &live, NULL);
	if (error)
		return finish(netlink, error, problem);
	for (i = 0; i < attachment->ip_count; i++) {
		struct network block = block_of(&attachment->ips[i]);

		before = live.guarded_count;
		settings_guard(&live, &block);
		if (live.guarded_count > before)
			*array_add(attachment->guarded,
				   attachment->guarded_count) = block;
	}
	settings_clear(&live);
	return finish(netlink, 0, problem);
}

/* Change the list of guarded blocks to what an edit makes of it. The edit says
 * whether there is anything to change.
 */
static int edit_guarded(struct netlink *netlink,
			const struct attachment *attachment,
			bool (*edit)(struct settings *settings,
				     const struct attachment *attachment))
{
	uint64_t since = clock_now(), expected, generation;
	struct settings_change change = { .guarded = true };
	unsigned int attempts = 0;
	struct settings live;
	int error;

	do {
		error = read_settings(netlink, &live, &expected);
		if (error)
			return error;
		if (edit(&live, attachment)) {
			change.values.guarded = live.guarded;
			change.values.guarded_count = live.guarded_count;
			error = transaction_settings(netlink, since, &change,
						     &expected, &generation);
		}
		settings_clear(&live);
	} while (live_retry(error, &attempts));
	return error;
}

static bool add_blocks(struct settings *settings,
		       const struct attachment *attachment)
{
	size_t before = settings->guarded_count, i;

	for (i = 0; i < attachment->guarded_count; i++)
		settings_guard(settings, &attachment->guarded[i]);
	return settings->guarded_count > before;
}

static bool remove_blocks(struct settings *settings,
			  const struct attachment *attachment)
{
	size_t kept = 0, i, k;

	for (i = 0; i < settings->guarded_count; i++) {
		for (k = 0; k < attachment->guarded_count; k++)
			if (!network_compare(&settings->guarded[i],
					     &attachment->guarded[k]))
				break;
		if (k == attachment->guarded_count)
			settings->guarded[kept++] = settings->guarded[i];
	}
	if (kept == settings->guarded_count)
		return false;
	settings->guarded_count = kept;
	return true;
}

enum kernel_state kernel_guard(const struct attachment *attachment,
			       char **problem)
{
	struct netlink *netlink = netlink_connect(problem);

	if (!netlink)
		return KERNEL_NO_MODULE;
	return finish(netlink, edit_guarded(netlink, attachment, add_blocks),
		      problem);
}

/* A change of a pod that loses addresses; without any left it goes. */
static void plan_pod(const struct pod *pod, const struct attachment *attachment,
		     struct pod *after, struct difference *difference)
{
	struct pod_change *change;
	size_t i;

	*after = *pod;
	after->ip_count = 0;
	after->ips = xcalloc(pod->ip_count, sizeof(*after->ips));
	for (i = 0; i < pod->ip_count; i++)
		if (!attachment_has(attachment, &pod->ips[i]))
			after->ips[after->ip_count++] = pod->ips[i];
	if (after->ip_count == pod->ip_count)
		return;
	change = array_add(difference->pods, difference->pod_count);
	*change = (struct pod_change){
		.kind = after->ip_count ? CHANGE_REPLACE : CHANGE_REMOVE,
		.before = pod,
		.after = after->ip_count ? after : NULL,
	};
}

static void plan_addresses(const struct objects *live,
			   const struct attachment *attachment,
			   struct difference *difference)
{
	size_t i;

	for (i = 0; i < live->address_count; i++)
		if (attachment_has(attachment, &live->addresses[i].ip))
			*array_add(difference->addresses,
				   difference->address_count) =
				(struct address_change){
					.kind = CHANGE_REMOVE,
					.before = &live->addresses[i],
				};
}

static bool is_owner(const struct pod *pod, const struct attachment *attachment)
{
	return !strcmp(pod->key, attachment->key) &&
	       !strcmp(pod->uid, attachment->uid);
}

/* Whether the attachment's own pod has all of its addresses. */
static bool has_all(const struct objects *live,
		    const struct attachment *attachment)
{
	size_t i, k, found = 0;

	for (i = 0; i < live->pod_count; i++)
		if (is_owner(&live->pods[i], attachment))
			for (k = 0; k < live->pods[i].ip_count; k++)
				found += attachment_has(attachment,
							&live->pods[i].ips[k]);
	return found == attachment->ip_count;
}

static int take_once(struct netlink *netlink, uint64_t since,
		     const struct attachment *attachment,
		     const struct objects *live)
{
	struct pod *after = xcalloc(live->pod_count, sizeof(*after));
	struct difference difference = {};
	uint64_t generation;
	int error = 0;
	size_t i;

	for (i = 0; i < live->pod_count; i++)
		plan_pod(&live->pods[i], attachment, &after[i], &difference);
	plan_addresses(live, attachment, &difference);
	if (!difference_empty(&difference))
		error = transaction_change(netlink, since, &difference,
					   live->generation, &generation);
	difference_clear(&difference);
	for (i = 0; i < live->pod_count; i++)
		free(after[i].ips);
	free(after);
	return error;
}

/* Make the addresses nobody's; those of the pod itself may stay. */
static int take(struct netlink *netlink, const struct attachment *attachment,
		bool owner_keeps)
{
	uint64_t since = clock_now();
	unsigned int attempts = 0;
	struct settings settings;
	struct objects live;
	int error;

	do {
		error = live_read(netlink, &live, &settings);
		if (error)
			return error;
		if (!owner_keeps || !has_all(&live, attachment))
			error = take_once(netlink, since, attachment, &live);
		objects_clear(&live);
		settings_clear(&settings);
	} while (live_retry(error, &attempts));
	return error;
}

enum kernel_state kernel_take(const struct attachment *attachment,
			      char **problem)
{
	struct netlink *netlink = netlink_connect(problem);

	if (!netlink)
		return KERNEL_NO_MODULE;
	return finish(netlink, take(netlink, attachment, true), problem);
}

/* The addresses are denied before they are nobody's at all. */
enum kernel_state kernel_release(const struct attachment *attachment,
				 char **problem)
{
	struct netlink *netlink = netlink_connect(problem);
	int error;

	if (!netlink)
		return KERNEL_NO_MODULE;
	error = take(netlink, attachment, false);
	if (!error && attachment->guarded_count)
		error = edit_guarded(netlink, attachment, remove_blocks);
	return finish(netlink, error, problem);
}

static const struct pod *find_pod(const struct objects *objects,
				  const struct ip *ip)
{
	size_t i, k;

	for (i = 0; i < objects->pod_count; i++)
		for (k = 0; k < objects->pods[i].ip_count; k++)
			if (ip_equal(&objects->pods[i].ips[k], ip))
				return &objects->pods[i];
	return NULL;
}

enum kernel_state kernel_knows(const struct attachment *attachment,
			       char **problem)
{
	struct netlink *netlink = netlink_connect(problem);
	char buffer[NETWORK_TEXT_MAX];
	unsigned int attempts = 0;
	struct objects live;
	size_t i;
	int error;

	if (!netlink)
		return KERNEL_NO_MODULE;
	do {
		error = read_pods(netlink, &live);
	} while (error == -EAGAIN && live_retry(-ESTALE, &attempts));
	if (error)
		return finish(netlink, error, problem);
	for (i = 0; !*problem && i < attachment->ip_count; i++) {
		const struct pod *pod = find_pod(&live, &attachment->ips[i]);

		ip_text(&attachment->ips[i], buffer);
		if (!pod)
			*problem = xasprintf(
				"%s is not registered in the kernel as address of a pod",
				buffer);
		else if (strcmp(pod->key, attachment->key) != 0)
			*problem = xasprintf(
				"%s is registered in the kernel as address of pod %s",
				buffer, pod->key);
	}
	objects_clear(&live);
	netlink_close(netlink);
	return *problem ? KERNEL_REFUSED : KERNEL_DONE;
}
