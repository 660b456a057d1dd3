// SPDX-License-Identifier: GPL-2.0-only
/*
 * What policies mean for pods on the host network, on the node that they come
 * from, with another's address, with two families, and for themselves. Every
 * expectation is put to the evaluator and to the compiled objects.
 */
#include "policies.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"

/* The host network is an outside address, whatever the labels say. */
static void test_host_network(void **state)
{
	struct cluster cluster = {};
	struct cluster_pod *host;

	(void)state;
	add_pod(&cluster, "x/a", "app=a", "10.0.0.1", "");
	host = add_pod(&cluster, "x/h", "app=h", "192.168.0.1", "http/TCP/80");
	host->host_network = true;
	free(host->node);
	host->node = xstrdup("another");
	add_pod(&cluster, "x/n", "app=h", "192.168.0.2", "http/TCP/80");
	add_manifests(&cluster,
		      "{kind: Node, apiVersion: v1, metadata: {name: n2}, "
		      "status: {addresses: [{type: InternalIP, address: "
		      "192.168.0.2}]}}");
	add_network_policy(
		&cluster, "x", 0,
		"{podSelector: {}, policyTypes: [Ingress, Egress], ingress: "
		"[{from: [{namespaceSelector: {}}]}], egress: [{ports: "
		"[{port: http}]}]}");
	expect(&cluster, "x/h x/a TCP 80 -\nx/n x/a TCP 80 -\n"
			 "x/a x/h TCP 80 -\nx/a x/n TCP 80 -\n"
			 "9.9.9.9 x/h TCP 80 +\nx/n 9.9.9.9 TCP 80 +");
	add_network_policy(&cluster, "x", 1,
			   "{policyTypes: [Ingress, Egress], ingress: [{from: "
			   "[{ipBlock: {cidr: 192.168.0.0/16}}]}], egress: [{to: "
			   "[{ipBlock: {cidr: 192.168.0.0/16}}], ports: [{port: "
			   "81}]}]}");
	expect(&cluster, "x/h x/a TCP 80 +\nx/n x/a TCP 80 +\n"
			 "x/a x/h TCP 81 +\nx/a x/n TCP 81 +\n"
			 "x/a x/h TCP 80 -");
	cluster_clear(&cluster);
}

/* The node of a pod, and pods of the host network there, are always let through;
 * other nodes are outside addresses.
 */
static void test_own_node(void **state)
{
	struct endpoint node, pod;
	struct evaluation evaluation;
	struct cluster cluster = {};
	struct cluster_pod *agent;

	(void)state;
	add_pod(&cluster, "x/a", "app=a", "10.0.0.1 fd00::1", "");
	add_pod(&cluster, "x/h", "", "192.168.0.1", "")->host_network = true;
	add_pod(&cluster, "x/i", "", "192.168.0.7", "")->host_network = true;
	agent = add_pod(&cluster, "x/j", "", "192.168.0.8", "");
	agent->host_network = true;
	free(agent->node);
	agent->node = xstrdup("two");
	add_manifests(
		&cluster,
		"{kind: Node, apiVersion: v1, metadata: {name: one}, status: "
		"{addresses: [{type: InternalIP, address: 192.168.0.1}, {type: "
		"InternalIP, address: 'fd00:9::1'}]}}\n---\n"
		"{kind: Node, apiVersion: v1, metadata: {name: two}, status: "
		"{addresses: [{type: InternalIP, address: 192.168.0.2}]}}");
	add_network_policy(&cluster, "x", 0,
			   "{podSelector: {}, policyTypes: [Ingress, Egress]}");
	expect(&cluster, "192.168.0.1 x/a TCP 80 +\nx/a 192.168.0.1 TCP 80 +\n"
			 "fd00:9::1 x/a TCP 80 +\nx/a fd00:9::1 UDP 53 +\n"
			 "x/h x/a TCP 80 +\nx/a x/h TCP 80 +\n"
			 "x/i x/a TCP 80 +\nx/a 192.168.0.7 TCP 80 +\n"
			 "192.168.0.2 x/a TCP 80 -\nx/a 192.168.0.2 TCP 80 -\n"
			 "x/j x/a TCP 80 -\nx/a 192.168.0.8 TCP 80 -");

	assert_true(parse_endpoint(&cluster, "192.168.0.1", &node));
	assert_true(parse_endpoint(&cluster, "x/a", &pod));
	assert_null(evaluate(&cluster, &node, &pod, AF_INET, IPPROTO_TCP, 80,
			     &evaluation));
	assert_int_equal(evaluation.ingress.reason, PODWALL_REASON_NODE);
	assert_string_equal(evaluation.ingress.text,
			    "the node reaches its own pods");
	evaluation_clear(&evaluation);
	assert_null(evaluate(&cluster, &pod, &node, AF_INET, IPPROTO_TCP, 80,
			     &evaluation));
	assert_int_equal(evaluation.egress.reason, PODWALL_REASON_NODE);
	assert_string_equal(evaluation.egress.text,
			    "a pod reaches its own node");
	evaluation_clear(&evaluation);

	add_network_policy(
		&cluster, "x", 1,
		"{ingress: [{from: [{ipBlock: {cidr: 192.168.0.2/32}}]}]}");
	expect(&cluster, "192.168.0.2 x/a TCP 80 +\n192.168.0.1 x/a TCP 80 +");
	cluster_clear(&cluster);
}

/* Both ends of the evaluator's choice change with the cluster. */
static void test_owner_changes(void **state)
{
	struct cluster cluster = {};

	(void)state;
	add_pod(&cluster, "x/a", "app=a", "10.0.0.1", "");
	add_pod(&cluster, "x/b", "app=b", "10.0.0.2", "");
	add_network_policy(&cluster, "x", 0,
			   "{podSelector: {matchLabels: {app: a}}, ingress: [{from: "
			   "[{podSelector: {matchLabels: {app: b}}}]}]}");
	expect(&cluster, "10.0.0.2 x/a TCP 80 +\n10.0.0.3 x/a TCP 80 -");
	add_pod(&cluster, "x/b", "app=b", "10.0.0.3", "");
	expect(&cluster, "10.0.0.2 x/a TCP 80 -\n10.0.0.3 x/a TCP 80 +");
	cluster_clear(&cluster);
}

/* A pod that has ended keeps its address in the API while another has it. */
static void test_finished(void **state)
{
	static const enum pod_phase phases[] = { POD_SUCCEEDED, POD_FAILED };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(phases); i++) {
		struct cluster cluster = {};

		add_pod(&cluster, "x/server", "app=s", "10.0.0.1", "");
		add_pod(&cluster, "x/done", "app=trusted", "10.0.0.2", "")
			->phase = phases[i];
		add_network_policy(&cluster, "x", 0,
				   "{podSelector: {matchLabels: {app: s}}, ingress: "
				   "[{from: [{podSelector: {matchLabels: {app: "
				   "trusted}}}]}]}");
		expect(&cluster, "10.0.0.2 x/server TCP 80 -\n"
				 "x/server 10.0.0.2 TCP 80 +");
		add_pod(&cluster, "x/next", "app=s", "10.0.0.2", "");
		expect(&cluster, "10.0.0.2 x/server TCP 80 -\n"
				 "x/next x/server TCP 80 -\n"
				 "x/server x/next TCP 80 -");
		cluster_clear(&cluster);
	}
}

/* A policy holds for both families of a pod. */
static void test_families(void **state)
{
	struct cluster cluster = {};

	(void)state;
	add_pod(&cluster, "x/dual", "app=s", "10.0.0.1 fd00::1", "");
	add_pod(&cluster, "x/four", "app=c", "10.0.0.2", "");
	add_pod(&cluster, "x/six", "app=c", "fd00::3", "");
	add_pod(&cluster, "x/bad", "app=b", "10.0.0.4 fd00::4", "");
	add_network_policy(&cluster, "x", 0,
			   "{podSelector: {matchLabels: {app: s}}, ingress: [{from: "
			   "[{podSelector: {matchLabels: {app: c}}}]}]}");
	expect(&cluster, "x/four x/dual TCP 80 +\nx/six x/dual TCP 80 +\n"
			 "x/bad x/dual TCP 80 -\n10.0.0.9 x/dual TCP 80 -\n"
			 "fd00::9 x/dual TCP 80 -");
	cluster_clear(&cluster);
}

/* Through a Service a pod may reach itself. */
static void test_hairpin(void **state)
{
	struct cluster cluster = {};

	(void)state;
	add_grid(&cluster);
	add_network_policy(&cluster, "x", 0,
			   "{podSelector: {}, policyTypes: [Ingress, Egress]}");
	assert_true(is_allowed(&cluster, "x/a", "x/a", AF_INET, IPPROTO_TCP,
			       80));
	assert_true(is_allowed(&cluster, "x/a", "10.1.0.1", AF_INET,
			       IPPROTO_TCP, 80));
	assert_false(is_allowed(&cluster, "x/a", "x/b", AF_INET, IPPROTO_TCP,
				80));
	cluster_clear(&cluster);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_host_network),
		cmocka_unit_test(test_own_node),
		cmocka_unit_test(test_owner_changes),
		cmocka_unit_test(test_finished),
		cmocka_unit_test(test_families),
		cmocka_unit_test(test_hairpin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
