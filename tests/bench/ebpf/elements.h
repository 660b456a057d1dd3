/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the maps are filled with, read from a file of lines
 *
 *     address ADDRESS/LENGTH IDENTITY
 *     policy IDENTITY udp|tcp PORT/LENGTH accept|deny
 *
 * of which # begins a comment. A port's length is of its prefix, 0 to 16. The
 * identity 0 stands for any peer, 2 for an address that no line holds. Of two
 * lines with one key the later counts. Of an identity's prefixes that hold a port
 * the longest counts: that a deny is not hidden is up to who writes the file.
 */
#ifndef EBPF_ELEMENTS_H
#define EBPF_ELEMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "policy.h"

/**
 * struct elements - keys and values of both tries, each in one piece
 * @address_count: how many of the next two
 * @addresses: prefixes
 * @identities: theirs
 * @policy_count: how many of the next two
 * @policies: keys
 * @entries: theirs
 */
struct elements {
	size_t address_count;
	struct address_key *addresses;
	__u32 *identities;
	size_t policy_count;
	struct policy_key *policies;
	struct policy_entry *entries;
};

/* What cannot be read is said with the file and line. */
bool elements_read(struct elements *elements, const char *path);
void elements_free(struct elements *elements);

/* ADDRESS/LENGTH and IDENTITY, which are written to. */
bool address_parse(char *prefix, const char *identity, struct address_key *key,
		   __u32 *value);

#endif
