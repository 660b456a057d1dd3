// SPDX-License-Identifier: GPL-2.0-only

#include <linux/err.h>
#include <linux/podwall.h>
#include <linux/time_namespace.h>
#include <linux/timekeeping.h>

#include "classifier_build.h"
#include "commit.h"
#include "event.h"
#include "hook.h"
#include "namespace.h"
#include "netlink_request.h"
#include "policy.h"
#include "trace.h"
#include "transaction.h"

static struct sk_buff *generation_reply(struct podwall_request *request,
					u64 generation, void **header)
{
	struct sk_buff *reply;

	reply = podwall_request_reply(request, nla_total_size_64bit(8), header);
	if (!reply)
		return NULL;
	if (nla_put_u64_64bit(reply, PODWALL_A_TRANSACTION_GENERATION,
			      generation, PODWALL_A_TRANSACTION_PAD)) {
		nlmsg_free(reply);
		return NULL;
	}
	return reply;
}

/*
 * The caller reads CLOCK_BOOTTIME in its own time namespace, where it may be set
 * off from the kernel's: the two are compared there, and how long ago it was is
 * the same in both.
 */
static int read_since(struct podwall_request *request, u64 *since)
{
	const struct nlattr *given =
		request->info->attrs[PODWALL_A_TRANSACTION_SINCE];
	u64 now = ktime_get_boottime_ns();
	u64 here = timens_add_boottime_ns(now);

	if (given && nla_get_u64(given) > here)
		return podwall_error_set(&request->error, -EINVAL,
					 "since is %llu, %llu ns ahead of CLOCK_BOOTTIME",
					 nla_get_u64(given),
					 nla_get_u64(given) - here);
	*since = given ? now - (here - nla_get_u64(given)) : now;
	return 0;
}

/**
 * podwall_request_begin - open a transaction on the request's socket
 * @request: transaction-begin
 *
 * Context: Process context; may sleep.
 * Return: 0; -EINVAL when the change is said to come from the future; -ESTALE
 * when the expected generation is not the current one; or what
 * podwall_net_begin() returns.
 */
int podwall_request_begin(struct podwall_request *request)
{
	const struct nlattr *expected =
		request->info->attrs[PODWALL_A_TRANSACTION_GENERATION];
	struct podwall_net *pn = request->pn;
	struct podwall_transaction *transaction;
	struct sk_buff *reply;
	void *header;
	u64 current_generation, since;
	int err;

	err = read_since(request, &since);
	if (err)
		return err;
	mutex_lock(&pn->mutex);
	current_generation = podwall_net_policy(pn)->generation;
	if (expected && nla_get_u64(expected) != current_generation) {
		err = podwall_error_set(&request->error, -ESTALE,
					"generation %llu is expected, but %llu is current",
					nla_get_u64(expected),
					current_generation);
		goto out;
	}
	reply = generation_reply(request, current_generation, &header);
	if (!reply) {
		err = -ENOMEM;
		goto out;
	}
	transaction = podwall_net_begin(pn, request->info->snd_portid,
					NETLINK_CB(request->skb).sk,
					&request->error);
	if (IS_ERR(transaction)) {
		nlmsg_free(reply);
		err = PTR_ERR(transaction);
		goto out;
	}
	transaction->since = since;
	transaction->has_expected = expected;
	transaction->expected = current_generation;
	err = podwall_request_send(request, reply, header);
	if (err)
		podwall_net_end(pn, transaction, PODWALL_TRANSACTION_LOST);
out:
	mutex_unlock(&pn->mutex);
	return err;
}

static int check_transaction(struct podwall_request *request,
			     const struct podwall_transaction *transaction,
			     u32 requests)
{
	const struct podwall_policy *live = podwall_net_policy(request->pn);

	if (transaction->has_expected &&
	    transaction->expected != live->generation)
		return podwall_error_set(&request->error, -ESTALE,
					 "generation %llu is expected, but %llu is current",
					 transaction->expected,
					 live->generation);
	if (transaction->has_settings &&
	    transaction->settings_generation != live->settings_generation)
		return podwall_error_set(&request->error, -ESTALE,
					 "another writer changed settings, in generation %llu",
					 live->settings_generation);
	if (transaction->requests != requests)
		return podwall_error_set(&request->error, -EINVAL,
					 "%u requests were taken up, not %u: one was refused or lost",
					 transaction->requests, requests);
	return 0;
}

static int publish(struct podwall_request *request,
		   struct podwall_policy *policy)
{
	struct podwall_net *pn = request->pn;
	int err;

	if (podwall_policy_enforces(policy)) {
		err = podwall_hook_register(request->net, pn);
		if (err) {
			podwall_policy_put(policy);
			return podwall_error_set(&request->error, err,
						 "the network namespace's packets cannot be hooked");
		}
	}
	podwall_net_publish(pn, policy);
	/* Under the mutex the new policy is going nowhere. */
	if (!podwall_policy_enforces(policy))
		podwall_hook_unregister(request->net, pn);
	return 0;
}

static u64 elapsed(const struct podwall_transaction *transaction)
{
	return ktime_get_boottime_ns() - transaction->since;
}

static void account(struct podwall_net *pn,
		    const struct podwall_transaction *transaction)
{
	pn->commits++;
	pn->delay = elapsed(transaction);
	pn->delay_sum += pn->delay;
}

/* The last steps that can fail come first, then the store that cannot. */
static int commit(struct podwall_request *request,
		  struct podwall_transaction *transaction)
{
	struct podwall_policy *live = podwall_net_policy(request->pn), *policy;
	struct sk_buff *reply;
	void *header;
	int err = 0;

	reply = generation_reply(request, live->generation + 1, &header);
	if (!reply)
		return -ENOMEM;
	if (!podwall_classifier_store(live, transaction)) {
		policy = podwall_commit_build(live, transaction,
					      &request->error);
		err = IS_ERR(policy) ? PTR_ERR(policy) :
				       publish(request, policy);
	}
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	account(request->pn, transaction);
	podwall_event_send_change(request->net, request->pn,
				  transaction->requests);
	/* What was committed stays, whether or not its caller hears of it. */
	podwall_request_send(request, reply, header);
	return 0;
}

/**
 * podwall_request_commit - end the socket's transaction in a new policy
 * @request: transaction-commit
 *
 * Context: Process context; may sleep.
 * Return: 0; -ENOENT without a transaction; -ESTALE when the generation or the
 * settings have moved; -EINVAL when the number of requests is another; or what
 * podwall_commit_build() and podwall_hook_register() return. Then nothing has
 * changed.
 */
int podwall_request_commit(struct podwall_request *request)
{
	const struct nlattr *requests =
		request->info->attrs[PODWALL_A_TRANSACTION_REQUESTS];
	struct podwall_net *pn = request->pn;
	struct podwall_transaction *transaction;
	int err;

	err = podwall_request_require(request, PODWALL_A_TRANSACTION_REQUESTS,
				      "requests");
	if (err)
		return err;
	mutex_lock(&pn->mutex);
	transaction = podwall_request_transaction(request);
	if (!transaction) {
		err = podwall_request_refuse_unopened(request);
		goto out;
	}
	err = check_transaction(request, transaction, nla_get_u32(requests));
	if (!err)
		err = commit(request, transaction);
	if (err)
		pn->commits_refused++;
	trace_commit(request->net, podwall_net_policy(pn)->generation,
		     transaction->requests,
		     err ? elapsed(transaction) : pn->delay, err);
	podwall_net_end(pn, transaction, err ? PODWALL_TRANSACTION_LOST :
					       PODWALL_TRANSACTION_COMMITTED);
out:
	mutex_unlock(&pn->mutex);
	return err;
}

/**
 * podwall_request_abort - drop the socket's transaction
 * @request: transaction-abort
 *
 * Context: Process context; may sleep.
 * Return: 0, or -ENOENT without a transaction.
 */
int podwall_request_abort(struct podwall_request *request)
{
	struct podwall_net *pn = request->pn;
	struct podwall_transaction *transaction;
	int err = 0;

	mutex_lock(&pn->mutex);
	transaction = podwall_request_transaction(request);
	if (transaction)
		podwall_net_end(pn, transaction, PODWALL_TRANSACTION_ABORTED);
	else
		err = podwall_request_refuse_unopened(request);
	mutex_unlock(&pn->mutex);
	return err;
}
