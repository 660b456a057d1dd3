// SPDX-License-Identifier: GPL-2.0-only
#include "warnings.h"

static const struct row type_rows[] = {
	{ "egress rules alone", POLICY "  egress: [{}]\n",
	  "t:5" WHO "spec.policyTypes: is left out, which adds Ingress" },
	{ "egress rules and an empty list of ingress rules",
	  POLICY "  ingress: []\n  egress: [{}]\n",
	  "t:5" WHO "spec.policyTypes: is left out, which adds Ingress" },
	{ "an empty list of types",
	  POLICY "  policyTypes: []\n  egress: [{}]\n",
	  "t:6" WHO "spec.policyTypes: is left out, which adds Ingress" },
	{ "an empty list of egress rules", POLICY "  egress: []\n",
	  "t:6" WHO "spec.egress: is empty and policyTypes is left out" },
	{ "egress that is null", POLICY "  ingress: [{}]\n  egress:\n",
	  "t:7" WHO "spec.egress: is empty and policyTypes is left out" },
	{ "rules for both", POLICY "  ingress: [{}]\n  egress: [{}]\n", NULL },
	{ "ingress rules alone", POLICY "  ingress: [{}]\n", NULL },
	{ "no rules", POLICY "  podSelector: {}\n", NULL },
	{ "types say egress", POLICY EGRESS "  egress: [{}]\n", NULL },
	{ "types say both", POLICY BOTH "  egress: [{}]\n", NULL },
	{ "egress is denied in so many words", POLICY EGRESS "  egress: []\n",
	  NULL },
};

static const struct row vacancy_rows[] = {
	{ "no pod for the policy",
	  POLICY INGRESS
	  "  podSelector: {matchLabels: {a: c}}\n" POD("x", "one", "a: b"),
	  "t:7" WHO "spec.podSelector: selects no pod of namespace x" },
	{ "a pod of another namespace",
	  POLICY INGRESS
	  "  podSelector: {matchLabels: {a: b}}\n" POD("w", "one", "a: b"),
	  "t:7" WHO "spec.podSelector: selects no pod of namespace x" },
	{ "a pod of the host network",
	  POLICY INGRESS
	  "  podSelector: {matchLabels: {a: b}}\n" HOST_POD("x", "one", "a: b"),
	  "t:7" WHO "spec.podSelector: selects pods of the host network" },
	{ "a pod for the policy",
	  POLICY INGRESS
	  "  podSelector: {matchLabels: {a: b}}\n" POD("x", "one", "a: b"),
	  NULL },
	{ "every pod of a namespace without any",
	  POLICY INGRESS "  podSelector: {}\n" POD("w", "one", ""), NULL },
	{ "no pods are known",
	  POLICY INGRESS "  podSelector: {matchLabels: {a: b}}\n"
			 "  ingress: [{from: [{podSelector: {matchLabels: "
			 "{a: c}}}]}]\n",
	  NULL },
	{ "no pod for a peer",
	  POLICY INGRESS
	  "  ingress:\n  - from:\n    - podSelector: {}\n"
	  "    - podSelector: {matchLabels: {a: c}}\n" POD("x", "one", "a: b"),
	  "t:10" WHO
	  "spec.ingress[0].from[1].podSelector: selects no pod of the "
	  "policy's own namespace" },
	{ "a peer's pod is in another namespace",
	  POLICY EGRESS
	  "  egress:\n  - to:\n"
	  "    - podSelector: {matchLabels: {a: b}}\n" POD("w", "one", "a: b"),
	  "t:9" WHO "spec.egress[0].to[0].podSelector: selects no pod of the "
	  "policy's own namespace" },
	{ "a pod for a peer",
	  POLICY INGRESS
	  "  ingress:\n  - from:\n"
	  "    - podSelector: {matchLabels: {a: b}}\n" POD("x", "one", "a: b"),
	  NULL },
	{ "a peer's pod is of the host network",
	  POLICY INGRESS
	  "  ingress:\n  - from:\n"
	  "    - podSelector: {matchLabels: {a: b}}\n" HOST_POD("x", "one",
								"a: b"),
	  "t:9" WHO "spec.ingress[0].from[0].podSelector: selects pods of the "
	  "host network" },
	{ "no namespace for a peer",
	  POLICY INGRESS
	  "  ingress:\n  - from:\n"
	  "    - namespaceSelector: {matchLabels: {t: u}}\n" NAMESPACE("x",
								       "t: v"),
	  "t:9" WHO "spec.ingress[0].from[0].namespaceSelector: selects no "
	  "namespace" },
	{ "a namespace for a peer",
	  POLICY INGRESS
	  "  ingress:\n  - from:\n"
	  "    - namespaceSelector: {matchLabels: {t: v}}\n" NAMESPACE("x",
								       "t: v"),
	  NULL },
	{ "the namespace of a peer has no pod",
	  POLICY INGRESS "  ingress:\n  - from:\n"
			 "    - namespaceSelector: {matchLabels: {t: v}}\n"
			 "      podSelector: {}\n" NAMESPACE("x", "t: v")
				 NAMESPACE("w", "") POD("w", "one", ""),
	  "t:10" WHO
	  "spec.ingress[0].from[0].podSelector: selects no pod of the "
	  "selected namespaces" },
	{ "the labels of a namespace are unknown",
	  POLICY INGRESS
	  "  ingress:\n  - from:\n"
	  "    - namespaceSelector: {matchLabels: {t: v}}\n" POD("w", "one",
								 ""),
	  NULL },
	{ "the name of a namespace is known",
	  POLICY INGRESS
	  "  ingress:\n  - from:\n    - namespaceSelector: {matchLabels: "
	  "{kubernetes.io/metadata.name: z}}\n" POD("w", "one", ""),
	  "t:9" WHO "spec.ingress[0].from[0].namespaceSelector: selects no pod "
	  "of the selected namespaces" },
	{ "a rule of a direction that has no effect",
	  POLICY INGRESS
	  "  egress:\n  - to:\n"
	  "    - podSelector: {matchLabels: {a: c}}\n" POD("x", "one", ""),
	  NULL },
};

#define SUBJECT(subject) CLUSTER_POLICY_ABOUT(subject, "")
#define FROM(peer) "  ingress:\n  - {action: Accept, from: [" peer "]}\n"
#define TO(peer) "  egress:\n  - {action: Deny, to: [" peer "]}\n"
#define LABELED(labels) "{matchLabels: {" labels "}}"
#define PODS(namespaces, pods)                       \
	"pods: {namespaceSelector: " namespaces ", " \
	"podSelector: " pods "}"
#define NODE(name, labels) OBJECT("Node", NAMED(name, labels), "")
#define NOBODY "kubernetes.io/metadata.name: z"

static const struct row cluster_vacancy_rows[] = {
	{ "no namespace for the subject",
	  SUBJECT("namespaces: " LABELED("t: u")) NAMESPACE("x", "t: v"),
	  "t:8" CLUSTER_WHO "spec.subject.namespaces: selects no namespace" },
	{ "a namespace for the subject",
	  SUBJECT("namespaces: " LABELED("t: v")) NAMESPACE("x", "t: v"),
	  NULL },
	{ "no namespace for the subject's pods",
	  SUBJECT(PODS(LABELED("t: u"), "{}")) NAMESPACE("x", "t: v"),
	  "t:8" CLUSTER_WHO
	  "spec.subject.pods.namespaceSelector: selects no namespace" },
	{ "no namespaces are known",
	  SUBJECT("namespaces: " LABELED("t: u"))
		  FROM("{namespaces: " LABELED("t: u") "}"),
	  NULL },
	{ "the labels of the subject's namespace are unknown",
	  SUBJECT("namespaces: " LABELED("t: u")) POD("x", "one", ""), NULL },
	{ "the name of the subject's namespace is known",
	  SUBJECT("namespaces: " LABELED(NOBODY)) POD("x", "one", ""),
	  "t:8" CLUSTER_WHO "spec.subject.namespaces: selects no pod" },
	{ "no pod for the subject",
	  SUBJECT(PODS("{}", LABELED("a: c"))) POD("x", "one", "a: b"),
	  "t:8" CLUSTER_WHO "spec.subject.pods.podSelector: selects no pod of "
	  "the selected namespaces" },
	{ "the subject's pod is in another namespace",
	  SUBJECT(PODS(LABELED("t: v"), LABELED("a: b"))) NAMESPACE("x", "t: v")
		  NAMESPACE("w", "") POD("w", "one", "a: b"),
	  "t:8" CLUSTER_WHO "spec.subject.pods.podSelector: selects no pod of "
	  "the selected namespaces" },
	{ "the subject's pod is of the host network",
	  SUBJECT(PODS("{}", LABELED("a: b"))) HOST_POD("x", "one", "a: b"),
	  "t:8" CLUSTER_WHO "spec.subject.pods.podSelector: selects pods of "
	  "the host network" },
	{ "a pod for the subject",
	  SUBJECT(PODS(LABELED("t: v"), LABELED("a: b"))) NAMESPACE("x", "t: v")
		  POD("x", "one", "a: b"),
	  NULL },
	{ "every pod of the subject's namespace without any",
	  SUBJECT("namespaces: " LABELED("t: v")) NAMESPACE("x", "t: v")
		  NAMESPACE("w", "") POD("w", "one", ""),
	  NULL },
	{ "no pods are known for a cluster policy",
	  SUBJECT(PODS("{}", LABELED("a: c")))
		  FROM("{" PODS("{}", LABELED("a: c")) "}") NAMESPACE("x", ""),
	  NULL },
	{ "no namespace for a cluster policy's peer",
	  CLUSTER_POLICY
		  FROM("{namespaces: {}}, {namespaces: " LABELED("t: u") "}")
			  NAMESPACE("x", "t: v"),
	  "t:10" CLUSTER_WHO
	  "spec.ingress[0].from[1].namespaces: selects no namespace" },
	{ "a namespace for a cluster policy's peer",
	  CLUSTER_POLICY FROM("{namespaces: " LABELED("t: v") "}")
		  NAMESPACE("x", "t: v"),
	  NULL },
	{ "no namespace for a peer's pods",
	  CLUSTER_POLICY TO("{" PODS(LABELED("t: u"), "{}") "}")
		  NAMESPACE("x", "t: v"),
	  "t:10" CLUSTER_WHO "spec.egress[0].to[0].pods.namespaceSelector: "
	  "selects no namespace" },
	{ "the namespace of a cluster policy's peer has no pod",
	  CLUSTER_POLICY FROM("{namespaces: " LABELED("t: v") "}")
		  NAMESPACE("x", "t: v") NAMESPACE("w", "") POD("w", "one", ""),
	  "t:10" CLUSTER_WHO "spec.ingress[0].from[0].namespaces: selects no "
	  "pod of the selected namespaces" },
	{ "no pod for a cluster policy's peer, behind networks",
	  CLUSTER_POLICY TO("{networks: [10.0.0.0/8, 11.0.0.0/8]}, "
			    "{" PODS("{}", LABELED("a: c")) "}")
		  POD("x", "one", "a: b"),
	  "t:10" CLUSTER_WHO
	  "spec.egress[0].to[1].pods.podSelector: selects no pod of the "
	  "selected namespaces" },
	{ "a pod for a cluster policy's peer",
	  CLUSTER_POLICY TO("{" PODS("{}", LABELED("a: b")) "}")
		  POD("x", "one", "a: b"),
	  NULL },
	{ "an egress peer's pod is of the host network",
	  CLUSTER_POLICY TO("{" PODS("{}", LABELED("a: b")) "}")
		  HOST_POD("x", "one", "a: b"),
	  "t:10" CLUSTER_WHO "spec.egress[0].to[0].pods.podSelector: selects "
	  "pods of the host network alone, which no selector covers; "
	  "select their nodes with nodes, or name the addresses in networks" },
	{ "an ingress peer's pod is of the host network",
	  CLUSTER_POLICY FROM("{" PODS("{}", LABELED("a: b")) "}")
		  HOST_POD("x", "one", "a: b"),
	  "t:10" CLUSTER_WHO "spec.ingress[0].from[0].pods.podSelector: "
	  "selects pods of the host network alone, which no selector covers; "
	  "name their nodes' addresses in an ipBlock" },
	{ "no node for a peer",
	  CLUSTER_POLICY TO("{nodes: " LABELED("r: t") "}") NODE("one", "r: s"),
	  "t:10" CLUSTER_WHO "spec.egress[0].to[0].nodes: selects no node" },
	{ "a node for a peer",
	  CLUSTER_POLICY TO("{nodes: " LABELED("r: s") "}") NODE("one", "r: s"),
	  NULL },
	{ "no nodes are known",
	  CLUSTER_POLICY TO("{nodes: " LABELED("r: t") "}") POD("x", "one", ""),
	  NULL },
	{ "a rule with a peer of a later version",
	  CLUSTER_POLICY TO("{later: {}}, {" PODS("{}", LABELED("a: c")) "}")
		  POD("x", "one", "a: b"),
	  NULL },
	{ "an AdminNetworkPolicy",
	  ADMIN_POLICY TO("{" PODS("{}", LABELED("a: c")) "}")
		  POD("x", "one", "a: b"),
	  "t:9" ADMIN_WHO "spec.egress[0].to[0].pods.podSelector: selects no "
	  "pod" },
	{ "a BaselineAdminNetworkPolicy",
	  BASELINE_POLICY TO("{" PODS("{}", LABELED("a: c")) "}")
		  POD("x", "one", "a: b"),
	  "t:8" BASELINE_WHO "spec.egress[0].to[0].pods.podSelector: selects "
	  "no pod" },
};

#define WEB "{ports: [{port: 443}]}"
#define UDP "{ports: [{port: 53, protocol: UDP}]}"
#define TCP "{ports: [{port: 53}]}"
#define FORGETS(line, pods, protocols)                                 \
	"t:" line WHO "spec.egress: forgets DNS: no policy lets " pods \
	" reach port 53 over " protocols ", so"

/* A policy of the whole cluster that opens port 53, for pods of every namespace. */
#define CLUSTER_DNS(tier, action, pods)                               \
	"---\napiVersion: policy.networking.k8s.io/v1alpha2\n"        \
	"kind: ClusterNetworkPolicy\nmetadata: {name: dns}\n"         \
	"spec: {tier: " tier ", priority: 1, "                        \
	"subject: {pods: {namespaceSelector: {}, podSelector: {" pods \
	"}}}, egress: [{action: " action ", to: [{namespaces: {}}], " \
	"protocols: [{udp: {destinationPort: {number: 53}}}, {tcp: "  \
	"{destinationPort: {range: {start: 50, end: 60}}}}]}]}\n"

static const struct row name_service_rows[] = {
	{ "the admin tier opens it for all",
	  POLICY EGRESS "  egress: [" WEB
			"]\n" CLUSTER_DNS("Admin", "Accept", "")
				POD("x", "one", "a: b"),
	  NULL },
	{ "the admin tier opens it for all, and no pod is known",
	  POLICY EGRESS "  egress: [" WEB
			"]\n" CLUSTER_DNS("Admin", "Accept", ""),
	  NULL },
	{ "the admin tier opens it for other pods",
	  POLICY EGRESS
	  "  egress: [" WEB
	  "]\n" CLUSTER_DNS("Admin", "Accept", "matchLabels: {a: c}")
		  POD("x", "one", "a: b") POD("w", "two", "a: c"),
	  FORGETS("7", "Pod x/one", "UDP and TCP") },
	{ "the admin tier passes on it",
	  POLICY EGRESS "  egress: [" WEB "]\n" CLUSTER_DNS("Admin", "Pass", "")
		  POD("x", "one", "a: b"),
	  FORGETS("7", "Pod x/one", "UDP and TCP") },
	{ "the baseline tier comes too late",
	  POLICY EGRESS "  egress: [" WEB
			"]\n" CLUSTER_DNS("Baseline", "Accept", "")
				POD("x", "one", "a: b"),
	  FORGETS("7", "Pod x/one", "UDP and TCP") },
	{ "neither protocol", POLICY EGRESS "  egress: [" WEB "]\n",
	  FORGETS("7", "the selected pods", "UDP and TCP") },
	{ "UDP alone", POLICY EGRESS "  egress: [" WEB ", " UDP "]\n",
	  FORGETS("7", "the selected pods", "TCP") },
	{ "TCP alone", POLICY EGRESS "  egress: [" WEB ", " TCP "]\n",
	  FORGETS("7", "the selected pods", "UDP") },
	{ "both", POLICY EGRESS "  egress: [" WEB ", " UDP ", " TCP "]\n",
	  NULL },
	{ "every port", POLICY EGRESS "  egress: [{to: [{podSelector: {}}]}]\n",
	  NULL },
	{ "ranges and all ports of a protocol",
	  POLICY EGRESS "  egress: [{ports: [{port: 1, endPort: 100}, "
			"{protocol: UDP}]}]\n",
	  NULL },
	{ "a name that may be any port's",
	  POLICY EGRESS "  egress: [{ports: [{port: dns, protocol: UDP}, "
			"{port: dns}]}]\n",
	  NULL },
	{ "ingress alone", POLICY INGRESS "  ingress: [" WEB "]\n", NULL },
	{ "nothing may be reached", POLICY EGRESS "  egress: []\n", NULL },
	{ "another policy of the pods has it",
	  POLICY EGRESS "  podSelector: {matchLabels: {a: b}}\n"
			"  egress: [" WEB "]\n" POLICY_NAMED("q") EGRESS
	  "  egress: [" UDP ", " TCP "]\n",
	  NULL },
	{ "a policy of other pods has it",
	  POLICY EGRESS "  egress: [" WEB "]\n" POLICY_NAMED("q") EGRESS
	  "  podSelector: {matchLabels: {a: b}}\n"
	  "  egress: [" UDP ", " TCP "]\n",
	  FORGETS("7", "the selected pods", "UDP and TCP") },
	{ "a policy of all pods that there are has it",
	  POLICY EGRESS "  egress: [" WEB "]\n" POLICY_NAMED("q") EGRESS
	  "  podSelector: {matchLabels: {a: b}}\n"
	  "  egress: [" UDP ", " TCP "]\n" POD("x", "one", "a: b"),
	  NULL },
	{ "one of the pods has no policy with it",
	  POLICY EGRESS "  egress: [" WEB "]\n" POLICY_NAMED("q") EGRESS
	  "  podSelector: {matchLabels: {a: b}}\n"
	  "  egress: [" UDP ", " TCP "]\n" POD("x", "one", "a: b")
		  POD("x", "two", "a: c"),
	  FORGETS("7", "Pod x/two", "UDP and TCP") },
	{ "a policy of another namespace has it",
	  POLICY EGRESS "  egress: [" WEB "]\n"
			"---\napiVersion: networking.k8s.io/v1\n"
			"kind: NetworkPolicy\n"
			"metadata: {name: q, namespace: w}\n"
			"spec:\n" EGRESS "  egress: [{}]\n",
	  FORGETS("7", "the selected pods", "UDP and TCP") },
};

static void test_broken_manifests(void **state)
{
	(void)state;
	/* What the broken pod could have been is not missed, and neither is
	 * what the broken policy could have accepted.
	 */
	check_messages(advise_all(POLICY EGRESS
				  "  podSelector: {matchLabels: {a: b}}\n"
				  "  egress: [" WEB ", " WEB
				  "]\n" POD("x", "one", "")
					  POD("x", "one", "a: b"),
				  true),
		       "t:8" WHO "spec.egress[1]: has no effect");
}

static void test_same_name_twice(void **state)
{
	(void)state;
	check_messages(advise_all(POLICY "  egress: [{}]\n" POLICY
					 "  egress: [{}]\n",
				  true),
		       "t:5" WHO "spec.policyTypes");
}

#define DENIES \
	TO("{namespaces: {}}") "  - {action: Deny, to: [{namespaces: {}}]}\n"

static void test_same_cluster_name_twice(void **state)
{
	(void)state;
	check_messages(advise_all(CLUSTER_POLICY DENIES CLUSTER_POLICY DENIES,
				  true),
		       "t:11" CLUSTER_WHO "spec.egress[1]: has no effect");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_broken_manifests),
		cmocka_unit_test(test_same_name_twice),
		cmocka_unit_test(test_same_cluster_name_twice),
	};
	int failed = 0;

	failed += table_tests("types", type_rows, COUNT(type_rows),
			      sizeof(*type_rows), test_row);
	failed += table_tests("vacancies", vacancy_rows, COUNT(vacancy_rows),
			      sizeof(*vacancy_rows), test_row);
	failed += table_tests("vacancies of cluster policies",
			      cluster_vacancy_rows, COUNT(cluster_vacancy_rows),
			      sizeof(*cluster_vacancy_rows), test_row);
	failed += table_tests("name service", name_service_rows,
			      COUNT(name_service_rows),
			      sizeof(*name_service_rows), test_row);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return !!failed;
}
