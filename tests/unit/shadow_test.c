// SPDX-License-Identifier: GPL-2.0-only
#include "warnings.h"

/* What two rules for the same pods say. */
#define RULES(first, second) \
	POLICY INGRESS "  ingress:\n  - {" first "}\n  - {" second "}\n"
#define PEERS(first, second) \
	RULES("from: [{" first "}]", "from: [{" second "}]")
#define PORTS(first, second) RULES("ports: [" first "]", "ports: [" second "]")
#define BLOCKS(first, second) \
	PEERS("ipBlock: {" first "}", "ipBlock: {" second "}")
#define EXPRESSIONS(first, second)                                      \
	PEERS("podSelector: {matchExpressions: [{key: a, " first "}]}", \
	      "podSelector: {matchExpressions: [{key: a, " second "}]}")

#define FIRST \
	"t:8" WHO "spec.ingress[0]: has no effect: spec.ingress[1] accepts"
#define SECOND \
	"t:9" WHO "spec.ingress[1]: has no effect: spec.ingress[0] accepts"

static const struct row shadow_rows[] = {
	{ "all and all", RULES("", "from: []"), SECOND },
	{ "all and some", RULES("", "ports: [{port: 80}]"), SECOND },
	{ "some and all", RULES("ports: [{port: 80}]", ""), FIRST },
	{ "peers and ports",
	  RULES("from: [{podSelector: {}}]", "ports: [{port: 80}]"), NULL },
	{ "narrower peers, wider ports",
	  RULES("from: [{podSelector: {}}], ports: [{port: 80}]",
		"from: [{podSelector: {matchLabels: {a: b}}}]"),
	  NULL },
	{ "same port", PORTS("{port: 80}", "{port: 80, protocol: TCP}"),
	  SECOND },
	{ "other port", PORTS("{port: 80}", "{port: 81}"), NULL },
	{ "other protocol", PORTS("{port: 80}", "{port: 80, protocol: UDP}"),
	  NULL },
	{ "port of a range", PORTS("{port: 80, endPort: 90}", "{port: 90}"),
	  SECOND },
	{ "range across another",
	  PORTS("{port: 80, endPort: 90}", "{port: 85, endPort: 95}"), NULL },
	{ "every port of a protocol", PORTS("{port: 80}", "{}"), FIRST },
	{ "same name", PORTS("{port: web}", "{port: web}"), SECOND },
	{ "name and number", PORTS("{port: web}", "{port: 80}"), NULL },
	{ "one of the ports is missing",
	  PORTS("{port: 80}", "{port: 80}, {port: 81}"), FIRST },
	{ "block inside", BLOCKS("cidr: 10.0.0.0/8", "cidr: 10.1.0.0/16"),
	  SECOND },
	{ "block beside", BLOCKS("cidr: 10.0.0.0/16", "cidr: 10.1.0.0/16"),
	  NULL },
	{ "block of the other family",
	  BLOCKS("cidr: 0.0.0.0/0", "cidr: '::/0'"), NULL },
	{ "block inside an exception",
	  BLOCKS("cidr: 10.0.0.0/8, except: [10.1.0.0/16]",
		 "cidr: 10.1.1.0/24"),
	  NULL },
	{ "exception inside a block",
	  BLOCKS("cidr: 10.0.0.0/8, except: [10.1.1.0/24]",
		 "cidr: 10.1.0.0/16"),
	  NULL },
	{ "exception inside that of the block",
	  BLOCKS("cidr: 10.0.0.0/8, except: [10.1.1.0/24]",
		 "cidr: 10.1.0.0/16, except: [10.1.0.0/20]"),
	  SECOND },
	{ "exception beside a block",
	  BLOCKS("cidr: 10.0.0.0/8, except: [10.2.0.0/16]",
		 "cidr: 10.1.0.0/16"),
	  SECOND },
	{ "block and pods",
	  PEERS("ipBlock: {cidr: 0.0.0.0/0}", "podSelector: {}"), NULL },
	{ "pods with a label",
	  PEERS("podSelector: {}", "podSelector: {matchLabels: {a: b}}"),
	  SECOND },
	{ "pods with another label",
	  PEERS("podSelector: {matchLabels: {a: b}}",
		"podSelector: {matchLabels: {c: d}}"),
	  NULL },
	{ "own namespace and all",
	  PEERS("podSelector: {}", "namespaceSelector: {}"), FIRST },
	{ "own namespace by name",
	  PEERS("namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: "
		"x}}",
		"podSelector: {}"),
	  SECOND },
	{ "other namespace by name",
	  PEERS("namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: "
		"w}}",
		"podSelector: {}"),
	  NULL },
	{ "In and fewer values",
	  EXPRESSIONS("operator: In, values: [b, c]",
		      "operator: In, values: [c]"),
	  SECOND },
	{ "In and other values",
	  EXPRESSIONS("operator: In, values: [b, c]",
		      "operator: In, values: [c, d]"),
	  NULL },
	{ "NotIn and In",
	  EXPRESSIONS("operator: NotIn, values: [b]",
		      "operator: In, values: [c]"),
	  SECOND },
	{ "NotIn and its own value",
	  EXPRESSIONS("operator: NotIn, values: [b]",
		      "operator: In, values: [b]"),
	  NULL },
	{ "NotIn and more values",
	  EXPRESSIONS("operator: NotIn, values: [b]",
		      "operator: NotIn, values: [b, c]"),
	  SECOND },
	{ "NotIn and none",
	  EXPRESSIONS("operator: NotIn, values: [b]", "operator: DoesNotExist"),
	  SECOND },
	{ "NotIn and any",
	  EXPRESSIONS("operator: NotIn, values: [b]", "operator: Exists"),
	  NULL },
	{ "Exists and In",
	  EXPRESSIONS("operator: Exists", "operator: In, values: [b]"),
	  SECOND },
	{ "Exists and NotIn",
	  EXPRESSIONS("operator: Exists", "operator: NotIn, values: [b]"),
	  NULL },
	{ "Exists and none",
	  EXPRESSIONS("operator: Exists", "operator: DoesNotExist"), NULL },
	{ "peers of two entries",
	  RULES("from: [{podSelector: {}}, {ipBlock: {cidr: 10.0.0.0/8}}]",
		"from: [{ipBlock: {cidr: 10.1.0.0/16}}, {podSelector: {}}]"),
	  SECOND },
	{ "policy of the same pods",
	  POLICY_NAMED("q") INGRESS "  ingress: [{}]\n" POLICY INGRESS
				    "  ingress: [{ports: [{port: 80}]}]\n",
	  "t:14" WHO "spec.ingress[0]: has no effect: spec.ingress[0] of "
	  "NetworkPolicy x/q, which selects these pods too, accepts" },
	{ "later policy of more pods",
	  POLICY INGRESS "  podSelector: {matchLabels: {a: b}}\n"
			 "  ingress: [{}]\n" POLICY_NAMED("q") INGRESS
	  "  ingress: [{}]\n",
	  "t:8" WHO "spec.ingress[0]: has no effect: spec.ingress[0] of "
	  "NetworkPolicy x/q" },
	{ "policy of other pods",
	  POLICY_NAMED("q") INGRESS "  podSelector: {matchLabels: {a: b}}\n"
				    "  ingress: [{}]\n" POLICY INGRESS
				    "  ingress: [{ports: [{port: 80}]}]\n",
	  NULL },
	{ "policy of another direction",
	  POLICY_NAMED("q") INGRESS "  ingress: [{}]\n" POLICY EGRESS
				    "  egress: [{}]\n",
	  NULL },
};

/* Rules of a policy of the whole cluster. */
#define FROM(action, rule) "  - {action: " action ", from: [" rule "}\n"
#define TO(action, rule) "  - {action: " action ", to: [" rule "}\n"
#define ANYONE "{namespaces: {}}]"
#define SOMEONE "{namespaces: {matchLabels: {t: u}}}]"
#define PODS \
	"{pods: {namespaceSelector: {}, podSelector: {matchLabels: {a: b}}}}]"
#define OTHER_PODS \
	"{pods: {namespaceSelector: {}, podSelector: {matchLabels: {c: d}}}}]"
#define NETWORK(network) "{networks: [" network "]}]"
#define NODES(selector) "{nodes: {" selector "}}]"
#define TCP_PORTS(first, last)                                         \
	", protocols: [{tcp: {destinationPort: {range: {start: " first \
	", end: " last "}}}}]"
#define INGRESS_RULES "  ingress:\n"
#define EGRESS_RULES "  egress:\n"
#define IN_AUDIT                               \
	CLUSTER_POLICY_ABOUT("namespaces: {}", \
			     ", annotations: {podwall.io/mode: audit}")

#define BEHIND(line, direction, later, earlier)       \
	"t:" line CLUSTER_WHO "spec." direction later \
	": has no effect: spec." direction earlier
#define SECOND_BEHIND(direction) BEHIND("11", direction, "[1]", "[0]")

static const struct row cluster_shadow_rows[] = {
	{ "accept all, deny some",
	  CLUSTER_POLICY INGRESS_RULES FROM("Accept", ANYONE)
		  FROM("Deny", SOMEONE),
	  SECOND_BEHIND("ingress") " comes first and accepts all that this rule covers; move it in "
				   "front of the other" },
	{ "deny all, accept some",
	  CLUSTER_POLICY EGRESS_RULES TO("Deny", ANYONE) TO("Accept", PODS),
	  SECOND_BEHIND("egress") " comes first and denies" },
	{ "pass all, accept some",
	  CLUSTER_POLICY EGRESS_RULES TO("Pass", ANYONE) TO("Accept", PODS),
	  SECOND_BEHIND("egress") " comes first and passes on" },
	{ "deny all, deny some",
	  CLUSTER_POLICY EGRESS_RULES TO("Deny", ANYONE) TO("Deny", PODS),
	  SECOND_BEHIND(
		  "egress") " comes first and denies all that this rule covers; remove it" },
	{ "a rule with a name",
	  CLUSTER_POLICY EGRESS_RULES
	  "  - {name: all, action: Deny, to: [" ANYONE "}\n" TO("Accept", PODS),
	  SECOND_BEHIND("egress") " (all) comes first" },
	{ "some and then all",
	  CLUSTER_POLICY INGRESS_RULES FROM("Accept", SOMEONE)
		  FROM("Deny", ANYONE),
	  NULL },
	{ "other peers",
	  CLUSTER_POLICY INGRESS_RULES FROM("Accept", PODS)
		  FROM("Deny", OTHER_PODS),
	  NULL },
	{ "the first of two earlier ones that covers",
	  CLUSTER_POLICY INGRESS_RULES FROM("Accept", SOMEONE)
		  FROM("Pass", ANYONE) FROM("Deny", PODS),
	  BEHIND("12", "ingress", "[2]", "[1]") },
	{ "only both together cover",
	  CLUSTER_POLICY INGRESS_RULES FROM("Accept", PODS)
		  FROM("Accept", OTHER_PODS) FROM("Deny", SOMEONE),
	  NULL },
	{ "the other direction",
	  CLUSTER_POLICY INGRESS_RULES FROM("Accept", ANYONE)
		  EGRESS_RULES TO("Deny", ANYONE),
	  NULL },
	{ "another policy",
	  CLUSTER_POLICY INGRESS_RULES FROM("Deny", ANYONE)
		  ADMIN_POLICY INGRESS_RULES FROM("Allow", PODS),
	  NULL },
	{ "fewer ports",
	  CLUSTER_POLICY INGRESS_RULES FROM("Accept",
					    ANYONE TCP_PORTS("80", "90"))
		  FROM("Deny", PODS TCP_PORTS("85", "90")),
	  SECOND_BEHIND("ingress") },
	{ "more ports",
	  CLUSTER_POLICY INGRESS_RULES FROM("Accept",
					    ANYONE TCP_PORTS("80", "90"))
		  FROM("Deny", PODS TCP_PORTS("85", "91")),
	  NULL },
	{ "every port behind some",
	  CLUSTER_POLICY INGRESS_RULES FROM("Accept",
					    ANYONE TCP_PORTS("1", "65535"))
		  FROM("Deny", PODS),
	  NULL },
	{ "a network inside",
	  CLUSTER_POLICY EGRESS_RULES TO("Accept", NETWORK("10.0.0.0/8"))
		  TO("Deny", NETWORK("10.1.0.0/16")),
	  SECOND_BEHIND("egress") },
	{ "one network inside, one beside",
	  CLUSTER_POLICY EGRESS_RULES TO("Accept", NETWORK("10.0.0.0/8"))
		  TO("Deny", NETWORK("10.1.0.0/16, 11.0.0.0/8")),
	  NULL },
	{ "all nodes and some",
	  CLUSTER_POLICY EGRESS_RULES TO("Accept", NODES(""))
		  TO("Deny", NODES("matchLabels: {r: s}")),
	  SECOND_BEHIND("egress") },
	{ "some nodes and all",
	  CLUSTER_POLICY EGRESS_RULES TO("Accept", NODES("matchLabels: {r: s}"))
		  TO("Deny", NODES("")),
	  NULL },
	{ "all pods and all nodes",
	  CLUSTER_POLICY EGRESS_RULES TO("Accept", ANYONE)
		  TO("Deny", NODES("")),
	  NULL },
	{ "all nodes and all pods",
	  CLUSTER_POLICY EGRESS_RULES TO("Accept", NODES(""))
		  TO("Deny", ANYONE),
	  NULL },
	{ "deny in audit mode",
	  IN_AUDIT INGRESS_RULES FROM("Deny", ANYONE) FROM("Accept", PODS),
	  NULL },
	{ "accept in audit mode",
	  IN_AUDIT INGRESS_RULES FROM("Accept", ANYONE) FROM("Deny", PODS),
	  SECOND_BEHIND("ingress") },
	{ "pass in audit mode",
	  IN_AUDIT INGRESS_RULES FROM("Pass", ANYONE) FROM("Deny", PODS),
	  SECOND_BEHIND("ingress") },
	{ "a peer of a later version in the earlier rule",
	  CLUSTER_POLICY INGRESS_RULES FROM("Accept", "{later: {}}, " ANYONE)
		  FROM("Deny", PODS),
	  NULL },
	{ "a peer of a later version in the later rule",
	  CLUSTER_POLICY INGRESS_RULES FROM("Accept", ANYONE)
		  FROM("Deny", "{later: {}}, " PODS),
	  NULL },
	{ "an AdminNetworkPolicy",
	  ADMIN_POLICY INGRESS_RULES FROM("Allow", ANYONE) FROM("Deny", PODS),
	  "t:10" ADMIN_WHO "spec.ingress[1]: has no effect: spec.ingress[0] "
	  "comes first and accepts" },
	{ "a BaselineAdminNetworkPolicy",
	  BASELINE_POLICY INGRESS_RULES FROM("Deny", ANYONE)
		  FROM("Allow", PODS),
	  "t:9" BASELINE_WHO "spec.ingress[1]: has no effect: spec.ingress[0] "
	  "comes first and denies" },
};

int main(void)
{
	int failed = 0;

	failed += table_tests("shadows", shadow_rows, COUNT(shadow_rows),
			      sizeof(*shadow_rows), test_row);
	failed += table_tests("shadows of cluster policies",
			      cluster_shadow_rows, COUNT(cluster_shadow_rows),
			      sizeof(*cluster_shadow_rows), test_row);
	return !!failed;
}
