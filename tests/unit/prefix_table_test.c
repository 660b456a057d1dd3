// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where addresses lie: random ones come and go, and a list of all beside.
 * PODWALL_SEED sets the seed.
 */
#include "support.h"

#include <arpa/inet.h>
#include <stdio.h>
#include "generator/chance.h"
#include "policy/prefix_table.h"
#include "random_run.h"

#define RUNS 1000
#define SECONDS 5
#define STEPS 60
#define ADDRESSES 12
#define NETWORKS 20

struct scene {
	struct chance chance;
	struct prefix_table table;
	struct ip ips[ADDRESSES];
	bool there[ADDRESSES];
};

/* Few of them, so that many lie close to each other. */
static struct ip make_ip(struct chance *chance)
{
	static const char *const ends[] = { "0", "1", "9", "80", "81", "ff" };
	char text[INET6_ADDRSTRLEN];
	struct ip ip;

	if (chance_one_in(chance, 2))
		snprintf(text, sizeof(text), "%u.%u.%u.%u",
			 9 + chance_below(chance, 2), chance_below(chance, 2),
			 chance_below(chance, 3),
			 chance_below(chance, 2) * 128 +
				 chance_below(chance, 2));
	else
		snprintf(text, sizeof(text), "fd00:0:%s:%s::%s",
			 chance_of(chance, ends), chance_of(chance, ends),
			 chance_of(chance, ends));
	assert_true(ip_parse(text, &ip));
	return ip;
}

static struct network make_network(struct chance *chance)
{
	struct network network = { .base = make_ip(chance) };
	unsigned int bits = network.base.family == AF_INET ? 32 : 128;

	network.prefix_length = chance_below(chance, bits + 1);
	/* About as long as what is counted, mostly. */
	if (chance_one_in(chance, 2))
		network.prefix_length = bits / 4 * (bits == 32 ? 3 : 2) - 2 +
					chance_below(chance, 5);
	network_mask(&network);
	return network;
}

/* Whether some address agrees with the network in all bits that both look at. */
static bool may_have(const struct scene *scene, struct network network)
{
	uint8_t most = network.base.family == AF_INET ? 24 : 64;
	size_t i;

	if (network.prefix_length > most)
		network.prefix_length = most;
	network_mask(&network);
	for (i = 0; i < ADDRESSES; i++)
		if (scene->there[i] &&
		    network_contains(&network, &scene->ips[i]))
			return true;
	return false;
}

static void toggle(struct scene *scene)
{
	size_t i = chance_below(&scene->chance, ADDRESSES);

	if (scene->there[i]) {
		prefix_table_remove(&scene->table, &scene->ips[i]);
	} else {
		scene->ips[i] = make_ip(&scene->chance);
		prefix_table_add(&scene->table, &scene->ips[i]);
	}
	scene->there[i] = !scene->there[i];
}

static size_t test_seed(uint64_t seed)
{
	struct scene scene = { .chance = chance_begin(seed) };
	unsigned int step, i;

	for (step = 0; step < STEPS; step++) {
		toggle(&scene);
		for (i = 0; i < NETWORKS; i++) {
			struct network network = make_network(&scene.chance);

			assert_int_equal(prefix_table_meets(&scene.table,
							    &network),
					 may_have(&scene, network));
		}
	}
	for (i = 0; i < ADDRESSES; i++)
		if (scene.there[i] && seed % 2)
			prefix_table_remove(&scene.table, &scene.ips[i]);
	if (seed % 2)
		assert_null(scene.table.prefixes);
	prefix_table_clear(&scene.table);
	assert_null(scene.table.prefixes);
	return STEPS * NETWORKS;
}

int main(void)
{
	struct random_run run = { .test = test_seed,
				  .most = RUNS,
				  .seconds = SECONDS,
				  .cases = "tables",
				  .parts = "networks" };

	return random_run_all("where addresses lie", &run);
}
