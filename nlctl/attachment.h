/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a pod is attached to the network: what podwall-cni learns when a sandbox is
 * set up, and leaves for the agent.
 */
#ifndef NLCTL_ATTACHMENT_H
#define NLCTL_ATTACHMENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/objects.h"

/**
 * struct attachment - one interface of one sandbox; all texts are owned
 * @key: the pod: namespace/name
 * @uid: the pod's, as the runtime says; "" when it does not
 * @container: id of the sandbox
 * @interface: name of the interface inside
 * @netns: path of the sandbox's network namespace
 * @host_interface: the node's end of the link; NULL when it cannot be told
 * @network: name of the network configuration
 * @ips: the addresses, in the order of the result
 * @ip_count: length of @ips, at least 1
 * @guarded: blocks that the plugin has guarded for it, and takes back with it
 * @guarded_count: length of @guarded
 * @time: when it was made, by clock_now()
 */
struct attachment {
	char *key;
	char *uid;
	char *container;
	char *interface;
	char *netns;
	char *host_interface;
	char *network;
	struct ip *ips;
	size_t ip_count;
	struct network *guarded;
	size_t guarded_count;
	uint64_t time;
};

/**
 * container_id_wrong() - what is wrong with the id of a container
 * @text: the id
 *
 * Return: words that follow the quoted id in a message, or NULL.
 */
const char *container_id_wrong(const char *text);

/**
 * interface_name_wrong() - what is wrong with the name of an interface
 * @text: the name
 *
 * Return: words that follow the quoted name in a message, or NULL.
 */
const char *interface_name_wrong(const char *text);

/**
 * attachment_json() - an attachment as its file has it
 * @attachment: the attachment
 *
 * Return: a new object.
 */
json_t *attachment_json(const struct attachment *attachment);

/**
 * attachment_parse() - read what attachment_json() writes
 * @tree: the object; fields that are not known are passed over
 * @problem: set to what is wrong, which the caller frees, when it is
 *
 * Return: the attachment, freed with attachment_free(); or NULL.
 */
struct attachment *attachment_parse(const json_t *tree, char **problem);

/**
 * attachment_has() - whether an attachment has an address
 * @attachment: the attachment
 * @ip: the address
 */
bool attachment_has(const struct attachment *attachment, const struct ip *ip);

/**
 * attachment_newer() - which of two attachments was made later
 * @a: one
 * @b: the other
 *
 * Return: whether @a is the newer one; of one time, by the id of the container.
 */
bool attachment_newer(const struct attachment *a, const struct attachment *b);

/**
 * attachment_free() - free an attachment
 * @attachment: the attachment, or NULL
 */
void attachment_free(struct attachment *attachment);

#endif
