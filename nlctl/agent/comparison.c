// SPDX-License-Identifier: GPL-2.0-only
#include "agent/comparison.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "agent/log.h"
#include "agent/withdrawal.h"
#include "live.h"
#include "policy/difference.h"
#include "policy/memory.h"
#include "transaction.h"

static void withdraw_pods(struct comparison *comparison,
			  const struct difference *difference,
			  struct netlink *netlink, uint64_t *generation)
{
	struct difference withdrawal;
	int error = 0;

	withdrawal_find(difference, &withdrawal);
	if (withdrawal.pod_count)
		error = transaction_change(netlink, 0, &withdrawal, *generation,
					   generation);
	comparison->withdrawn = !error;
	comparison->gone = withdrawal.pod_count;
	difference_clear(&withdrawal);
}

/* The words of the refusal are those of the last answer. */
static int commit(struct comparison *comparison,
		  const struct difference *difference, struct netlink *netlink,
		  uint64_t since, uint64_t *generation)
{
	int error;

	if (difference_empty(difference))
		return 0;
	error = transaction_change(netlink, since, difference, *generation,
				   generation);
	if (!error)
		return 0;
	comparison->refusal = xstrdup(netlink_text(netlink));
	if (error != -ESTALE)
		withdraw_pods(comparison, difference, netlink, generation);
	return error;
}

int comparison_run(struct comparison *comparison, struct compiler *compiler,
		   struct netlink *netlink, uint64_t since,
		   uint64_t *generation)
{
	struct difference difference;
	struct objects live, desired;
	struct settings settings;
	int error;

	*comparison = (struct comparison){};
	error = live_read(netlink, &live, &settings);
	if (error) {
		comparison->unread = true;
		return error;
	}
	settings_clear(&settings);
	comparison->foreign = live.generation != *generation;
	*generation = live.generation;
	compiler_objects(compiler, &live, &desired);
	difference_find(&live, &desired, &difference);
	comparison->added = difference_count(&difference, CHANGE_ADD);
	comparison->removed = difference_count(&difference, CHANGE_REMOVE);
	comparison->replaced = difference_count(&difference, CHANGE_REPLACE);
	error = commit(comparison, &difference, netlink, since, generation);
	difference_clear(&difference);
	objects_clear(&desired);
	objects_clear(&live);
	return error;
}

bool comparison_empty(const struct comparison *comparison)
{
	return !comparison->added && !comparison->removed &&
	       !comparison->replaced;
}

void comparison_tell(const struct comparison *comparison, uint64_t generation)
{
	log_warning(
		"%s; put right: %zu added, %zu removed, %zu replaced; generation %" PRIu64,
		comparison->foreign ?
			"somebody else changed the policy" :
			"the kernel held what nobody had asked for",
		comparison->added, comparison->removed, comparison->replaced,
		generation);
}

void comparison_clear(struct comparison *comparison)
{
	free(comparison->refusal);
	*comparison = (struct comparison){};
}
