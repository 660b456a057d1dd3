// SPDX-License-Identifier: GPL-2.0-only
/*
 * Audit mode: what is in audit alone denies passes and is reported. Every
 * expectation is put to the evaluator and to the compiled objects; "~" is what
 * passes by audit mode only.
 */
#include "policies.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"

/* Policies as add_policy() takes them, small letters being in audit mode, and
 * what then goes on the grid of add_grid().
 */
struct row {
	const char *name;
	const char *policies[5];
	const char *expectations;
};

#define ABOUT_X "subject: {namespaces: {matchLabels: {ns: x}}}"
#define FROM_Y "from: [{namespaces: {matchLabels: {ns: 'y'}}}]"
#define FROM_ALL "from: [{namespaces: {}}]"
#define TO_Y "to: [{namespaces: {matchLabels: {ns: 'y'}}}]"
#define ADMIN "tier: Admin, priority: "
#define BASELINE "tier: Baseline, priority: "
#define POD(letter) "podSelector: {matchLabels: {pod: " letter "}}"
#define NS(letter) "namespaceSelector: {matchLabels: {ns: " letter "}}"
#define PORT(number) \
	"protocols: [{tcp: {destinationPort: {number: " number "}}}]"

static const struct row rows[] = {
	/* the policy tier */
	{ "a policy in audit isolates nobody",
	  { "n np {" POD("a") "}" },
	  "* x/a TCP 80 ~\n9.9.9.9 x/a UDP 7 ~\nx/b x/c TCP 80 +" },
	{ "what it accepts is not reported",
	  { "n np {" POD("a") ", ingress: [{from: [{" POD("b") "}]}]}" },
	  "* x/a TCP 80 ~\nx/b x/a TCP 80 +\nx/a y/a TCP 80 +" },
	{ "what another policy denies as well is denied",
	  { "n audited {" POD("a") "}", "N enforced {" POD("a") "}" },
	  "* x/a TCP 80 -\n9.9.9.9 x/a TCP 80 -" },
	{ "what another policy accepts is accepted",
	  { "n audited {" POD("a") "}",
	    "N enforced {" POD("a") ", ingress: [{from: [{" POD("b") "}]}]}" },
	  "* x/a TCP 80 -\nx/b x/a TCP 80 +" },
	{ "what a policy in audit accepts goes for pods that others isolate",
	  { "n audited {" POD("a") ", ingress: [{from: [{" NS("'y'") "}]}]}",
	    "N enforced {" POD("a") ", ingress: [{from: [{" POD("b") "}]}]}" },
	  "* x/a TCP 80 -\nx/b x/a TCP 80 +\ny/* x/a TCP 80 +" },
	{ "two policies in audit, each of which denies",
	  { "n one {" POD("a") ", ingress: [{from: [{" POD("b") "}]}]}",
	    "n two {podSelector: {}}" },
	  "* x/* TCP 80 ~\nx/b x/a TCP 80 +\nx/a y/a TCP 80 +" },
	{ "each direction by itself",
	  { "n in {" POD("a") "}",
	    "N out {" POD("a") ", policyTypes: [Egress], egress: [{to: [{"
			       "podSelector: {}}]}]}" },
	  "* x/a TCP 80 ~\nx/a * TCP 80 -\nx/a x/b TCP 80 +\n"
	  "x/a x/c TCP 80 +\nx/a 9.9.9.9 TCP 80 -" },
	{ "egress in audit",
	  { "n out {" POD("a") ", policyTypes: [Egress], egress: [{ports: "
			       "[{port: serve-80-tcp}]}]}" },
	  "x/a * TCP 80 +\nx/a * TCP 81 ~\nx/a 9.9.9.9 TCP 80 ~\n"
	  "* x/a TCP 81 +" },
	{ "both ends: one audited, one enforced",
	  { "n out {" POD("a") ", policyTypes: [Egress]}",
	    "N in {" POD("b") ", ingress: [{from: [{" POD("c") "}]}]}" },
	  "x/a x/b TCP 80 -\nx/a x/c TCP 80 ~\nx/c x/b TCP 80 +" },

	/* the tiers of the cluster */
	{ "a Deny in audit, and nothing else",
	  { "c c {" ADMIN "5, " ABOUT_X ", ingress: [{action: Deny, " FROM_Y
	    "}]}" },
	  "* x/a TCP 80 +\ny/* x/a TCP 80 ~" },
	{ "behind a Deny in audit the next rule that denies decides",
	  { "c c {" ADMIN "5, " ABOUT_X ", ingress: [{action: Deny, " FROM_ALL
	    "}]}",
	    "C d {" ADMIN "6, " ABOUT_X ", ingress: [{action: Deny, " FROM_Y
	    "}]}" },
	  "* x/a TCP 80 ~\ny/* x/a TCP 80 -\n9.9.9.9 x/a TCP 80 +" },
	{ "behind a Deny in audit an Accept keeps off what comes later",
	  { "c c {" ADMIN "5, " ABOUT_X ", ingress: [{action: Deny, " FROM_ALL
	    "}, {action: Accept, " FROM_Y "}]}",
	    "C d {" ADMIN "6, " ABOUT_X ", ingress: [{action: Deny, " FROM_ALL
	    "}]}" },
	  "* x/a TCP 80 -\ny/* x/a TCP 80 ~" },
	{ "an Accept in audit is an Accept",
	  { "c c {" ADMIN "5, " ABOUT_X ", ingress: [{action: Accept, " FROM_Y
	    "}]}",
	    "N np {podSelector: {}}" },
	  "* x/a TCP 80 -\ny/* x/a TCP 80 +" },
	{ "a Pass in audit is a Pass",
	  { "c c {" ADMIN "5, " ABOUT_X ", ingress: [{action: Pass, " FROM_Y
	    "}]}",
	    "C d {" ADMIN "6, " ABOUT_X ", ingress: [{action: Deny, " FROM_ALL
	    "}]}" },
	  "* x/a TCP 80 -\ny/* x/a TCP 80 +" },
	{ "behind a Deny in audit the policies of the namespace decide",
	  { "c c {" ADMIN "5, " ABOUT_X ", ingress: [{action: Deny, " FROM_Y
	    "}]}",
	    "N np {" POD("a") ", ingress: [{from: [{" NS("'y'") ", " POD(
		    "b") "}]}]}" },
	  "* x/a TCP 80 -\ny/b x/a TCP 80 ~\ny/a x/b TCP 80 ~\n"
	  "z/a x/b TCP 80 +" },
	{ "behind isolation in audit the baseline decides",
	  { "n np {" POD("a") ", ingress: [{from: [{" POD("b") "}]}]}",
	    "C c {" BASELINE "5, " ABOUT_X ", ingress: [{action: Deny, " FROM_Y
	    "}]}" },
	  "* x/a TCP 80 ~\nx/b x/a TCP 80 +\ny/* x/a TCP 80 -" },
	{ "a policy in audit that accepts keeps the baseline off",
	  { "n np {" POD("a") ", ingress: [{from: [{" NS("'y'") "}]}]}",
	    "C c {" BASELINE "5, " ABOUT_X
	    ", ingress: [{action: Deny, " FROM_ALL "}]}" },
	  "* x/a TCP 80 -\ny/* x/a TCP 80 +" },
	{ "and does so behind a Deny in audit",
	  { "c c {" ADMIN "5, " ABOUT_X ", ingress: [{action: Deny, " FROM_ALL
	    "}]}",
	    "n np {" POD("a") ", ingress: [{from: [{" NS("'y'") "}]}]}",
	    "C d {" BASELINE "5, " ABOUT_X
	    ", ingress: [{action: Deny, " FROM_ALL "}]}" },
	  "* x/a TCP 80 -\ny/* x/a TCP 80 ~\ny/a x/b TCP 80 -\n"
	  "9.9.9.9 x/a TCP 80 ~" },
	{ "the baseline in audit",
	  { "c c {" BASELINE "5, " ABOUT_X
	    ", ingress: [{action: Deny, " FROM_ALL ", " PORT("80") "}]}",
	    "B default {" ABOUT_X ", ingress: [{action: Deny, " FROM_Y "}]}" },
	  "* x/a TCP 80 ~\ny/* x/a TCP 80 -\n* x/b TCP 81 +\n"
	  "y/* x/b TCP 81 -" },
	{ "the older kinds",
	  { "a a {priority: 1, " ABOUT_X ", egress: [{action: Deny, " TO_Y
	    "}]}",
	    "b default {" ABOUT_X ", ingress: [{action: Deny, " FROM_Y "}]}" },
	  "x/a y/* TCP 80 ~\ny/* x/a TCP 80 ~\nx/a z/a TCP 80 +" },
	{ "a Deny in audit that comes to no rule, and nothing else",
	  { "c c {" ADMIN "5, " ABOUT_X ", ingress: [{action: Deny, " FROM_ALL
	    ", protocols: [{destinationNamedPort: nobodys}]}], egress: "
	    "[{action: Deny, to: [{namespaces: {}}], protocols: "
	    "[{destinationNamedPort: nobodys}]}]}" },
	  "* x/a TCP 80 +\nx/a * TCP 80 +" },
	{ "all three tiers in audit",
	  { "c c {" ADMIN "5, " ABOUT_X ", ingress: [{action: Deny, " FROM_Y
	    "}]}",
	    "n np {podSelector: {}, ingress: [{from: [{" POD("b") "}]}]}",
	    "b default {" ABOUT_X ", ingress: [{action: Deny, " FROM_ALL
	    "}]}" },
	  "* x/a TCP 80 ~\nx/b x/a TCP 80 +\n9.9.9.9 x/a TCP 80 ~" },
};

static void test_row(void **state)
{
	const struct row *row = *state;
	struct cluster cluster = {};
	size_t i;

	add_grid(&cluster);
	for (i = 0; i < COUNT(row->policies) && row->policies[i]; i++)
		add_policy(&cluster, row->policies[i]);
	expect(&cluster, row->expectations);
	cluster_clear(&cluster);
}

/* Modes of pod and namespace, and what then becomes of a denial. */
struct mode_row {
	const char *name;
	enum podwall_mode pod;
	enum podwall_mode namespace;
	char sign;
};

#define ENFORCE PODWALL_MODE_ENFORCE
#define AUDIT PODWALL_MODE_AUDIT

static const struct mode_row mode_rows[] = {
	{ "neither says", 0, 0, '-' },
	{ "the namespace enforces", 0, ENFORCE, '-' },
	{ "the namespace audits", 0, AUDIT, '~' },
	{ "the pod audits", AUDIT, 0, '~' },
	{ "the pod audits in a namespace that enforces", AUDIT, ENFORCE, '~' },
	{ "the pod enforces in a namespace that audits", ENFORCE, AUDIT, '-' },
	{ "both audit", AUDIT, AUDIT, '~' },
};

static void test_mode(void **state)
{
	const struct mode_row *row = *state;
	char expectations[256];
	struct cluster cluster = {};

	add_grid(&cluster);
	add_policy(&cluster, "N np {podSelector: {matchLabels: {pod: a}}, "
			     "policyTypes: [Ingress, Egress]}");
	cluster_find_pod(&cluster, "x/a")->mode = row->pod;
	cluster_find_namespace(&cluster, "x")->mode = row->namespace;
	snprintf(expectations, sizeof(expectations),
		 "y/a x/a TCP 80 %c\nx/a y/a TCP 80 %c\ny/a x/b TCP 80 +\n"
		 "9.9.9.9 x/a TCP 80 %c",
		 row->sign, row->sign, row->sign);
	expect(&cluster, expectations);
	cluster_clear(&cluster);
}

/* The other end may still deny. */
static void test_other_end(void **state)
{
	struct cluster cluster = {};

	(void)state;
	add_grid(&cluster);
	add_policy(&cluster, "N np {podSelector: {}, policyTypes: [Ingress, "
			     "Egress]}");
	cluster_find_pod(&cluster, "x/a")->mode = PODWALL_MODE_AUDIT;
	expect(&cluster, "x/a x/b TCP 80 -\nx/b x/a TCP 80 -\n"
			 "x/a y/a TCP 80 ~\ny/a x/a TCP 80 ~");
	cluster_clear(&cluster);
}

/* What the annotation may say, and on what. */
struct annotation_row {
	const char *name;
	const char *annotations;
	bool lenient;
	bool fine;
	const char *message;
};

static const struct annotation_row annotation_rows[] = {
	{ "audit", "{podwall.io/mode: audit}", false, true, "" },
	{ "enforce", "{podwall.io/mode: enforce}", false, true, "" },
	{ "somebody else's", "{example.com/mode: \"off\"}", false, true, "" },
	{ "none", "", false, true, "" },
	{ "another word", "{podwall.io/mode: Audit}", false, false,
	  "metadata.annotations[podwall.io/mode]: \"Audit\" is not audit or enforce" },
	{ "no word", "{podwall.io/mode: \"\"}", false, false,
	  "metadata.annotations[podwall.io/mode]: \"\" is not audit or enforce" },
	{ "no text", "{podwall.io/mode: true}", false, false,
	  "metadata.annotations[podwall.io/mode]: must be a text" },
	{ "no annotations", "[podwall.io/mode]", false, false,
	  "metadata.annotations: must be an object" },
	{ "another word, leniently", "{podwall.io/mode: \"off\"}", true, true,
	  "metadata.annotations[podwall.io/mode]: \"off\" is not audit or enforce, and taken as enforce" },
	{ "another name", "{podwall.io/audit: mode}", false, true,
	  "metadata.annotations[podwall.io/audit]: is not an annotation that nlctl knows; there are podwall.io/mode and podwall.io/report" },
};

/* Each is read with the annotations between its two parts. */
static const char *const objects[][2] = {
	{ "{apiVersion: v1, kind: Pod, metadata: {name: o, annotations: ",
	  "}, spec: {}, status: {}}" },
	{ "{apiVersion: v1, kind: Namespace, metadata: {name: o, annotations: ",
	  "}}" },
	{ "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: "
	  "{name: o, annotations: ",
	  "}, spec: {podSelector: {}}}" },
	{ "{apiVersion: policy.networking.k8s.io/v1alpha2, kind: "
	  "ClusterNetworkPolicy, metadata: {name: o, annotations: ",
	  "}, spec: {tier: Admin, priority: 1, subject: {namespaces: {}}}}" },
	{ "{apiVersion: policy.networking.k8s.io/v1alpha1, kind: "
	  "AdminNetworkPolicy, metadata: {name: o, annotations: ",
	  "}, spec: {priority: 1, subject: {namespaces: {}}}}" },
};

/* Whether the one object that was read is in audit mode. */
static bool is_audited(const struct cluster *cluster)
{
	if (cluster->pods)
		return cluster->pods->mode == PODWALL_MODE_AUDIT;
	if (cluster->policies)
		return cluster->policies->audit;
	if (cluster->cluster_policies)
		return cluster->cluster_policies->audit;
	return cluster->namespaces->mode == PODWALL_MODE_AUDIT;
}

static void test_annotation(void **state)
{
	const struct annotation_row *row = *state;
	struct manifest_options options = { .lenient = row->lenient };
	size_t i;

	for (i = 0; i < COUNT(objects); i++) {
		struct cluster cluster = {};
		char *text, *messages;
		bool fine;

		text = xasprintf("%s%s%s", objects[i][0], row->annotations,
				 objects[i][1]);
		messages = read_manifests(&cluster, text, &options, &fine);
		assert_int_equal(fine, row->fine);
		if (!strstr(messages, row->message))
			fail_msg("%s: %s", text, messages);
		if (!*row->message)
			assert_string_equal(messages, "");
		if (fine)
			assert_int_equal(is_audited(&cluster),
					 !strcmp(row->name, "audit"));
		free(messages);
		free(text);
		cluster_clear(&cluster);
	}
}

/* A node has nothing to enforce. */
static void test_node(void **state)
{
	struct manifest_options options = {};
	struct cluster cluster = {};
	char *messages;
	bool fine;

	(void)state;
	messages = read_manifests(&cluster,
				  "{apiVersion: v1, kind: Node, metadata: "
				  "{name: one, annotations: {podwall.io/mode: "
				  "audit}}}",
				  &options, &fine);
	assert_true(fine);
	assert_non_null(strstr(messages, "has no effect on a Node"));
	free(messages);
	cluster_clear(&cluster);
}

/* Pods whose policies are all enforced have nothing to judge them twice, and
 * policies in audit change no other rule set.
 */
static void test_objects(void **state)
{
	struct objects before, after;
	struct cluster cluster = {};
	size_t i;

	(void)state;
	add_grid(&cluster);
	add_policy(&cluster, "N np {podSelector: {matchLabels: {pod: a}}}");
	compile_fine(&cluster, NULL, NULL, &before);
	add_policy(&cluster, "n more {podSelector: {matchLabels: {pod: b}}}");
	compile_fine(&cluster, NULL, &before, &after);
	assert_int_equal(before.pod_count, after.pod_count);
	for (i = 0; i < after.pod_count; i++) {
		const struct pod *pod = &after.pods[i];

		assert_int_equal(pod->egress_enforced_rule_set, 0);
		if (strcmp(pod->key, "x/b") != 0) {
			assert_int_equal(pod->ingress_rule_set,
					 before.pods[i].ingress_rule_set);
			assert_int_equal(pod->ingress_enforced_rule_set, 0);
			continue;
		}
		assert_int_not_equal(pod->ingress_rule_set, 0);
		assert_int_not_equal(pod->ingress_enforced_rule_set, 0);
		assert_int_not_equal(pod->ingress_enforced_rule_set,
				     pod->ingress_rule_set);
	}
	assert_int_equal(after.rule_set_count, before.rule_set_count + 2);
	objects_clear(&before);

	/* The numbers stay when nothing changes. */
	compile_fine(&cluster, NULL, &after, &before);
	for (i = 0; i < after.pod_count; i++) {
		assert_int_equal(before.pods[i].ingress_rule_set,
				 after.pods[i].ingress_rule_set);
		assert_int_equal(before.pods[i].ingress_enforced_rule_set,
				 after.pods[i].ingress_enforced_rule_set);
	}
	objects_clear(&before);
	objects_clear(&after);
	cluster_clear(&cluster);
}

#define RUN(list, test) \
	table_tests(#list, list, COUNT(list), sizeof(*(list)), test)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_other_end),
		cmocka_unit_test(test_node),
		cmocka_unit_test(test_objects),
	};
	int failed = 0;

	failed += RUN(rows, test_row);
	failed += RUN(mode_rows, test_mode);
	failed += RUN(annotation_rows, test_annotation);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return !!failed;
}
