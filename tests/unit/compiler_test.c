// SPDX-License-Identifier: GPL-2.0-only
#include "support.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "policy/difference.h"
#include "policy/memory.h"

static void write_rule(FILE *stream, const struct rule *rule)
{
	size_t i;

	fprintf(stream, "  %s:", rule->origin);
	if (rule->any_peer)
		fputs(" any", stream);
	for (i = 0; i < rule->peer_set_count; i++)
		fprintf(stream, " #%u", rule->peer_sets[i]);
	fputs(",", stream);
	if (rule->any_port)
		fputs(" any", stream);
	for (i = 0; i < rule->port_range_count; i++)
		fprintf(stream, " %u:%u-%u", rule->port_ranges[i].protocol,
			rule->port_ranges[i].first, rule->port_ranges[i].last);
	fputc('\n', stream);
}

/* Objects as text, to compare them with what a test expects. */
static char *objects_text(const struct objects *objects)
{
	char text[INET6_ADDRSTRLEN];
	size_t length, i, j;
	char *result;
	FILE *stream = xopen_memstream(&result, &length);

	for (i = 0; i < objects->address_count; i++)
		fprintf(stream, "%s %u\n",
			ip_text(&objects->addresses[i].ip, text),
			objects->addresses[i].identity);
	for (i = 0; i < objects->peer_set_count; i++) {
		const struct peer_set *peer_set = &objects->peer_sets[i];

		fprintf(stream, "#%u %s:", peer_set->id, peer_set->name);
		for (j = 0; j < peer_set->identity_count; j++)
			fprintf(stream, " %u", peer_set->identities[j]);
		fprintf(stream, " + %zu\n", peer_set->block_count);
	}
	for (i = 0; i < objects->rule_set_count; i++) {
		const struct rule_set *rule_set = &objects->rule_sets[i];

		fprintf(stream, "%s %u by %s\n",
			rule_set->direction == PODWALL_DIRECTION_INGRESS ?
				"ingress" :
				"egress",
			rule_set->id, rule_set->isolation_origin);
		for (j = 0; j < rule_set->rule_count; j++)
			write_rule(stream, &rule_set->rules[j]);
	}
	for (i = 0; i < objects->pod_count; i++)
		fprintf(stream, "%s %u %u\n", objects->pods[i].key,
			objects->pods[i].ingress_rule_set,
			objects->pods[i].egress_rule_set);
	fclose(stream);
	return result;
}

static void assert_compiles(const struct cluster *cluster, const char *node,
			    const char *expected)
{
	struct objects objects;
	char *text;

	compile_fine(cluster, node, NULL, &objects);
	text = objects_text(&objects);
	assert_string_equal(text, expected);
	free(text);
	objects_clear(&objects);
}

#define POLICY(name, spec)                                        \
	"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n" \
	"metadata: {name: " name ", namespace: x}\nspec: " spec "\n---\n"

static void test_first_run(void **state)
{
	struct cluster cluster = {};

	(void)state;
	add_pod(&cluster, "x/web", "role=frontend", "10.0.0.1 fd00::1", "");
	add_pod(&cluster, "x/db", "role=backend", "10.0.0.2", "");
	add_pod(&cluster, "x/db2", "role=backend", "10.0.0.3", "");
	add_manifests(
		&cluster,
		POLICY("allow-frontend-ingress",
		       "{podSelector: {matchLabels: {role: frontend}}, ingress: "
		       "[{from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: "
		       "[{protocol: TCP, port: 80}]}]}")
			POLICY("restrict-egress",
			       "{podSelector: {matchLabels: {role: backend}}, "
			       "egress: [{to: [{ipBlock: {cidr: "
			       "34.102.136.180/32}}], ports: [{protocol: TCP, "
			       "port: 443}]}]}"));
	assert_compiles(&cluster, NULL,
			"#1 34.102.136.180/32: + 1\n#2 0.0.0.0/0: + 1\n"
			"ingress 1 by NetworkPolicy x/restrict-egress\n"
			"egress 2 by NetworkPolicy x/restrict-egress\n"
			"  NetworkPolicy x/restrict-egress egress[0]: #1, 6:443-443\n"
			"ingress 3 by NetworkPolicy x/allow-frontend-ingress\n"
			"  NetworkPolicy x/allow-frontend-ingress ingress[0]: #2, "
			"6:80-80\n"
			"x/db 1 2\nx/db2 1 2\nx/web 3 0\n");
	assert_compiles(&cluster, "two", "");
	cluster_clear(&cluster);
}

static void test_peers_and_ports(void **state)
{
	struct cluster cluster = {};

	(void)state;
	add_pod(&cluster, "x/a", "app=a", "10.0.0.1", "http/TCP/80");
	add_pod(&cluster, "x/b", "app=b", "10.0.0.2", "http/TCP/8080");
	add_pod(&cluster, "x/c", "app=b", "10.0.0.3", "http/TCP/80");
	add_pod(&cluster, "y/d", "", "10.0.0.4", "");
	add_pod(&cluster, "y/gone", "", "", "");
	add_manifests(
		&cluster,
		POLICY("p",
		       "{podSelector: {matchLabels: {app: a}}, policyTypes: "
		       "[Egress], egress: [{to: [{podSelector: {matchLabels: "
		       "{app: b}}}, {podSelector: {matchExpressions: [{key: "
		       "app, operator: In, values: [b]}]}}, {namespaceSelector: "
		       "{}}, {podSelector: {matchLabels: {app: none}}}], ports: "
		       "[{port: http}, {port: 90}, {port: 85, endPort: 90}, "
		       "{protocol: UDP}]}]}"));
	assert_compiles(
		&cluster, NULL,
		"10.0.0.1 1\n10.0.0.2 2\n10.0.0.3 3\n10.0.0.4 4\n"
		"#1 pods{app=b} in namespaces{kubernetes.io/metadata.name=x}: "
		"2 3 + 0\n"
		"#2 pods{} in namespaces{}: 1 2 3 4 + 0\n"
		"#3 pods{app=none} in namespaces{kubernetes.io/metadata.name="
		"x}: + 0\n"
		"#4 pods{app=b} in namespaces{kubernetes.io/metadata.name=x} "
		"serving http/TCP at 80: 3 + 0\n"
		"#5 pods{} in namespaces{} serving http/TCP at 80: 1 3 + 0\n"
		"#6 pods{app=b} in namespaces{kubernetes.io/metadata.name=x} "
		"serving http/TCP at 8080: 2 + 0\n"
		"#7 pods{} in namespaces{} serving http/TCP at 8080: 2 + 0\n"
		"egress 1 by NetworkPolicy x/p\n"
		"  NetworkPolicy x/p egress[0]: #1 #2 #3, 6:85-90 "
		"17:0-65535\n"
		"  NetworkPolicy x/p egress[0]: #4 #5, 6:80-80\n"
		"  NetworkPolicy x/p egress[0]: #6 #7, 6:8080-8080\n"
		"x/a 0 1\nx/b 0 0\nx/c 0 0\ny/d 0 0\n");
	cluster_clear(&cluster);
}

/* Ingress by name may differ between the pods of one policy. */
static void test_subject_ports(void **state)
{
	struct cluster cluster = {};

	(void)state;
	add_pod(&cluster, "x/a", "", "10.0.0.1", "http/TCP/80");
	add_pod(&cluster, "x/b", "", "10.0.0.2", "http/TCP/8080");
	add_pod(&cluster, "x/c", "", "10.0.0.3", "http/UDP/80");
	add_pod(&cluster, "x/d", "", "10.0.0.4", "");
	add_manifests(&cluster,
		      POLICY("p", "{ingress: [{ports: [{port: http}]}]}"));
	assert_compiles(&cluster, NULL,
			"ingress 1 by NetworkPolicy x/p\n"
			"  NetworkPolicy x/p ingress[0]: any, 6:80-80\n"
			"ingress 2 by NetworkPolicy x/p\n"
			"  NetworkPolicy x/p ingress[0]: any, 6:8080-8080\n"
			"ingress 3 by NetworkPolicy x/p\n"
			"x/a 1 0\nx/b 2 0\nx/c 3 0\nx/d 3 0\n");
	cluster_clear(&cluster);
}

static void test_long_names(void **state)
{
	struct cluster cluster = {};
	const char *origin, *name;
	struct objects objects;
	size_t length, i;
	char *text;
	FILE *stream;

	(void)state;
	add_pod(&cluster, "x/a", "", "10.0.0.1", "");
	stream = xopen_memstream(&text, &length);
	for (i = 0; i < 60; i++)
		fprintf(stream,
			POLICY("policy-with-a-name-%02zu", "{ingress: []}"), i);
	fputs("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
	      "metadata: {name: z, namespace: x}\nspec:\n  ingress:\n  - from:\n"
	      "    - podSelector:\n        matchExpressions:\n"
	      "        - key: a\n          operator: In\n          values:\n",
	      stream);
	for (i = 0; i < 100; i++)
		fprintf(stream, "          - value-%zu\n", i);
	fclose(stream);
	add_manifests(&cluster, text);
	free(text);

	compile_fine(&cluster, NULL, NULL, &objects);
	assert_int_equal(objects.rule_set_count, 1);
	origin = objects.rule_sets[0].isolation_origin;
	assert_true(strlen(origin) <= PODWALL_ORIGIN_MAX);
	assert_true(strlen(origin) > PODWALL_ORIGIN_MAX - 30);
	assert_memory_equal(origin, "NetworkPolicy x/policy-with-a-name-00, x/",
			    41);
	assert_string_equal(strstr(origin, ", and "), ", and 42 more");
	name = objects.peer_sets[0].name;
	assert_int_equal(strlen(name), PODWALL_NAME_MAX);
	assert_int_equal(name[PODWALL_NAME_MAX - 17], '#');
	objects_clear(&objects);
	cluster_clear(&cluster);
}

/* How a cluster changes, and what then has to be sent. */
struct change_row {
	const char *name;
	const char *changes; /* manifests that replace what was */
	const char *removes; /* "KIND KEY", or NULL */
	const char *difference;
};

#define POD(name, labels, ip)                                            \
	"{kind: Pod, apiVersion: v1, metadata: {name: " name             \
	", namespace: x, uid: uid-of-" name ", labels: {" labels         \
	"}}, spec: {nodeName: one}, status: {phase: Running, podIP: " ip \
	"}}\n---\n"

static const struct change_row change_rows[] = {
	{ "nothing", "", NULL, "" },
	{ "a pod joins an identity", POD("w3", "app: web", "10.0.0.6"), NULL,
	  "+ address 10.0.0.6: identity 2\n"
	  "+ pod x/w3: 10.0.0.6, ingress rule-set 2, no egress rule-set\n" },
	{ "a pod goes", "", "Pod x/w2",
	  "- address 10.0.0.4: identity 2\n"
	  "- pod x/w2: 10.0.0.4, ingress rule-set 2, no egress rule-set\n" },
	{ "the only pod of an identity goes", "", "Pod x/a",
	  "- address 10.0.0.1: identity 1\n"
	  "~ peer-set 1 (pods{app=a} in namespaces{kubernetes.io/metadata.name"
	  "=x}): 0 identities, was 1\n"
	  "- pod x/a: 10.0.0.1, no ingress rule-set, no egress rule-set\n" },
	{ "a pod that no rule refers to", POD("aaa", "app: new", "10.0.0.9"),
	  NULL,
	  "+ pod x/aaa: 10.0.0.9, no ingress rule-set, no egress rule-set\n" },
	{ "a pod changes its labels", POD("w2", "app: a", "10.0.0.4"), NULL,
	  "~ address 10.0.0.4: identity 1, was 2\n"
	  "~ pod x/w2: 10.0.0.4, no ingress rule-set (was 2), no egress "
	  "rule-set\n" },
	{ "a rule changes",
	  POLICY("web", "{podSelector: {matchLabels: {app: web}}, ingress: "
			"[{from: [{podSelector: {matchLabels: {app: a}}}]}, "
			"{ports: [{port: 80}]}]}"),
	  NULL,
	  "~ rule-set 2 (ingress: NetworkPolicy x/web): 2 rules, was 1\n" },
	{ "a policy joins",
	  POLICY("aaa",
		 "{podSelector: {matchLabels: {app: web}}, ingress: "
		 "[{from: [{podSelector: {matchLabels: {app: new}}}]}]}"),
	  NULL,
	  "+ peer-set 3 (pods{app=new} in namespaces{kubernetes.io/metadata."
	  "name=x}): 0 identities\n"
	  "~ rule-set 2 (ingress: NetworkPolicy x/aaa, x/web): 2 rules, was "
	  "1\n" },
	{ "a pod that comes first takes a free number",
	  POD("aaa", "app: new", "10.0.0.9")
		  POLICY("more",
			 "{podSelector: {matchLabels: {app: new}}, ingress: "
			 "[{from: [{podSelector: {matchLabels: {app: new}}}]}]}"),
	  NULL,
	  "+ address 10.0.0.9: identity 3\n"
	  "+ peer-set 3 (pods{app=new} in namespaces{kubernetes.io/metadata."
	  "name=x}): 1 identity\n"
	  "+ rule-set 3 (ingress: NetworkPolicy x/more): 1 rule\n"
	  "+ pod x/aaa: 10.0.0.9, ingress rule-set 3, no egress rule-set\n" },
	{ "a policy goes", "", "NetworkPolicy x/db",
	  "- address 10.0.0.3: identity 2\n"
	  "- address 10.0.0.4: identity 2\n"
	  "- address 10.0.0.5: identity 2\n"
	  "- peer-set 2 (pods{app=web} in namespaces{kubernetes.io/metadata."
	  "name=x}): 1 identity\n"
	  "- rule-set 1 (ingress: NetworkPolicy x/db): 1 rule\n"
	  "~ pod x/db: 10.0.0.2, no ingress rule-set (was 1), no egress "
	  "rule-set\n" },
	{ "a pod moves to another address", POD("a", "app: a", "10.0.0.11"),
	  NULL,
	  "- address 10.0.0.1: identity 1\n"
	  "+ address 10.0.0.11: identity 1\n"
	  "~ pod x/a: 10.0.0.11, no ingress rule-set, no egress rule-set\n" },
	{ "a pod is made anew under its name",
	  "{kind: Pod, apiVersion: v1, metadata: {name: a, namespace: x, uid: "
	  "other, labels: {app: a}}, spec: {nodeName: one}, status: {phase: "
	  "Running, podIP: 10.0.0.1}}",
	  NULL,
	  "~ pod x/a: 10.0.0.1, no ingress rule-set, no egress rule-set, uid "
	  "other\n" },
};

static void add_stable_cluster(struct cluster *cluster)
{
	add_manifests(cluster,
		      POD("a", "app: a", "10.0.0.1") POD("db", "app: db",
							 "10.0.0.2")
			      POD("w1", "app: web",
				  "10.0.0.3") POD("w2", "app: web", "10.0.0.4")
				      POD("w4", "app: web", "10.0.0.5"));
	add_manifests(cluster,
		      POLICY("db",
			     "{podSelector: {matchLabels: {app: db}}, ingress: "
			     "[{from: [{podSelector: {matchLabels: {app: "
			     "web}}}]}]}")
			      POLICY("web",
				     "{podSelector: {matchLabels: {app: web}}, "
				     "ingress: [{from: [{podSelector: "
				     "{matchLabels: {app: a}}}]}]}"));
}

/* "Pod KEY" or "NetworkPolicy KEY" */
static void remove_object(struct cluster *cluster, const char *name)
{
	struct cluster_pod *pod;

	if (strncmp(name, "Pod ", 4)) {
		remove_policy(cluster, strchr(name, ' ') + 1);
		return;
	}
	pod = cluster_find_pod(cluster, name + 4);
	assert_non_null(pod);
	HASH_DEL(cluster->pods, pod);
	cluster_pod_free(pod);
}

/* The live numbers are not those of a first compile. */
static void test_change(void **state)
{
	const struct change_row *row = *state;
	struct objects live, desired, again;
	struct difference difference;
	struct cluster cluster = {};
	size_t length, i;
	char *text;
	FILE *stream;

	add_stable_cluster(&cluster);
	compile_fine(&cluster, NULL, NULL, &live);
	/* Swap the ids of the peer sets, which a first compile would not. */
	for (i = 0; i < live.peer_set_count; i++)
		live.peer_sets[i].id = 3 - live.peer_sets[i].id;
	for (i = 0; i < live.rule_set_count; i++)
		live.rule_sets[i].rules[0].peer_sets[0] =
			3 - live.rule_sets[i].rules[0].peer_sets[0];
	live.rule_sets[0].rules[0].count.packets = 77;
	objects_sort(&live);

	replace_objects(&cluster, row->changes);
	if (row->removes)
		remove_object(&cluster, row->removes);

	compile_fine(&cluster, NULL, &live, &desired);
	difference_find(&live, &desired, &difference);
	stream = xopen_memstream(&text, &length);
	difference_print(&difference, stream);
	fclose(stream);
	assert_string_equal(text, row->difference);
	assert_int_equal(difference_empty(&difference), !*row->difference);
	difference_clear(&difference);
	free(text);

	compile_fine(&cluster, NULL, &desired, &again);
	difference_find(&desired, &again, &difference);
	assert_true(difference_empty(&difference));
	difference_clear(&difference);
	objects_clear(&again);
	objects_clear(&desired);
	objects_clear(&live);
	cluster_clear(&cluster);
}

/* Of two pods that shared a rule set, one changes: both ids stay in use. */
static void test_split(void **state)
{
	struct objects live, desired;
	struct cluster cluster = {};

	(void)state;
	add_pod(&cluster, "x/a", "app=a", "10.0.0.1", "");
	add_pod(&cluster, "x/b", "app=b", "10.0.0.2", "");
	add_manifests(&cluster, POLICY("all", "{podSelector: {}}"));
	compile_fine(&cluster, NULL, NULL, &live);
	assert_int_equal(live.rule_set_count, 1);
	live.rule_sets[0].id = 7;
	live.pods[0].ingress_rule_set = 7;
	live.pods[1].ingress_rule_set = 7;
	live.pods[0].interface = xstrdup("veth0");
	add_manifests(&cluster, POLICY("more", "{podSelector: {matchLabels: "
					       "{app: a}}, ingress: [{}]}"));
	compile_fine(&cluster, NULL, &live, &desired);
	assert_int_equal(desired.rule_set_count, 2);
	assert_int_equal(desired.pods[0].ingress_rule_set, 1);
	assert_int_equal(desired.pods[1].ingress_rule_set, 7);
	assert_string_equal(desired.pods[0].interface, "veth0");
	assert_null(desired.pods[1].interface);
	objects_clear(&desired);
	objects_clear(&live);
	cluster_clear(&cluster);
}

static char *difference_text(const struct objects *before,
			     const struct objects *after)
{
	struct difference difference;
	size_t length;
	char *text;
	FILE *stream = xopen_memstream(&text, &length);

	difference_find(before, after, &difference);
	difference_print(&difference, stream);
	fclose(stream);
	difference_clear(&difference);
	return text;
}

/* What the kernel alone knows of a pod stays, unless another pod follows; its
 * mode is for manifests to say.
 */
static void test_keep_interface(void **state)
{
	struct objects live, desired, enforced;
	struct cluster cluster = {};
	char *text;

	(void)state;
	add_pod(&cluster, "x/a", "", "10.0.0.1", "");
	compile_fine(&cluster, NULL, NULL, &enforced);
	compile_fine(&cluster, NULL, NULL, &live);
	assert_int_equal(live.pods[0].mode, PODWALL_MODE_ENFORCE);
	live.pods[0].mode = PODWALL_MODE_AUDIT;
	live.pods[0].interface = xstrdup("veth0");
	compile_fine(&cluster, NULL, &live, &desired);
	text = difference_text(&live, &desired);
	assert_string_equal(text,
			    "~ pod x/a: 10.0.0.1, no ingress rule-set, no "
			    "egress rule-set, mode enforce (was audit)\n");
	free(text);
	text = difference_text(&live, &enforced);
	assert_string_equal(text,
			    "~ pod x/a: 10.0.0.1, no ingress rule-set, no "
			    "egress rule-set, mode enforce (was audit), "
			    "interface unknown (was veth0)\n");
	free(text);
	text = difference_text(&enforced, &live);
	assert_string_equal(text,
			    "~ pod x/a: 10.0.0.1, no ingress rule-set, no "
			    "egress rule-set, mode audit (was enforce), "
			    "interface veth0 (was unknown)\n");
	free(text);
	objects_clear(&desired);

	free(live.pods[0].uid);
	live.pods[0].uid = xstrdup("earlier");
	compile_fine(&cluster, NULL, &live, &desired);
	assert_int_equal(desired.pods[0].mode, PODWALL_MODE_ENFORCE);
	assert_null(desired.pods[0].interface);
	objects_clear(&desired);
	objects_clear(&enforced);
	objects_clear(&live);
	cluster_clear(&cluster);
}

/* Rule sets whose content changes keep their ids, each in its direction. */
static void test_keep_both(void **state)
{
	struct objects live, desired;
	struct cluster cluster = {};

	(void)state;
	add_pod(&cluster, "x/a", "", "10.0.0.1", "");
	add_manifests(&cluster, POLICY("all", "{egress: [{}]}"));
	compile_fine(&cluster, NULL, NULL, &live);
	assert_int_equal(live.rule_set_count, 2);
	live.rule_sets[0].id = 5;
	live.rule_sets[1].id = 9;
	live.pods[0].ingress_rule_set = 5;
	live.pods[0].egress_rule_set = 9;
	add_manifests(&cluster, POLICY("more", "{egress: [{ports: [{}]}]}"));
	compile_fine(&cluster, NULL, &live, &desired);
	assert_int_equal(desired.rule_set_count, 2);
	assert_int_equal(desired.pods[0].ingress_rule_set, 5);
	assert_int_equal(desired.pods[0].egress_rule_set, 9);
	objects_clear(&desired);
	objects_clear(&live);
	cluster_clear(&cluster);
}

/* The same objects in another order give the same result, cookies too. */
static void test_order(void **state)
{
	static const char *const pods[] = { "x/a", "x/b", "y/a", "y/b" };
	static const char first[] = POLICY("p", "{ingress: [{from: [{"
						"namespaceSelector: {}}]}]}");
	static const char second[] = POLICY("q", "{egress: [{}]}");
	struct cluster cluster[2] = {};
	struct difference difference;
	struct objects objects[2];
	size_t i, j;

	(void)state;
	for (i = 0; i < 2; i++) {
		for (j = 0; j < COUNT(pods); j++) {
			size_t index = i ? COUNT(pods) - 1 - j : j;
			char ip[32];

			snprintf(ip, sizeof(ip), "10.0.0.%zu", index);
			add_pod(&cluster[i], pods[index], "a=b", ip, "");
		}
		add_manifests(&cluster[i], i ? second : first);
		add_manifests(&cluster[i], i ? first : second);
		compile_fine(&cluster[i], NULL, NULL, &objects[i]);
	}
	assert_int_equal(objects[0].rule_sets[0].rules[0].cookie,
			 0x753ca20c92700acb);
	difference_find(&objects[0], &objects[1], &difference);
	assert_true(difference_empty(&difference));
	difference_clear(&difference);
	for (i = 0; i < 2; i++) {
		objects_clear(&objects[i]);
		cluster_clear(&cluster[i]);
	}
}

static void test_counts(void **state)
{
	struct difference difference;
	struct cluster cluster = {};
	struct objects objects, none = {};

	(void)state;
	add_stable_cluster(&cluster);
	compile_fine(&cluster, NULL, NULL, &objects);
	difference_find(NULL, &objects, &difference);
	assert_int_equal(difference_count(&difference, CHANGE_ADD), 13);
	assert_int_equal(difference_count(&difference, CHANGE_REMOVE), 0);
	difference_clear(&difference);
	difference_find(&objects, &none, &difference);
	assert_int_equal(difference_count(&difference, CHANGE_ADD), 0);
	assert_int_equal(difference_count(&difference, CHANGE_REMOVE), 13);
	assert_int_equal(difference.address_count, 4);
	assert_int_equal(difference.peer_set_count, 2);
	assert_int_equal(difference.rule_set_count, 2);
	assert_int_equal(difference.pod_count, 5);
	difference_clear(&difference);
	objects_clear(&objects);
	cluster_clear(&cluster);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_run),
		cmocka_unit_test(test_peers_and_ports),
		cmocka_unit_test(test_subject_ports),
		cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_keep_interface),
		cmocka_unit_test(test_keep_both),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_counts),
	};
	int failed = 0;

	failed += table_tests("change", change_rows, COUNT(change_rows),
			      sizeof(*change_rows), test_change);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return !!failed;
}
