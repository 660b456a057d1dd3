// SPDX-License-Identifier: GPL-2.0-only
#include "policy/owners.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"

/* An address, without the bytes of the union that its family leaves open. */
struct owner_key {
	int family;
	uint8_t bytes[16];
};

struct owner {
	struct owner_key key;
	const struct cluster_pod *pod; /* the best claim, or NULL */
	bool of_node; /* some node has the address */
	UT_hash_handle hh;
};

/* "NODE ADDRESS" */
struct node_address {
	char *text;
	UT_hash_handle hh;
};

struct owners {
	struct owner *by_ip;
	struct node_address *by_node;
};

static struct owner_key make_key(const struct ip *ip)
{
	struct owner_key key;

	memset(&key, 0, sizeof(key));
	key.family = ip->family;
	if (ip->family == AF_INET)
		memcpy(key.bytes, &ip->v4, sizeof(ip->v4));
	else
		memcpy(key.bytes, &ip->v6, sizeof(ip->v6));
	return key;
}

static struct owner *find(const struct owners *owners, const struct ip *ip)
{
	struct owner_key key = make_key(ip);
	struct owner *owner;

	HASH_FIND(hh, owners->by_ip, &key, sizeof(key), owner);
	return owner;
}

static struct owner *find_or_add(struct owners *owners, const struct ip *ip)
{
	struct owner *owner = find(owners, ip);

	if (owner)
		return owner;
	owner = xcalloc(1, sizeof(*owner));
	owner->key = make_key(ip);
	HASH_ADD(hh, owners->by_ip, key, sizeof(owner->key), owner);
	return owner;
}

static char *node_text(const char *node, const struct ip *ip)
{
	char text[INET6_ADDRSTRLEN];

	return xasprintf("%s %s", node, ip_text(ip, text));
}

static struct node_address *find_node_address(const struct owners *owners,
					      const char *text)
{
	struct node_address *address;

	HASH_FIND_STR(owners->by_node, text, address);
	return address;
}

static void add_node_addresses(struct owners *owners, const char *node,
			       const struct ip *ips, size_t count)
{
	struct node_address *address;
	size_t i;

	for (i = 0; i < count; i++) {
		char *text = node_text(node, &ips[i]);

		if (find_node_address(owners, text)) {
			free(text);
			continue;
		}
		address = xcalloc(1, sizeof(*address));
		address->text = text;
		HASH_ADD_KEYPTR(hh, owners->by_node, text, strlen(text),
				address);
	}
}

static bool has_ended(const struct cluster_pod *pod)
{
	return pod->phase == POD_SUCCEEDED || pod->phase == POD_FAILED;
}

static bool lives_apart(const struct owners *owners,
			const struct cluster_pod *pod)
{
	size_t i;

	if (pod->host_network || has_ended(pod))
		return false;
	for (i = 0; i < pod->ip_count; i++) {
		const struct owner *owner = find(owners, &pod->ips[i]);

		if (owner && owner->of_node)
			return false;
	}
	return true;
}

static bool goes_before(const struct cluster_pod *a,
			const struct cluster_pod *b)
{
	bool a_runs = a->phase == POD_RUNNING;
	bool b_runs = b->phase == POD_RUNNING;

	if (a->deleting != b->deleting)
		return b->deleting;
	if (a_runs != b_runs)
		return a_runs;
	return strcmp(a->key, b->key) < 0;
}

static void add_claims(struct owners *owners, const struct cluster_pod *pod)
{
	size_t i;

	for (i = 0; i < pod->ip_count; i++) {
		struct owner *owner = find_or_add(owners, &pod->ips[i]);

		if (!owner->pod || goes_before(pod, owner->pod))
			owner->pod = pod;
	}
}

static struct owners *build(const struct cluster *cluster)
{
	struct owners *owners = xcalloc(1, sizeof(*owners));
	const struct cluster_node *node;
	const struct cluster_pod *pod;
	size_t i;

	for (node = cluster->nodes; node; node = node->hh.next) {
		for (i = 0; i < node->ip_count; i++)
			find_or_add(owners, &node->ips[i])->of_node = true;
		add_node_addresses(owners, node->name, node->ips,
				   node->ip_count);
	}
	for (pod = cluster->pods; pod; pod = pod->hh.next) {
		if (lives_apart(owners, pod))
			add_claims(owners, pod);
		else if (pod->host_network && !has_ended(pod))
			add_node_addresses(owners, pod->node, pod->ips,
					   pod->ip_count);
	}
	return owners;
}

/* What is remembered is no part of the cluster's value, so one that is const
 * may remember it too.
 */
static const struct owners *owners_of(const struct cluster *cluster)
{
	if (!cluster->owners)
		((struct cluster *)cluster)->owners = build(cluster);
	return cluster->owners;
}

const struct cluster_pod *owner_of(const struct cluster *cluster,
				   const struct ip *ip)
{
	const struct owner *owner = find(owners_of(cluster), ip);

	return owner ? owner->pod : NULL;
}

bool has_own_network(const struct cluster *cluster,
		     const struct cluster_pod *pod)
{
	return lives_apart(owners_of(cluster), pod);
}

bool is_ip_of_node(const struct cluster *cluster, const char *node,
		   const struct ip *ip)
{
	char *text;
	bool found;

	if (!*node)
		return false;
	text = node_text(node, ip);
	found = find_node_address(owners_of(cluster), text);
	free(text);
	return found;
}

void owners_free(struct owners *owners)
{
	struct node_address *address, *next_address;
	struct owner *owner, *next_owner;

	if (!owners)
		return;
	HASH_ITER(hh, owners->by_ip, owner, next_owner) {
		HASH_DEL(owners->by_ip, owner);
		free(owner);
	}
	HASH_ITER(hh, owners->by_node, address, next_address) {
		HASH_DEL(owners->by_node, address);
		free(address->text);
		free(address);
	}
	free(owners);
}
