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

void population_init(struct population *population, const char *node,
		     bool borrows, struct touched *touched)
{
	*population = (struct population){
		.node = node,
		.borrows = borrows,
		.namespaces = { .borrows = borrows, .touched = touched },
		.nodes = { .borrows = borrows, .touched = touched },
		.addresses.touched = touched,
		.touched = touched,
	};
	population->nodes.addresses = &population->addresses;
}

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
		identity = identity_intern(
			&population->identities, pod,
			namespace_table_intern(&population->namespaces,
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
		namespace_table_sweep(&population->namespaces,
				      touched->namespaces[i]);
}

void population_clear(struct population *population)
{
	struct inhabitant *inhabitant = NULL, *next_inhabitant = NULL;
	struct file_name *file, *next_file;

	identity_table_clear(&population->identities);
	HASH_ITER(hh, population->inhabitants, inhabitant, next_inhabitant) {
		if (inhabitant->here)
			free_pod(population, inhabitant->here->pod);
		free_inhabitant(population, inhabitant);
	}
	address_table_clear(&population->addresses);
	namespace_table_clear(&population->namespaces);
	node_table_clear(&population->nodes);
	HASH_ITER(hh, population->files, file, next_file) {
		HASH_DEL(population->files, file);
		free(file->name);
		free(file);
	}
	*population = (struct population){};
}
