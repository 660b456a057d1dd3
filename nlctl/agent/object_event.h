/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kubernetes Events: what is told of an object, to those who look at it.
 */
#ifndef NLCTL_AGENT_OBJECT_EVENT_H
#define NLCTL_AGENT_OBJECT_EVENT_H

#include <jansson.h>
#include <stdint.h>

/* Longest message that the API server takes, in bytes. */
#define OBJECT_EVENT_MESSAGE_MAX 1024

/* Reasons of Events. */
#define EVENT_POLICY_REFUSED "PolicyRefused"
#define EVENT_OBJECT_REFUSED "ObjectRefused"
#define EVENT_LIMIT_EXCEEDED "LimitExceeded"

/**
 * struct object_reference - an object of the API
 * @api_version: "networking.k8s.io/v1"
 * @kind: "NetworkPolicy"
 * @namespace: its namespace; NULL or "" for objects of the cluster
 * @name: its name
 * @uid: its uid; NULL or "" when unknown
 * @resource_version: the version that is talked of; likewise
 */
struct object_reference {
	const char *api_version;
	const char *kind;
	const char *namespace;
	const char *name;
	const char *uid;
	const char *resource_version;
};

/**
 * object_reference_read() - refer to an object as the API gave it
 * @reference: receives the reference, which borrows everything; texts that are
 *	missing are ""
 * @kind: its kind
 * @api_version: what it is served under
 * @object: the object
 */
void object_reference_read(struct object_reference *reference, const char *kind,
			   const char *api_version, const json_t *object);

/**
 * object_event_namespace() - where an Event is kept
 * @reference: the object that it is about
 *
 * Return: the namespace; "default" for objects of the cluster.
 */
const char *object_event_namespace(const struct object_reference *reference);

/**
 * object_event_name() - the name of an Event
 * @reference: the object that it is about
 * @reason: why, one word
 * @message: why, in words
 * @node: the node that tells it
 *
 * The same on every node, so that the API server keeps one of what all agents
 * find; and another for each object, reason and message. EVENT_LIMIT_EXCEEDED is
 * what one node finds: its name is another on each. The counts in its message do
 * not matter: they are others with each try.
 *
 * Return: the name, a DNS subdomain, which the caller frees.
 */
char *object_event_name(const struct object_reference *reference,
			const char *reason, const char *message,
			const char *node);

/**
 * object_event() - an Event of type Warning
 * @reference: the object that it is about
 * @reason: why, one word such as "PolicyRefused"
 * @message: why, in words; cut where it is too long
 * @node: the node that tells it
 * @now: the time, in nanoseconds since 1970
 *
 * Return: the Event as the API takes it, a new reference.
 */
json_t *object_event(const struct object_reference *reference,
		     const char *reason, const char *message, const char *node,
		     uint64_t now);

#endif
