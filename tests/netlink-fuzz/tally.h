/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a worker has done so far, in memory that its parent reads.
 */
#ifndef NETLINK_FUZZ_TALLY_H
#define NETLINK_FUZZ_TALLY_H

#define ERRORS_MAX 256
#define PROGRAM_TEXT 65536

/**
 * struct tally - counts
 * @programs: that were run
 * @messages: of them that were sent
 * @sockets: that were opened for them
 * @acknowledged: messages that were taken
 * @refused: messages that were refused, by their error
 * @mute: of those, without a text, by generic netlink itself
 * @accepted_commits: what it says
 * @refused_commits: likewise
 * @replies: messages in answers, of listings too
 * @listings: that were read to their end
 * @left: listings that were left half read
 * @compared: times that a refused commit was seen to change nothing
 * @restored: times that what is listed was sent back
 * @points: passed in the module
 * @seeds: programs that were kept, of those that were read
 * @kept: programs that were kept, new ones
 * @cut: traces that did not fit
 * @failed: something was not as it must be, and the worker has said so
 * @program: text of the program that is being run, for when the worker does not
 *	live to tell
 */
struct tally {
	unsigned long programs;
	unsigned long messages;
	unsigned long sockets;
	unsigned long acknowledged;
	unsigned long refused[ERRORS_MAX];
	unsigned long mute;
	unsigned long accepted_commits;
	unsigned long refused_commits;
	unsigned long replies;
	unsigned long listings;
	unsigned long left;
	unsigned long compared;
	unsigned long restored;
	unsigned long points;
	unsigned long seeds;
	unsigned long kept;
	unsigned long cut;
	int failed;
	char program[PROGRAM_TEXT];
};

#endif
