// SPDX-License-Identifier: GPL-2.0-only
#include "policy/compiler.h"

#include <stdlib.h>
#include <string.h>
#include "policy/compiler_state.h"
#include "policy/memory.h"
#include "policy/namespace_check.h"
#include "policy/node_check.h"
#include "policy/publication.h"
#include "policy/update.h"

/**
 * DOC: The compiler
 *
 * Events only note what they touch. Nothing is compiled until changes are
 * collected, so that a pod which goes and comes back in between, or ten updates
 * of one policy, cost what one does:
 *
 *	put, remove -> population, policies -> touched
 *	update()    touched identities -> held against all peers -> drafts that
 *		    ask for what turned empty, or is so no longer -> peers that
 *		    they ask for -> names, ids, numbers -> rule sets
 *	publish()   addresses, peer sets, rule sets and pods that were touched
 *		    against what was published -> changes; then what nobody needs
 *		    is freed, and its numbers are
 *
 * A pod claims addresses (address_table.c), and the best claim on each owns it,
 * unless a node has it (node_table.c). Pods of equal namespace, labels and named
 * ports stand under an identity (identity.c), which lives while a pod of it owns
 * an address and its namespace is known (namespace_table.c). A draft (draft.c) is
 * the rule sets of an identity with pods on this node; it asks for peers
 * (peer_table.c) and named ports (service_index.c), which remember who asked. A
 * peer knows which living identities it holds (peer_members.c), which were found by
 * their labels when it came (peer_search.c), or which addresses (peer_blocks.c). An
 * identity that some peer holds is used: then it has a number, and its addresses go
 * to the kernel.
 *
 * For example, x/web of this node accepts what comes from pods{app=db} of its
 * namespace, peer set 4. Pod x/db-2 with app=db comes, on another node, with
 * 10.0.0.9, in an update of its status: before, it had no address.
 *
 * - population_put_pod() finds the identity that x/db-1 has too. The address is
 *   new and has one claim, so x/db-2 owns it: address and identity are touched.
 * - update() finds the identity known and living, as before: no peer changes. Had
 *   x/db-2 a label of its own, its identity would be new: it would be held
 *   against the peers of namespace x and those of any namespace, would join
 *   pods{app=db}, which is touched, and get the lowest free number.
 * - publish() sees that 10.0.0.9 stood under no identity and now stands under
 *   that of x/db-1: the only change is to add the address. With a new identity
 *   peer set 4 would be replaced as well.
 *
 * A waiting pod (its namespace is not known) owns its addresses all the same, so
 * that nobody who claims them in vain is taken for it.
 */

static struct compiler *make(const char *node, bool borrows)
{
	struct compiler *compiler = xcalloc(1, sizeof(*compiler));

	compiler->node = node ? xstrdup(node) : NULL;
	population_init(&compiler->population, compiler->node, borrows,
			&compiler->touched);
	compiler->services.touched = &compiler->touched;
	compiler->peers = (struct peer_table){
		.population = &compiler->population,
		.services = &compiler->services,
		.touched = &compiler->touched,
	};
	compiler->policies = (struct policy_table){
		.borrows = borrows,
		.population = &compiler->population,
		.peers = &compiler->peers,
		.touched = &compiler->touched,
	};
	return compiler;
}

struct compiler *compiler_new(const char *node)
{
	return make(node, false);
}

static void free_drafts(struct compiler *compiler)
{
	struct touched *touched = &compiler->touched;
	struct identity *identity;
	size_t i;

	for (i = 0; i < touched->draft_count; i++)
		if (!touched->drafts[i]->identity)
			draft_free(touched->drafts[i], &compiler->peers,
				   &compiler->rules);
	for (identity = compiler->population.identities.identities; identity;
	     identity = identity->hh.next)
		if (identity->draft)
			draft_free(identity->draft, &compiler->peers,
				   &compiler->rules);
}

void compiler_free(struct compiler *compiler)
{
	if (!compiler)
		return;
	free_drafts(compiler);
	policy_table_clear(&compiler->policies);
	peer_table_clear(&compiler->peers);
	service_index_clear(&compiler->services);
	rule_table_clear(&compiler->rules);
	population_clear(&compiler->population);
	numbers_clear(&compiler->numbers);
	outdated_clear(&compiler->outdated);
	touched_clear(&compiler->touched);
	free(compiler->node);
	free(compiler);
}

void compiler_put_namespace(struct compiler *compiler,
			    struct cluster_namespace *namespace)
{
	namespace_table_put(&compiler->population.namespaces, namespace);
}

void compiler_put_node(struct compiler *compiler, struct cluster_node *node)
{
	node_table_put(&compiler->population.nodes, node);
}

void compiler_put_pod(struct compiler *compiler, struct cluster_pod *pod)
{
	population_put_pod(&compiler->population, pod);
}

void compiler_put_policy(struct compiler *compiler,
			 struct network_policy *policy)
{
	policy_table_put(&compiler->policies, policy);
}

void compiler_put_cluster_policy(struct compiler *compiler,
				 struct cluster_policy *policy)
{
	policy_table_put_cluster(&compiler->policies, policy);
}

bool compiler_remove_namespace(struct compiler *compiler, const char *name)
{
	return namespace_table_remove(&compiler->population.namespaces, name);
}

bool compiler_remove_node(struct compiler *compiler, const char *name)
{
	return node_table_remove(&compiler->population.nodes, name);
}

bool compiler_remove_pod(struct compiler *compiler, const char *key)
{
	return population_remove_pod(&compiler->population, key);
}

bool compiler_remove_policy(struct compiler *compiler, const char *key)
{
	return policy_table_remove(&compiler->policies, key);
}

bool compiler_remove_cluster_policy(struct compiler *compiler, const char *key)
{
	return policy_table_remove_cluster(&compiler->policies, key);
}

/* Look again at pods whose interface only the kernel knows. */
static void touch_interfaces(struct compiler *compiler,
			     const struct objects *live)
{
	size_t i;

	for (i = 0; live && i < live->pod_count; i++) {
		const struct pod *pod = &live->pods[i];
		struct inhabitant *inhabitant =
			pod->interface ? population_find(&compiler->population,
							 pod->key) :
					 NULL;

		if (inhabitant && inhabitant->here &&
		    !inhabitant->here->published.interface)
			touch_inhabitant(&compiler->touched, inhabitant);
	}
}

void compiler_objects(struct compiler *compiler, const struct objects *live,
		      struct objects *objects)
{
	struct difference difference;

	touch_interfaces(compiler, live);
	update(compiler, live);
	publish(compiler, live, &difference);
	difference_clear(&difference);
	publication_copy(compiler, objects);
}

void compiler_changes(struct compiler *compiler, struct difference *difference)
{
	update(compiler, NULL);
	publish(compiler, NULL, difference);
}

bool compiler_changed(const struct compiler *compiler)
{
	return touched_any(&compiler->touched);
}

const struct pod *compiler_find_pod(const struct compiler *compiler,
				    const char *key)
{
	const struct inhabitant *inhabitant =
		population_find(&compiler->population, key);

	return inhabitant && inhabitant->here &&
			       inhabitant->here->published.key ?
		       &inhabitant->here->published :
		       NULL;
}

void compiler_problems(struct compiler *compiler, struct problems *problems)
{
	address_table_warn(&compiler->population.addresses, problems);
}

struct compiler_counts compiler_counts(const struct compiler *compiler)
{
	const struct population *population = &compiler->population;
	struct compiler_counts counts = compiler->counts;
	const struct namespace_record *namespace;

	for (namespace = population->namespaces.records; namespace;
	     namespace = namespace->hh.next)
		counts.namespaces += !!namespace->object;
	counts.nodes = HASH_COUNT(population->nodes.records);
	counts.pods = population->pods;
	counts.policies = policy_table_count(&compiler->policies);
	counts.cluster_policies = compiler->policies.cluster_policy_count;
	counts.identities = numbers_count(&compiler->numbers);
	return counts;
}

/* A compiler whose objects stay those of the cluster. */
static struct compiler *borrow(const struct cluster *cluster, const char *node)
{
	struct compiler *compiler = make(node, true);
	const struct cluster_policy *cluster_policy;
	const struct cluster_namespace *namespace;
	const struct network_policy *policy;
	const struct cluster_node *node_object;
	const struct cluster_pod *pod;

	for (namespace = cluster->namespaces; namespace;
	     namespace = namespace->hh.next)
		namespace_table_put(&compiler->population.namespaces,
				    namespace);
	for (node_object = cluster->nodes; node_object;
	     node_object = node_object->hh.next)
		node_table_put(&compiler->population.nodes, node_object);
	for (pod = cluster->pods; pod; pod = pod->hh.next)
		population_put_pod(&compiler->population, pod);
	for (policy = cluster->policies; policy; policy = policy->hh.next)
		policy_table_put(&compiler->policies, policy);
	for (cluster_policy = cluster->cluster_policies; cluster_policy;
	     cluster_policy = cluster_policy->hh.next)
		policy_table_put_cluster(&compiler->policies, cluster_policy);
	return compiler;
}

static bool check(struct compiler *compiler, const struct cluster *cluster,
		  struct problems *problems)
{
	bool fine;

	compiler_problems(compiler, problems);
	fine = check_namespaces(cluster, &compiler->population.namespaces,
				problems);
	return check_nodes(cluster, problems) && fine;
}

bool compile(const struct cluster *cluster, const char *node,
	     const struct objects *live, struct objects *objects,
	     struct problems *problems)
{
	struct compiler *compiler = borrow(cluster, node);
	bool fine = check(compiler, cluster, problems);

	*objects = (struct objects){};
	if (fine)
		compiler_objects(compiler, live, objects);
	compiler_free(compiler);
	return fine;
}

bool compile_check(const struct cluster *cluster, struct problems *problems)
{
	struct compiler *compiler = borrow(cluster, NULL);
	bool fine = check(compiler, cluster, problems);

	compiler_free(compiler);
	return fine;
}
