// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a peer selects, by the indexes of labels, and by holding it against
 * everybody. PODWALL_SEED sets the seed.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include "generator/chance.h"
#include "policy/memory.h"
#include "policy/peer_search.h"
#include "policy/population.h"
#include "policy/selector.h"
#include "random_run.h"

#define RUNS 400
#define SECONDS 10
#define ROUNDS 4
#define PEERS 40
#define NAMESPACES 40

static const char *const keys[] = { "app", "tier", "team", "hash" };
static const char *const values[] = { "a", "b", "c" };

/* Who is there, and how many pods came. */
struct scene {
	struct chance chance;
	struct touched touched;
	struct population population;
	struct peer_table peers;
	unsigned int namespace_count;
	unsigned int pod_count;
	size_t found;
};

/* Nearly all have the first two; the last is another's for most. */
static void add_labels(struct chance *chance, struct labels *labels)
{
	char number[16];

	if (!chance_one_in(chance, 8))
		labels_set(labels, keys[0], chance_of(chance, values));
	if (!chance_one_in(chance, 8))
		labels_set(labels, keys[1], values[0]);
	if (chance_one_in(chance, 2))
		labels_set(labels, keys[2], chance_of(chance, values));
	if (chance_one_in(chance, 2)) {
		snprintf(number, sizeof(number), "%u",
			 chance_below(chance, 200));
		labels_set(labels, keys[3], number);
	}
}

static char *namespace_name(unsigned int number)
{
	return xasprintf("n%u", number);
}

static void put_namespace(struct scene *scene, unsigned int number)
{
	struct cluster_namespace *namespace = xcalloc(1, sizeof(*namespace));

	namespace->name = namespace_name(number);
	add_labels(&scene->chance, &namespace->labels);
	namespace_table_put(&scene->population.namespaces, namespace);
}

static void put_pod(struct scene *scene)
{
	unsigned int number = scene->pod_count++;
	struct cluster_pod *pod = xcalloc(1, sizeof(*pod));
	struct container_port *port;

	pod->phase = POD_RUNNING;
	/* The first namespaces have most of them. */
	pod->namespace = namespace_name(chance_below(
		&scene->chance,
		1 + chance_below(&scene->chance, scene->namespace_count)));
	pod->name = xasprintf("p%u", number);
	pod->key = xasprintf("%s/%s", pod->namespace, pod->name);
	pod->uid = xstrdup("");
	pod->node = xstrdup("two");
	add_labels(&scene->chance, &pod->labels);
	if (chance_one_in(&scene->chance, 3)) {
		port = array_add(pod->ports, pod->port_count);
		port->name = xstrdup("http");
		port->protocol = IPPROTO_TCP;
		port->port = 80 + chance_below(&scene->chance, 2);
	}
	population_put_pod(&scene->population, pod);
}

static void remove_some(struct scene *scene, unsigned int count)
{
	struct inhabitant *inhabitant = NULL, *next = NULL;

	HASH_ITER(hh, scene->population.inhabitants, inhabitant, next) {
		if (!count--)
			return;
		assert_true(population_remove_pod(&scene->population,
						  inhabitant->key));
	}
}

/* Let it be known who is there, most of them, as the compiler does. */
static void settle(struct scene *scene)
{
	size_t i;

	for (i = 0; i < scene->touched.identity_count; i++)
		scene->touched.identities[i]->known =
			!chance_one_in(&scene->chance, 10);
	for (i = 0; i < scene->touched.namespace_count; i++)
		namespace_table_learn(&scene->population.namespaces,
				      scene->touched.namespaces[i]);
	population_sweep(&scene->population);
	touched_clear(&scene->touched);
}

static void change(struct scene *scene)
{
	unsigned int coming = chance_below(&scene->chance, 250), i;
	char *name;

	for (i = 0; i < scene->namespace_count; i++)
		if (!chance_one_in(&scene->chance, 4))
			put_namespace(scene, i);
	for (i = 0; i < coming; i++)
		put_pod(scene);
	remove_some(scene, chance_below(&scene->chance, 100));
	name = namespace_name(chance_below(&scene->chance, NAMESPACES));
	namespace_table_remove(&scene->population.namespaces, name);
	free(name);
	settle(scene);
	/* What is not known yet does not count. */
	if (chance_one_in(&scene->chance, 2))
		put_namespace(scene, chance_below(&scene->chance, NAMESPACES));
}

static void add_requirement(struct chance *chance, struct selector *selector)
{
	static const enum requirement_relation relations[] = {
		REQUIREMENT_IN,
		REQUIREMENT_IN,
		REQUIREMENT_NOT_IN,
		REQUIREMENT_EXISTS,
		REQUIREMENT_DOES_NOT_EXIST,
	};
	struct requirement *requirement = array_add(selector->match_expressions,
						    selector->expression_count);
	unsigned int count = 1 + chance_below(chance, 4);

	requirement->key = xstrdup(chance_of(chance, keys));
	requirement->relation = chance_of(chance, relations);
	if (requirement->relation == REQUIREMENT_EXISTS ||
	    requirement->relation == REQUIREMENT_DOES_NOT_EXIST)
		return;
	/* One may be there twice. */
	while (count--)
		*array_add(requirement->values, requirement->value_count) =
			xstrdup(chance_of(chance, values));
}

static struct selector make_selector(struct chance *chance)
{
	struct selector selector = {};
	unsigned int count = chance_below(chance, 4);

	while (count--)
		if (chance_one_in(chance, 2))
			labels_set(&selector.match_labels,
				   chance_of(chance, keys),
				   chance_of(chance, values));
		else
			add_requirement(chance, &selector);
	return selector;
}

static struct peer_entry make_peer(struct scene *scene)
{
	struct chance *chance = &scene->chance;
	struct peer_entry peer = {
		.peer.has_pod_selector = true,
		.peer.pod_selector = make_selector(chance),
	};
	char *name;

	if (chance_one_in(chance, 4)) {
		name = namespace_name(chance_below(chance, NAMESPACES));
		peer.namespace =
			namespace_table_intern(&scene->population.namespaces,
					       name);
		free(name);
	} else {
		peer.peer.has_namespace_selector = true;
		peer.peer.namespace_selector = make_selector(chance);
	}
	if (chance_one_in(chance, 4)) {
		peer.serving = true;
		peer.service = (struct service){ "http", IPPROTO_TCP, 80 };
	}
	return peer;
}

static bool is_meant(const struct peer_entry *peer,
		     const struct identity *identity)
{
	const struct cluster_namespace *namespace = identity->namespace->known;

	if (!identity->known || !namespace)
		return false;
	if (peer->namespace ? peer->namespace != identity->namespace :
			      !selector_matches(&peer->peer.namespace_selector,
						&namespace->labels))
		return false;
	if (peer->serving &&
	    (!identity->port_count || identity->ports->port != 80))
		return false;
	return selector_matches(&peer->peer.pod_selector, &identity->labels);
}

static void count_use(struct peer_table *table, struct peer_entry *peer,
		      struct identity *identity)
{
	assert_int_equal(table->searches, peer->handle);
	identity->uses++;
}

static void check_peer(struct scene *scene)
{
	struct peer_entry peer = make_peer(scene);
	struct identity *identity;

	peer.handle = scene->peers.searches + 1;
	peer_search(&scene->peers, &peer, count_use);
	for (identity = scene->population.identities.identities; identity;
	     identity = identity->hh.next) {
		assert_int_equal(identity->uses, is_meant(&peer, identity));
		scene->found += identity->uses;
		identity->uses = 0;
	}
	policy_peer_clear(&peer.peer);
}

static size_t test_seed(uint64_t seed)
{
	struct scene scene = { .chance = chance_begin(seed) };
	unsigned int round, i;

	population_init(&scene.population, "one", false, &scene.touched);
	scene.peers.population = &scene.population;
	scene.namespace_count = 1 + chance_below(&scene.chance, NAMESPACES);
	for (round = 0; round < ROUNDS; round++) {
		change(&scene);
		for (i = 0; i < PEERS; i++)
			check_peer(&scene);
	}
	population_clear(&scene.population);
	touched_clear(&scene.touched);
	return scene.found;
}

int main(void)
{
	struct random_run run = { .test = test_seed,
				  .most = RUNS,
				  .seconds = SECONDS,
				  .cases = "populations",
				  .parts = "identities" };

	return random_run_all("what a peer selects", &run);
}
