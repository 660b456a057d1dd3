// SPDX-License-Identifier: GPL-2.0-only
#include "transaction.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "names.h"
#include "policy/memory.h"
#include "progress.h"
#include "query.h"

static bool take_generation(struct nlmsghdr *header, void *data)
{
	static struct nla_policy policy[PODWALL_A_TRANSACTION_MAX + 1] = {
		[PODWALL_A_TRANSACTION_GENERATION] = { .type = NLA_U64 },
	};
	struct nlattr *attributes[PODWALL_A_TRANSACTION_MAX + 1];
	uint64_t *generation = data;

	if (genlmsg_parse(header, 0, attributes, PODWALL_A_TRANSACTION_MAX,
			  policy) < 0 ||
	    !attributes[PODWALL_A_TRANSACTION_GENERATION])
		return false;
	*generation = nla_get_u64(attributes[PODWALL_A_TRANSACTION_GENERATION]);
	return true;
}

/* Attributes and commands that one side does not know are refused in terms that
 * say little to whoever installed two versions.
 */
static int fail(struct netlink *netlink, int error)
{
	struct status status = {};
	char *text;

	if (error != -EINVAL && error != -EOPNOTSUPP)
		return error;
	text = xstrdup(netlink_text(netlink));
	if (!read_status(netlink, &status) &&
	    strcmp(status.version, nlctl_version()) != 0)
		message_fail(netlink, error,
			     "%s; the module has version %s, nlctl has %s: install the same",
			     text, status.version, nlctl_version());
	else
		message_fail(netlink, error, "%s", text);
	status_clear(&status);
	free(text);
	return error;
}

/* Begin a transaction, on top of a generation unless @expected is NULL. */
static int begin(struct netlink *netlink, uint64_t since,
		 const uint64_t *expected)
{
	struct nl_msg *message = message_new(netlink,
					     PODWALL_CMD_TRANSACTION_BEGIN, 0,
					     ROOM_SMALL);

	if (since)
		nla_put_u64(message, PODWALL_A_TRANSACTION_SINCE, since);
	if (expected)
		nla_put_u64(message, PODWALL_A_TRANSACTION_GENERATION,
			    *expected);
	return message_begin(netlink, message);
}

static int stage_flush(struct netlink *netlink)
{
	return message_stage(netlink, message_new(netlink, PODWALL_CMD_FLUSH, 0,
						  ROOM_SMALL));
}

/* Commit unless something went wrong, which a request before may have done. The
 * kernel drops the transaction with the first request that it refuses, and when
 * the socket closes.
 */
static int finish(struct netlink *netlink, int error, uint64_t *generation)
{
	struct nl_msg *message;

	if (error) {
		message_abort(netlink,
			      message_new(netlink,
					  PODWALL_CMD_TRANSACTION_ABORT, 0,
					  ROOM_SMALL));
		return fail(netlink, error);
	}
	message = message_new(netlink, PODWALL_CMD_TRANSACTION_COMMIT, 0,
			      ROOM_SMALL);
	nla_put_u32(message, PODWALL_A_TRANSACTION_REQUESTS,
		    message_staged(netlink));
	progress_begin("committing", 0);
	error = message_send(netlink, message, take_generation, generation);
	progress_end();
	return fail(netlink, error);
}

/* How many changes there are. */
static size_t difference_size(const struct difference *difference)
{
	return difference->address_count + difference->peer_set_count +
	       difference->rule_set_count + difference->pod_count;
}

static int stage_address_changes(struct netlink *netlink,
				 const struct difference *difference)
{
	size_t count = difference->address_count;
	const struct address **removed = xcalloc(count, sizeof(*removed));
	const struct address **added = xcalloc(count, sizeof(*added));
	size_t removed_count = 0;
	size_t added_count = 0;
	size_t i;
	int error;

	for (i = 0; i < count; i++) {
		const struct address_change *change = &difference->addresses[i];

		if (change->kind == CHANGE_REMOVE)
			removed[removed_count++] = change->before;
		else
			added[added_count++] = change->after;
	}
	error = send_address_removals(netlink, removed, removed_count);
	if (!error)
		error = send_addresses(netlink, added, added_count);
	free(removed);
	free(added);
	progress_step(count);
	return error;
}

/* Removals go first, from what refers to what is referred to, and additions the
 * other way round.
 */
static int stage_removals(struct netlink *netlink,
			  const struct difference *difference)
{
	int error = 0;
	size_t i;

	for (i = 0; !error && i < difference->pod_count; i++)
		if (difference->pods[i].kind == CHANGE_REMOVE) {
			error = send_pod_removal(netlink, difference->pods[i]
								  .before->key);
			progress_step(1);
		}
	for (i = 0; !error && i < difference->rule_set_count; i++)
		if (difference->rule_sets[i].kind == CHANGE_REMOVE) {
			error = send_rule_set_removal(netlink,
						      difference->rule_sets[i]
							      .before->id);
			progress_step(1);
		}
	for (i = 0; !error && i < difference->peer_set_count; i++)
		if (difference->peer_sets[i].kind == CHANGE_REMOVE) {
			error = send_peer_set_removal(netlink,
						      difference->peer_sets[i]
							      .before->id);
			progress_step(1);
		}
	return error;
}

static int stage_additions(struct netlink *netlink,
			   const struct difference *difference)
{
	int error = 0;
	size_t i;

	for (i = 0; !error && i < difference->peer_set_count; i++)
		if (difference->peer_sets[i].kind != CHANGE_REMOVE) {
			error = send_peer_set(netlink,
					      difference->peer_sets[i].after);
			progress_step(1);
		}
	for (i = 0; !error && i < difference->rule_set_count; i++)
		if (difference->rule_sets[i].kind != CHANGE_REMOVE) {
			error = send_rule_set(netlink,
					      difference->rule_sets[i].after);
			progress_step(1);
		}
	for (i = 0; !error && i < difference->pod_count; i++)
		if (difference->pods[i].kind != CHANGE_REMOVE) {
			error = send_pod(netlink, difference->pods[i].after);
			progress_step(1);
		}
	return error;
}

int transaction_change(struct netlink *netlink, uint64_t since,
		       const struct difference *difference, uint64_t expected,
		       uint64_t *generation)
{
	int error = begin(netlink, since, &expected);

	if (error)
		return error;
	progress_begin("sending changes", difference_size(difference));
	error = stage_removals(netlink, difference);
	if (!error)
		error = stage_address_changes(netlink, difference);
	if (!error)
		error = stage_additions(netlink, difference);
	progress_end();
	return finish(netlink, error, generation);
}

int transaction_replace(struct netlink *netlink, uint64_t since,
			const struct objects *objects,
			const struct settings *settings,
			const uint64_t *expected, uint64_t *generation)
{
	struct settings_change change = {
		.values = *settings,
		.guarded = true,
		.event_rate = true,
		.limits = ((1u << (AMOUNT_LAST + 1)) - 1) &
			  ~((1u << AMOUNT_FIRST) - 1),
	};
	struct difference difference;
	int error = begin(netlink, since, expected);

	if (error)
		return error;
	difference_find(NULL, objects, &difference);
	progress_begin("sending all", difference_size(&difference));
	error = stage_flush(netlink);
	if (!error)
		error = send_settings(netlink, &change);
	if (!error)
		error = stage_address_changes(netlink, &difference);
	if (!error)
		error = stage_additions(netlink, &difference);
	progress_end();
	difference_clear(&difference);
	return finish(netlink, error, generation);
}

int transaction_flush(struct netlink *netlink, uint64_t since,
		      uint64_t expected, uint64_t *generation)
{
	int error = begin(netlink, since, &expected);

	if (error)
		return error;
	return finish(netlink, stage_flush(netlink), generation);
}

int transaction_settings(struct netlink *netlink, uint64_t since,
			 const struct settings_change *change,
			 const uint64_t *expected, uint64_t *generation)
{
	int error = begin(netlink, since, expected);

	if (error)
		return error;
	return finish(netlink, send_settings(netlink, change), generation);
}
