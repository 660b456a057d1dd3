// SPDX-License-Identifier: GPL-2.0-only
#include "agent/waiters.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "output.h"
#include "policy/memory.h"

/* Bytes of a reason that are told. */
#define REASON_MAX 1000

/* Milliseconds that anybody may wait, whatever he says. */
#define WAITING_LIMIT 300000

/**
 * struct waiter - a process that waits
 * @visitor: its connection
 * @key: see struct expectation; owned, as are @file and @ips
 * @file: likewise
 * @ips: likewise
 * @ip_count: likewise
 * @leaving: likewise
 * @prev: in the list
 * @next: likewise
 */
struct waiter {
	struct visitor *visitor;
	char *key;
	char *file;
	struct ip *ips;
	size_t ip_count;
	bool leaving;
	struct waiter *prev;
	struct waiter *next;
};

/**
 * struct waiters - those who wait
 * @table: whose addresses are
 * @list: in the order they came
 */
struct waiters {
	const struct attachment_table *table;
	struct waiter *list;
};

static void waiter_free(struct waiters *waiters, struct waiter *waiter)
{
	DL_DELETE(waiters->list, waiter);
	free(waiter->ips);
	free(waiter->file);
	free(waiter->key);
	free(waiter);
}

static void answer(struct waiters *waiters, struct waiter *waiter,
		   json_t *words)
{
	struct visitor *visitor = waiter->visitor;

	waiter_free(waiters, waiter);
	visitor_answer(visitor, words);
}

static void answer_refused(struct waiters *waiters, struct waiter *waiter,
			   const char *reason)
{
	char *text = xasprintf("%.*s", REASON_MAX, reason);

	answer(waiters, waiter,
	       json_pack("{s:s, s:o}", "state", "refused", "text",
			 json_text(text)));
	free(text);
}

static bool is_listed(const struct ip *ips, size_t count, const struct ip *ip)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (ip_equal(&ips[i], ip))
			return true;
	return false;
}

/* What another container of the pod has may stay. */
static bool is_owned(const struct waiters *waiters, const struct waiter *waiter,
		     const struct ip *ip)
{
	const struct attachment *owner =
		attachment_table_find_ip(waiters->table, ip);

	return owner && !strcmp(owner->key, waiter->key);
}

static bool is_done(const struct waiters *waiters, const struct waiter *waiter,
		    const struct ip *ips, size_t count)
{
	size_t i;

	for (i = 0; i < waiter->ip_count; i++) {
		const struct ip *ip = &waiter->ips[i];
		bool listed = is_listed(ips, count, ip);

		if (!waiter->leaving && !listed)
			return false;
		if (waiter->leaving && listed && !is_owned(waiters, waiter, ip))
			return false;
	}
	return true;
}

struct waiters *waiters_new(const struct attachment_table *table)
{
	struct waiters *waiters = xcalloc(1, sizeof(*waiters));

	waiters->table = table;
	return waiters;
}

void waiters_add(struct waiters *waiters, struct visitor *visitor,
		 const struct expectation *expectation)
{
	struct waiter *waiter = xcalloc(1, sizeof(*waiter));
	double limit = expectation->limit;

	waiter->visitor = visitor;
	waiter->key = xstrdup(expectation->key);
	waiter->file = xstrdup(expectation->file);
	waiter->ip_count = expectation->ip_count;
	waiter->ips = xmemdup(expectation->ips,
			      expectation->ip_count * sizeof(*waiter->ips));
	waiter->leaving = expectation->leaving;
	DL_APPEND(waiters->list, waiter);
	visitor_limit(visitor, limit > 0 && limit < WAITING_LIMIT ?
				       limit :
				       WAITING_LIMIT);
}

static void tell_done(struct waiters *waiters, const char *key,
		      const struct ip *ips, size_t count, uint64_t generation,
		      bool leaving_only)
{
	struct waiter *waiter, *next;

	DL_FOREACH_SAFE(waiters->list, waiter, next)
		if ((waiter->leaving || !leaving_only) &&
		    !strcmp(waiter->key, key) &&
		    is_done(waiters, waiter, ips, count))
			answer(waiters, waiter,
			       json_pack("{s:s, s:I}", "state", "done",
					 "generation", (json_int_t)generation));
}

void waiters_enforced(struct waiters *waiters, const char *key,
		      const struct ip *ips, size_t count, uint64_t generation)
{
	tell_done(waiters, key, ips, count, generation, false);
}

void waiters_withdrawn(struct waiters *waiters, const char *key,
		       const struct ip *ips, size_t count, uint64_t generation)
{
	tell_done(waiters, key, ips, count, generation, true);
}

void waiters_refused(struct waiters *waiters, const char *key,
		     const char *reason)
{
	struct waiter *waiter, *next;

	DL_FOREACH_SAFE(waiters->list, waiter, next)
		if (!waiter->leaving && !strcmp(waiter->key, key))
			answer_refused(waiters, waiter, reason);
}

void waiters_dismiss(struct waiters *waiters, const char *file)
{
	struct waiter *waiter, *next;

	DL_FOREACH_SAFE(waiters->list, waiter, next)
		if (!waiter->leaving && !strcmp(waiter->file, file))
			answer_refused(waiters, waiter,
				       "the attachment was deleted meanwhile");
}

void waiters_left(struct waiters *waiters, const struct visitor *visitor)
{
	struct waiter *waiter, *next;

	DL_FOREACH_SAFE(waiters->list, waiter, next)
		if (waiter->visitor == visitor)
			waiter_free(waiters, waiter);
}

void waiters_clear(struct waiters *waiters)
{
	while (waiters->list)
		waiter_free(waiters, waiters->list);
}

void waiters_free(struct waiters *waiters)
{
	if (!waiters)
		return;
	waiters_clear(waiters);
	free(waiters);
}
