// SPDX-License-Identifier: GPL-2.0-only
/*
 * What policies for the whole cluster mean. Every expectation is put to the
 * evaluator and to the compiled objects.
 */
#include "policies.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"

#define GROUP "policy.networking.k8s.io/"

/* Policies "KIND NAME SPEC", and what then goes on the grid of add_grid(): C is
 * a ClusterNetworkPolicy, A an AdminNetworkPolicy, B a
 * BaselineAdminNetworkPolicy, N a NetworkPolicy in namespace x.
 */
struct row {
	const char *name;
	const char *policies[4];
	const char *expectations;
};

/* The pods x/a, every pod of namespace y, and every pod. */
#define ABOUT_XA                                                       \
	"subject: {pods: {namespaceSelector: {matchLabels: {ns: x}}, " \
	"podSelector: {matchLabels: {pod: a}}}}"
#define ABOUT_X "subject: {namespaces: {matchLabels: {ns: x}}}"
#define FROM_Y "from: [{namespaces: {matchLabels: {ns: 'y'}}}]"
#define TO_Y "to: [{namespaces: {matchLabels: {ns: 'y'}}}]"
#define FROM_ALL "from: [{namespaces: {}}]"
#define TO_ALL "to: [{namespaces: {}}]"
#define ADMIN "tier: Admin, priority: "
#define BASELINE "tier: Baseline, priority: "

static const struct row tier_rows[] = {
	{ "an admin deny is final, whatever NetworkPolicies accept",
	  { "C c {" ADMIN "5, " ABOUT_XA ", ingress: [{action: Deny, " FROM_Y
	    "}]}",
	    "N np {podSelector: {}, ingress: [{}]}" },
	  "* x/a TCP 80 +\ny/* x/a TCP 80 -\ny/b x/a UDP 7 -\n"
	  "y/a x/a ICMP 0 -\ny/a x/b TCP 80 +\n9.9.9.9 x/a TCP 80 +" },
	{ "an admin accept is final, whatever isolates the pod",
	  { "C c {" ADMIN "5, " ABOUT_XA ", ingress: [{action: Accept, " FROM_Y
	    "}]}",
	    "N np {podSelector: {}}",
	    "C d {" BASELINE "0, " ABOUT_X
	    ", ingress: [{action: Deny, " FROM_ALL "}]}" },
	  "* x/a TCP 80 -\ny/* x/a TCP 80 +\ny/a x/b TCP 80 -" },
	{ "an admin pass goes to NetworkPolicies, past later admin rules",
	  { "C c {" ADMIN "5, " ABOUT_X ", ingress: [{action: Pass, " FROM_Y
	    "}, {action: Deny, " FROM_ALL "}]}",
	    "C d {" ADMIN "6, " ABOUT_X ", ingress: [{action: Deny, " FROM_Y
	    "}]}",
	    "N np {podSelector: {matchLabels: {pod: a}}}" },
	  "* x/b TCP 80 -\ny/* x/b TCP 80 +\ny/a x/a TCP 80 -\n"
	  "9.9.9.9 x/b TCP 80 +\n9.9.9.9 x/a TCP 80 -" },
	{ "an admin pass goes to the baseline where nothing isolates",
	  { "C c {" ADMIN "5, " ABOUT_X ", ingress: [{action: Pass, " FROM_Y
	    "}]}",
	    "C d {" BASELINE "6, " ABOUT_X
	    ", ingress: [{action: Deny, " FROM_ALL "}]}" },
	  "* x/a TCP 80 -\ny/a x/a TCP 80 -\n9.9.9.9 x/a TCP 80 +" },
	{ "a baseline pass ends in accept",
	  { "C c {" BASELINE "5, " ABOUT_X ", ingress: [{action: Pass, " FROM_Y
	    "}, {action: Deny, " FROM_ALL "}]}",
	    "C d {" BASELINE "6, " ABOUT_X ", ingress: [{action: Deny, " FROM_Y
	    "}]}" },
	  "* x/a TCP 80 -\ny/* x/a TCP 80 +" },
	{ "a baseline deny holds where no NetworkPolicy isolates",
	  { "C c {" BASELINE "5, " ABOUT_X ", ingress: [{action: Deny, " FROM_Y
	    "}]}",
	    "N np {podSelector: {matchLabels: {pod: a}}, ingress: [{}]}" },
	  "y/a x/a TCP 80 +\ny/a x/b TCP 80 -\nz/a x/b TCP 80 +" },
	{ "isolation is of a direction, and so is the hand-over to the baseline",
	  { "C c {" BASELINE "5, " ABOUT_X ", ingress: [{action: Deny, " FROM_Y
	    "}], egress: [{action: Deny, " TO_Y "}]}",
	    "N np {podSelector: {matchLabels: {pod: a}}, policyTypes: [Egress], "
	    "egress: [{}]}" },
	  "y/a x/a TCP 80 -\nx/a y/a TCP 80 +\nx/b y/a TCP 80 -" },
	{ "the lower priority is judged first",
	  { "C a {" ADMIN "1000, " ABOUT_X
	    ", ingress: [{action: Accept, " FROM_Y "}]}",
	    "C b {" ADMIN "0, " ABOUT_X ", ingress: [{action: Deny, " FROM_Y
	    ", protocols: [{tcp: {destinationPort: {number: 80}}}]}]}" },
	  "y/a x/a TCP 80 -\ny/a x/a TCP 81 +" },
	{ "of equal priorities the lower name is judged first",
	  { "C b {" ADMIN "7, " ABOUT_X ", ingress: [{action: Deny, " FROM_Y
	    "}]}",
	    "C a {" ADMIN "7, " ABOUT_X ", ingress: [{action: Accept, " FROM_Y
	    ", protocols: [{tcp: {destinationPort: {number: 80}}}]}]}",
	    "C c {" ADMIN "7, " ABOUT_X ", ingress: [{action: Accept, " FROM_ALL
	    "}]}" },
	  "y/a x/a TCP 80 +\ny/a x/a TCP 81 -\nz/a x/a TCP 81 +" },
	{ "of equal names the lower kind is judged first",
	  { "C same {" ADMIN "7, " ABOUT_X
	    ", ingress: [{action: Accept, " FROM_ALL "}]}",
	    "A same {priority: 7, " ABOUT_X ", ingress: [{action: Deny, " FROM_Y
	    "}]}" },
	  "y/a x/a TCP 80 -\nz/a x/a TCP 80 +" },
	{ "rules are judged in the order of the list",
	  { "C c {" ADMIN "7, " ABOUT_X ", ingress: [{action: Accept, "
	    "from: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: "
	    "{pod: b}}}}]}, {action: Deny, " FROM_ALL "}]}" },
	  "* x/a TCP 80 -\nx/b x/a TCP 80 +\ny/b x/a TCP 80 +\n"
	  "z/b x/a TCP 80 +" },
	{ "several baselines",
	  { "C c {" BASELINE "2, " ABOUT_X ", ingress: [{action: Deny, " FROM_Y
	    "}]}",
	    "C d {" BASELINE "1, " ABOUT_X ", ingress: [{action: Accept, "
	    "from: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: "
	    "{pod: a}}}}]}]}" },
	  "y/a x/a TCP 80 +\ny/b x/a TCP 80 -" },
	{ "the BaselineAdminNetworkPolicy is judged last",
	  { "B default {" ABOUT_X ", ingress: [{action: Deny, " FROM_ALL "}]}",
	    "C z {" BASELINE "1000, " ABOUT_X
	    ", ingress: [{action: Accept, " FROM_Y "}]}" },
	  "y/a x/a TCP 80 +\nz/a x/a TCP 80 -" },
	{ "without rules a policy says nothing",
	  { "C c {" ADMIN "2, " ABOUT_X "}",
	    "C d {" BASELINE "2, " ABOUT_X ", ingress: [], egress: }" },
	  "* x/a TCP 80 +\nx/a * TCP 80 +" },
	{ "no rule that matches isolates nobody",
	  { "C c {" ADMIN "2, " ABOUT_X ", ingress: [{action: Accept, " FROM_Y
	    "}]}" },
	  "* x/a TCP 80 +\n9.9.9.9 x/a TCP 80 +" },
	{ "AdminNetworkPolicy with Allow, Deny and Pass",
	  { "A a {priority: 3, " ABOUT_X ", ingress: [{name: first, action: "
	    "Allow, " FROM_Y ", ports: [{portNumber: {protocol: TCP, port: "
	    "80}}]}, {action: Pass, " FROM_Y ", ports: [{portNumber: {port: "
	    "81}}]}, {action: Deny, " FROM_ALL "}]}",
	    "N np {podSelector: {matchLabels: {pod: a}}}" },
	  "* x/b TCP 80 -\ny/* x/b TCP 80 +\ny/* x/b TCP 81 +\n"
	  "y/a x/a TCP 81 -\ny/a x/a TCP 80 +\ny/a x/b UDP 80 -" },
	{ "BaselineAdminNetworkPolicy with Allow and Deny",
	  { "B default {" ABOUT_X ", egress: [{action: Allow, " TO_Y
	    ", ports: [{portRange: {protocol: UDP, start: 80, end: 81}}]}, "
	    "{action: Deny, " TO_ALL "}]}" },
	  "x/a * TCP 80 -\nx/a y/* UDP 80 +\nx/a y/a UDP 82 -\n"
	  "x/a 9.9.9.9 TCP 80 +" },
};

static const struct row peer_rows[] = {
	{ "an egress accept does not skip ingress",
	  { "C c {" ADMIN "1, " ABOUT_X ", egress: [{action: Accept, " TO_Y
	    "}]}",
	    "C d {" ADMIN "1, subject: {namespaces: {matchLabels: {ns: 'y'}}}, "
	    "ingress: [{action: Deny, from: [{namespaces: {matchLabels: {ns: "
	    "x}}}]}]}" },
	  "x/a y/a TCP 80 -\nx/a z/a TCP 80 +\nz/a y/a TCP 80 +" },
	{ "0.0.0.0/0 is every pod and ICMP too, but not the other family",
	  { "C c {" ADMIN "1, " ABOUT_XA ", egress: [{action: Deny, to: "
	    "[{networks: [0.0.0.0/0]}]}]}" },
	  "x/a 9.9.9.9 TCP 80 -\nx/a 10.2.0.1 TCP 80 -\n"
	  "x/a 10.2.0.1 ICMP 0 -\nx/a fd00:2::1 TCP 80 +\n"
	  "x/a fd09::9 TCP 80 +" },
	{ "::/0 is every pod of the other family",
	  { "C c {" ADMIN "1, " ABOUT_XA ", egress: [{action: Deny, to: "
	    "[{networks: ['::/0']}]}]}" },
	  "x/a fd09::9 TCP 80 -\nx/a fd00:2::1 TCP 80 -\n"
	  "x/a 10.2.0.1 TCP 80 +" },
	{ "a pass for pods in front of networks",
	  { "C c {" ADMIN "1, " ABOUT_XA ", egress: [{action: Pass, " TO_ALL
	    "}, {action: Deny, to: [{networks: [0.0.0.0/0, '::/0']}]}]}" },
	  "x/a * TCP 80 +\nx/a 9.9.9.9 TCP 80 -\nx/a fd09::9 UDP 80 -" },
	{ "several networks and peers are one or the other",
	  { "C c {" ADMIN "1, " ABOUT_XA ", egress: [{action: Deny, to: "
	    "[{networks: [10.2.0.1/32, 9.9.0.0/16]}, {networks: "
	    "['fd00:2::/32']}, {pods: {namespaceSelector: {matchLabels: {ns: "
	    "z}}, podSelector: {matchLabels: {pod: c}}}}]}]}" },
	  "x/a 10.2.0.1 TCP 80 -\nx/a 10.2.0.2 TCP 80 +\n"
	  "x/a fd00:2::2 TCP 80 -\nx/a 9.9.9.9 TCP 80 -\nx/a z/c TCP 80 -\n"
	  "x/a z/b TCP 80 +" },
	{ "empty selectors of pods select all",
	  { "C c {" ADMIN "1, subject: {pods: {namespaceSelector: {}, "
	    "podSelector: {}}}, ingress: [{action: Deny, from: [{pods: "
	    "{namespaceSelector: {}, podSelector: {}}}]}]}" },
	  "* x/a TCP 80 -\n* y/c TCP 80 -\n9.9.9.9 z/c TCP 80 +" },
	{ "pods of the selected namespaces only",
	  { "C c {" ADMIN "1, " ABOUT_XA ", ingress: [{action: Deny, from: "
	    "[{pods: {namespaceSelector: {matchExpressions: [{key: ns, "
	    "operator: NotIn, values: ['y']}]}, podSelector: {matchLabels: "
	    "{pod: b}}}}]}]}" },
	  "* x/a TCP 80 +\nx/b x/a TCP 80 -\nz/b x/a TCP 80 -" },
	{ "in v1beta1 a missing namespaceSelector is all namespaces",
	  { "D c {" ADMIN "1, subject: {pods: {podSelector: {matchLabels: "
	    "{pod: a}}}}, ingress: [{action: Deny, from: [{pods: "
	    "{podSelector: {matchLabels: {pod: b}}}}]}]}" },
	  "* x/a TCP 80 +\n* y/a TCP 80 +\nx/b x/a TCP 80 -\n"
	  "y/b x/a TCP 80 -\nz/b x/a TCP 80 -\nx/b y/a TCP 80 -\n"
	  "y/b y/a TCP 80 -\nz/b y/a TCP 80 -\n* x/b TCP 80 +" },
};

static const struct row port_rows[] = {
	{ "numbers and ranges of each protocol",
	  { "C c {" ADMIN "1, " ABOUT_XA ", ingress: [{action: Deny, " FROM_Y
	    ", protocols: [{tcp: {destinationPort: {number: 80}}}, {udp: "
	    "{destinationPort: {range: {start: 53, end: 55}}}}, {sctp: "
	    "{destinationPort: {range: {start: 1, end: 65535}}}}]}]}" },
	  "y/a x/a TCP 80 -\ny/a x/a TCP 81 +\ny/a x/a UDP 52 +\n"
	  "y/a x/a UDP 53 -\ny/a x/a UDP 55 -\ny/a x/a UDP 56 +\n"
	  "y/a x/a UDP 80 +\ny/a x/a SCTP 1 -\ny/a x/a SCTP 65535 -\n"
	  "y/a x/a ICMP 0 +" },
	{ "no protocols is all of them",
	  { "C c {" ADMIN "1, " ABOUT_XA ", ingress: [{action: Deny, " FROM_Y
	    "}]}" },
	  "y/a x/a TCP 1 -\ny/a x/a UDP 65535 -\ny/a x/a SCTP 7 -\n"
	  "y/a x/a ICMP 0 -" },
	{ "a name on ingress is the subject's",
	  { "C c {" ADMIN "1, " ABOUT_XA ", ingress: [{action: Deny, " FROM_Y
	    ", protocols: [{destinationNamedPort: serve-80-tcp}, "
	    "{destinationNamedPort: serve-81-udp}]}]}" },
	  "y/a x/a TCP 80 -\ny/a x/a UDP 81 -\ny/a x/a TCP 81 +\n"
	  "y/a x/a UDP 80 +\ny/a x/a SCTP 80 +" },
	{ "a name that nobody serves matches nothing",
	  { "C c {" ADMIN "1, " ABOUT_X ", ingress: [{action: Deny, " FROM_Y
	    ", protocols: [{destinationNamedPort: nobody}]}], egress: "
	    "[{action: Deny, " TO_Y
	    ", protocols: [{destinationNamedPort: nobody}]}]}" },
	  "y/a x/a TCP 80 +\nx/a y/a TCP 80 +" },
	{ "a name on egress is each destination's",
	  { "C c {" ADMIN "1, " ABOUT_XA ", egress: [{action: Deny, " TO_ALL
	    ", protocols: [{destinationNamedPort: odd}, {tcp: "
	    "{destinationPort: {number: 9}}}]}]}" },
	  "x/a y/odd TCP 7000 -\nx/a z/odd TCP 7000 +\nx/a z/odd UDP 7001 -\n"
	  "x/a y/odd UDP 7001 +\nx/a y/a TCP 7000 +\nx/a y/a TCP 9 -\n"
	  "x/a 9.9.9.9 TCP 7000 +" },
	{ "a name on egress keeps its place among the rules",
	  { "C c {" ADMIN "1, " ABOUT_XA ", egress: [{action: Accept, " TO_ALL
	    ", protocols: [{destinationNamedPort: odd}]}, {action: Deny, " TO_ALL
	    "}]}",
	    "A d {priority: 0, " ABOUT_XA ", egress: [{action: Pass, to: "
	    "[{namespaces: {matchLabels: {ns: z}}}], ports: [{namedPort: "
	    "odd}]}]}",
	    "N np {podSelector: {}, policyTypes: [Egress]}" },
	  "x/a y/odd TCP 7000 +\nx/a z/odd UDP 7001 -\nx/a y/a TCP 80 -\n"
	  "x/b y/a TCP 80 -" },
};

static void test_row(void **state)
{
	const struct row *row = *state;
	struct cluster cluster = {};
	size_t i;

	add_grid(&cluster);
	if (strstr(row->expectations, "/odd")) {
		add_pod(&cluster, "y/odd", "", "10.2.0.9", "odd/TCP/7000");
		add_pod(&cluster, "z/odd", "", "10.3.0.9", "odd/UDP/7001");
	}
	for (i = 0; i < COUNT(row->policies) && row->policies[i]; i++)
		add_policy(&cluster, row->policies[i]);
	expect(&cluster, row->expectations);
	cluster_clear(&cluster);
}

/* Nodes are peers by their labels, whatever their pods of the host network
 * say, and those pods are no subjects. A node reaches its own pods even so, and
 * what isolates a pod does not keep it from its own node, as a rule about nodes
 * does.
 */
static void test_nodes(void **state)
{
	struct cluster cluster = {};
	struct cluster_pod *host;

	(void)state;
	add_manifests(
		&cluster,
		"{kind: Node, apiVersion: v1, metadata: {name: one, labels: "
		"{zone: a}}, status: {addresses: [{type: InternalIP, address: "
		"192.168.0.1}, {type: ExternalIP, address: 5.5.5.5}, {type: "
		"Hostname, address: one}, {type: InternalIP, address: "
		"'fd00:9::1'}]}}\n---\n"
		"{kind: Node, apiVersion: v1, metadata: {name: two, labels: "
		"{zone: b}}, status: {addresses: [{type: InternalIP, address: "
		"192.168.0.2}]}}");
	add_namespace(&cluster, "x", "ns=x");
	add_pod(&cluster, "x/a", "pod=a", "10.0.0.1 fd00::1", "");
	host = add_pod(&cluster, "x/h", "pod=h", "192.168.0.2", "");
	host->host_network = true;
	free(host->node);
	host->node = xstrdup("two");

	add_policy(&cluster, "C c {" ADMIN "1, subject: {namespaces: {}}, "
			     "egress: [{action: Deny, to: [{nodes: "
			     "{matchLabels: {zone: b}}}]}], ingress: [{action: "
			     "Deny, " FROM_ALL "}]}");
	expect(&cluster, "x/a 192.168.0.2 TCP 80 -\nx/a x/h TCP 80 -\n"
			 "x/a 192.168.0.1 TCP 80 +\nx/a 192.168.0.3 TCP 80 +\n"
			 "x/h x/a TCP 80 +\nx/h 192.168.0.2 TCP 80 +\n"
			 "x/h 9.9.9.9 TCP 80 +");
	add_policy(&cluster, "N np {podSelector: {}, policyTypes: [Egress]}");
	expect(&cluster, "x/a 192.168.0.1 TCP 80 +\nx/a 192.168.0.2 TCP 80 -\n"
			 "x/a 5.5.5.5 TCP 80 +\nx/a 9.9.9.9 TCP 80 -");
	add_policy(&cluster,
		   "C d {" BASELINE "1, " ABOUT_X ", egress: [{action: "
		   "Deny, to: [{nodes: {}}]}], ingress: []}");
	expect(&cluster, "x/a 192.168.0.1 TCP 80 -\nx/a 5.5.5.5 TCP 80 -\n"
			 "x/a fd00:9::1 TCP 80 -\nx/a 9.9.9.9 TCP 80 -");
	cluster_clear(&cluster);
}

/* Of the rule it takes only the action: the peers that are known say nothing
 * about the one that is not.
 */
static void test_unknown_peer(void **state)
{
	static const struct {
		const char *action;
		const char *warning;
	} rows[] = {
		{ "Accept", "matches nothing" },
		{ "Deny", "denies everything" },
		{ "Pass", "denies everything" },
	};
	static const char *const peers[] = {
		"{planets: {}}",
		"{}",
		"{domainNames: [a.b]}",
		"{namespaces: }",
	};
	const struct manifest_options options = { .lenient = true };
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(rows) * COUNT(peers); i++) {
		struct cluster cluster = {};
		struct documents documents = {};
		struct problems problems = {};
		const char *action = rows[i / COUNT(peers)].action;
		char *text = xasprintf(
			"{kind: ClusterNetworkPolicy, apiVersion: " GROUP
			"v1alpha2, metadata: {name: c}, spec: {" ADMIN
			"1, " ABOUT_X ", egress: [{action: %s, to: [%s, "
			"{namespaces: {matchLabels: {ns: 'y'}}}], protocols: "
			"[{tcp: {destinationPort: {number: 9}}}]}]}}",
			action, peers[i % COUNT(peers)]);

		add_grid(&cluster);
		assert_true(documents_parse(&documents, "t", text, strlen(text),
					    &problems));
		for (j = 0; j < documents.count; j++)
			assert_true(manifest_decode(&documents,
						    &documents.list[j],
						    &options, &cluster,
						    &problems));
		assert_int_equal(problems.count, 1);
		assert_non_null(strstr(problems.list[0].text,
				       rows[i / COUNT(peers)].warning));
		add_policy(&cluster, "C d {" BASELINE "1, " ABOUT_X
				     ", egress: [{action: Deny, " TO_ALL "}]}");
		expect(&cluster, "x/a y/a TCP 9 -\nx/a y/a TCP 80 -");
		expect(&cluster, !strcmp(action, "Accept") ?
					 "x/a 9.9.9.9 TCP 80 +" :
					 "x/a 9.9.9.9 TCP 80 -");
		free(text);
		problems_clear(&problems);
		documents_clear(&documents);
		cluster_clear(&cluster);
	}
}

/* What decided is told by policy, rule and the rule's name. */
static void test_origins(void **state)
{
	static const struct {
		const char *to;
		enum podwall_reason reason;
		enum podwall_tier tier;
		const char *origin;
	} rows[] = {
		{ "y/a", PODWALL_REASON_RULE, PODWALL_TIER_ADMIN,
		  "ClusterNetworkPolicy c egress[0] (keep out)" },
		{ "z/a", PODWALL_REASON_RULE, PODWALL_TIER_ADMIN,
		  "AdminNetworkPolicy a egress[0]" },
		{ "9.9.9.9", PODWALL_REASON_DEFAULT, 0, "" },
	};
	struct cluster cluster = {};
	struct objects objects;
	struct endpoint from, to;
	size_t i;

	(void)state;
	add_grid(&cluster);
	add_policy(&cluster, "C c {" ADMIN "1, " ABOUT_XA ", egress: [{name: "
			     "keep out, action: Deny, " TO_Y "}]}");
	add_policy(&cluster,
		   "A a {priority: 2, " ABOUT_XA ", egress: [{action: "
		   "Allow, to: [{namespaces: {matchLabels: {ns: "
		   "z}}}]}]}");
	assert_true(parse_endpoint(&cluster, "x/a", &from));
	for (i = 0; i < COUNT(rows); i++) {
		struct evaluation evaluation;

		assert_true(parse_endpoint(&cluster, rows[i].to, &to));
		assert_null(evaluate(&cluster, &from, &to, AF_INET, IPPROTO_TCP,
				     80, &evaluation));
		assert_int_equal(evaluation.egress.reason, rows[i].reason);
		assert_int_equal(evaluation.egress.tier, rows[i].tier);
		assert_string_equal(evaluation.egress.origin, rows[i].origin);
		evaluation_clear(&evaluation);
	}
	compile_fine(&cluster, NULL, NULL, &objects);
	assert_int_equal(objects.rule_set_count, 1);
	assert_false(objects.rule_sets[0].isolated);
	assert_int_equal(objects.rule_sets[0].rule_count, 2);
	for (i = 0; i < 2; i++) {
		const struct rule *rule = &objects.rule_sets[0].rules[i];

		assert_string_equal(rule->origin, rows[i].origin);
		assert_int_equal(rule->tier, PODWALL_TIER_ADMIN);
		assert_int_equal(rule->priority, i + 1);
		assert_int_equal(rule->action, i ? PODWALL_ACTION_ACCEPT :
						   PODWALL_ACTION_DENY);
	}
	objects_clear(&objects);
	cluster_clear(&cluster);
}

/* A rule of more networks than the kernel takes at once goes in parts, which
 * keep the place of the whole.
 */
static void test_many_networks(void **state)
{
	struct cluster cluster = {};
	struct objects objects;
	size_t length, i, j;
	FILE *stream;
	char *text;

	(void)state;
	stream = xopen_memstream(&text, &length);
	fputs("A a {priority: 1, " ABOUT_XA ", egress: [{action: Deny, to: [",
	      stream);
	for (i = 0; i < 60; i++) {
		fputs("{networks: [", stream);
		for (j = 0; j < 25; j++)
			fprintf(stream, "9.%zu.%zu.0/24, ", i, j);
		fputs("]}, ", stream);
	}
	fputs("]}, {action: Allow, to: [{networks: [9.0.0.0/8]}]}]}", stream);
	fclose(stream);
	add_grid(&cluster);
	add_policy(&cluster, text);
	add_policy(&cluster, "C c {" BASELINE "1, " ABOUT_XA
			     ", egress: [{action: Deny, to: [{networks: "
			     "[0.0.0.0/0]}]}]}");
	expect(&cluster, "x/a 9.0.0.1 TCP 80 -\nx/a 9.59.24.1 TCP 80 -\n"
			 "x/a 9.59.25.1 TCP 80 +\nx/a 8.0.0.1 TCP 80 -");
	compile_fine(&cluster, NULL, NULL, &objects);
	assert_int_equal(objects.rule_set_count, 1);
	assert_int_equal(objects.rule_sets[0].rule_count, 4);
	for (i = 0; i < 4; i++)
		assert_string_equal(objects.rule_sets[0].rules[i].origin,
				    i < 2 ? "AdminNetworkPolicy a egress[0]" :
				    i == 2 ?
					    "AdminNetworkPolicy a egress[1]" :
					    "ClusterNetworkPolicy c egress[0]");
	objects_clear(&objects);
	free(text);
	cluster_clear(&cluster);
}

/* A name of a rule that the kernel has no room for is left out. */
static void test_long_name(void **state)
{
	struct cluster cluster = {};
	struct objects objects;
	char name[254], *text;
	size_t length, i;
	FILE *stream;

	(void)state;
	memset(name, 'c', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	stream = xopen_memstream(&text, &length);
	fprintf(stream, "C %s {" ADMIN "1, " ABOUT_XA ", ingress: [", name);
	for (i = 0; i < 2; i++) {
		size_t j;

		fputs("{action: Deny, " FROM_Y ", name: '", stream);
		for (j = 0; j < 100; j++)
			fputs(i ? "\xe2\x82\xac" : "n", stream);
		fputs("'}, ", stream);
	}
	fputs("]}", stream);
	fclose(stream);
	add_grid(&cluster);
	add_policy(&cluster, text);
	compile_fine(&cluster, NULL, NULL, &objects);
	assert_int_equal(objects.rule_sets[0].rule_count, 2);
	assert_non_null(strstr(objects.rule_sets[0].rules[0].origin, "(nnn"));
	assert_null(strstr(objects.rule_sets[0].rules[1].origin, "("));
	objects_clear(&objects);
	free(text);
	cluster_clear(&cluster);
}

#define RUN(rows) \
	table_tests(#rows, rows, COUNT(rows), sizeof(*(rows)), test_row)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nodes),
		cmocka_unit_test(test_unknown_peer),
		cmocka_unit_test(test_origins),
		cmocka_unit_test(test_many_networks),
		cmocka_unit_test(test_long_name),
	};
	int failed = 0;

	failed += RUN(tier_rows);
	failed += RUN(peer_rows);
	failed += RUN(port_rows);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return !!failed;
}
