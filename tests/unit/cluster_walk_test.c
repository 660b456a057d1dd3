// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walks through the rule sets of random clusters, where the evaluator is the
 * other opinion. PODWALL_SEED sets the seed.
 */
#include "support.h"

#include "agreement.h"
#include "generator/generator.h"
#include "policy/owners.h"
#include "random_run.h"
#include "walk.h"

#define CLUSTERS 200

static void compare_direction(const struct walk_direction *walk,
			      const struct judgement *judgement)
{
	struct decision decision = {
		.verdict = judgement->verdict,
		.tier = judgement->tier,
		.mode = judgement->audited ? PODWALL_MODE_AUDIT : 0,
	};

	if (!agrees_with_evaluator(walk, &decision))
		fail_msg("the walk ends with verdict %u in tier %u; the evaluator: %s",
			 walk->verdict, walk->tier, judgement->text);
	decision.verdict ^= 3;
	assert_false(agrees_with_evaluator(walk, &decision));
}

static bool is_node_of(const struct cluster *cluster, const struct ip *node,
		       const struct ip *ip)
{
	const struct cluster_pod *pod = owner_of(cluster, ip);

	return pod && !owner_of(cluster, node) &&
	       is_ip_of_node(cluster, pod->node, node);
}

static size_t compare_walks(const struct cluster *cluster,
			    const struct objects *objects)
{
	const struct settings settings = {
		.node_access = PODWALL_NODE_ACCESS_ACCEPT,
	};
	static const struct {
		uint8_t protocol;
		uint16_t port;
	} ports[] = { { IPPROTO_TCP, 80 },
		      { IPPROTO_TCP, 8080 },
		      { IPPROTO_UDP, 80 },
		      { IPPROTO_ICMP, 0 } };
	struct ip ends[64];
	size_t count = 0, done = 0, i, j, k;

	for (i = 0; i < generator_outsider_count; i++)
		assert_true(ip_parse(generator_outsiders[i], &ends[count++]));
	for (i = 0; i < objects->address_count && count < COUNT(ends); i++)
		ends[count++] = objects->addresses[i].ip;
	for (i = 0; i < count; i++)
		for (j = 0; j < count; j++)
			for (k = (i + j) % 2; k < COUNT(ports); k += 2) {
				const struct endpoint from = { .ip = ends[i] };
				const struct endpoint to = { .ip = ends[j] };
				const struct cluster_pod *owner =
					owner_of(cluster, &ends[i]);
				struct walk_question question = {
					.objects = objects,
					.settings = &settings,
					.connection = { ends[i], ends[j],
							ports[k].protocol, 0,
							ports[k].port },
				};
				struct evaluation evaluation;
				struct walk walk;

				if (ends[i].family != ends[j].family)
					continue;
				question.client_is_node =
					is_node_of(cluster, &ends[i], &ends[j]);
				question.server_is_node =
					is_node_of(cluster, &ends[j], &ends[i]);
				question.is_itself =
					owner &&
					owner == owner_of(cluster, &ends[j]);
				assert_null(evaluate(cluster, &from, &to,
						     ends[i].family,
						     ports[k].protocol,
						     ports[k].port,
						     &evaluation));
				walk_connection(&question, &walk);
				assert_int_equal(walk.verdict,
						 evaluation.verdict);
				compare_direction(&walk.egress,
						  &evaluation.egress);
				compare_direction(&walk.ingress,
						  &evaluation.ingress);
				walk_clear(&walk);
				evaluation_clear(&evaluation);
				done++;
			}
	return done;
}

static size_t test_cluster(uint64_t number)
{
	struct chance chance = chance_begin(number);
	json_t *manifests = generate_cluster(&chance);
	struct problems problems = {};
	struct cluster cluster = {};
	struct objects objects;
	size_t done = 0;

	read_generated(manifests, &cluster);
	if (compile(&cluster, NULL, NULL, &objects, &problems))
		done = compare_walks(&cluster, &objects);
	objects_clear(&objects);
	problems_clear(&problems);
	cluster_clear(&cluster);
	json_decref(manifests);
	return done;
}

int main(void)
{
	struct random_run run = {
		.test = test_cluster,
		.most = CLUSTERS,
		.cases = "clusters",
		.parts = "connections",
	};

	return random_run_all("test_random_clusters", &run);
}
