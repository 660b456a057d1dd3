// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies for the whole cluster as they are written: what is refused, and
 * where and why.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"

#define GROUP "apiVersion: policy.networking.k8s.io/"
#define CNP GROUP "v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: c}\n"
#define BETA GROUP "v1beta1\nkind: ClusterNetworkPolicy\nmetadata: {name: c}\n"
#define ANP GROUP "v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: a}\n"
#define BANP                                                            \
	GROUP "v1alpha1\nkind: BaselineAdminNetworkPolicy\nmetadata: {" \
	      "name: default}\n"

/* The spec begins on line 4; rules with HEAD on line 8. */
#define HEAD                                    \
	"spec:\n  tier: Admin\n  priority: 1\n" \
	"  subject: {namespaces: {}}\n"
#define ADMIN_HEAD "spec:\n  priority: 1\n  subject: {namespaces: {}}\n\n"
#define BASELINE_HEAD "spec:\n  subject: {namespaces: {}}\n\n\n"
#define INGRESS "  ingress:\n  - action: Deny\n"
#define EGRESS "  egress:\n  - action: Deny\n"
#define FROM "    from: [{namespaces: {}}]\n"
#define TO "    to: [{namespaces: {}}]\n"

#define C ": error: ClusterNetworkPolicy c: "
#define A ": error: AdminNetworkPolicy a: "
#define B ": error: BaselineAdminNetworkPolicy default: "

struct bad_row {
	const char *name;
	const char *text;
	const char *messages;
};

static const struct bad_row object_rows[] = {
	{ "no spec", CNP, "t:1" C "spec: is missing\n" },
	{ "spec that is null", CNP "spec:\n", "t:4" C "spec: is missing\n" },
	{ "spec that is a list", CNP "spec: []\n",
	  "t:4" C "spec: must be an object, not a list\n" },
	{ "field beside the spec", CNP HEAD "rules: []\n",
	  "t:8" C "rules: unknown field; known here: apiVersion, kind, "
	  "metadata, spec, status\n" },
	{ "field of the spec", CNP HEAD "  rules: []\n",
	  "t:8" C "spec.rules: unknown field; known here: subject, ingress, "
	  "egress, priority, tier\n" },
	{ "no tier", CNP "spec: {priority: 1, subject: {namespaces: {}}}\n",
	  "t:4" C "spec.tier: is missing; write Admin or Baseline\n" },
	{ "another tier",
	  CNP "spec: {tier: admin, priority: 1, subject: {namespaces: {}}}\n",
	  "t:4" C "spec.tier: \"admin\" is not Admin or Baseline\n" },
	{ "tier that is a number",
	  CNP "spec: {tier: 1, priority: 1, subject: {namespaces: {}}}\n",
	  "t:4" C "spec.tier: must be a text, not a number; put it in "
	  "quotes\n" },
	{ "no priority", CNP "spec: {tier: Admin, subject: {namespaces: {}}}\n",
	  "t:4" C "spec.priority: is missing; write a number from 0 to "
	  "1000\n" },
	{ "priority below 0",
	  CNP "spec: {tier: Admin, priority: -1, subject: {namespaces: {}}}\n",
	  "t:4" C "spec.priority: must be a number from 0 to 1000\n" },
	{ "priority above 1000",
	  CNP
	  "spec: {tier: Admin, priority: 1001, subject: {namespaces: {}}}\n",
	  "t:4" C "spec.priority: must be a number from 0 to 1000\n" },
	{ "priority that is a text",
	  CNP "spec: {tier: Admin, priority: '1', subject: {namespaces: {}}}\n",
	  "t:4" C "spec.priority: must be a number from 0 to 1000\n" },
	{ "priority that is a fraction",
	  CNP "spec: {tier: Admin, priority: 1.5, subject: {namespaces: {}}}\n",
	  "t:4" C "spec.priority: must be a number from 0 to 1000\n" },
	{ "priority of an AdminNetworkPolicy",
	  ANP "spec: {priority: 1001, subject: {namespaces: {}}}\n",
	  "t:4" A "spec.priority: must be a number from 0 to 1000\n" },
	{ "no subject", CNP "spec: {tier: Admin, priority: 1}\n",
	  "t:4" C "spec.subject: must have namespaces or pods\n" },
	{ "empty subject",
	  CNP "spec: {tier: Admin, priority: 1, subject: {}}\n",
	  "t:4" C "spec.subject: must have namespaces or pods\n" },
	{ "both subjects",
	  CNP "spec:\n  tier: Admin\n  priority: 1\n  subject:\n"
	      "    namespaces: {}\n    pods: {namespaceSelector: {}, "
	      "podSelector: {}}\n",
	  "t:7" C "spec.subject: must have only one of namespaces or pods\n" },
	{ "field of the subject",
	  CNP "spec:\n  tier: Admin\n  priority: 1\n  subject:\n"
	      "    pods: {namespaceSelector: {}, podSelector: {}}\n"
	      "    nodes: {}\n",
	  "t:9" C "spec.subject.nodes: unknown field; known here: namespaces, "
	  "pods\n" },
	{ "subject without podSelector",
	  BETA "spec: {tier: Admin, priority: 1, subject: {pods: {}}}\n",
	  "t:4" C "spec.subject.pods.podSelector: is missing; {} selects "
	  "all\n" },
	{ "subject without namespaceSelector",
	  CNP "spec:\n  tier: Admin\n  priority: 1\n  subject:\n"
	      "    pods: {podSelector: {}}\n",
	  "t:8" C "spec.subject.pods.namespaceSelector: is missing; {} selects "
	  "all\n" },
	{ "selector of the subject",
	  CNP "spec:\n  tier: Admin\n  priority: 1\n  subject:\n"
	      "    namespaces: {a: b}\n",
	  "t:8" C "spec.subject.namespaces.a: unknown field; known here: "
	  "matchLabels, matchExpressions\n" },
	{ "tier of an AdminNetworkPolicy", ANP ADMIN_HEAD "  tier: Admin\n",
	  "t:8" A "spec.tier: unknown field; known here: subject, ingress, "
	  "egress, priority\n" },
	{ "priority of a BaselineAdminNetworkPolicy",
	  BANP BASELINE_HEAD "  priority: 1\n",
	  "t:8" B "spec.priority: unknown field; known here: subject, ingress, "
	  "egress\n" },
	{ "a BaselineAdminNetworkPolicy of another name",
	  GROUP "v1alpha1\nkind: BaselineAdminNetworkPolicy\nmetadata: {name: "
		"b}\n" BASELINE_HEAD,
	  "t:3: error: BaselineAdminNetworkPolicy b: metadata.name: \"b\" is "
	  "not \"default\", the one name that a BaselineAdminNetworkPolicy may "
	  "have\n" },
	{ "another version", GROUP "v1\nkind: ClusterNetworkPolicy\n",
	  "t:1: error: ClusterNetworkPolicy: apiVersion: "
	  "\"policy.networking.k8s.io/v1\" has no ClusterNetworkPolicy that "
	  "nlctl knows; use \"policy.networking.k8s.io/v1beta1\" or "
	  "\"policy.networking.k8s.io/v1alpha2\"\n" },
	{ "the same twice", CNP HEAD "---\n" CNP HEAD,
	  "t:9" C "is defined twice; the first is at t:1 (document 2)\n" },
};

static const struct bad_row rule_rows[] = {
	{ "rule that is null", CNP HEAD "  ingress:\n  -\n",
	  "t:9" C "spec.ingress[0]: is empty\n" },
	{ "field of a rule", CNP HEAD INGRESS FROM "    ports: []\n",
	  "t:11" C "spec.ingress[0].ports: unknown field; known here: name, "
	  "action, from, protocols\n" },
	{ "to in ingress", CNP HEAD INGRESS FROM TO,
	  "t:11" C "spec.ingress[0].to: unknown field; known here: name, "
	  "action, from, protocols\n" },
	{ "protocols of an AdminNetworkPolicy",
	  ANP ADMIN_HEAD INGRESS FROM "    protocols: []\n",
	  "t:11" A "spec.ingress[0].protocols: unknown field; known here: "
	  "name, action, from, ports\n" },
	{ "no action", CNP HEAD "  ingress:\n  - from: [{namespaces: {}}]\n",
	  "t:9" C "spec.ingress[0].action: is missing; write Accept, Deny or "
	  "Pass\n" },
	{ "Allow", CNP HEAD "  ingress:\n  - action: Allow\n" FROM,
	  "t:9" C "spec.ingress[0].action: \"Allow\" is not Accept, Deny or "
	  "Pass\n" },
	{ "action in lower case",
	  CNP HEAD "  ingress:\n  - action: deny\n" FROM,
	  "t:9" C "spec.ingress[0].action: \"deny\" is not Accept, Deny or "
	  "Pass\n" },
	{ "Accept in an AdminNetworkPolicy",
	  ANP ADMIN_HEAD "  ingress:\n  - action: Accept\n" FROM,
	  "t:9" A "spec.ingress[0].action: \"Accept\" is not Allow, Deny or "
	  "Pass\n" },
	{ "Pass in a BaselineAdminNetworkPolicy",
	  BANP BASELINE_HEAD "  ingress:\n  - action: Pass\n" FROM,
	  "t:9" B "spec.ingress[0].action: \"Pass\" is not Allow or Deny\n" },
	{ "name that is too long",
	  CNP HEAD INGRESS
	  "    name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n" FROM,
	  "t:10" C "spec.ingress[0].name: is longer than 100 characters\n" },
	{ "no from", CNP HEAD INGRESS,
	  "t:9" C "spec.ingress[0].from: must have an entry; namespaces: {} "
	  "means every pod\n" },
	{ "from that is empty", CNP HEAD INGRESS "    from: []\n",
	  "t:10" C "spec.ingress[0].from: must have an entry; namespaces: {} "
	  "means every pod\n" },
	{ "from that is an object", CNP HEAD INGRESS "    from: {}\n",
	  "t:10" C "spec.ingress[0].from: must be a list, not an object\n" },
	{ "protocols that are empty",
	  CNP HEAD INGRESS FROM "    protocols: []\n",
	  "t:11" C "spec.ingress[0].protocols: must not be empty; leave it out "
	  "to mean all ports and protocols\n" },
	{ "peer that is null", CNP HEAD INGRESS "    from:\n    -\n",
	  "t:11" C "spec.ingress[0].from[0]: must have namespaces or pods\n" },
	{ "peer with nothing set", CNP HEAD INGRESS "    from:\n    - {}\n",
	  "t:11" C "spec.ingress[0].from[0]: must have namespaces or pods\n" },
	{ "peer whose field is null",
	  CNP HEAD INGRESS "    from:\n    - namespaces:\n",
	  "t:11" C "spec.ingress[0].from[0]: must have namespaces or pods\n" },
	{ "peer that is unknown",
	  CNP HEAD EGRESS "    to:\n    - planets: {}\n",
	  "t:11" C "spec.egress[0].to[0].planets: unknown field; known here: "
	  "namespaces, pods, networks, nodes\n"
	  "t:11" C "spec.egress[0].to[0]: must have namespaces, pods, networks "
	  "or nodes\n" },
	{ "field beside one that is known",
	  CNP HEAD EGRESS "    to:\n    - namespaces: {}\n      planets: {}\n",
	  "t:12" C "spec.egress[0].to[0].planets: unknown field; known here: "
	  "namespaces, pods, networks, nodes\n" },
	{ "two fields of a peer",
	  CNP HEAD EGRESS "    to:\n    - namespaces: {}\n      nodes: {}\n",
	  "t:11" C "spec.egress[0].to[0]: must have only one of namespaces, "
	  "pods, networks or nodes\n" },
	{ "domainNames", CNP HEAD EGRESS "    to:\n    - domainNames: [a.b]\n",
	  "t:11" C "spec.egress[0].to[0].domainNames: is not supported: nlctl "
	  "knows addresses, not names; use networks, or --lenient to let the "
	  "rule fail closed\n" },
	{ "domainNames of an AdminNetworkPolicy",
	  ANP ADMIN_HEAD EGRESS "    to:\n    - domainNames: [a.b]\n",
	  "t:11" A "spec.egress[0].to[0].domainNames: is not supported: nlctl "
	  "knows addresses, not names; use networks, or --lenient to let the "
	  "rule fail closed\n" },
	{ "domainNames beside networks",
	  CNP HEAD EGRESS "    to:\n    - networks: [10.0.0.0/8]\n"
			  "      domainNames: [a.b]\n",
	  "t:12" C "spec.egress[0].to[0].domainNames: unknown field; known "
	  "here: namespaces, pods, networks, nodes\n" },
	{ "sameLabels",
	  ANP ADMIN_HEAD INGRESS "    from:\n    - namespaces: {sameLabels: "
				 "[a]}\n",
	  "t:11" A "spec.ingress[0].from[0].namespaces.sameLabels: unknown "
	  "field; known here: matchLabels, matchExpressions\n" },
	{ "networks in ingress",
	  CNP HEAD INGRESS "    from:\n    - networks: [10.0.0.0/8]\n",
	  "t:11" C "spec.ingress[0].from[0].networks: unknown field; known "
	  "here: namespaces, pods\n"
	  "t:11" C "spec.ingress[0].from[0]: must have namespaces or pods\n" },
	{ "pods without podSelector",
	  CNP HEAD INGRESS "    from:\n    - pods: {namespaceSelector: {}}\n",
	  "t:11" C "spec.ingress[0].from[0].pods.podSelector: is missing; {} "
	  "selects all\n" },
	{ "networks that are empty",
	  CNP HEAD EGRESS "    to:\n    - networks: []\n",
	  "t:11" C "spec.egress[0].to[0].networks: must not be empty; name the "
	  "networks\n" },
	{ "network that is none",
	  CNP HEAD EGRESS "    to:\n    - networks: [10.0.0.0/8, 10.0.0.1]\n",
	  "t:11" C "spec.egress[0].to[0].networks[1]: \"10.0.0.1\" is not a "
	  "CIDR; write /32 or /128 for one address\n" },
	{ "network that is null",
	  CNP HEAD EGRESS "    to:\n    - networks:\n      -\n",
	  "t:12" C "spec.egress[0].to[0].networks[0]: is missing\n" },
	{ "network twice",
	  CNP HEAD EGRESS "    to:\n    - networks:\n      - 10.0.0.0/8\n"
			  "      - 10.0.0.0/8\n",
	  "t:13" C "spec.egress[0].to[0].networks[1]: \"10.0.0.0/8\" is listed "
	  "twice; remove it\n" },
	{ "network that is not masked",
	  BETA HEAD EGRESS "    to:\n    - networks: [10.0.0.1/8]\n",
	  "t:11" C "spec.egress[0].to[0].networks[0]: \"10.0.0.1/8\" has bits "
	  "set behind its length; write 10.0.0.0/8\n" },
	{ "selector of nodes",
	  CNP HEAD EGRESS "    to:\n    - nodes: {matchLabel: {}}\n",
	  "t:11" C
	  "spec.egress[0].to[0].nodes.matchLabel: unknown field; known "
	  "here: matchLabels, matchExpressions\n" },
};

#define PROTOCOL(text) CNP HEAD INGRESS FROM "    protocols:\n    - " text "\n"
#define PORT(text) ANP ADMIN_HEAD INGRESS FROM "    ports:\n    - " text "\n"
#define AT "t:12" C "spec.ingress[0].protocols[0]"
#define AT_PORT "t:12" A "spec.ingress[0].ports[0]"
#define DESTINATION AT ".tcp.destinationPort"

static const struct bad_row port_rows[] = {
	{ "protocol that is null", PROTOCOL(""),
	  AT ": must have tcp, udp, sctp or destinationNamedPort\n" },
	{ "protocol that is empty", PROTOCOL("{}"),
	  AT ": must have tcp, udp, sctp or destinationNamedPort\n" },
	{ "unknown protocol", PROTOCOL("{icmp: {}}"),
	  AT ".icmp: unknown field; known here: tcp, udp, sctp, "
	     "destinationNamedPort\n" AT
	     ": must have tcp, udp, sctp or destinationNamedPort\n" },
	{ "two protocols",
	  PROTOCOL("{tcp: {destinationPort: {number: 1}}, "
		   "destinationNamedPort: a}"),
	  AT ": must have only one of tcp, udp, sctp or "
	     "destinationNamedPort\n" },
	{ "protocol without port", PROTOCOL("{tcp: {}}"),
	  DESTINATION ": is missing; for every port write {range: {start: 1, "
		      "end: 65535}}\n" },
	{ "field of a protocol",
	  PROTOCOL("{tcp: {destinationPort: {number: 1}, sourcePort: 1}}"),
	  AT ".tcp.sourcePort: unknown field; known here: destinationPort\n" },
	{ "port without number", PROTOCOL("{tcp: {destinationPort: {}}}"),
	  DESTINATION ": must have number or range\n" },
	{ "port that is a number", PROTOCOL("{tcp: {destinationPort: 80}}"),
	  DESTINATION ": must be an object, not a number\n" },
	{ "number and range",
	  PROTOCOL("{tcp: {destinationPort: {number: 1, range: {start: 1, "
		   "end: 2}}}}"),
	  DESTINATION ": must have only one of number or range\n" },
	{ "number 0", PROTOCOL("{tcp: {destinationPort: {number: 0}}}"),
	  DESTINATION ".number: 0 is not a port; those are 1 to 65535\n" },
	{ "number above 65535",
	  PROTOCOL("{tcp: {destinationPort: {number: 65536}}}"),
	  DESTINATION ".number: 65536 is not a port; those are 1 to 65535\n" },
	{ "number below 0", PROTOCOL("{udp: {destinationPort: {number: -1}}}"),
	  AT ".udp.destinationPort.number: -1 is not a port; those are 1 to "
	     "65535\n" },
	{ "range above 65535",
	  PROTOCOL("{sctp: {destinationPort: {range: {start: 1, end: "
		   "65536}}}}"),
	  AT ".sctp.destinationPort.range.end: 65536 is not a port; those are "
	     "1 to 65535\n" },
	{ "number that is a text",
	  PROTOCOL("{tcp: {destinationPort: {number: http}}}"),
	  DESTINATION ".number: must be a number, not a text\n" },
	{ "range without end",
	  PROTOCOL("{tcp: {destinationPort: {range: {start: 1}}}}"),
	  DESTINATION ".range.end: is missing\n" },
	{ "range of one port",
	  PROTOCOL("{tcp: {destinationPort: {range: {start: 5, end: 5}}}}"),
	  DESTINATION ".range.end: 5 must be greater than start 5; a single "
		      "port is written as a number\n" },
	{ "range that runs backwards",
	  PROTOCOL("{tcp: {destinationPort: {range: {start: 5, end: 4}}}}"),
	  DESTINATION ".range.end: 4 must be greater than start 5; a single "
		      "port is written as a number\n" },
	{ "field of a range",
	  PROTOCOL("{tcp: {destinationPort: {range: {start: 5, end: 6, step: "
		   "2}}}}"),
	  DESTINATION ".range.step: unknown field; known here: start, end\n" },
	{ "name that is none", PROTOCOL("{destinationNamedPort: a_b}"),
	  AT ".destinationNamedPort: \"a_b\" is no port name: those consist of "
	     "a-z, 0-9 and single \"-\" between them\n" },
	{ "name with networks",
	  CNP HEAD EGRESS "    to: [{networks: [10.0.0.0/8]}]\n    protocols:\n"
			  "    - destinationNamedPort: web\n",
	  "t:12" C "spec.egress[0].protocols[0]: names a port, but networks "
	  "and nodes among the peers have no named ports; use a number, or "
	  "another rule for the pods\n" },
	{ "name with nodes",
	  ANP ADMIN_HEAD EGRESS "    to: [{nodes: {}}]\n    ports:\n"
				"    - namedPort: web\n",
	  "t:12" A "spec.egress[0].ports[0]: names a port, but networks and "
	  "nodes among the peers have no named ports; use a number, or another "
	  "rule for the pods\n" },
	{ "port that is empty", PORT("{}"),
	  AT_PORT ": must have portNumber, portRange or namedPort\n" },
	{ "two of a port", PORT("{portNumber: {port: 1}, namedPort: a}"),
	  AT_PORT
	  ": must have only one of portNumber, portRange or namedPort\n" },
	{ "protocol of a port", PORT("{portNumber: {protocol: tcp, port: 1}}"),
	  AT_PORT ".portNumber.protocol: \"tcp\" is not TCP, UDP or SCTP\n" },
	{ "port missing", PORT("{portNumber: {protocol: TCP}}"),
	  AT_PORT ".portNumber.port: is missing\n" },
	{ "range missing its start", PORT("{portRange: {end: 1}}"),
	  AT_PORT ".portRange.start: is missing\n" },
	{ "range of one", PORT("{portRange: {start: 2, end: 2}}"),
	  AT_PORT ".portRange.end: 2 must be greater than start 2; a single "
		  "port is written as a number\n" },
};

static const struct manifest_options strict;

static void test_bad(void **state)
{
	const struct bad_row *row = *state;
	struct cluster cluster = {};
	char *messages;
	bool fine;

	messages = read_manifests(&cluster, row->text, &strict, &fine);
	assert_string_equal(messages, row->messages);
	assert_false(fine);
	free(messages);
	cluster_clear(&cluster);
}

/* Each list with as many entries as it may have, and with one more. */
static void test_lengths(void **state)
{
	static const struct {
		const char *head;
		const char *entry;
		const char *tail;
		size_t max;
		const char *message;
	} rows[] = {
		{ CNP HEAD "  ingress: [",
		  "{action: Deny, from: [{namespaces: {}}]}", "]\n", 25,
		  "t:8" C "spec.ingress: has 26 entries, which may be 25 at "
		  "most; split it\n" },
		{ CNP HEAD INGRESS "    from: [", "{namespaces: {}}", "]\n", 25,
		  "t:10" C "spec.ingress[0].from: has 26 entries, which may be "
		  "25 at most; split it\n" },
		{ BETA HEAD EGRESS TO "    protocols: [",
		  "{destinationNamedPort: a}", "]\n", 25,
		  "t:11" C "spec.egress[0].protocols: has 26 entries, which "
		  "may be 25 at most; split it\n" },
		{ ANP ADMIN_HEAD "  egress: [",
		  "{action: Pass, to: [{namespaces: {}}]}", "]\n", 100,
		  "t:8" A "spec.egress: has 101 entries, which may be 100 at "
		  "most; split it\n" },
		{ BANP BASELINE_HEAD INGRESS "    from: [", "{namespaces: {}}",
		  "]\n", 100,
		  "t:10" B "spec.ingress[0].from: has 101 entries, which may "
		  "be 100 at most; split it\n" },
		{ ANP ADMIN_HEAD INGRESS FROM "    ports: [", "{namedPort: a}",
		  "]\n", 100,
		  "t:11" A "spec.ingress[0].ports: has 101 entries, which may "
		  "be 100 at most; split it\n" },
		{ ANP ADMIN_HEAD EGRESS "    to: [{networks: [", NULL, "]}]\n",
		  25,
		  "t:10" A "spec.egress[0].to[0].networks: has 26 networks, "
		  "which may be 25 at most; use several peers\n" },
	};
	size_t i, j, more;

	(void)state;
	for (i = 0; i < COUNT(rows) * 2; i++) {
		struct cluster cluster = {};
		char *text, *messages;
		size_t length;
		FILE *stream = xopen_memstream(&text, &length);
		bool fine;

		more = i % 2;
		fputs(rows[i / 2].head, stream);
		for (j = 0; j < rows[i / 2].max + more; j++)
			if (rows[i / 2].entry)
				fprintf(stream, "%s,", rows[i / 2].entry);
			else
				fprintf(stream, "10.%zu.0.0/16,", j);
		fputs(rows[i / 2].tail, stream);
		fclose(stream);
		messages = read_manifests(&cluster, text, &strict, &fine);
		assert_string_equal(messages, more ? rows[i / 2].message : "");
		assert_int_equal(fine, !more);
		free(messages);
		free(text);
		cluster_clear(&cluster);
	}
}

/* All that the two oldest kinds and the newest have, as it is understood. */
static void test_fields(void **state)
{
	static const char text[] = BETA
		"status: {conditions: []}\nspec:\n  tier: Baseline\n"
		"  priority: 1000\n  subject: {namespaces: {}}\n"
		"  egress:\n  - name: x\n    action: Accept\n"
		"    to: [{networks: [10.0.0.0/8, 'fd00::/8']}, {nodes: "
		"{matchLabels: {a: b}}}]\n---\n" ANP ADMIN_HEAD INGRESS FROM
		"    ports: [{portRange: {protocol: UDP, start: 1, "
		"end: 9}}, {namedPort: web}]\n---\n" BANP BASELINE_HEAD;
	struct cluster cluster = {};
	struct cluster_policy *policy;
	const struct policy_rule *rule;

	(void)state;
	add_manifests(&cluster, text);
	policy =
		cluster_find_cluster_policy(&cluster, "ClusterNetworkPolicy c");
	assert_non_null(policy);
	assert_string_equal(policy->name, "c");
	assert_int_equal(policy->tier, PODWALL_TIER_BASELINE);
	assert_int_equal(policy->priority, 1000);
	assert_int_equal(policy->egress_rule_count, 1);
	assert_string_equal(policy->egress_rules[0].name, "x");
	assert_int_equal(policy->egress_rules[0].action, PODWALL_ACTION_ACCEPT);
	rule = &policy->egress_rules[0].covers;
	assert_int_equal(rule->peer_count, 3);
	assert_true(rule->peers[0].is_block && rule->peers[1].is_block);
	assert_int_equal(rule->peers[1].entry, 0);
	assert_true(rule->peers[2].is_nodes);
	assert_int_equal(rule->peers[2].entry, 1);

	policy = cluster_find_cluster_policy(&cluster, "AdminNetworkPolicy a");
	assert_non_null(policy);
	assert_int_equal(policy->tier, PODWALL_TIER_ADMIN);
	assert_int_equal(policy->priority, 1);
	rule = &policy->ingress_rules[0].covers;
	assert_null(policy->ingress_rules[0].name);
	assert_int_equal(rule->port_count, 4);
	assert_int_equal(rule->ports[0].protocol, IPPROTO_UDP);
	assert_int_equal(rule->ports[0].last, 9);
	assert_int_equal(rule->ports[3].protocol, IPPROTO_SCTP);
	assert_string_equal(rule->ports[3].name, "web");

	policy =
		cluster_find_cluster_policy(&cluster,
					    "BaselineAdminNetworkPolicy default");
	assert_non_null(policy);
	assert_int_equal(policy->tier, PODWALL_TIER_BASELINE);
	assert_true(policy->priority > 1000);
	cluster_clear(&cluster);
}

/* Labels that decide and are not there. */
static void test_unknown_labels(void **state)
{
	static const char text[] =
		"{kind: Pod, apiVersion: v1, metadata: {name: p, namespace: x},"
		" spec: {nodeName: one}, status: {phase: Running, podIP: "
		"10.0.0.1}}\n---\n" CNP "spec:\n  tier: Admin\n  priority: 1\n"
		"  subject: {pods: {namespaceSelector: {matchLabels: {a: b}}, "
		"podSelector: {}}}\n" INGRESS
		"    from: [{namespaces: {matchLabels: {a: b}}}]\n" EGRESS
		"    to: [{networks: [10.0.0.0/8, 11.0.0.0/8]}, {nodes: {}}, "
		"{pods: {namespaceSelector: {matchLabels: {a: b}}, podSelector:"
		" {}}}]\n";
	static const struct {
		const char *field;
		const char *text;
	} wanted[] = {
		{ "spec.subject.pods.namespaceSelector",
		  "Namespace x is not " },
		{ "spec.ingress[0].from[0].namespaces", "Namespace x is not " },
		{ "spec.egress[0].to[2].pods.namespaceSelector",
		  "Namespace x is not " },
		{ "spec.egress[0].to[1].nodes", "Node one is not " },
	};
	struct problems problems = {};
	struct cluster cluster = {};
	struct objects objects;
	size_t i;

	(void)state;
	add_manifests(&cluster, text);
	assert_false(compile(&cluster, NULL, NULL, &objects, &problems));
	assert_int_equal(problems.count, COUNT(wanted));
	for (i = 0; i < COUNT(wanted); i++) {
		const struct problem *problem = &problems.list[i];

		assert_string_equal(problem->object, "ClusterNetworkPolicy c");
		assert_string_equal(problem->field, wanted[i].field);
		assert_int_equal(problem->line, 3);
		assert_memory_equal(problem->text, wanted[i].text,
				    strlen(wanted[i].text));
	}
	problems_clear(&problems);
	cluster_clear(&cluster);
}

#define RUN(rows) \
	table_tests(#rows, rows, COUNT(rows), sizeof(*(rows)), test_bad)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_unknown_labels),
	};
	int failed = 0;

	failed += RUN(object_rows);
	failed += RUN(rule_rows);
	failed += RUN(port_rows);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return !!failed;
}
