// SPDX-License-Identifier: GPL-2.0-only
/*
 * Damaged manifests: whatever the input, reading it ends with a model or with a
 * message, and the sanitizers find nothing. PODWALL_SEED sets the seed.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "policy/memory.h"

#define ROUNDS 4000
#define SECONDS 10

static const char *const samples[] = {
	"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n"
	"  name: p\nspec:\n  podSelector:\n    matchExpressions:\n"
	"    - {key: a, operator: In, values: [b, &x c]}\n"
	"  ingress:\n  - from:\n    - ipBlock: &y\n        cidr: 10.0.0.0/8\n"
	"        except: [10.1.0.0/16]\n    - podSelector: {}\n    ports:\n"
	"    - {port: 80, endPort: 90}\n    - port: http\n      protocol: UDP\n"
	"  egress:\n  - to: [{ipBlock: *y}]\n---\n"
	"kind: PodList\napiVersion: v1\nitems:\n- metadata: {name: a, labels: "
	"{a: b}}\n  spec:\n    containers:\n    - ports:\n      - name: http\n"
	"        containerPort: 80\n  status:\n    phase: Running\n"
	"    podIPs: [{ip: 10.0.0.1}, {ip: 'fd00::1'}]\n",
	"{\"kind\": \"List\", \"items\": [\n{\"apiVersion\": \"v1\", \"kind\": "
	"\"Namespace\",\n\"metadata\": {\"name\": \"x\", \"labels\": {\"a\": "
	"\"b\\u00e9\\\"\"}}},\n{\"apiVersion\": \"v1\", \"kind\": \"Node\", "
	"\"metadata\": {\"name\": \"n1\"}, \"status\": {\"addresses\": "
	"[{\"type\": \"InternalIP\", \"address\": \"10.0.0.1\"}]}}]}\n",
	"apiVersion: policy.networking.k8s.io/v1alpha2\n"
	"kind: ClusterNetworkPolicy\nmetadata:\n  name: c\nspec:\n"
	"  tier: Admin\n  priority: 10\n  subject: {namespaces: {}}\n"
	"  ingress:\n  - {name: n, action: Deny, from: [{pods: "
	"{namespaceSelector: {}, podSelector: {matchLabels: {a: b}}}}],\n"
	"    protocols: [{tcp: {destinationPort: {number: 80}}}, "
	"{udp: {destinationPort: {range: {start: 1, end: 9}}}}, "
	"{destinationNamedPort: http}]}\n"
	"  egress:\n  - action: Pass\n    to: [{networks: [10.0.0.0/8]}, "
	"{nodes: {}}, {domainNames: [a.b]}]\n---\n"
	"apiVersion: policy.networking.k8s.io/v1alpha1\n"
	"kind: BaselineAdminNetworkPolicy\nmetadata: {name: default}\nspec:\n"
	"  subject: {pods: {namespaceSelector: {}, podSelector: {}}}\n"
	"  ingress: [{action: Allow, from: [{namespaces: {}}], ports: "
	"[{portNumber: {port: 1}}, {portRange: {protocol: SCTP, start: 2, "
	"end: 3}}, {namedPort: dns}]}]\n---\n"
	"{kind: Pod, apiVersion: v1, metadata: {name: a}, status: {phase: "
	"Running, podIP: 10.0.0.9}}\n",
};

static unsigned int below(uint64_t *seed, unsigned int bound)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (*seed >> 33) % bound;
}

/* Change, remove or copy a few pieces. */
static void damage(uint64_t *seed, char *text, size_t *length, size_t room)
{
	static const char interesting[] =
		"{}[]:,-&*!|>'\"#%@`\n\t \\0~<\xff\x80";
	unsigned int count;

	for (count = 1 + below(seed, 4); count && *length; count--) {
		size_t at = below(seed, *length), piece = 1 + below(seed, 8);

		if (piece > *length - at)
			piece = *length - at;
		switch (below(seed, 4)) {
		case 0:
			text[at] =
				interesting[below(seed, sizeof(interesting))];
			break;
		case 1:
			text[at] = below(seed, 256);
			break;
		case 2:
			memmove(text + at, text + at + piece,
				*length - at - piece);
			*length -= piece;
			break;
		case 3:
			if (*length + piece > room)
				break;
			memmove(text + at + piece, text + at, *length - at);
			*length += piece;
			break;
		}
	}
}

static void read_damaged(uint64_t *seed, const char *sample)
{
	const struct manifest_options options = { .lenient = true };
	size_t length = strlen(sample), room = length + 64, i;
	char *text = xcalloc(room, 1), *exact;
	struct documents documents = {};
	struct problems problems = {};
	struct cluster cluster = {};
	struct objects objects;
	bool fine;

	memcpy(text, sample, length);
	damage(seed, text, &length, room);
	/* A block of the exact size, so that reading beyond it is noticed. */
	exact = xmemdup(text, length);
	fine = documents_parse(&documents,
			       below(seed, 2) ? "damaged.json" : "damaged.yaml",
			       exact, length, &problems);
	for (i = 0; i < documents.count; i++)
		fine = manifest_decode(&documents, &documents.list[i], &options,
				       &cluster, &problems) &&
		       fine;
	assert_int_equal(fine, !problems.errors);
	if (compile(&cluster, NULL, NULL, &objects, &problems))
		objects_clear(&objects);
	free(exact);
	free(text);
	cluster_clear(&cluster);
	problems_clear(&problems);
	documents_clear(&documents);
}

static void test_damage(void **state)
{
	const char *given = getenv("PODWALL_SEED");
	time_t start = time(NULL);
	uint64_t seed = given ? strtoull(given, NULL, 0) : (uint64_t)start;
	unsigned int i;

	(void)state;
	printf("# PODWALL_SEED=%llu\n", (unsigned long long)seed);
	seed = seed * 0x9e3779b97f4a7c15 | 1;
	for (i = 0; i < ROUNDS && time(NULL) - start < SECONDS; i++)
		read_damaged(&seed, samples[i % COUNT(samples)]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
