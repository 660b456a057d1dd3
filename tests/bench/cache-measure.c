// SPDX-License-Identifier: GPL-2.0-only
/*
 * cache-measure STATE COUNT SEED: classify random packets by a saved state, in
 * one process for each length of run, with lookups and without. Prints
 * tab-separated lines: "accepted", peers, packets, of how many; and "run", peers,
 * what was done, packets, process.
 */
#include <err.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cache-draw.h"
#include "cache-load.h"
#include "cache-lookup.h"
#include "chance.h"
#include "evaluator.h"
#include "kernel.h"
#include "policy.h"
#include "state_reader.h"

/* The slow evaluator confirms the answers to that many packets. */
#define CHECKED_MAX 5000

#define CACHE_LINE 64

/**
 * struct stream - packets to classify
 * @family: of all of them
 * @questions4: in the order of their coming; NULL unless IPv4
 * @questions6: likewise for IPv6
 */
struct stream {
	int family;
	struct cache_question4 *questions4;
	struct cache_question6 *questions6;
};

static const char *const peers_names[] = {
	[CACHE_PEERS_KNOWN] = "known",
	[CACHE_PEERS_EXTERNAL] = "external",
};

static void *allocate(size_t count, size_t size)
{
	void *memory =
		aligned_alloc(CACHE_LINE, (count * size + CACHE_LINE) /
						  CACHE_LINE * CACHE_LINE);

	if (!memory)
		err(EXIT_FAILURE, "allocation");
	return memory;
}

static void put(struct stream *stream, size_t index,
		const struct cache_packet *packet)
{
	if (stream->family == AF_INET)
		stream->questions4[index] = (struct cache_question4){
			.row = packet->row,
			.peer = packet->peer.v4,
			.key = podwall_port_key(packet->protocol, packet->port,
						true),
		};
	else
		stream->questions6[index] = (struct cache_question6){
			.row = packet->row,
			.peer = packet->peer.v6,
			.key = podwall_port_key(packet->protocol, packet->port,
						true),
		};
}

static u32 answer(const struct podwall_policy *policy,
		  const struct stream *stream, size_t index)
{
	if (stream->family == AF_INET)
		return cache_answer4(&policy->classifier,
				     &stream->questions4[index]);
	return cache_answer6(&policy->classifier, &stream->questions6[index]);
}

/* Returns whether the packet is accepted. */
static bool check(const struct podwall_policy *policy,
		  const struct cache_packet *packet, u32 result)
{
	const struct podwall_query query = {
		.peer = &packet->peer,
		.identity = podwall_policy_identity(policy, &packet->peer),
		.protocol = packet->protocol,
		.has_port = true,
		.port = packet->port,
	};
	struct podwall_outcome expected, outcome;

	podwall_evaluate(policy, packet->row->set, &query, &expected);
	podwall_result_read(packet->row->set, result, &outcome);
	if (outcome.verdict != expected.verdict ||
	    outcome.count != expected.count)
		errx(EXIT_FAILURE, "the classifier is wrong");
	return outcome.verdict == PODWALL_VERDICT_ACCEPT;
}

static struct stream draw(const struct podwall_policy *policy,
			  const struct objects *objects, enum cache_peers peers,
			  size_t count)
{
	struct stream stream = { .family = objects->addresses[0].ip.family };
	struct cache_packet packet;
	size_t i, checked = 0, accepted = 0;

	if (stream.family == AF_INET)
		stream.questions4 = allocate(count, sizeof(*stream.questions4));
	else
		stream.questions6 = allocate(count, sizeof(*stream.questions6));
	for (i = 0; i < count; i++) {
		do
			cache_draw(policy, objects, peers, &packet);
		while (packet.peer.family != stream.family);
		put(&stream, i, &packet);
		if (checked == CHECKED_MAX)
			continue;
		checked++;
		accepted += check(policy, &packet, answer(policy, &stream, i));
	}
	printf("accepted\t%s\t%zu\t%zu\n", peers_names[peers], accepted,
	       checked);
	return stream;
}

static void run(const struct podwall_policy *policy,
		const struct stream *stream, size_t count, bool lookup)
{
	if (stream->family == AF_INET)
		cache_run4(&policy->classifier, stream->questions4, count,
			   lookup);
	else
		cache_run6(&policy->classifier, stream->questions6, count,
			   lookup);
}

/* All processes begin alike, also in what the simulated caches hold. */
static pid_t run_apart(const struct podwall_policy *policy,
		       const struct stream *stream, size_t count, bool lookup)
{
	pid_t child;
	int status;

	fflush(stdout);
	child = fork();
	if (child < 0)
		err(EXIT_FAILURE, "fork");
	if (!child) {
		run(policy, stream, count, lookup);
		_exit(EXIT_SUCCESS);
	}
	if (waitpid(child, &status, 0) != child || status)
		errx(EXIT_FAILURE, "a run failed");
	return child;
}

static void measure(const struct podwall_policy *policy,
		    const struct objects *objects, enum cache_peers peers,
		    size_t count)
{
	struct stream stream = draw(policy, objects, peers, 2 * count);
	size_t packets;
	int lookup;

	for (lookup = 0; lookup < 2; lookup++)
		for (packets = count; packets <= 2 * count; packets += count)
			printf("run\t%s\t%s\t%zu\t%d\n", peers_names[peers],
			       lookup ? "lookup" : "nothing", packets,
			       run_apart(policy, &stream, packets, lookup));
	free(stream.questions4);
	free(stream.questions6);
}

static void read_state(const char *path, struct objects *objects,
		       struct settings *settings)
{
	json_error_t error;
	char *problem;
	json_t *state;

	state = json_load_file(path, 0, &error);
	if (!state)
		errx(EXIT_FAILURE, "%s: %s", path, error.text);
	problem = state_read(state, objects, settings);
	if (problem)
		errx(EXIT_FAILURE, "%s: %s", path, problem);
	json_decref(state);
	if (!objects->address_count)
		errx(EXIT_FAILURE, "%s: it has no address", path);
}

int main(int argument_count, char **arguments)
{
	struct podwall_policy *policy;
	struct settings settings;
	struct objects objects;
	enum cache_peers peers;
	size_t count;
	u64 seed;

	if (argument_count != 4 || sscanf(arguments[2], "%zu", &count) != 1 ||
	    sscanf(arguments[3], "%llu", &seed) != 1 || !count) {
		fprintf(stderr, "usage: %s STATE COUNT SEED\n", arguments[0]);
		return EXIT_FAILURE;
	}
	/* Nothing may differ from one time to the next. */
	json_object_seed(1);
	kernel_seed(seed);
	chance_seed(seed, 0);
	if (podwall_policy_init())
		errx(EXIT_FAILURE, "no memory");
	read_state(arguments[1], &objects, &settings);
	policy = cache_load(&objects, &settings);
	for (peers = 0; peers < CACHE_PEERS; peers++)
		measure(policy, &objects, peers, count);
	podwall_policy_put(policy);
	kernel_grace_period();
	podwall_policy_exit();
	objects_clear(&objects);
	settings_clear(&settings);
	return EXIT_SUCCESS;
}
