// SPDX-License-Identifier: GPL-2.0-only
/*
 * sample [--hostile] FILE...: print the page of manifests, as if some attempts
 * had been seen. With --hostile, pods have names that try to be anything but text.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/attempts.h"
#include "graph/document.h"
#include "graph/graph.h"
#include "graph/graphviz.h"
#include "graph/page.h"
#include "graph/picture.h"
#include "policy/compiler.h"
#include "policy/manifest.h"
#include "policy/memory.h"

static const struct {
	const char *client; /* what a pod's key begins with, or an address */
	const char *server;
	uint8_t protocol;
	uint16_t port;
	unsigned int packets;
	bool audited;
} attempts_seen[] = {
	{ "shop/frontend", "payments/ledger", IPPROTO_TCP, 7000, 17, false },
	{ "shop/frontend", "payments/ledger", IPPROTO_TCP, 22, 1, false },
	{ "198.51.100.23", "shop/db", IPPROTO_TCP, 5432, 240, false },
	{ "shop/catalog", "192.0.2.53", IPPROTO_UDP, 53, 31, false },
	{ "monitoring/prometheus", "ingress/gateway", IPPROTO_TCP, 9100, 4,
	  true },
};

static const char *const hostile_names[] = {
	"shop/</script><img src=x onerror=document.title='taken'>",
	"shop/\"]; v0 -> v0 [label=\"drawn",
	"shop/]]><svg/onload=document.title='taken'>&lt;b&gt;&amp;\\N\\",
	"shop/{{SCRIPT}}-{{DATA}}",
	"shop/<!--<script>",
	"shop/\xff\xc3(\x01\x1b[31m\xe2\x82\xac",
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void find_end(const struct objects *objects, const char *text,
		     struct ip *ip, char **pod)
{
	size_t i;

	*pod = NULL;
	if (ip_parse(text, ip))
		return;
	for (i = 0; i < objects->pod_count; i++) {
		if (strncmp(objects->pods[i].key, text, strlen(text)) != 0)
			continue;
		*ip = objects->pods[i].ips[0];
		*pod = xstrdup(objects->pods[i].key);
		return;
	}
	fprintf(stderr, "sample: no pod %s\n", text);
	exit(EXIT_FAILURE);
}

static void add_attempts(const struct objects *objects,
			 struct attempts *attempts)
{
	size_t i, j;

	for (i = 0; i < COUNT(attempts_seen); i++) {
		char origin[] = "NetworkPolicy default-deny";
		struct event event = {
			.connection = {
				.protocol = attempts_seen[i].protocol,
				.server_port = attempts_seen[i].port,
			},
			.decision = {
				.reason = PODWALL_REASON_ISOLATED,
				.mode = attempts_seen[i].audited ?
						PODWALL_MODE_AUDIT :
						PODWALL_MODE_ENFORCE,
				.origin = origin,
			},
		};

		find_end(objects, attempts_seen[i].client,
			 &event.connection.client, &event.client_pod);
		find_end(objects, attempts_seen[i].server,
			 &event.connection.server, &event.server_pod);
		for (j = 0; j < attempts_seen[i].packets; j++)
			attempts_add(attempts, &event);
		free(event.client_pod);
		free(event.server_pod);
	}
}

/* Each in the place of a pod of another workload. */
static void rename_pods(struct objects *objects)
{
	size_t i, used = 0;

	for (i = 0; i < objects->pod_count && used < COUNT(hostile_names);
	     i += 2) {
		if (strstr(objects->pods[i].key, "ledger") ||
		    strstr(objects->pods[i].key, "prometheus"))
			continue;
		free(objects->pods[i].key);
		objects->pods[i].key = xstrdup(hostile_names[used++]);
	}
	objects_sort(objects);
}

int main(int argc, char **argv)
{
	bool hostile = argc > 1 && !strcmp(argv[1], "--hostile");
	const struct manifest_options options = {};
	struct graph_source source = {};
	struct problems problems = {};
	struct cluster cluster = {};
	struct attempts attempts = {};
	struct objects objects;
	struct graph graph;
	size_t length;
	json_t *document;
	FILE *stream;
	char *text, *svg, *why;

	argv += hostile;
	argc -= hostile;
	if (!manifest_read((const char *const *)argv + 1, argc - 1, &options,
			   &cluster, &problems) ||
	    !compile(&cluster, NULL, NULL, &objects, &problems)) {
		problems_print(&problems, stderr);
		return EXIT_FAILURE;
	}
	add_attempts(&objects, &attempts);
	if (hostile)
		rename_pods(&objects);
	source.objects = &objects;
	graph_build(&source, &graph);
	attempts_place(&attempts, &graph);
	stream = xopen_memstream(&text, &length);
	picture_print(&graph, &attempts, stream);
	fclose(stream);
	why = graphviz_draw(text, length, 120, &svg);
	document = document_json(&graph, &attempts, true);
	json_object_set_new(document, "source", json_string("A sample."));
	json_object_set_new(document, "seconds", json_integer(60));
	json_object_set_new(document, "lost", json_integer(0));
	document_add_cells(&graph, document);
	page_print(document, svg, why, stdout);
	json_decref(document);
	free(why);
	free(svg);
	free(text);
	graph_clear(&graph);
	attempts_clear(&attempts);
	objects_clear(&objects);
	cluster_clear(&cluster);
	problems_clear(&problems);
	return EXIT_SUCCESS;
}
