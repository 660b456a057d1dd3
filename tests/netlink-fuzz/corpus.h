/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs that passed what none before them did, to make others of.
 */
#ifndef NETLINK_FUZZ_CORPUS_H
#define NETLINK_FUZZ_CORPUS_H

#include "coverage.h"
#include "program.h"

/**
 * struct entry - a program that is kept
 * @program: owned
 * @points: that it passes
 */
struct entry {
	struct program program;
	struct points points;
};

/**
 * struct corpus - entries
 * @entries: pointers, owned
 * @count: of them
 * @room: for so many
 */
struct corpus {
	struct entry **entries;
	unsigned int count;
	unsigned int room;
};

/* Add a program, which passes to the corpus. */
void corpus_add(struct corpus *corpus, struct program *program,
		const struct points *points);

/* Add the programs of all files of a directory, in the order of their names, and
 * of one file; ends the program when one is not understood.
 */
void corpus_read(struct corpus *corpus, const char *directory);
void corpus_read_file(struct corpus *corpus, const char *path);
void corpus_free(struct corpus *corpus);

#endif
