/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pods that podwall-cni has attached to this node: the files it leaves, and its
 * processes that wait until a pod is enforced, or no more.
 */
#ifndef NLCTL_AGENT_ATTACHMENTS_H
#define NLCTL_AGENT_ATTACHMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "attachment.h"

struct attachments;

/**
 * attachments_new() - read what there is, and listen for more
 * @event: the loop
 * @directory: where to meet the plugin
 * @changed: is called when the attachments of a pod have changed, and when somebody
 *	wants to know whether it is enforced; out of the loop, never from within a
 *	function of this file, so not for what is there already
 * @context: passed to @changed
 *
 * The owner answers each call of @changed, at once or later, with
 * attachments_enforced(), or with attachments_refused() for those who wait for a pod
 * and attachments_withdrawn() for those who wait for its end, though nothing had to
 * change, and though it knows no such pod: then the pod has no address. Of a pod
 * that it does not know yet it waits for one that the API server tells of.
 *
 * Return: the attachments, freed with attachments_free(); or NULL, and then the
 * reason was logged.
 */
struct attachments *
attachments_new(sd_event *event, const char *directory,
		void (*changed)(void *context, const char *key), void *context);

/**
 * attachments_find() - find the attachment of a pod
 * @attachments: the attachments
 * @key: of the pod
 *
 * Return: the newest; NULL when there is none.
 */
const struct attachment *attachments_find(const struct attachments *attachments,
					  const char *key);

/**
 * attachments_ips() - all addresses of a pod's newest container
 * @attachments: the attachments
 * @key: of the pod
 * @ips: receives them, @room at most
 * @room: length of @ips
 *
 * A container may have several interfaces; attachments_find() returns one.
 *
 * Return: how many there are, which may be more than @room; 0 without attachment.
 */
size_t attachments_ips(const struct attachments *attachments, const char *key,
		       struct ip *ips, size_t room);

/**
 * attachments_find_ip() - find whose an address is
 * @attachments: the attachments
 * @ip: the address
 *
 * Return: the newest attachment that has it; NULL when there is none.
 */
const struct attachment *
attachments_find_ip(const struct attachments *attachments, const struct ip *ip);

/**
 * attachments_gone() - whether a pod has lost an address
 * @attachments: the attachments
 * @key: of the pod
 * @ip: an address that the API server lists as the pod's
 *
 * Return: true when it had the address and the attachment was deleted.
 */
bool attachments_gone(const struct attachments *attachments, const char *key,
		      const struct ip *ip);

/**
 * attachments_enforced() - tell those who wait what the kernel enforces of a pod
 * @attachments: the attachments
 * @key: of the pod
 * @ips: its addresses in the kernel
 * @count: their number; 0 when the kernel does not know the pod
 * @generation: of the kernel's policy
 */
void attachments_enforced(struct attachments *attachments, const char *key,
			  const struct ip *ips, size_t count,
			  uint64_t generation);

/**
 * attachments_withdrawn() - tell those who wait for a pod to leave that it did
 * @attachments: the attachments
 * @key: of the pod
 * @ips: addresses that it is to have in the kernel, whether or not it has them
 * @count: their number
 * @generation: of the kernel's policy
 *
 * Who waits until it is enforced waits on.
 */
void attachments_withdrawn(struct attachments *attachments, const char *key,
			   const struct ip *ips, size_t count,
			   uint64_t generation);

/**
 * attachments_refused() - tell those who wait that a pod cannot be enforced
 * @attachments: the attachments
 * @key: of the pod
 * @reason: why
 *
 * Who waits for its end waits on.
 */
void attachments_refused(struct attachments *attachments, const char *key,
			 const char *reason);

/**
 * attachments_forget() - the API server has no such pod any more
 * @attachments: the attachments
 * @key: of the pod
 *
 * What it has lost is kept only as long as it is there.
 */
void attachments_forget(struct attachments *attachments, const char *key);

/**
 * attachments_remember() - the API server has such a pod
 * @attachments: the attachments
 * @key: of the pod
 *
 * What it loses is kept from now on, though a pod of that name was forgotten after its
 * attachment had come: the plugin may be faster than the API server's word.
 */
void attachments_remember(struct attachments *attachments, const char *key);

/**
 * attachments_free() - stop listening; who waits is told nothing
 * @attachments: the attachments, or NULL
 */
void attachments_free(struct attachments *attachments);

#endif
