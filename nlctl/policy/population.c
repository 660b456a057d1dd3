// SPDX-License-Identifier: GPL-2.0-only
#include "policy/population.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>
#include "policy/memory.h"

/* Many pods were read from one file. */
struct file_name {
	char *name;
	UT_hash_handle hh;
};

static char *keep_file_name(struct population *population, const char *name)
{
	struct file_name *file;

	if (!name)
		return NULL;
	HASH_FIND_STR(population->files, name, file);
	if (file)
		return file->name;
	file = xcalloc(1, sizeof(*file));
	file->name = xstrdup(name);
	HASH_ADD_KEYPTR(hh, population->files, file->name, strlen(name), file);
	return file->name;
}

struct namespace_record *population_namespace(struct population *population,
					      const char *name)
{
	struct namespace_record *record;

	HASH_FIND_STR(population->namespaces, name, record);
	if (record)
		return record;
	record = xcalloc(1, sizeof(*record));
	record->name = xstrdup(name);
	HASH_ADD_KEYPTR(hh, population->namespaces, record->name, strlen(name),
			record);
	return record;
}

bool population_inhabits(const struct population *population, const char *name)
{
	const struct identity *identity;
	struct namespace_record *record;

	HASH_FIND_STR(population->namespaces, name, record);
	for (identity = record ? record->identities : NULL; identity;
	     identity = identity->next)
		if (identity_lives(identity))
			return true;
	return false;
}

static void free_namespace(const struct population *population,
			   const struct cluster_namespace *namespace)
{
	if (!population->borrows)
		cluster_namespace_free((struct cluster_namespace *)namespace);
}

static bool same_labels(const struct labels *a, const struct labels *b)
{
	size_t i;

	if (a->count != b->count)
		return false;
	for (i = 0; i < a->count; i++)
		if (strcmp(a->list[i].key, b->list[i].key) != 0 ||
		    strcmp(a->list[i].value, b->list[i].value) != 0)
			return false;
	return true;
}

static bool same_namespace(const struct cluster_namespace *a,
			   const struct cluster_namespace *b)
{
	return a && b && a->mode == b->mode && a->reporting == b->reporting &&
	       same_labels(&a->labels, &b->labels);
}

/* What peers and drafts know stays until they have seen to the change. */
static void set_namespace(struct population *population,
			  struct namespace_record *record,
			  const struct cluster_namespace *namespace)
{
	const struct cluster_namespace *replaced = record->object;

	record->object = namespace;
	if (replaced && replaced != record->known)
		free_namespace(population, replaced);
	touch_namespace(population->touched, record);
}

void population_put_namespace(struct population *population,
			      const struct cluster_namespace *namespace)
{
	struct namespace_record *record =
		population_namespace(population, namespace->name);

	if (!population->borrows)
		labels_set(&((struct cluster_namespace *)namespace)->labels,
			   NAMESPACE_NAME_LABEL, namespace->name);
	if (same_namespace(record->object, namespace))
		free_namespace(population, namespace);
	else
		set_namespace(population, record, namespace);
}

bool population_remove_namespace(struct population *population,
				 const char *name)
{
	struct namespace_record *record;

	HASH_FIND_STR(population->namespaces, name, record);
	if (!record || !record->object)
		return false;
	set_namespace(population, record, NULL);
	return true;
}

void population_learn(struct population *population,
		      struct namespace_record *namespace)
{
	if (namespace->known && namespace->known != namespace->object)
		free_namespace(population, namespace->known);
	namespace->known = namespace->object;
}

static void free_node(const struct population *population,
		      const struct cluster_node *node)
{
	if (!population->borrows)
		cluster_node_free((struct cluster_node *)node);
}

static bool same_ips(const struct ip *a, size_t a_count, const struct ip *b,
		     size_t b_count)
{
	size_t i;

	if (a_count != b_count)
		return false;
	for (i = 0; i < a_count; i++)
		if (!ip_equal(&a[i], &b[i]))
			return false;
	return true;
}

static void leave_addresses(struct population *population,
			    const struct cluster_node *node)
{
	size_t i;

	for (i = 0; i < node->ip_count; i++)
		address_table_remove_node(&population->addresses,
					  &node->ips[i]);
}

/* Most of what nodes tell of themselves is of no interest. The new addresses
 * are taken before the old ones are left, for most are the same.
 */
void population_put_node(struct population *population,
			 const struct cluster_node *node)
{
	const struct cluster_node *replaced;
	struct node_record *record;
	size_t i;

	HASH_FIND_STR(population->nodes, node->name, record);
	if (record && same_labels(&record->node->labels, &node->labels) &&
	    same_ips(record->node->ips, record->node->ip_count, node->ips,
		     node->ip_count)) {
		free_node(population, node);
		return;
	}
	population->touched->nodes = true;
	for (i = 0; i < node->ip_count; i++)
		address_table_add_node(&population->addresses, &node->ips[i]);
	if (!record) {
		record = xcalloc(1, sizeof(*record));
		record->node = node;
		HASH_ADD_KEYPTR(hh, population->nodes, node->name,
				strlen(node->name), record);
		return;
	}
	replaced = record->node;
	HASH_DEL(population->nodes, record);
	record->node = node;
	HASH_ADD_KEYPTR(hh, population->nodes, node->name, strlen(node->name),
			record);
	leave_addresses(population, replaced);
	free_node(population, replaced);
}

bool population_remove_node(struct population *population, const char *name)
{
	struct node_record *record;

	HASH_FIND_STR(population->nodes, name, record);
	if (!record)
		return false;
	HASH_DEL(population->nodes, record);
	leave_addresses(population, record->node);
	free_node(population, record->node);
	free(record);
	population->touched->nodes = true;
	return true;
}

struct inhabitant *population_find(const struct population *population,
				   const char *key)
{
	struct inhabitant *inhabitant;

	HASH_FIND_STR(population->inhabitants, key, inhabitant);
	return inhabitant;
}

static struct inhabitant *find_or_add(struct population *population,
				      const char *key)
{
	struct inhabitant *inhabitant = population_find(population, key);

	if (inhabitant) {
		population->pods += inhabitant->gone;
		inhabitant->gone = false;
		return inhabitant;
	}
	inhabitant = xcalloc(1, sizeof(*inhabitant));
	inhabitant->key = xstrdup(key);
	HASH_ADD_KEYPTR(hh, population->inhabitants, inhabitant->key,
			strlen(key), inhabitant);
	population->pods++;
	return inhabitant;
}

/* Put a pod under an identity, or under none. */
static void stand_under(struct population *population,
			struct inhabitant *inhabitant,
			struct identity *identity)
{
	struct identity *before = inhabitant->identity;

	if (before) {
		DL_DELETE(before->inhabitants, inhabitant);
		before->owning -= !!inhabitant->owned;
		touch_identity(population->touched, before);
	}
	inhabitant->identity = identity;
	touch_owned(population->touched, inhabitant);
	if (inhabitant->local)
		touch_inhabitant(population->touched, inhabitant);
	if (!identity)
		return;
	if (inhabitant->local)
		DL_PREPEND(identity->inhabitants, inhabitant);
	else
		DL_APPEND(identity->inhabitants, inhabitant);
	identity->owning += !!inhabitant->owned;
	touch_identity(population->touched, identity);
}

static void free_pod(const struct population *population,
		     const struct cluster_pod *pod)
{
	if (!population->borrows)
		cluster_pod_free((struct cluster_pod *)pod);
}

static bool same_text(const char *a, const char *b)
{
	return !strcmp(a ? a : "", b ? b : "");
}

/* Keep of the pod what only its own node needs. */
static void keep_local(struct population *population,
		       struct inhabitant *inhabitant,
		       const struct cluster_pod *pod)
{
	const struct cluster_pod *replaced =
		inhabitant->here ? inhabitant->here->pod : NULL;

	if (replaced != pod &&
	    (!replaced || !pod || strcmp(replaced->uid, pod->uid) != 0 ||
	     replaced->mode != pod->mode ||
	     replaced->reporting != pod->reporting ||
	     !same_text(replaced->interface, pod->interface)))
		touch_inhabitant(population->touched, inhabitant);
	if (!inhabitant->here && pod)
		inhabitant->here = xcalloc(1, sizeof(*inhabitant->here));
	if (inhabitant->here)
		inhabitant->here->pod = pod;
	free_pod(population, replaced);
}

static bool has_network(const struct cluster_pod *pod)
{
	return !pod->host_network && pod->phase != POD_SUCCEEDED &&
	       pod->phase != POD_FAILED;
}

static bool is_local(const struct population *population,
		     const struct cluster_pod *pod)
{
	return !population->node || !strcmp(pod->node, population->node);
}

/* Return: whether others that claim the same addresses see it otherwise. */
static bool set_rank(struct inhabitant *inhabitant,
		     const struct cluster_pod *pod, bool local)
{
	bool runs = pod->phase == POD_RUNNING;
	bool other = inhabitant->local != local || inhabitant->runs != runs ||
		     inhabitant->deleting != pod->deleting;

	inhabitant->local = local;
	inhabitant->runs = runs;
	inhabitant->deleting = pod->deleting;
	return other;
}

void population_put_pod(struct population *population,
			const struct cluster_pod *pod)
{
	struct inhabitant *inhabitant = find_or_add(population, pod->key);
	bool was_local = inhabitant->local, lives = has_network(pod);
	bool local = is_local(population, pod), other_rank;
	struct identity *identity = NULL;

	inhabitant->origin = pod->origin;
	inhabitant->origin.file = keep_file_name(population, pod->origin.file);
	if (lives)
		identity =
			identity_intern(&population->identities, pod,
					population_namespace(population,
							     pod->namespace));
	else
		address_table_claim(&population->addresses, inhabitant, NULL,
				    0);
	other_rank = set_rank(inhabitant, pod, local);
	if (identity != inhabitant->identity || local != was_local)
		stand_under(population, inhabitant, identity);
	if (other_rank)
		address_table_rank(&population->addresses, inhabitant);
	if (lives)
		address_table_claim(&population->addresses, inhabitant,
				    pod->ips, pod->ip_count);
	keep_local(population, inhabitant, local ? pod : NULL);
	if (!local)
		free_pod(population, pod);
}

static void free_inhabitant(struct population *population,
			    struct inhabitant *inhabitant)
{
	HASH_DEL(population->inhabitants, inhabitant);
	if (inhabitant->here) {
		pod_clear(&inhabitant->here->published);
		free(inhabitant->here);
	}
	free(inhabitant->claims);
	free(inhabitant->key);
	free(inhabitant);
}

bool population_remove_pod(struct population *population, const char *key)
{
	struct inhabitant *inhabitant = population_find(population, key);

	if (!inhabitant || inhabitant->gone)
		return false;
	address_table_claim(&population->addresses, inhabitant, NULL, 0);
	stand_under(population, inhabitant, NULL);
	keep_local(population, inhabitant, NULL);
	inhabitant->gone = true;
	population->pods--;
	if (!inhabitant->touched)
		free_inhabitant(population, inhabitant);
	return true;
}

static void sweep_inhabitant(struct population *population,
			     struct inhabitant *inhabitant)
{
	inhabitant->touched = false;
	if (inhabitant->here && !inhabitant->here->pod &&
	    !inhabitant->here->published.key) {
		free(inhabitant->here);
		inhabitant->here = NULL;
	}
	if (inhabitant->gone)
		free_inhabitant(population, inhabitant);
}

static void sweep_identity(struct population *population,
			   struct identity *identity)
{
	struct namespace_record *namespace = identity->namespace;

	identity->touched = false;
	if (identity->inhabitants)
		return;
	identity_free(&population->identities, identity);
	touch_namespace(population->touched, namespace);
}

static void free_namespace_record(struct population *population,
				  struct namespace_record *record)
{
	HASH_DEL(population->namespaces, record);
	free(record->policies);
	free(record->name);
	free(record);
}

static void sweep_namespace(struct population *population,
			    struct namespace_record *record)
{
	record->touched = false;
	if (!record->object && !record->identities && !record->policy_count &&
	    !record->peers)
		free_namespace_record(population, record);
}

void population_sweep(struct population *population)
{
	struct touched *touched = population->touched;
	size_t i;

	for (i = 0; i < touched->inhabitant_count; i++)
		sweep_inhabitant(population, touched->inhabitants[i]);
	for (i = 0; i < touched->identity_count; i++)
		sweep_identity(population, touched->identities[i]);
	for (i = 0; i < touched->address_count; i++) {
		touched->addresses[i]->touched = false;
		address_table_sweep(&population->addresses,
				    touched->addresses[i]);
	}
	for (i = 0; i < touched->namespace_count; i++)
		sweep_namespace(population, touched->namespaces[i]);
}

static void clear_namespaces(struct population *population)
{
	struct namespace_record *record, *next;
	struct node_record *node, *next_node;

	HASH_ITER(hh, population->namespaces, record, next) {
		if (record->known != record->object)
			free_namespace(population, record->known);
		free_namespace(population, record->object);
		free_namespace_record(population, record);
	}
	HASH_ITER(hh, population->nodes, node, next_node) {
		HASH_DEL(population->nodes, node);
		free_node(population, node->node);
		free(node);
	}
}

void population_clear(struct population *population)
{
	struct inhabitant *inhabitant, *next_inhabitant;
	struct identity *identity, *next_identity;
	struct file_name *file, *next_file;

	HASH_ITER(hh, population->identities.identities, identity,
		  next_identity)
		identity_free(&population->identities, identity);
	free(population->identities.scratch);
	HASH_ITER(hh, population->inhabitants, inhabitant, next_inhabitant) {
		if (inhabitant->here)
			free_pod(population, inhabitant->here->pod);
		free_inhabitant(population, inhabitant);
	}
	address_table_clear(&population->addresses);
	clear_namespaces(population);
	HASH_ITER(hh, population->files, file, next_file) {
		HASH_DEL(population->files, file);
		free(file->name);
		free(file);
	}
	*population = (struct population){};
}
