// SPDX-License-Identifier: GPL-2.0-only
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "interpreter.h"
#include "policy/memory.h"

int table_tests(const char *group, const void *rows, size_t count, size_t size,
		CMUnitTestFunction function)
{
	struct CMUnitTest *tests = xcalloc(count, sizeof(*tests));
	size_t i;
	int failed;

	for (i = 0; i < count; i++) {
		char *row = (char *)rows + i * size;
		const char *name;

		memcpy(&name, row, sizeof(name));
		tests[i] = (struct CMUnitTest){
			.name = xasprintf("%s: %s", group, name),
			.test_func = function,
			.initial_state = row,
		};
	}
	failed = _cmocka_run_group_tests(group, tests, count, NULL, NULL);
	for (i = 0; i < count; i++)
		free((char *)tests[i].name);
	free(tests);
	return failed;
}

void replace_objects(struct cluster *cluster, const char *text)
{
	struct network_policy *policy, *next_policy;
	struct cluster_pod *pod, *next_pod;
	struct cluster changed = {};

	add_manifests(&changed, text);
	HASH_ITER(hh, changed.pods, pod, next_pod) {
		HASH_DEL(changed.pods, pod);
		cluster_put_pod(cluster, pod);
	}
	HASH_ITER(hh, changed.policies, policy, next_policy) {
		HASH_DEL(changed.policies, policy);
		cluster_put_policy(cluster, policy);
	}
	cluster_clear(&changed);
}

void remove_policy(struct cluster *cluster, const char *key)
{
	struct network_policy *policy = cluster_find_policy(cluster, key);

	assert_non_null(policy);
	HASH_DEL(cluster->policies, policy);
	network_policy_free(policy);
}

bool parse_endpoint(const struct cluster *cluster, const char *text,
		    struct endpoint *endpoint)
{
	char *key;

	*endpoint = (struct endpoint){};
	if (ip_parse(text, &endpoint->ip))
		return true;
	key = strchr(text, '/') ? xstrdup(text) : xasprintf("default/%s", text);
	endpoint->pod = cluster_find_pod(cluster, key);
	free(key);
	return endpoint->pod;
}

void add_manifests(struct cluster *cluster, const char *text)
{
	const struct manifest_options options = {};
	struct documents documents = {};
	struct problems problems = {};
	size_t i;

	documents_parse(&documents, "test.yaml", text, strlen(text), &problems);
	for (i = 0; i < documents.count; i++)
		manifest_decode(&documents, &documents.list[i], &options,
				cluster, &problems);
	if (problems.errors) {
		problems_print(&problems, stderr);
		fail_msg("the manifests of the test have errors");
	}
	problems_clear(&problems);
	documents_clear(&documents);
}

/* "key=value key=value" */
static void set_labels(struct labels *labels, const char *text)
{
	char *copy = xstrdup(text), *rest = copy, *word;

	while ((word = strsep(&rest, " "))) {
		char *value = strchr(word, '=');

		if (!*word)
			continue;
		assert_non_null(value);
		*value++ = '\0';
		labels_set(labels, word, value);
	}
	free(copy);
}

struct cluster_pod *add_pod(struct cluster *cluster, const char *key,
			    const char *labels, const char *ips,
			    const char *ports)
{
	struct cluster_pod *pod = xcalloc(1, sizeof(*pod));
	const char *slash = strchr(key, '/');
	char *copy, *rest, *word;

	pod->key = xstrdup(key);
	pod->namespace = xasprintf("%.*s", (int)(slash - key), key);
	pod->name = xstrdup(slash + 1);
	pod->uid = xasprintf("uid-of-%s", pod->name);
	pod->node = xstrdup("one");
	pod->phase = POD_RUNNING;
	set_labels(&pod->labels, labels);
	copy = xstrdup(ips);
	rest = copy;
	while ((word = strsep(&rest, " ")))
		if (*word)
			assert_true(ip_parse(word, array_add(pod->ips,
							     pod->ip_count)));
	free(copy);
	copy = xstrdup(ports);
	rest = copy;
	while ((word = strsep(&rest, " "))) {
		struct container_port *port;
		char name[16], protocol[8];
		unsigned int number;

		if (!*word)
			continue;
		assert_int_equal(sscanf(word, "%15[^/]/%7[^/]/%u", name,
					protocol, &number),
				 3);
		port = array_add(pod->ports, pod->port_count);
		port->name = xstrdup(name);
		port->protocol = protocol_number(protocol);
		port->port = number;
	}
	free(copy);
	cluster_put_pod(cluster, pod);
	return pod;
}

void add_namespace(struct cluster *cluster, const char *name,
		   const char *labels)
{
	struct cluster_namespace *namespace = xcalloc(1, sizeof(*namespace));

	namespace->name = xstrdup(name);
	set_labels(&namespace->labels, labels);
	cluster_put_namespace(cluster, namespace);
}

void add_grid(struct cluster *cluster)
{
	static const char ports[] =
		"serve-80-sctp/SCTP/80 serve-80-tcp/TCP/80 serve-80-udp/UDP/80 "
		"serve-81-sctp/SCTP/81 serve-81-tcp/TCP/81 serve-81-udp/UDP/81";
	int i, j;

	for (i = 0; i < 3; i++) {
		char name[] = { 'x' + i, '\0' };
		char labels[] = { 'n', 's', '=', 'x' + i, '\0' };

		add_namespace(cluster, name, labels);
		for (j = 0; j < 3; j++) {
			char key[8], label[8], ips[64];

			snprintf(key, sizeof(key), "%s/%c", name, 'a' + j);
			snprintf(label, sizeof(label), "pod=%c", 'a' + j);
			snprintf(ips, sizeof(ips), "10.%d.0.%d fd00:%d::%d",
				 i + 1, j + 1, i + 1, j + 1);
			add_pod(cluster, key, label, ips, ports);
		}
	}
}

uint8_t protocol_number(const char *name)
{
	if (!strcmp(name, "TCP"))
		return IPPROTO_TCP;
	if (!strcmp(name, "UDP"))
		return IPPROTO_UDP;
	if (!strcmp(name, "SCTP"))
		return IPPROTO_SCTP;
	assert_string_equal(name, "ICMP");
	return IPPROTO_ICMP;
}

void compile_fine(const struct cluster *cluster, const char *node,
		  const struct objects *live, struct objects *objects)
{
	struct problems problems = {};

	assert_true(compile(cluster, node, live, objects, &problems));
	assert_int_equal(problems.count, 0);
	check_objects(objects);
}

/* The address by which an endpoint speaks; false when it has none. */
static bool endpoint_ip(const struct endpoint *endpoint, int family,
			struct ip *ip)
{
	size_t i;

	if (!endpoint->pod) {
		*ip = endpoint->ip;
		return ip->family == family;
	}
	for (i = 0; i < endpoint->pod->ip_count; i++) {
		if (endpoint->pod->ips[i].family == family) {
			*ip = endpoint->pod->ips[i];
			return true;
		}
	}
	return false;
}

static char evaluation_sign(const struct evaluation *evaluation)
{
	if (evaluation->verdict == PODWALL_VERDICT_DENY)
		return '-';
	return evaluation->egress.audited || evaluation->ingress.audited ? '~' :
									   '+';
}

char judge_sign(const struct cluster *cluster, const char *from, const char *to,
		int family, uint8_t protocol, uint16_t port)
{
	static const char signs[] = { [INTERPRETATION_DENY] = '-',
				      [INTERPRETATION_ACCEPT] = '+',
				      [INTERPRETATION_AUDIT] = '~' };
	struct endpoint client, server;
	struct evaluation evaluation;
	struct problems problems = {};
	struct ip client_ip, server_ip;
	struct objects objects;
	char evaluated, interpreted;
	const char *wrong;

	assert_true(parse_endpoint(cluster, from, &client));
	assert_true(parse_endpoint(cluster, to, &server));
	wrong = evaluate(cluster, &client, &server, family, protocol, port,
			 &evaluation);
	if (wrong)
		fail_msg("%s to %s: %s", from, to, wrong);
	evaluated = evaluation_sign(&evaluation);
	evaluation_clear(&evaluation);

	assert_true(compile(cluster, NULL, NULL, &objects, &problems));
	problems_clear(&problems);
	check_objects(&objects);
	assert_true(endpoint_ip(&client, family, &client_ip));
	assert_true(endpoint_ip(&server, family, &server_ip));
	interpreted = signs[interpret(cluster, &objects, &client_ip, &server_ip,
				      protocol, port)];
	objects_clear(&objects);
	if (evaluated != interpreted)
		fail_msg("%s to %s %u/%u: the evaluator says %c, the compiled objects %c",
			 from, to, protocol, port, evaluated, interpreted);
	return evaluated;
}

bool is_allowed(const struct cluster *cluster, const char *from, const char *to,
		int family, uint8_t protocol, uint16_t port)
{
	return judge_sign(cluster, from, to, family, protocol, port) != '-';
}

#define EXPECTATIONS_MAX 64

struct expectation {
	char from[64];
	char to[64];
	char protocol[8];
	unsigned int port;
	char sign;
};

/* Whether an end of an expectation stands for a name. */
static bool covers(const char *end, const char *name)
{
	const char *star = strchr(end, '*');

	if (!star)
		return !strcmp(end, name);
	return strchr(name, '/') && !strncmp(end, name, star - end);
}

static bool applies(const struct expectation *expectation, const char *from,
		    const char *to)
{
	return covers(expectation->from, from) && covers(expectation->to, to);
}

/* All names that an end of an expectation stands for. */
static size_t expand(const struct cluster *cluster, const char *end,
		     const char **names, size_t room)
{
	const struct cluster_pod *pod;
	size_t count = 0;

	if (!strchr(end, '*')) {
		names[0] = end;
		return 1;
	}
	for (pod = cluster->pods; pod && count < room; pod = pod->hh.next)
		if (covers(end, pod->key))
			names[count++] = pod->key;
	return count;
}

static void try(const struct cluster *cluster,
		const struct expectation *expectation, const char *from,
		const char *to)
{
	static const int families[] = { AF_INET, AF_INET6 };
	struct endpoint client, server;
	struct ip unused;
	size_t i, tried = 0;

	assert_true(parse_endpoint(cluster, from, &client));
	assert_true(parse_endpoint(cluster, to, &server));
	for (i = 0; i < COUNT(families); i++) {
		char sign;

		if (!endpoint_ip(&client, families[i], &unused) ||
		    !endpoint_ip(&server, families[i], &unused))
			continue;
		tried++;
		sign = judge_sign(cluster, from, to, families[i],
				  protocol_number(expectation->protocol),
				  expectation->port);
		if (sign != expectation->sign)
			fail_msg("%s to %s %s %u over IPv%d is %c", from, to,
				 expectation->protocol, expectation->port,
				 families[i] == AF_INET ? 4 : 6, sign);
	}
	assert_true(tried);
}

void expect(const struct cluster *cluster, const char *expectations)
{
	struct expectation list[EXPECTATIONS_MAX];
	const char *from[32], *to[32];
	size_t count = 0, i, j, k, l;
	const char *line;

	for (line = expectations; line && *line;
	     line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
		struct expectation *expectation = &list[count++];

		assert_true(count <= EXPECTATIONS_MAX);
		assert_int_equal(sscanf(line, "%63s %63s %7s %u %c",
					expectation->from, expectation->to,
					expectation->protocol,
					&expectation->port, &expectation->sign),
				 5);
	}
	assert_true(count);
	for (i = 0; i < count; i++) {
		size_t from_count =
			expand(cluster, list[i].from, from, COUNT(from));
		size_t to_count = expand(cluster, list[i].to, to, COUNT(to));

		for (j = 0; j < from_count; j++) {
			for (k = 0; k < to_count; k++) {
				bool overridden = !strcmp(from[j], to[k]);

				for (l = i + 1; l < count; l++)
					if (applies(&list[l], from[j], to[k]) &&
					    !strcmp(list[l].protocol,
						    list[i].protocol) &&
					    list[l].port == list[i].port)
						overridden = true;
				if (!overridden)
					try(cluster, &list[i], from[j], to[k]);
			}
		}
	}
}

char *all_problems(const struct problems *problems)
{
	size_t length;
	char *text;
	FILE *stream = xopen_memstream(&text, &length);

	problems_print(problems, stream);
	fclose(stream);
	return text;
}

char *read_manifests(struct cluster *cluster, const char *text,
		     const struct manifest_options *options, bool *fine)
{
	struct documents documents = {};
	struct problems problems = {};
	char *messages;
	size_t i;

	*fine = documents_parse(&documents, "t", text, strlen(text), &problems);
	for (i = 0; i < documents.count; i++)
		if (!manifest_decode(&documents, &documents.list[i], options,
				     cluster, &problems))
			*fine = false;
	assert_int_equal(*fine, !problems.errors);
	messages = all_problems(&problems);
	problems_clear(&problems);
	documents_clear(&documents);
	return messages;
}
