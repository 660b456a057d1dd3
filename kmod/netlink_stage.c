// SPDX-License-Identifier: GPL-2.0-only

#include <linux/podwall.h>

#include "limits.h"
#include "namespace.h"
#include "netlink_parse.h"
#include "netlink_request.h"
#include "peer_set.h"
#include "policy.h"
#include "rule_set.h"
#include "transaction.h"

/*
 * Each function stages what one request brings in the socket's transaction,
 * under &podwall_net.mutex. It may fail half-way: podwall_request_stage() then
 * drops the whole transaction.
 */

static int stage_addresses(struct podwall_request *request,
			   struct podwall_transaction *transaction, bool remove)
{
	const struct podwall_amounts *limits =
		&podwall_net_policy(request->pn)->settings.limits;
	const struct nlattr *attribute;
	struct podwall_ip ip;
	u32 identity = 0;
	int remaining, err;

	err = podwall_request_require(request, PODWALL_A_ADDRESSES_ADDRESS,
				      "address");
	if (err)
		return err;
	/* Each may move or remove one that is live. */
	if (transaction->addresses.count / 2 > limits->addresses)
		return podwall_error_set(&request->error, -ENOSPC,
					 "a transaction cannot change more than twice %u addresses (settings, limits, addresses)",
					 limits->addresses);
	nlmsg_for_each_attr(attribute, request->info->nlhdr, GENL_HDRLEN,
			    remaining) {
		if (nla_type(attribute) != PODWALL_A_ADDRESSES_ADDRESS)
			continue;
		err = podwall_parse_address(attribute, &ip,
					    remove ? NULL : &identity,
					    &request->error);
		if (!err)
			err = podwall_transaction_add_address(transaction, &ip,
							      identity);
		if (err)
			return err;
	}
	return 0;
}

/* A large set comes with thousands, for which there is room at once. */
static int reserve_identities(const struct podwall_request *request,
			      struct podwall_peer_set *set)
{
	const struct nlattr *attribute;
	u32 count = 0;
	int remaining;

	nlmsg_for_each_attr(attribute, request->info->nlhdr, GENL_HDRLEN,
			    remaining)
		count += nla_type(attribute) == PODWALL_A_PEER_SET_IDENTITY;
	return podwall_array_reserve(&set->identities, count, sizeof(u32));
}

static int stage_peer_set_members(struct podwall_request *request,
				  struct podwall_transaction *transaction,
				  struct podwall_peer_set *set)
{
	size_t before = podwall_peer_set_size(set);
	const struct nlattr *attribute;
	int remaining, err;

	err = reserve_identities(request, set);
	if (err)
		return err;
	nlmsg_for_each_attr(attribute, request->info->nlhdr, GENL_HDRLEN,
			    remaining) {
		if (nla_type(attribute) == PODWALL_A_PEER_SET_IDENTITY)
			err = podwall_peer_set_add_identity(set,
							    nla_get_u32(attribute));
		else if (nla_type(attribute) == PODWALL_A_PEER_SET_BLOCK)
			err = podwall_parse_block(attribute, set,
						  &request->error);
		if (err)
			return err;
	}
	transaction->memory += podwall_peer_set_size(set) - before;
	return 0;
}

static int stage_peer_set(struct podwall_request *request,
			  struct podwall_transaction *transaction)
{
	struct nlattr **attrs = request->info->attrs;
	struct podwall_peer_set *set;
	int err;
	u32 id;

	err = podwall_request_require(request, PODWALL_A_PEER_SET_ID, "id");
	if (err)
		return err;
	id = nla_get_u32(attrs[PODWALL_A_PEER_SET_ID]);
	if (attrs[PODWALL_A_PEER_SET_APPEND]) {
		set = podwall_transaction_peer_set(transaction, id);
		if (!set)
			return podwall_error_set(&request->error, -ENOENT,
						 "peer set %u cannot be appended to: this transaction has not staged it",
						 id);
		if (attrs[PODWALL_A_PEER_SET_NAME])
			return podwall_error_set(&request->error, -EINVAL,
						 "peer set %u: append takes identities and blocks only",
						 id);
		return stage_peer_set_members(request, transaction, set);
	}
	err = podwall_request_require(request, PODWALL_A_PEER_SET_NAME, "name");
	if (!err)
		err = podwall_parse_text(attrs[PODWALL_A_PEER_SET_NAME],
					 &request->error);
	if (err)
		return err;
	set = podwall_peer_set_create(id,
				      nla_data(attrs[PODWALL_A_PEER_SET_NAME]));
	if (!set)
		return -ENOMEM;
	err = podwall_transaction_add_peer_set(transaction, set);
	return err ?: stage_peer_set_members(request, transaction, set);
}

static int stage_rules(struct podwall_request *request,
		       struct podwall_transaction *transaction,
		       struct podwall_rule_set *set)
{
	size_t before = podwall_rule_set_size(set);
	const struct nlattr *attribute;
	int remaining, err;

	nlmsg_for_each_attr(attribute, request->info->nlhdr, GENL_HDRLEN,
			    remaining) {
		if (nla_type(attribute) != PODWALL_A_RULE_SET_RULE)
			continue;
		err = podwall_parse_rule(attribute, set, &request->error);
		if (err)
			return err;
	}
	transaction->memory += podwall_rule_set_size(set) - before;
	return 0;
}

static int isolate(struct podwall_request *request,
		   struct podwall_rule_set *set)
{
	const struct nlattr *origin =
		request->info->attrs[PODWALL_A_RULE_SET_ISOLATION_ORIGIN];
	bool isolated = request->info->attrs[PODWALL_A_RULE_SET_ISOLATED];
	int err;

	set->isolation_audited =
		request->info->attrs[PODWALL_A_RULE_SET_ISOLATION_AUDITED];
	if (isolated && set->isolation_audited)
		return podwall_error_set(&request->error, -EINVAL,
					 "rule set %u: isolated and isolation-audited exclude each other",
					 set->id);
	if (isolated != !!origin)
		return podwall_error_set(&request->error, -EINVAL,
					 "rule set %u: isolated and isolation-origin go together",
					 set->id);
	if (!isolated)
		return 0;
	err = podwall_parse_text(origin, &request->error);
	return err ?: podwall_rule_set_isolate(set, nla_data(origin));
}

static int stage_rule_set(struct podwall_request *request,
			  struct podwall_transaction *transaction)
{
	struct nlattr **attrs = request->info->attrs;
	struct podwall_rule_set *set;
	int err;
	u32 id;

	err = podwall_request_require(request, PODWALL_A_RULE_SET_ID, "id");
	if (err)
		return err;
	id = nla_get_u32(attrs[PODWALL_A_RULE_SET_ID]);
	if (attrs[PODWALL_A_RULE_SET_APPEND]) {
		set = podwall_transaction_rule_set(transaction, id);
		if (!set)
			return podwall_error_set(&request->error, -ENOENT,
						 "rule set %u cannot be appended to: this transaction has not staged it",
						 id);
		if (attrs[PODWALL_A_RULE_SET_DIRECTION] ||
		    attrs[PODWALL_A_RULE_SET_ISOLATED] ||
		    attrs[PODWALL_A_RULE_SET_ISOLATION_AUDITED] ||
		    attrs[PODWALL_A_RULE_SET_ISOLATION_ORIGIN])
			return podwall_error_set(&request->error, -EINVAL,
						 "rule set %u: append takes rules only",
						 id);
		return stage_rules(request, transaction, set);
	}
	err = podwall_request_require(request, PODWALL_A_RULE_SET_DIRECTION,
				      "direction");
	if (err)
		return err;
	set = podwall_rule_set_create(id,
				      nla_get_u32(attrs[PODWALL_A_RULE_SET_DIRECTION]));
	if (!set)
		return -ENOMEM;
	err = isolate(request, set);
	if (err) {
		podwall_rule_set_put(set);
		return err;
	}
	err = podwall_transaction_add_rule_set(transaction, set);
	return err ?: stage_rules(request, transaction, set);
}

static int read_guarded(struct podwall_request *request,
			struct podwall_settings *settings)
{
	struct nlattr **attrs = request->info->attrs;
	const struct nlattr *attribute;
	int remaining, err;

	if (attrs[PODWALL_A_SETTINGS_GUARDED] &&
	    attrs[PODWALL_A_SETTINGS_CLEAR_GUARDED])
		return podwall_error_set(&request->error, -EINVAL,
					 "guarded and clear-guarded exclude each other");
	if (attrs[PODWALL_A_SETTINGS_GUARDED] ||
	    attrs[PODWALL_A_SETTINGS_CLEAR_GUARDED])
		podwall_array_free(&settings->guarded);
	nlmsg_for_each_attr(attribute, request->info->nlhdr, GENL_HDRLEN,
			    remaining) {
		struct podwall_network *network;

		if (nla_type(attribute) != PODWALL_A_SETTINGS_GUARDED)
			continue;
		network = podwall_array_append(&settings->guarded,
					       sizeof(*network));
		if (!network)
			return -ENOMEM;
		err = podwall_parse_network(attribute, network,
					    &request->error);
		if (err)
			return err;
	}
	return 0;
}

static int stage_settings(struct podwall_request *request,
			  struct podwall_transaction *transaction)
{
	const struct podwall_policy *live = podwall_net_policy(request->pn);
	struct podwall_settings *settings = &transaction->settings;
	struct nlattr **attrs = request->info->attrs;
	int err;

	if (!transaction->has_settings) {
		err = podwall_settings_copy(settings,
					    &live->settings);
		if (err)
			return err;
		transaction->settings_generation = live->settings_generation;
		transaction->has_settings = true;
	}
	err = read_guarded(request, settings);
	if (err)
		return err;
	if (attrs[PODWALL_A_SETTINGS_NODE_ACCESS])
		settings->node_access =
			nla_get_u32(attrs[PODWALL_A_SETTINGS_NODE_ACCESS]);
	if (attrs[PODWALL_A_SETTINGS_DENY_ACTION])
		settings->deny_action =
			nla_get_u32(attrs[PODWALL_A_SETTINGS_DENY_ACTION]);
	if (attrs[PODWALL_A_SETTINGS_EVENT_RATE])
		settings->event_rate =
			nla_get_u32(attrs[PODWALL_A_SETTINGS_EVENT_RATE]);
	if (!attrs[PODWALL_A_SETTINGS_LIMITS])
		return 0;
	return podwall_parse_amounts(attrs[PODWALL_A_SETTINGS_LIMITS],
				     &settings->limits, &request->error);
}

static int remove_set(struct podwall_request *request,
		      struct podwall_transaction *transaction, int type,
		      int (*remove)(struct podwall_transaction *, u32))
{
	int err = podwall_request_require(request, type, "id");

	return err ?: remove(transaction,
			     nla_get_u32(request->info->attrs[type]));
}

static int stage(struct podwall_request *request,
		 struct podwall_transaction *transaction)
{
	switch (request->info->genlhdr->cmd) {
	case PODWALL_CMD_FLUSH:
		podwall_transaction_flush(transaction);
		return 0;
	case PODWALL_CMD_ADDRESS_NEW:
		return stage_addresses(request, transaction, false);
	case PODWALL_CMD_ADDRESS_DEL:
		return stage_addresses(request, transaction, true);
	case PODWALL_CMD_PEER_SET_NEW:
		return stage_peer_set(request, transaction);
	case PODWALL_CMD_PEER_SET_DEL:
		return remove_set(request, transaction, PODWALL_A_PEER_SET_ID,
				  podwall_transaction_remove_peer_set);
	case PODWALL_CMD_RULE_SET_NEW:
		return stage_rule_set(request, transaction);
	case PODWALL_CMD_RULE_SET_DEL:
		return remove_set(request, transaction, PODWALL_A_RULE_SET_ID,
				  podwall_transaction_remove_rule_set);
	case PODWALL_CMD_POD_NEW:
		return podwall_request_stage_pod(request, transaction, false);
	case PODWALL_CMD_POD_DEL:
		return podwall_request_stage_pod(request, transaction, true);
	case PODWALL_CMD_SETTINGS_SET:
		return stage_settings(request, transaction);
	default:
		return -EOPNOTSUPP;
	}
}

/**
 * podwall_request_stage - add a request to the socket's transaction
 * @request: one that stages
 *
 * A refused request drops the transaction, so that no commit can follow that
 * knows only half of what was asked.
 *
 * Context: Process context; may sleep.
 * Return: 0; -ENOENT without a transaction or for what it refers to; -EINVAL;
 * -ENOSPC over a limit; -ENOMEM.
 */
int podwall_request_stage(struct podwall_request *request)
{
	struct podwall_net *pn = request->pn;
	struct podwall_transaction *transaction;
	int err;

	mutex_lock(&pn->mutex);
	transaction = podwall_request_transaction(request);
	if (!transaction) {
		err = podwall_request_refuse_unopened(request);
		goto out;
	}
	err = stage(request, transaction);
	if (!err)
		err = podwall_net_check_memory(pn, &request->error);
	if (err)
		podwall_net_end(pn, transaction, PODWALL_TRANSACTION_LOST);
	else
		transaction->requests++;
out:
	mutex_unlock(&pn->mutex);
	return err;
}
