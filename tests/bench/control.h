/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The same change of a policy, made by each contender.
 */
#ifndef CONTROL_H
#define CONTROL_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "load.h"

/* A free address, and one that nobody ever adds. */
#define JOINING_ADDRESS "10.250.0.1"
#define ABSENT_ADDRESS "10.250.255.1"
/* The pods of tests/bench/scene.py, and the port of its first rule. */
#define CLIENT_ADDRESS "10.0.0.10"
#define SERVER_ADDRESS "10.0.0.20"
#define FIRST_PORT 9000

/**
 * struct input - what a case is about
 * @scene: of tests/bench/scene.py; the beginning of its files' names
 * @load: the scene as podwall's objects, and a connection
 * @address_count: addresses of the scene
 * @rule_count: rules of the scene, for each direction
 * @present: the last rule's last address, as text
 * @policy_count: how many policies select the address that joins
 */
struct input {
	const char *scene;
	struct load load;
	size_t address_count;
	size_t rule_count;
	const char *present;
	size_t policy_count;
};

struct contender;

/* A part of the work. Returns NULL, or what went wrong, which the caller frees. */
typedef char *contender_step(struct contender *contender,
			     const struct input *input);

/**
 * struct contender - how a case is done by one
 * @name: who, and by what means
 * @variant: which of those that share the functions
 * @open: bring about the state before the change
 * @change: what is measured
 * @check: whether the kernel holds what it should after the change
 * @back: take the change back
 * @check_back: whether the kernel holds what it should after that
 * @close: leave nothing behind
 * @own_bytes: what the contender says it holds, or NULL
 * @data: of the above
 */
struct contender {
	const char *name;
	int variant;
	contender_step *open;
	contender_step *change;
	contender_step *check;
	contender_step *back;
	contender_step *check_back;
	contender_step *close;
	int64_t (*own_bytes)(struct contender *contender,
			     const struct input *input);
	void *data;
};

/* What control-measure.c puts into cases. */
extern struct contender podwall_addresses, podwall_rules, podwall_join,
	podwall_edit, podwall_resync;
extern struct contender nft_hash_set, nft_interval_set, nft_chains, nft_flat,
	nft_join, nft_edit_rule, nft_edit_chain, nft_resync_hash,
	nft_resync_interval, nft_resync_chains, nft_resync_flat;
extern struct contender ipset_addresses, ipset_rules, ipset_join, ipset_edit,
	ipset_resync_addresses, ipset_resync_rules;
extern struct contender bpf_addresses, bpf_addresses_batch, bpf_rules,
	bpf_rules_batch, bpf_join, bpf_edit, bpf_resync_addresses,
	bpf_resync_rules;

/* The text of a scene's file with that ending. */
char *scene_text(const struct input *input, const char *ending);

/* How often one text is in another. */
size_t occurrences(const char *text, const char *part);

/* How many addresses of peers are in a text. */
size_t peer_occurrences(const char *text);

/* The text of all that is printed between the two, which the caller frees. */
struct text {
	char *bytes;
	size_t length;
	FILE *stream;
};

void text_open(struct text *text);
char *text_close(struct text *text);

/* Print all peers of a scene with commas between. */
void print_peers(FILE *stream, const struct input *input);

#endif
