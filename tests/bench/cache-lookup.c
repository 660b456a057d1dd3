// SPDX-License-Identifier: GPL-2.0-only

#include "cache-lookup.h"
#include "classifier.h"

/*
 * Have a value in a register, for a use that the compiler cannot know: no
 * question is read in vain, and no answer found.
 */
#define use(value) __asm__ __volatile__("" : : "r"(value))

/* What the lookup reads of a question, in as many instructions. */
static __always_inline void use4(const struct cache_question4 *question)
{
	use(question->row);
	use(question->peer);
	use(question->key);
}

/* It is the lookup that reads the address, as it would from a packet. */
static __always_inline void use6(const struct cache_question6 *question)
{
	use(question->row);
	use(question->key);
}

/* As kmod/fast_path.h asks, inline like there. */
static __always_inline u32 lookup4(const struct podwall_classifier *classifier,
				   const struct cache_question4 *question)
{
	u32 class = podwall_classifier_class4(classifier, question->peer);

	return podwall_classifier_find(
		classifier, question->row, class, question->key,
		podwall_port_map_find_port(classifier->ports,
					   question->key >> 16, question->key),
		false);
}

static __always_inline u32 lookup6(const struct podwall_classifier *classifier,
				   const struct cache_question6 *question)
{
	u32 class = podwall_classifier_class6(classifier, &question->peer);

	return podwall_classifier_find(
		classifier, question->row, class, question->key,
		podwall_port_map_find_port(classifier->ports,
					   question->key >> 16, question->key),
		false);
}

u32 cache_answer4(const struct podwall_classifier *classifier,
		  const struct cache_question4 *question)
{
	return lookup4(classifier, question);
}

u32 cache_answer6(const struct podwall_classifier *classifier,
		  const struct cache_question6 *question)
{
	return lookup6(classifier, question);
}

/**
 * cache_run4 - ask many questions
 * @classifier: referenced
 * @questions: that many
 * @count: of @questions
 * @lookup: answer them; else they are only read
 */
void cache_run4(const struct podwall_classifier *classifier,
		const struct cache_question4 *questions, size_t count,
		bool lookup)
{
	const struct cache_question4 *question;

	if (lookup) {
		for (question = questions; question < questions + count;
		     question++)
			use(lookup4(classifier, question));
	} else {
		for (question = questions; question < questions + count;
		     question++)
			use4(question);
	}
}

/* As cache_run4(), for IPv6. */
void cache_run6(const struct podwall_classifier *classifier,
		const struct cache_question6 *questions, size_t count,
		bool lookup)
{
	const struct cache_question6 *question;

	if (lookup) {
		for (question = questions; question < questions + count;
		     question++)
			use(lookup6(classifier, question));
	} else {
		for (question = questions; question < questions + count;
		     question++)
			use6(question);
	}
}
