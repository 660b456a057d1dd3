// SPDX-License-Identifier: GPL-2.0-only
#include "policy/policy_table.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"
#include "policy/selector.h"

struct policy_record {
	const struct network_policy *policy;
	UT_hash_handle hh;
};

static void free_policy(struct policy_table *table,
			const struct network_policy *policy)
{
	peer_table_forget(table->peers, policy->ingress_rules,
			  policy->ingress_rule_count);
	peer_table_forget(table->peers, policy->egress_rules,
			  policy->egress_rule_count);
	if (!table->borrows)
		network_policy_free((struct network_policy *)policy);
}

static void forget_rules(struct policy_table *table,
			 const struct cluster_rule *rules, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		peer_table_forget(table->peers, &rules[i].covers, 1);
}

static void free_cluster_policy(struct policy_table *table,
				const struct cluster_policy *policy)
{
	forget_rules(table, policy->ingress_rules, policy->ingress_rule_count);
	forget_rules(table, policy->egress_rules, policy->egress_rule_count);
	if (!table->borrows)
		cluster_policy_free((struct cluster_policy *)policy);
}

static void touch_selected(struct policy_table *table,
			   const struct namespace_record *namespace,
			   const struct selector *pod_selector)
{
	const struct identity *identity;

	for (identity = namespace->identities; identity;
	     identity = identity->next)
		if (identity->draft &&
		    selector_matches(pod_selector, &identity->labels))
			touch_draft(table->touched, identity->draft);
}

/* Where a key stands among ordered policies, or would. */
static size_t find_place(const struct namespace_record *namespace,
			 const char *key)
{
	size_t low = 0, high = namespace->policy_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(namespace->policies[middle]->key, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Make room for a pointer in an ordered array. */
static void insert(void *array, size_t count, size_t place, const void *element)
{
	const void **pointers = array;

	memmove(&pointers[place + 1], &pointers[place],
		(count - place) * sizeof(*pointers));
	pointers[place] = element;
}

static void cut_out(void *array, size_t count, size_t place)
{
	const void **pointers = array;

	memmove(&pointers[place], &pointers[place + 1],
		(count - place - 1) * sizeof(*pointers));
}

static struct policy_record *find(const struct policy_table *table,
				  const char *key)
{
	struct policy_record *record;

	HASH_FIND_STR(table->policies, key, record);
	return record;
}

static void link_policy(struct policy_table *table,
			struct policy_record *record)
{
	const struct network_policy *policy = record->policy;
	struct namespace_record *namespace =
		namespace_table_intern(&table->population->namespaces,
				       policy->namespace);

	HASH_ADD_KEYPTR(hh, table->policies, policy->key, strlen(policy->key),
			record);
	namespace->policies = array_room(namespace->policies,
					 namespace->policy_count,
					 sizeof(*namespace->policies));
	insert(namespace->policies, namespace->policy_count,
	       find_place(namespace, policy->key), policy);
	namespace->policy_count++;
	touch_selected(table, namespace, &policy->pod_selector);
}

static void unlink_policy(struct policy_table *table,
			  struct policy_record *record)
{
	const struct network_policy *policy = record->policy;
	struct namespace_record *namespace =
		namespace_table_intern(&table->population->namespaces,
				       policy->namespace);

	touch_selected(table, namespace, &policy->pod_selector);
	HASH_DEL(table->policies, record);
	cut_out(namespace->policies, namespace->policy_count,
		find_place(namespace, policy->key));
	namespace->policy_count--;
	touch_namespace(table->touched, namespace);
	free_policy(table, policy);
}

void policy_table_put(struct policy_table *table,
		      const struct network_policy *policy)
{
	struct policy_record *record = find(table, policy->key);

	if (record)
		unlink_policy(table, record);
	else
		record = xcalloc(1, sizeof(*record));
	record->policy = policy;
	link_policy(table, record);
}

bool policy_table_remove(struct policy_table *table, const char *key)
{
	struct policy_record *record = find(table, key);

	if (!record)
		return false;
	unlink_policy(table, record);
	free(record);
	return true;
}

size_t policy_table_count(const struct policy_table *table)
{
	return HASH_COUNT(table->policies);
}

static int compare(const struct cluster_policy *a,
		   const struct cluster_policy *b)
{
	int order;

	if (a->tier != b->tier)
		return a->tier < b->tier ? -1 : 1;
	if (a->priority != b->priority)
		return a->priority < b->priority ? -1 : 1;
	order = strcmp(a->name, b->name);
	return order ? order : strcmp(a->key, b->key);
}

static bool selects(const struct cluster_policy *policy,
		    const struct identity *identity)
{
	const struct cluster_namespace *namespace = identity->namespace->object;

	return namespace &&
	       selector_matches(&policy->namespace_selector,
				&namespace->labels) &&
	       selector_matches(&policy->pod_selector, &identity->labels);
}

static void touch_subjects(struct policy_table *table,
			   const struct cluster_policy *policy)
{
	const struct identity *identity;

	for (identity = table->population->identities.identities; identity;
	     identity = identity->hh.next)
		if (identity->draft && selects(policy, identity))
			touch_draft(table->touched, identity->draft);
}

void policy_table_put_cluster(struct policy_table *table,
			      const struct cluster_policy *policy)
{
	size_t place = 0;

	policy_table_remove_cluster(table, policy->key);
	while (place < table->cluster_policy_count &&
	       compare(table->cluster_policies[place], policy) < 0)
		place++;
	table->cluster_policies = array_room(table->cluster_policies,
					     table->cluster_policy_count,
					     sizeof(*table->cluster_policies));
	insert(table->cluster_policies, table->cluster_policy_count, place,
	       policy);
	table->cluster_policy_count++;
	touch_subjects(table, policy);
}

bool policy_table_remove_cluster(struct policy_table *table, const char *key)
{
	const struct cluster_policy *policy;
	size_t place = 0;

	while (place < table->cluster_policy_count &&
	       strcmp(table->cluster_policies[place]->key, key) != 0)
		place++;
	if (place == table->cluster_policy_count)
		return false;
	policy = table->cluster_policies[place];
	touch_subjects(table, policy);
	cut_out(table->cluster_policies, table->cluster_policy_count, place);
	table->cluster_policy_count--;
	free_cluster_policy(table, policy);
	return true;
}

void policy_table_select(const struct policy_table *table,
			 const struct identity *identity,
			 enum podwall_direction direction,
			 struct selection *selection)
{
	const struct namespace_record *namespace = identity->namespace;
	bool ingress = direction == PODWALL_DIRECTION_INGRESS;
	size_t i;

	*selection = (struct selection){};
	for (i = 0; i < namespace->policy_count; i++) {
		const struct network_policy *policy = namespace->policies[i];

		if ((ingress ? policy->ingress : policy->egress) &&
		    selector_matches(&policy->pod_selector, &identity->labels))
			*array_add(selection->policies,
				   selection->policy_count) = policy;
	}
	for (i = 0; i < table->cluster_policy_count; i++)
		if (selects(table->cluster_policies[i], identity))
			*array_add(selection->cluster_policies,
				   selection->cluster_policy_count) =
				table->cluster_policies[i];
}

void policy_table_clear(struct policy_table *table)
{
	struct policy_record *record, *next;
	size_t i;

	HASH_ITER(hh, table->policies, record, next) {
		HASH_DEL(table->policies, record);
		free_policy(table, record->policy);
		free(record);
	}
	for (i = 0; i < table->cluster_policy_count; i++)
		free_cluster_policy(table, table->cluster_policies[i]);
	free(table->cluster_policies);
	*table = (struct policy_table){};
}
