// SPDX-License-Identifier: GPL-2.0-only
/*
 * The policies that Kubernetes tests network plugins with, and what each allows
 * between the nine pods of the grid. Row names begin with the number of the
 * test in the order of the suite; 28 has policies of two namespaces and stands
 * in semantics_test.c.
 */
#include "support.h"

#include <stdlib.h>
#include "policy/memory.h"

struct row {
	const char *name;
	const char *specs[2]; /* of policies in namespace x */
	const char *expectations;
};

static const struct row rows[] = {
	{ "1 default-deny-ingress",
	  { "{policyTypes: [Ingress], ingress: []}" },
	  "* x/* TCP 80 -\n"
	  "x/a y/* TCP 80 +" },
	{ "2 default-deny-all",
	  { "{policyTypes: [Ingress, Egress]}" },
	  "* x/* TCP 80 -\n"
	  "x/* * TCP 80 -\n"
	  "y/a z/* TCP 80 +" },
	{ "3 by pod selector in the namespace",
	  { "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: "
	    "[{podSelector: {matchLabels: {pod: b}}}]}]}" },
	  "* x/a TCP 80 -\n"
	  "x/b x/a TCP 80 +\n"
	  "* x/b TCP 80 +" },
	{ "4 allow one target",
	  { "{policyTypes: [Ingress]}",
	    "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: "
	    "[{podSelector: {}, namespaceSelector: {}}]}]}" },
	  "* x/b TCP 80 -\n"
	  "* x/a TCP 80 +" },
	{ "5 from all namespaces",
	  { "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: "
	    "[{namespaceSelector: {}}]}]}" },
	  "* x/a TCP 80 +" },
	{ "6 from another namespace only",
	  { "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: "
	    "[{namespaceSelector: {matchLabels: {ns: 'y'}}}]}]}" },
	  "* x/a TCP 80 -\n"
	  "y/* x/a TCP 80 +" },
	{ "7 pod match expressions",
	  { "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: "
	    "[{podSelector: {matchExpressions: [{key: pod, operator: "
	    "In, values: [b]}]}}]}]}" },
	  "* x/a TCP 80 -\n"
	  "x/b x/a TCP 80 +" },
	{ "8 namespace match expressions",
	  { "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: "
	    "[{namespaceSelector: {matchExpressions: [{key: ns, "
	    "operator: In, values: ['y']}]}}]}]}" },
	  "* x/a TCP 80 -\n"
	  "y/* x/a TCP 80 +" },
	{ "9 pods or namespaces",
	  { "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: "
	    "[{namespaceSelector: {matchExpressions: [{key: ns, "
	    "operator: NotIn, values: [x]}]}}, {podSelector: "
	    "{matchLabels: {pod: b}}}]}]}" },
	  "* x/a TCP 80 +\n"
	  "x/c x/a TCP 80 -" },
	{ "10 pods and namespaces",
	  { "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: "
	    "[{namespaceSelector: {matchExpressions: [{key: ns, "
	    "operator: NotIn, values: [x]}]}, podSelector: "
	    "{matchLabels: {pod: b}}}]}]}" },
	  "* x/a TCP 80 -\n"
	  "y/b x/a TCP 80 +\n"
	  "z/b x/a TCP 80 +" },
	{ "11 several pods and namespaces",
	  { "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: "
	    "[{namespaceSelector: {matchExpressions: [{key: ns, "
	    "operator: NotIn, values: [x]}]}, podSelector: "
	    "{matchExpressions: [{key: pod, operator: In, values: [b, "
	    "c]}]}}]}]}" },
	  "* x/a TCP 80 +\n"
	  "x/* x/a TCP 80 -\n"
	  "y/a x/a TCP 80 -\n"
	  "z/a x/a TCP 80 -" },
	{ "12 any of the pods",
	  { "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: "
	    "[{podSelector: {matchLabels: {pod: b}}}, {podSelector: "
	    "{matchLabels: {pod: c}}}]}]}" },
	  "* x/a TCP 80 -\n"
	  "x/b x/a TCP 80 +\n"
	  "x/c x/a TCP 80 +" },
	{ "13 a pod of another namespace",
	  { "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: "
	    "[{namespaceSelector: {matchLabels: {ns: 'y'}}, "
	    "podSelector: {matchLabels: {pod: a}}}]}]}" },
	  "* x/a TCP 80 -\n"
	  "y/a x/a TCP 80 +" },
	{ "14 by port",
	  { "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: "
	    "[{namespaceSelector: {matchLabels: {ns: 'y'}}}], ports: "
	    "[{port: 81}]}]}" },
	  "* x/a TCP 81 -\n"
	  "y/* x/a TCP 81 +\n"
	  "* x/a TCP 80 -" },
	{ "15 stacked policies",
	  { "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: "
	    "[{namespaceSelector: {matchLabels: {ns: 'y'}}}], ports: "
	    "[{port: 81}]}]}",
	    "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: "
	    "[{namespaceSelector: {matchLabels: {ns: 'y'}}}], ports: "
	    "[{port: 80}]}]}" },
	  "* x/a TCP 81 -\n"
	  "y/* x/a TCP 81 +\n"
	  "* x/a TCP 80 -\n"
	  "y/* x/a TCP 80 +" },
	{ "16 allow all",
	  { "{ingress: [{}]}" },
	  "* x/* TCP 80 +\n"
	  "* x/* TCP 81 +" },
	{ "17 one named port",
	  { "{ingress: [{ports: [{port: serve-81-tcp}]}]}" },
	  "* x/* TCP 81 +\n"
	  "* x/* TCP 80 -" },
	{ "18 one named port from a namespace",
	  { "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: "
	    "[{namespaceSelector: {matchLabels: {ns: 'y'}}}], ports: "
	    "[{port: serve-80-tcp}]}]}" },
	  "* x/a TCP 80 -\n"
	  "y/* x/a TCP 80 +\n"
	  "* x/a TCP 81 -" },
	{ "19 egress to one named port",
	  { "{policyTypes: [Egress], egress: [{ports: [{port: "
	    "serve-80-tcp}]}]}" },
	  "x/* * TCP 80 +\n"
	  "x/* * TCP 81 -" },
	{ "20 updated policy, before", { "{ingress: [{}]}" }, "* x/* TCP 81 +" },
	{ "20 updated policy, after", { "{ingress: []}" }, "* x/* TCP 81 -" },
	{ "21 namespace without the label",
	  { "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: "
	    "[{namespaceSelector: {matchLabels: {ns2: updated}}}]}]}" },
	  "* x/a TCP 80 -" },
	{ "22 pod without the label",
	  { "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: "
	    "[{podSelector: {matchLabels: {pod: b, pod2: "
	    "updated}}}]}]}" },
	  "* x/a TCP 80 -" },
	{ "23 no other namespaces",
	  { "{ingress: [{from: [{podSelector: {}}]}]}" },
	  "* x/* TCP 80 -\n"
	  "x/* x/* TCP 80 +" },
	{ "24 target without the label",
	  { "{podSelector: {matchLabels: {target: isolated}}, ingress: "
	    "[]}" },
	  "* x/* TCP 80 +" },
	{ "25 no egress from some pods",
	  { "{podSelector: {matchLabels: {pod: a}}, policyTypes: "
	    "[Egress]}" },
	  "x/a * TCP 80 -\n"
	  "x/b y/* TCP 80 +" },
	{ "26 no egress from a namespace",
	  { "{policyTypes: [Egress]}" },
	  "x/* * TCP 80 -\n"
	  "y/* x/* TCP 80 +" },
	{ "27 ingress and egress together",
	  { "{podSelector: {matchLabels: {pod: a}}, policyTypes: "
	    "[Ingress, Egress], ingress: [{from: [{podSelector: "
	    "{matchLabels: {pod: b}}}]}], egress: [{ports: [{port: "
	    "80}]}]}" },
	  "* x/a TCP 80 -\n"
	  "x/b x/a TCP 80 +\n"
	  "x/a * TCP 80 +\n"
	  "* x/a TCP 81 -\n"
	  "x/b x/a TCP 81 +\n"
	  "x/a * TCP 81 -" },
	{ "29 egress to a pod of another namespace",
	  { "{podSelector: {matchLabels: {pod: a}}, policyTypes: "
	    "[Egress], egress: [{to: [{namespaceSelector: "
	    "{matchLabels: {ns: 'y'}}, podSelector: {matchLabels: "
	    "{pod: a}}}]}]}" },
	  "x/a * TCP 80 -\n"
	  "x/a y/a TCP 80 +" },
	{ "30 any port of a protocol",
	  { "{podSelector: {matchLabels: {pod: a}}, ingress: [{ports: "
	    "[{protocol: TCP}]}]}" },
	  "* x/a TCP 80 +\n"
	  "* x/a UDP 80 -" },
	{ "31 allow-all ingress beside a port",
	  { "{ingress: [{ports: [{port: 80}]}]}", "{ingress: [{}]}" },
	  "* x/* TCP 81 +" },
	{ "31 the port alone",
	  { "{ingress: [{ports: [{port: 80}]}]}" },
	  "* x/* TCP 81 -" },
	{ "32 allow-all egress beside a port",
	  { "{policyTypes: [Egress], egress: [{ports: [{port: 80}]}]}",
	    "{policyTypes: [Egress], egress: [{}]}" },
	  "x/* * TCP 81 +" },
	{ "32 the port alone",
	  { "{policyTypes: [Egress], egress: [{ports: [{port: 80}]}]}" },
	  "x/* * TCP 81 -\n"
	  "x/* * TCP 80 +" },
	{ "33 no policies",
	  { NULL },
	  "* x/* TCP 80 +\n"
	  "x/* * TCP 80 +" },
	{ "34 egress to one address",
	  { "{podSelector: {matchLabels: {pod: a}}, policyTypes: "
	    "[Egress], egress: [{to: [{ipBlock: {cidr: 10.2.0.2/32}}, "
	    "{ipBlock: {cidr: 'fd00:2::2/128'}}]}]}" },
	  "x/a * TCP 80 -\n"
	  "x/a y/b TCP 80 +" },
	{ "35 except",
	  { "{podSelector: {matchLabels: {pod: a}}, policyTypes: "
	    "[Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/4, "
	    "except: [10.1.0.2/32]}}, {ipBlock: {cidr: 'f000::/4', "
	    "except: ['fd00:1::2/128']}}]}]}" },
	  "x/a * TCP 80 +\n"
	  "x/a x/b TCP 80 -" },
	{ "36 an excepted address that is allowed as well",
	  { "{podSelector: {matchLabels: {pod: a}}, policyTypes: "
	    "[Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/4, "
	    "except: [10.1.0.2/32]}}, {ipBlock: {cidr: 'f000::/4', "
	    "except: ['fd00:1::2/128']}}]}]}",
	    "{podSelector: {matchLabels: {pod: a}}, policyTypes: "
	    "[Egress], egress: [{to: [{ipBlock: {cidr: 10.1.0.2/32}}, "
	    "{ipBlock: {cidr: 'fd00:1::2/128'}}]}]}" },
	  "x/a * TCP 80 +" },
	{ "37 ingress and egress apart",
	  { "{podSelector: {matchLabels: {pod: a}}, policyTypes: "
	    "[Egress], egress: [{}]}",
	    "{podSelector: {matchLabels: {pod: a}}, policyTypes: "
	    "[Ingress]}" },
	  "* x/a TCP 80 -\n"
	  "x/a * TCP 80 +" },
	{ "38 SCTP is not TCP",
	  { "{ingress: []}",
	    "{podSelector: {matchLabels: {pod: a}}, ingress: [{ports: "
	    "[{protocol: SCTP, port: 81}]}]}" },
	  "* x/* TCP 81 -\n"
	  "* x/a SCTP 81 +" },
	{ "39 SCTP isolates",
	  { "{podSelector: {matchLabels: {pod: a}}, ingress: [{ports: "
	    "[{protocol: SCTP, port: 80}]}]}" },
	  "* x/a TCP 81 -" },
	{ "40 UDP is not TCP",
	  { "{podSelector: {matchLabels: {pod: a}}, ingress: [{ports: "
	    "[{protocol: UDP, port: 81}]}]}" },
	  "* x/a TCP 81 -\n"
	  "* x/a UDP 81 +" },
	{ "41 name label",
	  { "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: "
	    "[{namespaceSelector: {matchLabels: "
	    "{kubernetes.io/metadata.name: 'y'}}}]}]}" },
	  "* x/a TCP 80 -\n"
	  "y/* x/a TCP 80 +" },
	{ "42 name label in an expression",
	  { "{podSelector: {matchLabels: {pod: a}}, policyTypes: "
	    "[Egress], egress: [{to: [{namespaceSelector: "
	    "{matchExpressions: [{key: kubernetes.io/metadata.name, "
	    "operator: NotIn, values: ['y']}]}}]}]}" },
	  "x/a * TCP 80 +\n"
	  "x/a y/* TCP 80 -" },
	{ "43 default-deny-ingress, UDP",
	  { "{policyTypes: [Ingress]}" },
	  "* x/* UDP 80 -" },
	{ "44 by port, UDP",
	  { "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: "
	    "[{namespaceSelector: {matchLabels: {ns: 'y'}}}], ports: "
	    "[{port: 81, protocol: UDP}]}]}" },
	  "* x/a UDP 81 -\n"
	  "y/* x/a UDP 81 +\n"
	  "* x/a TCP 81 -" },
	{ "45 a pod of another namespace, UDP",
	  { "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: "
	    "[{namespaceSelector: {matchLabels: {ns: 'y'}}, "
	    "podSelector: {matchLabels: {pod: a}}}], ports: [{port: "
	    "80, protocol: UDP}]}]}" },
	  "* x/a UDP 80 -\n"
	  "y/a x/a UDP 80 +" },
	{ "46 default-deny-ingress, SCTP",
	  { "{policyTypes: [Ingress]}" },
	  "* x/* SCTP 80 -" },
	{ "47 by port, SCTP",
	  { "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: "
	    "[{namespaceSelector: {matchLabels: {ns: 'y'}}}], ports: "
	    "[{port: 81, protocol: SCTP}]}]}" },
	  "* x/a SCTP 81 -\n"
	  "y/* x/a SCTP 81 +\n"
	  "* x/a TCP 81 -" },
	{ "48 a pod of another namespace, SCTP",
	  { "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: "
	    "[{namespaceSelector: {matchLabels: {ns: 'y'}}, "
	    "podSelector: {matchLabels: {pod: a}}}], ports: [{port: "
	    "80, protocol: SCTP}]}]}" },
	  "* x/a SCTP 80 -\n"
	  "y/a x/a SCTP 80 +" },
};

static void test_row(void **state)
{
	const struct row *row = *state;
	struct cluster cluster = {};
	size_t i;

	add_grid(&cluster);
	for (i = 0; i < COUNT(row->specs) && row->specs[i]; i++) {
		char *text = xasprintf("apiVersion: networking.k8s.io/v1\n"
				       "kind: NetworkPolicy\n"
				       "metadata: {name: p%zu, namespace: x}\n"
				       "spec: %s\n",
				       i, row->specs[i]);

		add_manifests(&cluster, text);
		free(text);
	}
	expect(&cluster, row->expectations);
	cluster_clear(&cluster);
}

int main(void)
{
	return !!table_tests("conformance", rows, COUNT(rows), sizeof(*rows),
			     test_row);
}
