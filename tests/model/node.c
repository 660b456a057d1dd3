// SPDX-License-Identifier: GPL-2.0-only

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/socket.h>
#include <linux/string.h>

#include "classifier_build.h"
#include "commit.h"
#include "kernel.h"
#include "node.h"
#include "policy.h"
#include "stage.h"
#include "transaction.h"

struct podwall_ip node_ip(const struct address *address)
{
	struct podwall_ip ip = {};

	ip.family = address->bits == 32 ? AF_INET : AF_INET6;
	memcpy(ip.v6.s6_addr, address->bytes, address->bits / 8);
	return ip;
}

struct podwall_network node_network(const struct network *network)
{
	return (struct podwall_network){
		.base = node_ip(&network->base),
		.prefix_length = network->length,
	};
}

/* Begin with an empty policy. */
void node_begin(struct node *node)
{
	static const struct settings initial;

	*node = (struct node){ .live = podwall_policy_create_initial() };
	BUG_ON(!node->live);
	node->world.settings = &initial;
}

static int begin(struct node *node, const struct list *changes,
		 struct podwall_transaction **transaction)
{
	int err;

	node->error = (struct podwall_error){};
	*transaction = podwall_transaction_create(1, NULL);
	if (!*transaction)
		return -ENOMEM;
	err = stage(node->live, *transaction, changes);
	if (err)
		podwall_transaction_free(*transaction);
	return err;
}

/**
 * node_build - make the policy that changes lead to, but do not publish it
 * @node: its live policy stays
 * @changes: of struct change
 *
 * Return: the policy, whose reference is the caller's, or an error pointer
 * with a text in the node.
 */
struct podwall_policy *node_build(struct node *node, const struct list *changes)
{
	struct podwall_transaction *transaction;
	struct podwall_policy *policy;
	int err;

	err = begin(node, changes, &transaction);
	if (err)
		return ERR_PTR(err);
	policy = podwall_commit_build(node->live, transaction, &node->error);
	podwall_transaction_free(transaction);
	return policy;
}

/**
 * node_commit - commit changes as kmod/netlink_request.c does
 * @node: the policy that was live is dropped, unless it was changed in place
 * @changes: of struct change
 * @world: what they should lead to
 *
 * Return: 0, or an error with a text in the node; then nothing has changed.
 */
int node_commit(struct node *node, const struct list *changes,
		const struct world *world)
{
	struct podwall_transaction *transaction;
	struct podwall_policy *policy;
	int err;

	err = begin(node, changes, &transaction);
	if (err)
		return err;
	if (!podwall_classifier_store(node->live, transaction)) {
		policy = podwall_commit_build(node->live, transaction,
					      &node->error);
		err = PTR_ERR_OR_ZERO(policy);
		if (!err) {
			podwall_policy_put(node->live);
			node->live = policy;
		}
	}
	podwall_transaction_free(transaction);
	if (!err) {
		counts_follow(&node->counts, &node->world, world);
		node->world = *world;
		node->generation++;
	}
	BUG_ON(node->live->generation != node->generation);
	return err;
}

/* Drop the live policy, with all that waits for the end of its readers. */
void node_end(struct node *node)
{
	podwall_policy_put(node->live);
	kernel_grace_period();
}
