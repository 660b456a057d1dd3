/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the messages of a dump are read into, one kind of object a file.
 */
#ifndef NLCTL_DECODE_LISTING_H
#define NLCTL_DECODE_LISTING_H

#include <netlink/msg.h>
#include <stdbool.h>

#include "policy/objects.h"

/**
 * struct listing - what a dump is read into
 * @objects: the objects so far
 * @generation: of the messages; 0 until one said it
 * @mixed: messages of different generations were seen
 * @unknown: a rule has a tier or an action that only a newer module knows; what it
 *	does cannot be told, nor can it be saved
 */
struct listing {
	struct objects *objects;
	uint64_t generation;
	bool mixed;
	bool unknown;
};

/**
 * listing_attributes() - the first attribute of a message
 * @header: the message
 * @length: receives the length of all
 */
struct nlattr *listing_attributes(struct nlmsghdr *header, int *length);

/**
 * listing_generation() - note of which generation a message is
 * @listing: the dump
 * @attribute: what says so; NULL is passed over
 */
void listing_generation(struct listing *listing, struct nlattr *attribute);

/**
 * listing_address() - take in an address
 * @attribute: the nest
 * @address: receives it
 *
 * Return: false when it makes no sense.
 */
bool listing_address(struct nlattr *attribute, struct address *address);

/* Readers of one message each, as message_reader; @data is a struct listing. */
bool listing_take_rule_set(struct nlmsghdr *header, void *data);
bool listing_take_pod(struct nlmsghdr *header, void *data);

#endif
