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

int main(void)
{
	return !!table_tests("shadows", shadow_rows, COUNT(shadow_rows),
			     sizeof(*shadow_rows), test_row);
}
