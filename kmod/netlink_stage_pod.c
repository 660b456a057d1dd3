// SPDX-License-Identifier: GPL-2.0-only

#include <linux/podwall.h>

#include "namespace.h"
#include "netlink_parse.h"
#include "netlink_request.h"
#include "pod.h"
#include "transaction.h"

static int read_pod_addresses(struct podwall_request *request,
			      struct podwall_pod *pod)
{
	const struct nlattr *attribute;
	int remaining, err;

	nlmsg_for_each_attr(attribute, request->info->nlhdr, GENL_HDRLEN,
			    remaining) {
		if (nla_type(attribute) != PODWALL_A_POD_ADDRESS)
			continue;
		if (pod->address_count == PODWALL_POD_ADDRESSES_MAX)
			return podwall_error_set(&request->error, -ENOSPC,
						 "pod %.100s has more than %u addresses",
						 pod->key,
						 PODWALL_POD_ADDRESSES_MAX);
		err = podwall_parse_address(attribute,
					    &pod->addresses[pod->address_count],
					    NULL, &request->error);
		if (err)
			return err;
		pod->address_count++;
	}
	if (!pod->address_count)
		return podwall_error_set(&request->error, -EINVAL,
					 "pod %.100s has no address", pod->key);
	return 0;
}

static u32 read_id(const struct nlattr *attribute)
{
	return attribute ? nla_get_u32(attribute) : 0;
}

/* It judges what the other denies: alone it would deny nothing. */
static int check_enforced(struct podwall_request *request,
			  const struct podwall_pod *pod, const char *direction,
			  u32 id, u32 enforced)
{
	if (id || !enforced)
		return 0;
	return podwall_error_set(&request->error, -EINVAL,
				 "pod %.100s has the enforced %s rule set %u, but no %s rule set",
				 pod->key, direction, enforced, direction);
}

static int read_pod_rule_sets(struct podwall_request *request,
			      struct podwall_pod *pod)
{
	struct nlattr **attrs = request->info->attrs;
	int err;

	pod->ingress_rule_set = read_id(attrs[PODWALL_A_POD_INGRESS_RULE_SET]);
	pod->egress_rule_set = read_id(attrs[PODWALL_A_POD_EGRESS_RULE_SET]);
	pod->ingress_enforced_rule_set =
		read_id(attrs[PODWALL_A_POD_INGRESS_ENFORCED_RULE_SET]);
	pod->egress_enforced_rule_set =
		read_id(attrs[PODWALL_A_POD_EGRESS_ENFORCED_RULE_SET]);
	err = check_enforced(request, pod, "ingress", pod->ingress_rule_set,
			     pod->ingress_enforced_rule_set);
	return err ?: check_enforced(request, pod, "egress",
				     pod->egress_rule_set,
				     pod->egress_enforced_rule_set);
}

static int read_pod(struct podwall_request *request, struct podwall_pod *pod)
{
	struct nlattr **attrs = request->info->attrs;
	const struct nlattr *interface = attrs[PODWALL_A_POD_INTERFACE];
	const struct nlattr *uid = attrs[PODWALL_A_POD_UID];
	int err;

	if (uid && nla_len(uid) > 1) {
		err = podwall_parse_text(uid, &request->error);
		if (err)
			return err;
		nla_strscpy(pod->uid, uid, sizeof(pod->uid));
	}
	if (interface) {
		err = podwall_parse_text(interface, &request->error);
		if (err)
			return err;
		nla_strscpy(pod->interface, interface, sizeof(pod->interface));
	}
	if (attrs[PODWALL_A_POD_MODE])
		pod->mode = nla_get_u32(attrs[PODWALL_A_POD_MODE]);
	pod->report_accepted =
		nla_get_flag(attrs[PODWALL_A_POD_REPORT_ACCEPTED]);
	err = read_pod_rule_sets(request, pod);
	return err ?: read_pod_addresses(request, pod);
}

/**
 * podwall_request_stage_pod - stage a pod, or that it goes
 * @request: that brings it
 * @transaction: of its socket
 * @remove: whether the pod goes
 *
 * Context: Process context; &podwall_net.mutex is held.
 * Return: 0; -EINVAL; -ENOSPC for too many addresses; -ENOMEM.
 */
int podwall_request_stage_pod(struct podwall_request *request,
			      struct podwall_transaction *transaction,
			      bool remove)
{
	const struct nlattr *key = request->info->attrs[PODWALL_A_POD_KEY];
	struct podwall_pod *pod;
	int err;

	lockdep_assert_held(&request->pn->mutex);
	err = podwall_request_require(request, PODWALL_A_POD_KEY, "key");
	if (!err)
		err = podwall_parse_text(key, &request->error);
	if (err)
		return err;
	pod = podwall_pod_create(nla_data(key));
	if (!pod)
		return -ENOMEM;
	if (!remove) {
		err = read_pod(request, pod);
		if (err) {
			podwall_pod_put(pod);
			return err;
		}
	}
	return podwall_transaction_add_pod(transaction, pod, remove);
}
