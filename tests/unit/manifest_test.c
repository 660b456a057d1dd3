// SPDX-License-Identifier: GPL-2.0-only
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"

#define POLICY                                   \
	"apiVersion: networking.k8s.io/v1\n"     \
	"kind: NetworkPolicy\n"                  \
	"metadata:\n  name: p\n  namespace: x\n" \
	"spec:\n"

/* The first line below spec: in messages about POLICY. */
#define WHO ": error: NetworkPolicy x/p: "

struct bad_row {
	const char *name;
	const char *text;
	const char *messages;
};

static const struct bad_row bad_rows[] = {
	{ "every error of every object",
	  POLICY "  ingres: []\n  ingress:\n  - ports: [{port: 0}]\n"
		 "    from: [{}]\n---\nkind: Pod\napiVersion: v1\n"
		 "metadata: {name: A}\n---\n" POLICY "  policyTypes: [None]\n",
	  "t:7" WHO "spec.ingres: unknown field; known here: podSelector, "
	  "policyTypes, ingress, egress\n"
	  "t:10" WHO "spec.ingress[0].from[0]: must have podSelector, "
	  "namespaceSelector or ipBlock; to mean every peer, leave the whole "
	  "list out\n"
	  "t:9" WHO "spec.ingress[0].ports[0].port: 0 is not a port; those are "
	  "1 to 65535\n"
	  "t:14: error: Pod default/A: metadata.name: \"A\" must be a-z, 0-9, \"-\" and \".\", with a letter or digit at both ends of each part (document 2)\n"
	  "t:22" WHO "spec.policyTypes[0]: \"None\" is not Ingress or Egress "
	  "(document 3)\n" },
	{ "misspelt field of the spec", POLICY "  ingres: []\n",
	  "t:7" WHO "spec.ingres: unknown field; known here: podSelector, "
	  "policyTypes, ingress, egress\n" },
	{ "misspelt ports would open all ports",
	  POLICY "  ingress:\n  - from: []\n    port: []\n",
	  "t:9" WHO "spec.ingress[0].port: unknown field; known here: from, "
	  "ports\n" },
	{ "from in egress", POLICY "  egress:\n  - from: []\n",
	  "t:8" WHO "spec.egress[0].from: unknown field; known here: to, "
	  "ports\n" },
	{ "field beside the spec", POLICY "  podSelector: {}\nspecs: 1\n",
	  "t:8" WHO "specs: unknown field; known here: apiVersion, kind, "
	  "metadata, spec, status\n" },
	{ "field of a selector",
	  POLICY "  podSelector:\n    matchLabel: {a: b}\n",
	  "t:8" WHO "spec.podSelector.matchLabel: unknown field; known here: "
	  "matchLabels, matchExpressions\n" },
	{ "field of a peer",
	  POLICY "  ingress:\n  - from:\n    - podselector: {}\n",
	  "t:9" WHO "spec.ingress[0].from[0].podselector: unknown field; known "
	  "here: podSelector, namespaceSelector, ipBlock\n"
	  "t:9" WHO "spec.ingress[0].from[0]: must have podSelector, "
	  "namespaceSelector or ipBlock; to mean every peer, leave the whole "
	  "list out\n" },
	{ "field of a port",
	  POLICY "  ingress:\n  - ports:\n    - {port: 80, endport: 90}\n",
	  "t:9" WHO "spec.ingress[0].ports[0].endport: unknown field; known "
	  "here: protocol, port, endPort\n" },
	{ "field of an ipBlock",
	  POLICY "  ingress:\n  - from:\n    - ipBlock: {cidr: 10.0.0.0/8, "
		 "excepts: []}\n",
	  "t:9" WHO "spec.ingress[0].from[0].ipBlock.excepts: unknown field; "
	  "known here: cidr, except\n" },
	{ "peer with nothing set", POLICY "  ingress:\n  - from:\n    - {}\n",
	  "t:9" WHO "spec.ingress[0].from[0]: must have podSelector, "
	  "namespaceSelector or ipBlock; to mean every peer, leave the whole "
	  "list out\n" },
	{ "peer whose selector is null",
	  POLICY "  ingress:\n  - from:\n    - podSelector:\n",
	  "t:9" WHO "spec.ingress[0].from[0]: must have podSelector, "
	  "namespaceSelector or ipBlock; to mean every peer, leave the whole "
	  "list out\n" },
	{ "rule that is null", POLICY "  ingress:\n  -\n",
	  "t:8" WHO "spec.ingress[0]: is empty; write {} if it shall allow "
	  "everything\n" },
	{ "port that is null", POLICY "  ingress:\n  - ports:\n    -\n",
	  "t:9" WHO "spec.ingress[0].ports[0]: is empty; write {} if it shall "
	  "allow everything\n" },
	{ "ipBlock beside a selector",
	  POLICY "  ingress:\n  - from:\n    - podSelector: {}\n"
		 "      ipBlock: {cidr: 10.0.0.0/8}\n",
	  "t:10" WHO "spec.ingress[0].from[0].ipBlock: must not stand beside "
	  "podSelector or namespaceSelector; make it an entry of its own\n" },
	{ "CIDR too long",
	  POLICY "  ingress:\n  - from:\n    - ipBlock:\n"
		 "        cidr: 10.0.0.0/40\n",
	  "t:10" WHO "spec.ingress[0].from[0].ipBlock.cidr: \"10.0.0.0/40\" is "
	  "not a CIDR\n" },
	{ "CIDR without length",
	  POLICY "  egress:\n  - to:\n    - ipBlock: {cidr: 10.0.0.1}\n",
	  "t:9" WHO "spec.egress[0].to[0].ipBlock.cidr: \"10.0.0.1\" is not a "
	  "CIDR; write /32 or /128 for one address\n" },
	{ "CIDR missing", POLICY "  egress:\n  - to:\n    - ipBlock: {}\n",
	  "t:9" WHO "spec.egress[0].to[0].ipBlock.cidr: is missing\n" },
	{ "IPv4 as IPv6",
	  POLICY "  egress:\n  - to:\n    - ipBlock: {cidr: "
		 "'::ffff:10.0.0.0/104'}\n",
	  "t:9" WHO "spec.egress[0].to[0].ipBlock.cidr: "
	  "\"::ffff:10.0.0.0/104\" is IPv4 written as IPv6; write it as "
	  "IPv4\n" },
	{ "except outside",
	  POLICY "  ingress:\n  - from:\n    - ipBlock:\n"
		 "        cidr: 10.0.0.0/8\n        except:\n"
		 "        - 10.1.0.0/16\n        - 11.0.0.0/16\n",
	  "t:13" WHO "spec.ingress[0].from[0].ipBlock.except[1]: "
	  "\"11.0.0.0/16\" must lie strictly inside cidr \"10.0.0.0/8\"\n" },
	{ "except as large",
	  POLICY "  ingress:\n  - from:\n    - ipBlock: {cidr: 10.0.0.0/8, "
		 "except: [10.0.0.0/8]}\n",
	  "t:9" WHO "spec.ingress[0].from[0].ipBlock.except[0]: "
	  "\"10.0.0.0/8\" must lie strictly inside cidr \"10.0.0.0/8\"\n" },
	{ "except of the other family",
	  POLICY "  ingress:\n  - from:\n    - ipBlock: {cidr: 10.0.0.0/8, "
		 "except: ['fd00::/16']}\n",
	  "t:9" WHO "spec.ingress[0].from[0].ipBlock.except[0]: "
	  "\"fd00::/16\" must lie strictly inside cidr \"10.0.0.0/8\"\n" },
	{ "port 0", POLICY "  ingress:\n  - ports: [{port: 0}]\n",
	  "t:8" WHO "spec.ingress[0].ports[0].port: 0 is not a port; those are "
	  "1 to 65535\n" },
	{ "port 65536", POLICY "  ingress:\n  - ports: [{port: 65536}]\n",
	  "t:8" WHO "spec.ingress[0].ports[0].port: 65536 is not a port; those "
	  "are 1 to 65535\n" },
	{ "port as a number in quotes",
	  POLICY "  ingress:\n  - ports: [{port: '80'}]\n",
	  "t:8" WHO "spec.ingress[0].ports[0].port: \"80\" is no port name: "
	  "those hold a letter; write a number without quotes\n" },
	{ "port name too long",
	  POLICY "  ingress:\n  - ports: [{port: sixteen-letters0}]\n",
	  "t:8" WHO "spec.ingress[0].ports[0].port: \"sixteen-letters0\" is "
	  "longer than 15 characters, which no port name may be\n" },
	{ "port as a truth value",
	  POLICY "  ingress:\n  - ports: [{port: on}]\n",
	  "t:8" WHO "spec.ingress[0].ports[0].port: must be a number, not a "
	  "truth value\n" },
	{ "endPort without port",
	  POLICY "  ingress:\n  - ports: [{endPort: 90}]\n",
	  "t:8" WHO "spec.ingress[0].ports[0].endPort: needs a number as "
	  "port\n" },
	{ "endPort with a name",
	  POLICY "  ingress:\n  - ports: [{port: http, endPort: 90}]\n",
	  "t:8" WHO "spec.ingress[0].ports[0].endPort: needs a number as "
	  "port\n" },
	{ "endPort below port",
	  POLICY "  ingress:\n  - ports: [{port: 90, endPort: 89}]\n",
	  "t:8" WHO "spec.ingress[0].ports[0].endPort: 89 must not be less "
	  "than port 90\n" },
	{ "endPort too large",
	  POLICY "  ingress:\n  - ports: [{port: 90, endPort: 65536}]\n",
	  "t:8" WHO "spec.ingress[0].ports[0].endPort: 65536 is not a port; "
	  "those are 1 to 65535\n" },
	{ "protocol", POLICY "  ingress:\n  - ports: [{protocol: tcp}]\n",
	  "t:8" WHO "spec.ingress[0].ports[0].protocol: \"tcp\" is not TCP, "
	  "UDP or SCTP\n" },
	{ "policyTypes", POLICY "  policyTypes: [Ingress, egress]\n",
	  "t:7" WHO "spec.policyTypes[1]: \"egress\" is not Ingress or "
	  "Egress\n" },
	{ "operator",
	  POLICY "  podSelector:\n    matchExpressions:\n    - key: a\n"
		 "      operator: in\n      values: [b]\n",
	  "t:10" WHO "spec.podSelector.matchExpressions[0].operator: \"in\" is "
	  "not In, NotIn, Exists or DoesNotExist\n" },
	{ "operator and key missing",
	  POLICY "  podSelector:\n    matchExpressions: [{}]\n",
	  "t:8" WHO "spec.podSelector.matchExpressions[0].key: is missing\n"
	  "t:8" WHO "spec.podSelector.matchExpressions[0].operator: is "
	  "missing\n" },
	{ "In without values",
	  POLICY "  podSelector:\n    matchExpressions: [{key: a, operator: "
		 "In}]\n",
	  "t:8" WHO "spec.podSelector.matchExpressions[0].values: must not be "
	  "empty with In and NotIn\n" },
	{ "Exists with values",
	  POLICY "  podSelector:\n    matchExpressions: [{key: a, operator: "
		 "Exists, values: [b]}]\n",
	  "t:8" WHO "spec.podSelector.matchExpressions[0].values: must be "
	  "empty with Exists and DoesNotExist\n" },
	{ "label value is a truth value",
	  POLICY "  podSelector:\n    matchLabels:\n      a: yes\n",
	  "t:9" WHO "spec.podSelector.matchLabels.a: must be a text, not a "
	  "truth value; put it in quotes\n" },
	{ "label value is a number",
	  POLICY "  podSelector:\n    matchLabels: {example.org/a: 1}\n",
	  "t:8" WHO "spec.podSelector.matchLabels[example.org/a]: must be a "
	  "text, not a number; put it in quotes\n" },
	{ "label key", POLICY "  podSelector:\n    matchLabels: {-a: b}\n",
	  "t:8" WHO
	  "spec.podSelector.matchLabels.-a: the key \"-a\" must be letters, "
	  "digits, \"-\", \"_\" and \".\", with a letter or digit at both ends\n" },
	{ "spec is a list", POLICY "- a\n",
	  "t:6" WHO "spec: must be an object, not a list\n" },
	{ "ingress is an object", POLICY "  ingress: {}\n",
	  "t:7" WHO "spec.ingress: must be a list, not an object\n" },
	{ "several at once, in their order",
	  POLICY "  policyTypes: [a]\n  ingress:\n  - ports:\n"
		 "    - port: 0\n    - protocol: b\n",
	  "t:10" WHO "spec.ingress[0].ports[0].port: 0 is not a port; those "
	  "are 1 to 65535\n"
	  "t:11" WHO "spec.ingress[0].ports[1].protocol: \"b\" is not TCP, "
	  "UDP or SCTP\n"
	  "t:7" WHO "spec.policyTypes[0]: \"a\" is not Ingress or Egress\n"
	  "t:8: warning: NetworkPolicy x/p: spec.ingress: has no effect, "
	  "because policyTypes lacks Ingress\n" },
	{ "defined twice", POLICY "  ingress: []\n---\n" POLICY,
	  "t:9" WHO "is defined twice; the first is at t:1 (document 2)\n" },
	{ "name missing",
	  "kind: NetworkPolicy\napiVersion: networking.k8s.io/v1\n"
	  "metadata: {}\n",
	  "t:3: error: NetworkPolicy: metadata.name: is missing\n" },
	{ "metadata missing", "kind: Pod\napiVersion: v1\n",
	  "t:1: error: Pod: metadata.name: is missing\n" },
	{ "name in an item of a list",
	  "kind: List\nitems:\n- {kind: Pod, apiVersion: v1, metadata: {name: "
	  "A}}\n- {kind: Pod, apiVersion: v1}\n",
	  "t:3: error: Pod default/A: metadata.name: \"A\" must be a-z, 0-9, \"-\" and \".\", with a letter or "
	  "digit at both ends of each part\n"
	  "t:4: error: Pod items[1].: metadata.name: is missing\n" },
	{ "namespace",
	  "kind: Pod\napiVersion: v1\nmetadata: {name: a, "
	  "namespace: a.b}\n",
	  "t:3: error: Pod a.b/a: metadata.namespace: \"a.b\" must be a-z, 0-9 and \"-\", with a letter or digit at both ends\n" },
	{ "kind unknown",
	  "kind: Service\napiVersion: v1\nmetadata: {name: a}\n",
	  "t:1: error: Service a: kind: \"Service\" is not a kind that nlctl "
	  "knows; those are Pod, Namespace, Node, NetworkPolicy, "
	  "ClusterNetworkPolicy, AdminNetworkPolicy and "
	  "BaselineAdminNetworkPolicy\n" },
	{ "kind missing", "apiVersion: v1\n",
	  "t:1: error: kind: is missing\n" },
	{ "apiVersion missing", "kind: Pod\n",
	  "t:1: error: Pod: apiVersion: is missing\n" },
	{ "apiVersion of old",
	  "apiVersion: extensions/v1beta1\nkind: NetworkPolicy\n"
	  "metadata: {name: a}\n",
	  "t:1: error: NetworkPolicy default/a: apiVersion: "
	  "\"extensions/v1beta1\" has no NetworkPolicy that nlctl knows; use "
	  "\"networking.k8s.io/v1\"\n" },
	{ "NUL in what is used",
	  "kind: Pod\napiVersion: v1\nmetadata:\n  name: \"a\\0b\"\n",
	  "t:4: error: Pod default/a: metadata.name: holds a NUL character; "
	  "remove it\n" },
	{ "NUL in a label",
	  "kind: Pod\napiVersion: v1\nmetadata:\n  name: a\n  labels:\n"
	  "    b: \"c\\0\"\n",
	  "t:6: error: Pod default/a: metadata.labels.b: holds a NUL "
	  "character; remove it\n" },
	{ "NUL in a kind",
	  "{\"kind\": \"Pod\\u0000\", \"apiVersion\": \"v1\"}\n",
	  "t:1: error: kind: holds a NUL character; remove it\n" },
	{ "NUL in a version",
	  "apiVersion: \"v1\\0\"\nkind: Pod\nmetadata: {name: a}\n",
	  "t:1: error: Pod default/a: apiVersion: holds a NUL character; "
	  "remove it\n" },
	{ "pod with wrong types",
	  "kind: Pod\napiVersion: v1\nmetadata:\n  name: a\n  uid: 5\n"
	  "  labels: [a]\nspec:\n  nodeName: 1\n  hostNetwork: maybe\n"
	  "  containers: {}\nstatus:\n  phase: Gone\n  podIP: 10.0.0\n"
	  "  podIPs: [{ip: 5}, 7]\n",
	  "t:5: error: Pod default/a: metadata.uid: must be a text, not a "
	  "number; put it in quotes\n"
	  "t:6: error: Pod default/a: metadata.labels: must be an object of "
	  "texts\n"
	  "t:8: error: Pod default/a: spec.nodeName: must be a text, not a "
	  "number; put it in quotes\n"
	  "t:9: error: Pod default/a: spec.hostNetwork: must be true or false, "
	  "not a text\n"
	  "t:10: error: Pod default/a: spec.containers: must be a list, not an "
	  "object\n"
	  "t:12: error: Pod default/a: status.phase: \"Gone\" is not Pending, "
	  "Running, Succeeded, Failed or Unknown\n"
	  "t:13: error: Pod default/a: status.podIP: \"10.0.0\" is not an IP "
	  "address\n"
	  "t:14: error: Pod default/a: status.podIPs[0].ip: must be a text, "
	  "not a number; put it in quotes\n"
	  "t:14: error: Pod default/a: status.podIPs[1]: must be an object, "
	  "not a number\n" },
	{ "pod with a wrong port",
	  "kind: Pod\napiVersion: v1\nmetadata: {name: a}\nspec:\n"
	  "  containers:\n  - ports:\n    - {name: UP, containerPort: 80}\n"
	  "    - {name: b}\n",
	  "t:7: error: Pod default/a: spec.containers[0].ports[0].name: \"UP\" "
	  "is no port name: those consist of a-z, 0-9 and single \"-\" between "
	  "them\n"
	  "t:8: error: Pod default/a: "
	  "spec.containers[0].ports[1].containerPort: is missing\n" },
	{ "node with a wrong address",
	  "kind: Node\napiVersion: v1\nmetadata: {name: n1}\nstatus:\n"
	  "  addresses:\n  - {type: Hostname, address: web}\n"
	  "  - {type: InternalIP, address: web}\n",
	  "t:7: error: Node n1: status.addresses[1].address: \"web\" is not an IP "
	  "address\n" },
	{ "namespace with a dot",
	  "kind: Namespace\napiVersion: v1\nmetadata: {name: a.b}\n",
	  "t:3: error: Namespace a.b: metadata.name: \"a.b\" must be a-z, 0-9 and \"-\", with a letter or digit at both ends\n" },
};

static void test_bad(void **state)
{
	const struct bad_row *row = *state;
	const struct manifest_options options = {};
	struct cluster cluster = {};
	char *messages;
	bool fine;

	messages = read_manifests(&cluster, row->text, &options, &fine);
	assert_string_equal(messages, row->messages);
	assert_false(fine);
	free(messages);
	cluster_clear(&cluster);
}

struct warning_row {
	const char *name;
	const char *text;
	const char *messages;
};

static const struct warning_row warning_rows[] = {
	{ "host bits",
	  POLICY "  ingress:\n  - from:\n    - ipBlock: {cidr: 10.1.2.3/8}\n",
	  "t:9: warning: NetworkPolicy x/p: spec.ingress[0].from[0].ipBlock."
	  "cidr: \"10.1.2.3/8\" has bits beyond its prefix length and is taken as "
	  "10.0.0.0/8, which is more than one address; write that, or a longer "
	  "prefix\n" },
	{ "no host bits",
	  POLICY "  ingress:\n  - from:\n    - ipBlock: {cidr: 10.0.0.0/8}\n",
	  "" },
	{ "rules without their type",
	  POLICY "  policyTypes: [Ingress]\n  egress:\n  - {}\n",
	  "t:8: warning: NetworkPolicy x/p: spec.egress: has no effect, "
	  "because policyTypes lacks Egress\n" },
	{ "a type twice", POLICY "  policyTypes: [Egress, Egress]\n",
	  "t:7: warning: NetworkPolicy x/p: spec.policyTypes: has Egress "
	  "twice, and not Ingress\n" },
	{ "name label of a namespace",
	  "kind: Namespace\napiVersion: v1\nmetadata:\n  name: a\n  labels:\n"
	  "    kubernetes.io/metadata.name: b\n",
	  "t:6: warning: Namespace a: metadata.labels"
	  "[kubernetes.io/metadata.name]: is taken as \"a\": the API server "
	  "sets it to the namespace's name\n" },
	{ "unknown kind",
	  "kind: Service\napiVersion: v1\nmetadata: {name: a, namespace: b}\n",
	  "t:1: warning: Service b/a: kind: Service of v1 is passed over\n" },
	{ "somebody else's policy",
	  "kind: NetworkPolicy\napiVersion: projectcalico.org/v3\n"
	  "metadata: {name: a}\n",
	  "t:1: warning: NetworkPolicy default/a: kind: NetworkPolicy of "
	  "projectcalico.org/v3 is passed over\n" },
	{ "NUL in what is not used",
	  "kind: Pod\napiVersion: v1\nmetadata: {name: a, annotations: {a: "
	  "\"\\0\"}}\n---\nkind: Pod\napiVersion: v1\nmetadata: {name: b, "
	  "annotations: {a: \"b\\0\"}}\n",
	  "" },
	{ "what is not read",
	  "kind: Pod\napiVersion: v1\nmetadata: {name: a, managedFields: 5, "
	  "whatever: 7}\nspec: {volumes: 1, containers: [{image: 1}]}\n"
	  "status: {hostIP: [], conditions: 7}\nmore: 1\n",
	  "" },
	{ "metadata and status of a policy",
	  "kind: NetworkPolicy\napiVersion: networking.k8s.io/v1\nmetadata: "
	  "{name: a, managedFields: [{}], uid: u, labels: {a: b}}\n"
	  "status: {conditions: []}\n",
	  "" },
};

static void test_warning(void **state)
{
	const struct warning_row *row = *state;
	const struct manifest_options options = { .lenient = true };
	struct cluster cluster = {};
	char *messages;
	bool fine;

	messages = read_manifests(&cluster, row->text, &options, &fine);
	assert_string_equal(messages, row->messages);
	assert_true(fine);
	free(messages);
	cluster_clear(&cluster);
}

struct types_row {
	const char *name;
	const char *spec;
	bool ingress;
	bool egress;
};

static const struct types_row types_rows[] = {
	{ "nothing given", "  podSelector: {}\n", true, false },
	{ "ingress rules", "  ingress: [{}]\n", true, false },
	{ "egress rules isolate both", "  egress: [{}]\n", true, true },
	{ "empty egress", "  egress: []\n", true, false },
	{ "null egress", "  egress:\n", true, false },
	{ "empty types", "  policyTypes: []\n  egress: [{}]\n", true, true },
	{ "null types", "  policyTypes:\n  egress: [{}]\n", true, true },
	{ "Ingress", "  policyTypes: [Ingress]\n", true, false },
	{ "Egress", "  policyTypes: [Egress]\n", false, true },
	{ "both", "  policyTypes: [Egress, Ingress]\n", true, true },
	{ "no spec", "", true, false },
};

static void test_types(void **state)
{
	const struct types_row *row = *state;
	struct cluster cluster = {};
	char *text = xasprintf("%s%s", POLICY, row->spec);
	struct network_policy *policy;

	add_manifests(&cluster, text);
	policy = cluster_find_policy(&cluster, "x/p");
	assert_int_equal(policy->ingress, row->ingress);
	assert_int_equal(policy->egress, row->egress);
	free(text);
	cluster_clear(&cluster);
}

static void test_pod(void **state)
{
	static const char text[] =
		"apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n"
		"  uid: 1-2-3\n  deletionTimestamp: 2026-01-01T00:00:00Z\n"
		"  labels: {b: '2', a: '1', c: ''}\n"
		"spec:\n  nodeName: n1\n  hostNetwork: false\n  containers:\n"
		"  - ports: [{name: http, containerPort: 80}, "
		"{containerPort: 90}]\n"
		"  - ports: [{name: dns, protocol: UDP, containerPort: 53}, "
		"{name: http, containerPort: 80, protocol: TCP}]\n"
		"  initContainers:\n"
		"  - ports: [{name: setup, containerPort: 1}]\n"
		"  - restartPolicy: Always\n"
		"    ports: [{name: side, containerPort: 2}]\n"
		"status:\n  phase: Running\n  podIP: 10.0.0.1\n"
		"  podIPs: [{ip: 10.0.0.1}, {ip: 'fd00::1'}, {}]\n";
	struct cluster cluster = {};
	struct cluster_pod *pod;

	(void)state;
	add_manifests(&cluster, text);
	pod = cluster_find_pod(&cluster, "default/web");
	assert_non_null(pod);
	assert_string_equal(pod->uid, "1-2-3");
	assert_true(pod->deleting);
	assert_int_equal(pod->phase, POD_RUNNING);
	assert_string_equal(pod->node, "n1");
	assert_int_equal(pod->labels.count, 3);
	assert_string_equal(pod->labels.list[0].key, "a");
	assert_string_equal(labels_find(&pod->labels, "c"), "");
	assert_null(labels_find(&pod->labels, "d"));
	assert_int_equal(pod->ip_count, 2);
	assert_int_equal(pod->ips[1].family, AF_INET6);
	assert_int_equal(pod->port_count, 3);
	assert_string_equal(pod->ports[0].name, "dns");
	assert_int_equal(pod->ports[0].protocol, IPPROTO_UDP);
	assert_string_equal(pod->ports[1].name, "http");
	assert_string_equal(pod->ports[2].name, "side");
	assert_int_equal(pod->origin.line, 1);
	assert_true(cluster_find_namespace(&cluster, "default")->implied);
	cluster_clear(&cluster);
}

/* Leniency is about kinds that say nothing here, not about policies. */
static void test_versions(void **state)
{
	static const char *const texts[] = {
		"kind: NetworkPolicy\napiVersion: extensions/v1beta1\n",
		"kind: NetworkPolicy\napiVersion: networking.k8s.io/v2\n",
		"kind: NetworkPolicy\napiVersion: v1\n",
		"kind: Pod\napiVersion: v2\n",
		"kind: Namespace\napiVersion: v1beta1\n",
		"kind: Node\napiVersion: networking.k8s.io/v1\n",
		"kind: ClusterNetworkPolicy\n"
		"apiVersion: policy.networking.k8s.io/v1alpha1\n",
		"kind: AdminNetworkPolicy\n"
		"apiVersion: policy.networking.k8s.io/v1alpha2\n",
		"kind: BaselineAdminNetworkPolicy\n"
		"apiVersion: policy.networking.k8s.io/v1\n",
	};
	const struct manifest_options options = { .lenient = true };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(texts); i++) {
		struct cluster cluster = {};
		char *messages;
		bool fine;

		messages = read_manifests(&cluster, texts[i], &options, &fine);
		assert_false(fine);
		assert_non_null(strstr(messages, "that nlctl knows; use \""));
		free(messages);
		cluster_clear(&cluster);
	}
}

/* What does not fit the list costs no way and no line. */
static void test_many_problems(void **state)
{
	const struct manifest_options options = {};
	struct cluster cluster = {};
	char *text, *messages;
	size_t length, i;
	FILE *stream = xopen_memstream(&text, &length);
	bool fine;

	(void)state;
	fputs(POLICY, stream);
	for (i = 0; i < 20000; i++)
		fprintf(stream, "  field-%zu: 1\n", i);
	fclose(stream);
	messages = read_manifests(&cluster, text, &options, &fine);
	assert_false(fine);
	assert_non_null(strstr(messages, "t:106" WHO "spec.field-99: "));
	assert_null(strstr(messages, "spec.field-100: "));
	assert_non_null(strstr(messages, "\nand 19900 more problems\n"));
	free(messages);
	free(text);
	cluster_clear(&cluster);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pod),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_many_problems),
	};
	int failed = 0;

	failed += table_tests("refuse", bad_rows, COUNT(bad_rows),
			      sizeof(*bad_rows), test_bad);
	failed += table_tests("warn", warning_rows, COUNT(warning_rows),
			      sizeof(*warning_rows), test_warning);
	failed += table_tests("policyTypes", types_rows, COUNT(types_rows),
			      sizeof(*types_rows), test_types);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return !!failed;
}
