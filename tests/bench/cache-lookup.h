/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is measured: the classifier's answer to one packet, over and over.
 */
#ifndef CACHE_LOOKUP_H
#define CACHE_LOOKUP_H

#include <linux/in6.h>
#include <linux/types.h>

struct podwall_classifier;
struct podwall_row;

/*
 * Questions, so small that none spans two cache lines: reading them is to cost
 * little, and the same whether they are answered or not.
 */
struct cache_question4 {
	const struct podwall_row *row;
	__be32 peer;
	u32 key;
};

struct cache_question6 {
	const struct podwall_row *row;
	struct in6_addr peer;
	u32 key;
};

u32 cache_answer4(const struct podwall_classifier *classifier,
		  const struct cache_question4 *question);
u32 cache_answer6(const struct podwall_classifier *classifier,
		  const struct cache_question6 *question);

void cache_run4(const struct podwall_classifier *classifier,
		const struct cache_question4 *questions, size_t count,
		bool lookup);
void cache_run6(const struct podwall_classifier *classifier,
		const struct cache_question6 *questions, size_t count,
		bool lookup);

#endif
