// SPDX-License-Identifier: GPL-2.0-only
#include "story.h"

#include "agreement.h"
#include "node_address.h"
#include "policy/owners.h"

/* Manifests say which node a pod is on; live, there is but one. An address that a pod
 * claims is the pod's, though it be the node's as well.
 */
static bool is_node(const struct judge *judge, const struct ip *ip,
		    const struct ip *of)
{
	const struct cluster_pod *pod;

	if (judge->netlink)
		return is_node_address(ip);
	if (owner_of(&judge->cluster, ip))
		return false;
	pod = owner_of(&judge->cluster, of);
	return pod && is_ip_of_node(&judge->cluster, pod->node, ip);
}

/* The evaluator speaks of packets that never leave the pod, the module of those
 * that come back by way of a Service.
 */
static bool is_itself(const struct judge *judge,
		      const struct connection *connection)
{
	const struct cluster_pod *pod;

	if (judge->netlink)
		return false;
	pod = owner_of(&judge->cluster, &connection->client);
	return pod && pod == owner_of(&judge->cluster, &connection->server);
}

static struct story_end describe(const struct end *end, const struct ip *ip)
{
	const struct cluster_pod *pod = end->endpoint.pod;

	return (struct story_end){
		.text = end->text,
		.is_pod = end->is_pod,
		.ip = *ip,
		.labels = pod ? &pod->labels : NULL,
	};
}

static void make_direction(const struct story *story,
			   const struct walk_direction *walk,
			   struct story_direction *direction)
{
	direction->walk = walk;
	direction->agrees =
		story->offline ?
			agrees_with_evaluator(walk, direction->decision) :
			agrees_with_module(walk, direction->decision);
	if (direction->agrees)
		near_misses_find(&story->question, walk, &direction->misses);
}

void story_make(const struct judge *judge, const struct end *from,
		const struct end *to, const struct explanation *explanation,
		struct story *story)
{
	const struct connection *connection = &explanation->connection;
	const struct objects *objects = judge_objects(judge);

	*story = (struct story){
		.explanation = explanation,
		.offline = !judge->netlink,
		.client = describe(from, &connection->client),
		.server = describe(to, &connection->server),
		.egress.decision = &explanation->egress,
		.ingress.decision = &explanation->ingress,
	};
	if (!objects)
		return;
	story->question = (struct walk_question){
		.objects = objects,
		.settings = &judge->settings,
		.connection = *connection,
		.client_is_node = is_node(judge, &connection->client,
					  &connection->server),
		.server_is_node = is_node(judge, &connection->server,
					  &connection->client),
		.is_itself = is_itself(judge, connection),
	};
	story->has_walk = true;
	walk_connection(&story->question, &story->walk);
	make_direction(story, &story->walk.egress, &story->egress);
	make_direction(story, &story->walk.ingress, &story->ingress);
}

void story_clear(struct story *story)
{
	near_misses_clear(&story->egress.misses);
	near_misses_clear(&story->ingress.misses);
	if (story->has_walk)
		walk_clear(&story->walk);
	*story = (struct story){};
}
