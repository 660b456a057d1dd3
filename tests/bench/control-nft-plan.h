/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libnftables, which takes text. Functions that return text return NULL, or what
 * went wrong, which the caller frees.
 */
#ifndef CONTROL_NFT_PLAN_H
#define CONTROL_NFT_PLAN_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct nft_plan - what a contender runs; all texts are owned
 * @table: its own
 * @change: makes the change
 * @back: takes it back
 * @list: lists what changes
 * @part: what is counted in the list; NULL for the addresses of peers
 * @list_once: whether to list after the first change only
 * @there: how many there are after the change
 * @before: and before
 * @present: finds what is there after the change
 * @absent: finds what never is
 */
struct nft_plan {
	char *table;
	char *change;
	char *back;
	char *list;
	const char *part;
	bool list_once;
	size_t there;
	size_t before;
	char *present;
	char *absent;
};

void nft_start(void);

/* Run commands; the second frees them. */
char *nft_run(const char *commands);
char *nft_run_new(char *commands);
bool nft_succeeds(const char *commands);

/* Hold what is listed, and what is found, against the plan. */
char *nft_check(struct nft_plan *plan, size_t wanted, bool is_there);

/* The handle of a rule, by which it is deleted and others are put behind it; 0 if
 * the plan's list does not have it.
 */
unsigned long nft_handle(const struct nft_plan *plan, const char *rule);

#endif
