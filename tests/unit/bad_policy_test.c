// SPDX-License-Identifier: GPL-2.0-only
/*
 * One thing wrong with a NetworkPolicy, as the API server would refuse it: the
 * field and the reason are told, and nothing else is. What these rows have in
 * common, one valid neighbour each, is let through.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"

#define HEADER                                \
	"apiVersion: networking.k8s.io/v1\n"  \
	"kind: NetworkPolicy\n"               \
	"metadata: {name: p, namespace: x}\n" \
	"spec:\n  "

struct row {
	const char *name;
	const char *spec; /* one line, line 5 */
	const char *field;
	const char *reason; /* NULL when nothing is wrong */
};

#define PORTS(text) "ingress: [{ports: [" text "]}]"
#define AT_PORT "spec.ingress[0].ports[0]"

static const struct row port_rows[] = {
	{ "the least port", PORTS("{port: 1}"), "", NULL },
	{ "the last port", PORTS("{port: 65535}"), "", NULL },
	{ "negative", PORTS("{port: -1}"), AT_PORT ".port",
	  "-1 is not a port; those are 1 to 65535" },
	{ "beyond 64 bits", PORTS("{port: 99999999999999999999}"),
	  AT_PORT ".port", "must be a number, not a fraction" },
	{ "fraction", PORTS("{port: 80.5}"), AT_PORT ".port",
	  "must be a number, not a fraction" },
	{ "list", PORTS("{port: [80]}"), AT_PORT ".port",
	  "must be a number, not a list" },
	{ "object", PORTS("{port: {}}"), AT_PORT ".port",
	  "must be a number, not an object" },
	{ "a port that is a number", PORTS("80"), AT_PORT,
	  "must be an object, not a number" },
	{ "ports that are a number", "ingress: [{ports: 80}]",
	  "spec.ingress[0].ports", "must be a list, not a number" },

	{ "a name", PORTS("{port: a-1}"), "", NULL },
	{ "a name of 15 characters", PORTS("{port: fifteen-letters}"), "",
	  NULL },
	{ "empty name", PORTS("{port: ''}"), AT_PORT ".port",
	  "\"\" is no port name: those consist of a-z, 0-9 and single \"-\" "
	  "between them" },
	{ "name of 16 characters", PORTS("{port: sixteen-letters0}"),
	  AT_PORT ".port",
	  "\"sixteen-letters0\" is longer than 15 characters, which no port "
	  "name may be" },
	{ "name without a letter", PORTS("{port: 8-0}"), AT_PORT ".port",
	  "\"8-0\" is no port name: those hold a letter; write a number "
	  "without quotes" },
	{ "upper case", PORTS("{port: Web}"), AT_PORT ".port",
	  "\"Web\" is no port name: those consist of a-z, 0-9 and single \"-\" "
	  "between them" },
	{ "dash in front", PORTS("{port: -web}"), AT_PORT ".port",
	  "\"-web\" is no port name: those consist of a-z, 0-9 and single "
	  "\"-\" between them" },
	{ "dash behind", PORTS("{port: web-}"), AT_PORT ".port",
	  "\"web-\" is no port name: those consist of a-z, 0-9 and single "
	  "\"-\" between them" },
	{ "two dashes", PORTS("{port: w--b}"), AT_PORT ".port",
	  "\"w--b\" is no port name: those consist of a-z, 0-9 and single "
	  "\"-\" between them" },
	{ "underscore", PORTS("{port: w_b}"), AT_PORT ".port",
	  "\"w_b\" is no port name: those consist of a-z, 0-9 and single \"-\" "
	  "between them" },

	{ "endPort that equals port", PORTS("{port: 80, endPort: 80}"), "",
	  NULL },
	{ "endPort 0", PORTS("{port: 80, endPort: 0}"), AT_PORT ".endPort",
	  "0 is not a port; those are 1 to 65535" },
	{ "negative endPort", PORTS("{port: 80, endPort: -5}"),
	  AT_PORT ".endPort", "-5 is not a port; those are 1 to 65535" },
	{ "endPort that is a name", PORTS("{port: 80, endPort: web}"),
	  AT_PORT ".endPort", "must be a number, not a text" },
	{ "endPort less by one", PORTS("{port: 80, endPort: 79}"),
	  AT_PORT ".endPort", "79 must not be less than port 80" },
	{ "endPort of a protocol", PORTS("{protocol: UDP, endPort: 79}"),
	  AT_PORT ".endPort", "needs a number as port" },

	{ "SCTP", PORTS("{protocol: SCTP}"), "", NULL },
	{ "ICMP", PORTS("{protocol: ICMP}"), AT_PORT ".protocol",
	  "\"ICMP\" is not TCP, UDP or SCTP" },
	{ "empty protocol", PORTS("{protocol: ''}"), AT_PORT ".protocol",
	  "\"\" is not TCP, UDP or SCTP" },
	{ "protocol by number", PORTS("{protocol: 6}"), AT_PORT ".protocol",
	  "must be a text, not a number; put it in quotes" },
	{ "protocol of an egress port",
	  "egress: [{ports: [{port: 1}, {protocol: all}]}]",
	  "spec.egress[0].ports[1].protocol",
	  "\"all\" is not TCP, UDP or SCTP" },
};

#define PEER(text) "ingress: [{from: [" text "]}]"
#define BLOCK(text) PEER("{ipBlock: {" text "}}")
#define AT_PEER "spec.ingress[0].from[0]"
#define AT_CIDR AT_PEER ".ipBlock.cidr"

static const struct row peer_rows[] = {
	{ "a block", BLOCK("cidr: 10.0.0.0/8, except: [10.0.0.0/9]"), "",
	  NULL },
	{ "a block of everything", BLOCK("cidr: '::/0'"), "", NULL },
	{ "no CIDR but exceptions", BLOCK("except: [10.0.0.0/8]"), AT_CIDR,
	  "is missing" },
	{ "empty CIDR", BLOCK("cidr: ''"), AT_CIDR,
	  "\"\" is not a CIDR; write /32 or /128 for one address" },
	{ "length that is too long", BLOCK("cidr: 'fd00::/129'"), AT_CIDR,
	  "\"fd00::/129\" is not a CIDR" },
	{ "negative length", BLOCK("cidr: 10.0.0.0/-1"), AT_CIDR,
	  "\"10.0.0.0/-1\" is not a CIDR" },
	{ "length with a zero in front", BLOCK("cidr: 10.0.0.0/08"), AT_CIDR,
	  "\"10.0.0.0/08\" is not a CIDR" },
	{ "netmask", BLOCK("cidr: 10.0.0.0/255.0.0.0"), AT_CIDR,
	  "\"10.0.0.0/255.0.0.0\" is not a CIDR" },
	{ "no length", BLOCK("cidr: 10.0.0.0/"), AT_CIDR,
	  "\"10.0.0.0/\" is not a CIDR" },
	{ "short address", BLOCK("cidr: 10.0/8"), AT_CIDR,
	  "\"10.0/8\" is not a CIDR" },
	{ "octet too large", BLOCK("cidr: 10.0.0.256/32"), AT_CIDR,
	  "\"10.0.0.256/32\" is not a CIDR" },
	{ "octet with a zero in front", BLOCK("cidr: 010.0.0.0/8"), AT_CIDR,
	  "\"010.0.0.0/8\" is not a CIDR" },
	{ "zone", BLOCK("cidr: 'fe80::1%eth0/64'"), AT_CIDR,
	  "\"fe80::1%eth0/64\" is not a CIDR" },
	{ "name", BLOCK("cidr: example.org/32"), AT_CIDR,
	  "\"example.org/32\" is not a CIDR" },
	{ "blank", BLOCK("cidr: '10.0.0.0/8 '"), AT_CIDR,
	  "\"10.0.0.0/8 \" is not a CIDR" },
	{ "CIDR that is a list", BLOCK("cidr: [10.0.0.0/8]"), AT_CIDR,
	  "must be a text, not a list" },
	{ "block that is a text", PEER("{ipBlock: 10.0.0.0/8}"),
	  AT_PEER ".ipBlock", "must be an object, not a text" },
	{ "exception that is none",
	  BLOCK("cidr: 10.0.0.0/8, except: [10.1.0.0]"),
	  AT_PEER ".ipBlock.except[0]",
	  "\"10.1.0.0\" is not a CIDR; write /32 or /128 for one address" },
	{ "exception that is null", BLOCK("cidr: 10.0.0.0/8, except: [null]"),
	  AT_PEER ".ipBlock.except[0]", "is missing" },
	{ "exceptions that are a text",
	  BLOCK("cidr: 10.0.0.0/8, except: 10.1.0.0/16"),
	  AT_PEER ".ipBlock.except", "must be a list, not a text" },
	{ "exception larger than the block",
	  BLOCK("cidr: 10.1.0.0/16, except: [10.0.0.0/8]"),
	  AT_PEER ".ipBlock.except[0]",
	  "\"10.0.0.0/8\" must lie strictly inside cidr \"10.1.0.0/16\"" },
	{ "exception beside the block",
	  BLOCK("cidr: 10.1.0.0/16, except: [10.2.0.0/24]"),
	  AT_PEER ".ipBlock.except[0]",
	  "\"10.2.0.0/24\" must lie strictly inside cidr \"10.1.0.0/16\"" },
	{ "exception of IPv4 in IPv6",
	  BLOCK("cidr: '::/0', except: [10.0.0.0/8]"),
	  AT_PEER ".ipBlock.except[0]",
	  "\"10.0.0.0/8\" must lie strictly inside cidr \"::/0\"" },
	{ "block beside a namespaceSelector",
	  PEER("{namespaceSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}"),
	  AT_PEER ".ipBlock",
	  "must not stand beside podSelector or namespaceSelector; make it an "
	  "entry of its own" },
	{ "peer that is null", PEER("null"), AT_PEER,
	  "must have podSelector, namespaceSelector or ipBlock; to mean every "
	  "peer, leave the whole list out" },
	{ "peer that is a text", PEER("all"), AT_PEER,
	  "must be an object, not a text" },
	{ "peers that are an object", "egress: [{to: {podSelector: {}}}]",
	  "spec.egress[0].to", "must be a list, not an object" },
	{ "rule that is a text", "ingress: [all]", "spec.ingress[0]",
	  "must be an object, not a text" },
};

#define EXPRESSION(text) "podSelector: {matchExpressions: [{" text "}]}"
#define AT_EXPRESSION "spec.podSelector.matchExpressions[0]"
#define LABELS(text) "podSelector: {matchLabels: {" text "}}"
#define AT_LABELS "spec.podSelector.matchLabels"
#define FORM                                                                 \
	"must be letters, digits, \"-\", \"_\" and \".\", with a letter or " \
	"digit at both ends"
#define A64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct row selector_rows[] = {
	{ "In", EXPRESSION("key: a, operator: In, values: [b, '']"), "", NULL },
	{ "Exists", EXPRESSION("key: a.b/c, operator: Exists, values: []"), "",
	  NULL },
	{ "no operator", EXPRESSION("key: a, values: [b]"),
	  AT_EXPRESSION ".operator", "is missing" },
	{ "operator of nodes",
	  EXPRESSION("key: a, operator: Gt, values: ['1']"),
	  AT_EXPRESSION ".operator",
	  "\"Gt\" is not In, NotIn, Exists or DoesNotExist" },
	{ "empty operator", EXPRESSION("key: a, operator: ''"),
	  AT_EXPRESSION ".operator",
	  "\"\" is not In, NotIn, Exists or DoesNotExist" },
	{ "In with an empty list",
	  EXPRESSION("key: a, operator: In, values: []"),
	  AT_EXPRESSION ".values", "must not be empty with In and NotIn" },
	{ "NotIn without values", EXPRESSION("key: a, operator: NotIn"),
	  AT_EXPRESSION ".values", "must not be empty with In and NotIn" },
	{ "DoesNotExist with values",
	  EXPRESSION("key: a, operator: DoesNotExist, values: [b]"),
	  AT_EXPRESSION ".values",
	  "must be empty with Exists and DoesNotExist" },
	{ "values that are a text",
	  EXPRESSION("key: a, operator: Exists, values: b"),
	  AT_EXPRESSION ".values", "must be a list, not a text" },
	{ "value that is a number",
	  EXPRESSION("key: a, operator: In, values: [1]"),
	  AT_EXPRESSION ".values[0]",
	  "must be a text, not a number; put it in quotes" },
	{ "value that is null",
	  EXPRESSION("key: a, operator: In, values: [null]"),
	  AT_EXPRESSION ".values[0]", "is empty" },
	{ "value of another form",
	  EXPRESSION("key: a, operator: In, values: ['b c']"),
	  AT_EXPRESSION ".values[0]", "\"b c\" " FORM },
	{ "value that is too long",
	  EXPRESSION("key: a, operator: In, values: [" A64 "]"),
	  AT_EXPRESSION ".values[0]",
	  "\"" A64 "\" is longer than 63 characters" },
	{ "no key", EXPRESSION("operator: Exists"), AT_EXPRESSION ".key",
	  "is missing" },
	{ "empty key", EXPRESSION("key: '', operator: Exists"),
	  AT_EXPRESSION ".key", "\"\" " FORM },
	{ "key that is too long", EXPRESSION("key: " A64 ", operator: Exists"),
	  AT_EXPRESSION ".key", "\"" A64 "\" is longer than 63 characters" },
	{ "prefix of a key", EXPRESSION("key: A/b, operator: Exists"),
	  AT_EXPRESSION ".key",
	  "\"A/b\" must have a DNS name in front of its \"/\"" },
	{ "field of an expression",
	  EXPRESSION("key: a, operator: Exists, value: b"),
	  AT_EXPRESSION ".value",
	  "unknown field; known here: key, operator, values" },
	{ "expression that is null", "podSelector: {matchExpressions: [null]}",
	  AT_EXPRESSION, "is empty" },
	{ "expressions that are an object",
	  "podSelector: {matchExpressions: {}}",
	  "spec.podSelector.matchExpressions",
	  "must be a list, not an object" },
	{ "label value of another form", LABELS("a: -b"), AT_LABELS ".a",
	  "\"-b\" " FORM },
	{ "label value that is too long", LABELS("a: " A64), AT_LABELS ".a",
	  "\"" A64 "\" is longer than 63 characters" },
	{ "label value that is null", LABELS("a: "), AT_LABELS ".a",
	  "must be a text, not null; put it in quotes" },
	{ "label value that is a list", LABELS("a: [b]"), AT_LABELS ".a",
	  "must be a text, not a list" },
	{ "labels that are a list", "podSelector: {matchLabels: [a]}",
	  AT_LABELS, "must be an object of texts" },
	{ "selector that is a list", "podSelector: []", "spec.podSelector",
	  "must be an object, not a list" },
	{ "selector that is a text", "podSelector: all", "spec.podSelector",
	  "must be an object, not a text" },
	{ "selector of a peer",
	  PEER("{namespaceSelector: {matchLabels: {a/b/c: d}}}"),
	  AT_PEER ".namespaceSelector.matchLabels[a/b/c]",
	  "the key \"a/b/c\" " FORM },
};

static const struct row type_rows[] = {
	{ "one type", "policyTypes: [Egress]", "", NULL },
	{ "another type", "policyTypes: [Ingress, Both]", "spec.policyTypes[1]",
	  "\"Both\" is not Ingress or Egress" },
	{ "empty type", "policyTypes: ['']", "spec.policyTypes[0]",
	  "\"\" is not Ingress or Egress" },
	{ "type that is null", "policyTypes: [null]", "spec.policyTypes[0]",
	  "is empty" },
	{ "type that is a number", "policyTypes: [1]", "spec.policyTypes[0]",
	  "must be a text, not a number; put it in quotes" },
	{ "types that are a text", "policyTypes: Ingress", "spec.policyTypes",
	  "must be a list, not a text" },
	{ "three types", "policyTypes: [Ingress, Egress, Egress]",
	  "spec.policyTypes", "must not have more than two" },
	{ "rules that are an object", "egress: {}", "spec.egress",
	  "must be a list, not an object" },
	{ "rules that are a truth value", "ingress: true", "spec.ingress",
	  "must be a list, not a truth value" },
	{ "tier of another kind", "tier: Admin", "spec.tier",
	  "unknown field; known here: podSelector, policyTypes, ingress, "
	  "egress" },
};

static void test_row(void **state)
{
	const struct row *row = *state;
	const struct manifest_options options = {};
	char *text = xasprintf("%s%s\n", HEADER, row->spec);
	char *wanted =
		row->reason ?
			xasprintf("t:5: error: NetworkPolicy x/p: %s: %s\n",
				  row->field, row->reason) :
			xstrdup("");
	struct cluster cluster = {};
	char *messages;
	bool fine;

	messages = read_manifests(&cluster, text, &options, &fine);
	assert_string_equal(messages, wanted);
	assert_int_equal(fine, !row->reason);
	assert_int_equal(!cluster_find_policy(&cluster, "x/p"), !!row->reason);
	free(messages);
	free(wanted);
	free(text);
	cluster_clear(&cluster);
}

#define RUN(rows) \
	table_tests(#rows, rows, COUNT(rows), sizeof(*(rows)), test_row)

int main(void)
{
	int failed = 0;

	failed += RUN(port_rows);
	failed += RUN(peer_rows);
	failed += RUN(selector_rows);
	failed += RUN(type_rows);
	return !!failed;
}
