// SPDX-License-Identifier: GPL-2.0-only
/*
 * What policies mean. Every expectation is put to the evaluator and to the
 * compiled objects.
 */
#include "policies.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"

/* Policies of the namespace, and what then goes on the grid of add_grid(). */
struct row {
	const char *name;
	const char *specs[3]; /* in namespace x */
	const char *expectations;
};

static const struct row empty_rows[] = {
	{ "subject {} is all pods of the namespace",
	  { "{podSelector: {}}" },
	  "* x/a TCP 80 -\n* x/b TCP 80 -\n* y/a TCP 80 +\nx/a * TCP 80 +\n"
	  "x/a x/b TCP 80 -\nx/a x/c TCP 80 -" },
	{ "subject missing is all pods of the namespace",
	  { "{policyTypes: [Ingress]}" },
	  "* x/a TCP 80 -\n* x/b TCP 80 -\n* y/a TCP 80 +" },
	{ "peer podSelector {} is the policy's namespace",
	  { "{ingress: [{from: [{podSelector: {}}]}]}" },
	  "* x/a TCP 80 -\nx/b x/a TCP 80 +\nx/c x/a TCP 80 +\n"
	  "9.9.9.9 x/a TCP 80 -" },
	{ "peer namespaceSelector {} is all pods",
	  { "{ingress: [{from: [{namespaceSelector: {}}]}]}" },
	  "* x/a TCP 80 +\n9.9.9.9 x/a TCP 80 -\nfd09::9 x/a TCP 80 -" },
	{ "from missing is everything",
	  { "{ingress: [{ports: [{port: 80}]}]}" },
	  "* x/a TCP 80 +\n9.9.9.9 x/a TCP 80 +\nfd09::9 x/a TCP 80 +\n"
	  "* x/a TCP 81 -\n9.9.9.9 x/a TCP 81 -" },
	{ "from [] is everything",
	  { "{ingress: [{from: [], ports: [{port: 80}]}]}" },
	  "* x/a TCP 80 +\n9.9.9.9 x/a TCP 80 +\n* x/a TCP 81 -" },
	{ "to missing is everything",
	  { "{policyTypes: [Egress], egress: [{ports: [{port: 80}]}]}" },
	  "x/a * TCP 80 +\nx/a 9.9.9.9 TCP 80 +\nx/a * TCP 81 -\n"
	  "* x/a TCP 81 +\nx/b x/a TCP 81 -\nx/c x/a TCP 81 -" },
	{ "to [] is everything",
	  { "{policyTypes: [Egress], egress: [{to: [], ports: [{port: 80}]}]}" },
	  "x/a * TCP 80 +\nx/a 9.9.9.9 TCP 80 +\nx/a 9.9.9.9 TCP 81 -" },
	{ "ingress [{}] allows all",
	  { "{ingress: [{}]}" },
	  "* x/a TCP 80 +\n* x/a UDP 9 +\n* x/a ICMP 0 +\n9.9.9.9 x/a SCTP 1 +" },
	{ "ingress [] denies all",
	  { "{ingress: []}" },
	  "* x/a TCP 80 -\n9.9.9.9 x/a TCP 80 -\n* x/a ICMP 0 -" },
	{ "ingress missing denies all",
	  { "{policyTypes: [Ingress]}" },
	  "* x/a TCP 80 -\n9.9.9.9 x/a UDP 80 -" },
	{ "ingress null denies all",
	  { "{ingress: }" },
	  "* x/a TCP 80 -\n9.9.9.9 x/a UDP 80 -" },
	{ "egress [] denies all",
	  { "{policyTypes: [Egress], egress: []}" },
	  "x/a * TCP 80 -\nx/a 9.9.9.9 TCP 80 -\ny/a x/a TCP 80 +" },
	{ "egress [] without type does nothing",
	  { "{egress: []}" },
	  "x/a y/a TCP 80 +\nx/a 9.9.9.9 TCP 80 +\ny/a x/a TCP 80 -" },
	{ "ports missing is all ports of all protocols",
	  { "{ingress: [{from: [{namespaceSelector: {}}]}]}" },
	  "y/a x/a TCP 1 +\ny/a x/a UDP 65535 +\ny/a x/a SCTP 7 +\n"
	  "y/a x/a ICMP 0 +" },
	{ "ports [] is all ports of all protocols",
	  { "{ingress: [{from: [{namespaceSelector: {}}], ports: []}]}" },
	  "y/a x/a TCP 1 +\ny/a x/a UDP 65535 +\ny/a x/a SCTP 7 +\n"
	  "y/a x/a ICMP 0 +" },
	{ "ports [{}] is all TCP ports",
	  { "{ingress: [{ports: [{}]}]}" },
	  "y/a x/a TCP 1 +\ny/a x/a TCP 65535 +\ny/a x/a UDP 80 -\n"
	  "y/a x/a SCTP 80 -\ny/a x/a ICMP 0 -" },
	{ "NotIn matches without the key",
	  { "{ingress: [{from: [{podSelector: {matchExpressions: [{key: tier, "
	    "operator: NotIn, values: [a]}]}}]}]}" },
	  "x/b x/a TCP 80 +\ny/b x/a TCP 80 -" },
	{ "DoesNotExist matches without the key",
	  { "{ingress: [{from: [{podSelector: {matchExpressions: [{key: tier, "
	    "operator: DoesNotExist}]}}]}]}" },
	  "x/b x/a TCP 80 +\ny/b x/a TCP 80 -" },
};

static const struct row port_rows[] = {
	{ "protocol defaults to TCP",
	  { "{ingress: [{ports: [{port: 80}]}]}" },
	  "y/a x/a TCP 80 +\ny/a x/a UDP 80 -\ny/a x/a SCTP 80 -" },
	{ "named port on ingress",
	  { "{ingress: [{ports: [{port: serve-81-tcp}]}]}" },
	  "y/a x/a TCP 81 +\ny/a x/a TCP 80 -\n9.9.9.9 x/a TCP 81 +" },
	{ "name of another protocol matches nothing",
	  { "{ingress: [{ports: [{port: serve-81-udp, protocol: TCP}]}]}" },
	  "y/a x/a TCP 81 -\ny/a x/a UDP 81 -" },
	{ "name that nobody serves matches nothing",
	  { "{ingress: [{ports: [{port: nobody}]}], egress: [{ports: [{port: "
	    "nobody}]}]}" },
	  "* x/a TCP 80 -\nx/a * TCP 80 -\nx/a 9.9.9.9 TCP 80 -" },
	{ "a name beside a number",
	  { "{ingress: [{ports: [{port: nobody}, {port: 80}]}]}" },
	  "y/a x/a TCP 80 +\ny/a x/a TCP 81 -" },
	{ "named port on egress, to anyone",
	  { "{policyTypes: [Egress], egress: [{ports: [{port: "
	    "serve-80-udp, protocol: UDP}]}]}" },
	  "x/a * UDP 80 +\nx/a * UDP 81 -\nx/a * TCP 80 -\n"
	  "x/a 9.9.9.9 UDP 80 -" },
	{ "named port on egress, to some",
	  { "{policyTypes: [Egress], egress: [{to: [{namespaceSelector: "
	    "{matchLabels: {ns: 'y'}}}], ports: [{port: serve-80-tcp}]}]}" },
	  "x/a * TCP 80 -\nx/a y/a TCP 80 +\nx/a y/b TCP 80 +\n"
	  "x/a y/c TCP 80 +\nx/a y/a TCP 81 -" },
	{ "named port on egress, to a block with pods",
	  { "{policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: "
	    "10.2.0.0/16, except: [10.2.0.3/32]}}, {ipBlock: {cidr: "
	    "'fd00:2::/32', except: ['fd00:2::3/128']}}], "
	    "ports: [{port: serve-80-tcp}]}]}" },
	  "x/a * TCP 80 -\nx/a y/a TCP 80 +\nx/a y/b TCP 80 +\n"
	  "x/a y/c TCP 80 -\nx/a 10.2.0.9 TCP 80 -\nx/a y/a TCP 81 -" },
	{ "endPort is inclusive",
	  { "{ingress: [{ports: [{port: 80, endPort: 82}]}]}" },
	  "y/a x/a TCP 79 -\ny/a x/a TCP 80 +\ny/a x/a TCP 81 +\n"
	  "y/a x/a TCP 82 +\ny/a x/a TCP 83 -\ny/a x/a UDP 81 -" },
	{ "endPort may equal port",
	  { "{ingress: [{ports: [{port: 80, endPort: 80}]}]}" },
	  "y/a x/a TCP 79 -\ny/a x/a TCP 80 +\ny/a x/a TCP 81 -" },
	{ "endPort up to the last port",
	  { "{ingress: [{ports: [{port: 1, endPort: 65535, protocol: SCTP}]}]}" },
	  "y/a x/a SCTP 1 +\ny/a x/a SCTP 65535 +\ny/a x/a TCP 80 -" },
	{ "ranges that overlap",
	  { "{ingress: [{ports: [{port: 90, endPort: 95}, {port: 80, endPort: "
	    "92}, {port: 85}, {port: 94, endPort: 99}, {port: 85, protocol: "
	    "UDP}]}]}" },
	  "y/a x/a TCP 79 -\ny/a x/a TCP 80 +\ny/a x/a TCP 93 +\n"
	  "y/a x/a TCP 99 +\ny/a x/a TCP 100 -\ny/a x/a UDP 85 +\n"
	  "y/a x/a UDP 86 -" },
};

static const struct row block_rows[] = {
	{ "blocks match pods by address",
	  { "{ingress: [{from: [{ipBlock: {cidr: 10.2.0.0/16}}, {ipBlock: "
	    "{cidr: 'fd00:2::/32'}}]}]}" },
	  "* x/a TCP 80 -\ny/a x/a TCP 80 +\ny/b x/a TCP 80 +\n"
	  "y/c x/a TCP 80 +\n10.2.200.1 x/a TCP 80 +" },
	{ "except narrows its own peer",
	  { "{ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: "
	    "[10.2.0.0/16]}}]}]}" },
	  "10.1.0.9 x/a TCP 80 +\n10.2.0.9 x/a TCP 80 -\n11.0.0.1 x/a TCP 80 -" },
	{ "another peer may allow what one excepts",
	  { "{ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: "
	    "[10.2.0.0/16]}}, {ipBlock: {cidr: 10.2.0.9/32}}]}]}" },
	  "10.1.0.9 x/a TCP 80 +\n10.2.0.9 x/a TCP 80 +\n10.2.0.8 x/a TCP 80 -" },
	{ "a larger block may allow what one excepts",
	  { "{ingress: [{from: [{ipBlock: {cidr: 10.2.0.0/16, except: "
	    "[10.2.0.0/24]}}, {ipBlock: {cidr: 10.0.0.0/8}}]}]}" },
	  "10.2.0.9 x/a TCP 80 +\n10.9.0.9 x/a TCP 80 +" },
	{ "another policy may allow what one excepts",
	  { "{ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: "
	    "[10.2.0.0/16]}}]}]}",
	    "{ingress: [{from: [{podSelector: {}}]}, {from: [{ipBlock: {cidr: "
	    "10.2.0.0/24}}]}]}" },
	  "10.2.0.9 x/a TCP 80 +\n10.2.1.9 x/a TCP 80 -\nx/b x/a TCP 80 +" },
	{ "all of one family",
	  { "{ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}" },
	  "9.9.9.9 x/a TCP 80 +\n10.2.0.1 x/a TCP 80 +\nfd09::9 x/a TCP 80 -" },
	{ "a port of a block only",
	  { "{ingress: [{from: [{ipBlock: {cidr: 9.0.0.0/8}}], ports: [{port: "
	    "80}]}, {from: [{podSelector: {}}], ports: [{port: 81}]}]}" },
	  "9.9.9.9 x/a TCP 80 +\n9.9.9.9 x/a TCP 81 -\nx/b x/a TCP 80 -\n"
	  "x/b x/a TCP 81 +" },
};

/* A row of Kubernetes' own tests may ask for more than one namespace. */
static const struct row peer_rows[] = {
	{ "a namespace by its name label",
	  { "{ingress: [{from: [{namespaceSelector: {matchLabels: "
	    "{kubernetes.io/metadata.name: 'y'}}}]}]}" },
	  "* x/a TCP 80 -\ny/a x/a TCP 80 +\ny/b x/a TCP 80 +\n"
	  "y/c x/a TCP 80 +" },
	{ "both selectors are AND",
	  { "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: "
	    "[{namespaceSelector: {matchExpressions: [{key: ns, operator: "
	    "NotIn, values: [x]}]}, podSelector: {matchLabels: {pod: b}}}]}]}" },
	  "* x/a TCP 80 -\ny/b x/a TCP 80 +\nz/b x/a TCP 80 +\n* x/b TCP 80 +" },
	{ "two entries are OR",
	  { "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: "
	    "[{namespaceSelector: {matchExpressions: [{key: ns, operator: "
	    "NotIn, values: [x]}]}}, {podSelector: {matchLabels: {pod: "
	    "b}}}]}]}" },
	  "* x/a TCP 80 +\nx/c x/a TCP 80 -" },
	{ "policies add up",
	  { "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: "
	    "[{podSelector: {matchLabels: {pod: b}}}]}]}",
	    "{ingress: [{ports: [{port: 81}]}]}" },
	  "* x/a TCP 80 -\nx/b x/a TCP 80 +\n* x/a TCP 81 +\n* x/c TCP 80 -" },
	{ "ingress and egress are judged apart",
	  { "{podSelector: {matchLabels: {pod: a}}, policyTypes: [Egress], "
	    "egress: [{}]}",
	    "{podSelector: {matchLabels: {pod: a}}, policyTypes: [Ingress]}" },
	  "x/a * TCP 80 +\n* x/a TCP 80 -" },
	{ "a peer that selects nobody matches nothing",
	  { "{ingress: [{from: [{podSelector: {matchLabels: {pod: none}}}]}]}" },
	  "* x/a TCP 80 -\n9.9.9.9 x/a TCP 80 -" },
	{ "a policy that selects nobody isolates nobody",
	  { "{podSelector: {matchLabels: {pod: none}}, policyTypes: [Ingress, "
	    "Egress]}" },
	  "* x/a TCP 80 +\nx/a * TCP 80 +" },
	{ "SCTP is not TCP",
	  { "{ingress: [{ports: [{port: 81, protocol: SCTP}]}]}" },
	  "* x/a TCP 81 -\n* x/a SCTP 81 +" },
};

static void test_row(void **state)
{
	const struct row *row = *state;
	struct cluster cluster = {};
	size_t i;

	add_grid(&cluster);
	for (i = 0; i < COUNT(row->specs) && row->specs[i]; i++)
		add_network_policy(&cluster, "x", i, row->specs[i]);
	expect(&cluster, row->expectations);
	cluster_clear(&cluster);
}

/* An accept at one end never opens the other. */
static void test_both_ends(void **state)
{
	struct cluster cluster = {};

	(void)state;
	add_grid(&cluster);
	add_network_policy(
		&cluster, "x", 0,
		"{podSelector: {matchLabels: {pod: a}}, policyTypes: "
		"[Egress], egress: [{to: [{namespaceSelector: {matchLabels: "
		"{ns: 'y'}}, podSelector: {matchLabels: {pod: a}}}]}]}");
	add_network_policy(
		&cluster, "y", 0,
		"{podSelector: {matchLabels: {pod: a}}, ingress: [{from: "
		"[{namespaceSelector: {matchLabels: {ns: x}}, podSelector: "
		"{matchLabels: {pod: a}}}]}]}");
	add_network_policy(
		&cluster, "y", 1,
		"{podSelector: {matchLabels: {pod: b}}, ingress: [{from: "
		"[{namespaceSelector: {matchLabels: {ns: x}}, podSelector: "
		"{matchLabels: {pod: a}}}]}]}");
	expect(&cluster, "x/a * TCP 80 -\nx/a y/a TCP 80 +\n* y/a TCP 80 -\n"
			 "* y/b TCP 80 -\nx/a y/a TCP 80 +");
	cluster_clear(&cluster);
}

/* Two pods may give one name to different numbers. */
static void test_names_differ(void **state)
{
	struct cluster cluster = {};

	(void)state;
	add_pod(&cluster, "x/client", "", "10.0.0.1", "");
	add_pod(&cluster, "x/old", "app=s", "10.0.0.2", "http/TCP/80");
	add_pod(&cluster, "x/new", "app=s", "10.0.0.3", "http/TCP/8080");
	add_pod(&cluster, "x/both", "app=s", "10.0.0.4",
		"http/TCP/80 http/TCP/8080");
	add_pod(&cluster, "x/none", "app=s", "10.0.0.5", "http/UDP/80");
	add_network_policy(&cluster, "x", 0,
			   "{podSelector: {matchLabels: {app: s}}, ingress: [{ports: "
			   "[{port: http}]}]}");
	expect(&cluster,
	       "x/client x/old TCP 80 +\nx/client x/old TCP 8080 -\n"
	       "x/client x/new TCP 80 -\nx/client x/new TCP 8080 +\n"
	       "x/client x/both TCP 80 +\nx/client x/both TCP 8080 +\n"
	       "x/client x/none TCP 80 -\nx/client x/none UDP 80 -");
	remove_policy(&cluster, "x/p0");
	add_network_policy(&cluster, "x", 0,
			   "{podSelector: {}, policyTypes: [Egress], egress: [{to: "
			   "[{podSelector: {matchLabels: {app: s}}}], ports: [{port: "
			   "http}]}]}");
	expect(&cluster,
	       "x/client x/old TCP 80 +\nx/client x/old TCP 8080 -\n"
	       "x/client x/new TCP 80 -\nx/client x/new TCP 8080 +\n"
	       "x/client x/both TCP 80 +\nx/client x/both TCP 8080 +\n"
	       "x/client x/none TCP 80 -\nx/client x/none UDP 80 -\n"
	       "x/old x/client TCP 80 -\nx/client 9.9.9.9 TCP 80 -");
	cluster_clear(&cluster);
}

static void test_first_run(void **state)
{
	static const char policies[] =
		"apiVersion: networking.k8s.io/v1\n"
		"kind: NetworkPolicy\n"
		"metadata:\n"
		"  name: allow-frontend-ingress\n"
		"spec:\n"
		"  podSelector:\n"
		"    matchLabels:\n"
		"      role: frontend\n"
		"  ingress:\n"
		"  - from:\n"
		"    - ipBlock:\n"
		"        cidr: 0.0.0.0/0\n"
		"    ports:\n"
		"    - protocol: TCP\n"
		"      port: 80\n"
		"---\n"
		"apiVersion: networking.k8s.io/v1\n"
		"kind: NetworkPolicy\n"
		"metadata:\n"
		"  name: restrict-egress\n"
		"spec:\n"
		"  podSelector:\n"
		"    matchLabels:\n"
		"      role: backend\n"
		"  egress:\n"
		"  - to:\n"
		"    - ipBlock:\n"
		"        cidr: 34.102.136.180/32  # Only allow a specific IP\n"
		"    ports:\n"
		"    - protocol: TCP\n"
		"      port: 443\n";
	struct cluster cluster = {};

	(void)state;
	add_pod(&cluster, "default/front", "role=frontend", "10.0.0.1 fd00::1",
		"");
	add_pod(&cluster, "default/back", "role=backend", "10.0.0.2 fd00::2",
		"");
	add_pod(&cluster, "default/other", "", "10.0.0.3 fd00::3", "");
	add_manifests(&cluster, policies);
	expect(&cluster, "9.9.9.9 front TCP 80 +\n9.9.9.9 front TCP 81 -\n"
			 "9.9.9.9 front UDP 80 -\nfd09::9 front TCP 80 -\n"
			 "front 9.9.9.9 TCP 81 +\n10.0.0.3 front TCP 80 +\n"
			 "back 34.102.136.180 TCP 443 +\n"
			 "back 34.102.136.180 TCP 80 -\n"
			 "back 34.102.136.181 TCP 443 -\n"
			 "10.0.0.2 front TCP 80 -\nother back TCP 443 -\n"
			 "9.9.9.9 back TCP 443 -\nother 9.9.9.9 TCP 443 +\n"
			 "9.9.9.9 other TCP 443 +");
	cluster_clear(&cluster);
}

static void test_reasons(void **state)
{
	struct endpoint from, to, outside;
	struct evaluation evaluation;
	struct cluster cluster = {};

	(void)state;
	add_grid(&cluster);
	add_pod(&cluster, "x/none", "", "", "");
	add_pod(&cluster, "x/done", "", "10.9.9.9", "")->phase = POD_FAILED;
	add_network_policy(&cluster, "x", 0,
			   "{podSelector: {}, ingress: [{ports: [{port: 80}]}]}");
	add_network_policy(&cluster, "x", 1, "{podSelector: {}}");
	assert_true(parse_endpoint(&cluster, "y/a", &from));
	assert_true(parse_endpoint(&cluster, "x/a", &to));
	assert_true(parse_endpoint(&cluster, "9.9.9.9", &outside));
	assert_false(parse_endpoint(&cluster, "x/d", &outside));
	assert_false(parse_endpoint(&cluster, "a", &outside));

	assert_null(evaluate(&cluster, &from, &to, AF_INET, IPPROTO_TCP, 80,
			     &evaluation));
	assert_int_equal(evaluation.egress.reason, PODWALL_REASON_NO_POLICY);
	assert_string_equal(evaluation.egress.origin, "");
	assert_int_equal(evaluation.ingress.reason, PODWALL_REASON_RULE);
	assert_string_equal(evaluation.ingress.origin,
			    "NetworkPolicy x/p0 ingress[0]");
	evaluation_clear(&evaluation);

	assert_null(evaluate(&cluster, &from, &to, AF_INET6, IPPROTO_TCP, 81,
			     &evaluation));
	assert_int_equal(evaluation.verdict, PODWALL_VERDICT_DENY);
	assert_int_equal(evaluation.ingress.reason, PODWALL_REASON_ISOLATED);
	assert_string_equal(evaluation.ingress.origin,
			    "NetworkPolicy x/p0, x/p1");
	assert_string_equal(evaluation.ingress.text,
			    "Pod x/a is isolated for ingress by NetworkPolicy "
			    "x/p0, x/p1, and no rule of these covers it");
	evaluation_clear(&evaluation);

	assert_true(parse_endpoint(&cluster, "x/none", &from));
	assert_string_equal(evaluate(&cluster, &from, &to, AF_INET, 6, 80,
				     &evaluation),
			    "the pod has no address of this family");
	assert_true(parse_endpoint(&cluster, "x/done", &from));
	assert_string_equal(evaluate(&cluster, &from, &to, AF_INET, 6, 80,
				     &evaluation),
			    "the pod has ended and has no address any more");
	assert_true(parse_endpoint(&cluster, "9.9.9.9", &from));
	assert_string_equal(evaluate(&cluster, &from, &to, AF_INET6, 6, 80,
				     &evaluation),
			    "the address is not of this family");
	cluster_clear(&cluster);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_ends),
		cmocka_unit_test(test_names_differ),
		cmocka_unit_test(test_first_run),
		cmocka_unit_test(test_reasons),
	};
	int failed = 0;

	failed += table_tests("empty or missing", empty_rows, COUNT(empty_rows),
			      sizeof(struct row), test_row);
	failed += table_tests("ports", port_rows, COUNT(port_rows),
			      sizeof(struct row), test_row);
	failed += table_tests("blocks", block_rows, COUNT(block_rows),
			      sizeof(struct row), test_row);
	failed += table_tests("peers", peer_rows, COUNT(peer_rows),
			      sizeof(struct row), test_row);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return !!failed;
}
