// SPDX-License-Identifier: GPL-2.0-only
#include "generator/pods.h"

#include <stdio.h>
#include <string.h>
#include "generator/names.h"
#include "generator/selectors.h"

#define PODS_OF_NODE_TWO 3 /* one address in so many */

json_t *generate_namespace(struct chance *chance, const char *name)
{
	return json_pack("{s:s, s:s, s:{s:s, s:o}}", "apiVersion", "v1", "kind",
			 "Namespace", "metadata", "name", name, "labels",
			 generate_labels(chance));
}

static unsigned int node_number(const char *name)
{
	return strcmp(name, "one") ? 2 : 1;
}

json_t *generate_node(struct chance *chance, const char *name)
{
	unsigned int number = node_number(name);
	json_t *addresses = json_pack("[{s:s, s:o}, {s:s, s:o}, {s:s, s:s}]",
				      "type", "InternalIP", "address",
				      json_sprintf("192.168.0.%u", number),
				      "type", "InternalIP", "address",
				      json_sprintf("fd00:1::%u", number),
				      "type", "Hostname", "address", name);

	return json_pack("{s:s, s:s, s:{s:s, s:o}, s:{s:o}}", "apiVersion",
			 "v1", "kind", "Node", "metadata", "name", name,
			 "labels", generate_labels(chance), "status",
			 "addresses", addresses);
}

static json_t *generate_ports(struct chance *chance)
{
	json_t *ports = json_array();
	unsigned int count;

	for (count = chance_below(chance, 4); count; count--) {
		json_t *port = json_pack("{s:s, s:i}", "name",
					 chance_of(chance, port_names),
					 "containerPort",
					 (int)chance_of(chance, port_numbers));

		if (chance_one_in(chance, 4))
			json_object_set_new(
				port, "protocol",
				json_string(chance_of(chance, protocol_names)));
		json_array_append_new(ports, port);
	}
	return ports;
}

static void add_ip(json_t *ips, json_t *ip)
{
	json_array_append_new(ips, json_pack("{s:o}", "ip", ip));
}

/* A pod of the host network has its node's addresses. Else the number is that
 * of both families; the shared address is one more of node one. Whose an address
 * is that pods of two nodes claim depends on the node that asks, so there is
 * none: node one's own, which some list, is never a pod's, and node two's may be
 * when that is not among the manifests.
 */
static json_t *generate_ips(struct chance *chance, const char *node,
			    bool host_network, unsigned int number)
{
	json_t *ips = json_array();
	unsigned int families = 3;

	if (host_network) {
		number = node_number(node);
		add_ip(ips, json_sprintf("192.168.0.%u", number));
		add_ip(ips, json_sprintf("fd00:1::%u", number));
		return ips;
	}
	if (chance_one_in(chance, 4))
		families = chance_below(chance, 3);
	if (chance_one_in(chance, 12))
		add_ip(ips, json_sprintf("192.168.0.%u",
					 1 + chance_below(chance,
							  node_number(node))));
	if (families & 1)
		add_ip(ips, json_sprintf("10.0.0.%u", number));
	if (!strcmp(node, "one") && chance_one_in(chance, 9))
		add_ip(ips, json_string("10.0.0.77"));
	if (families & 2)
		add_ip(ips, json_sprintf("fd00::%x", number));
	return ips;
}

static const char *generate_phase(struct chance *chance)
{
	static const char *const phases[] = { "Pending", "Running", "Succeeded",
					      "Failed", "Unknown" };

	return chance_one_in(chance, 4) ? chance_of(chance, phases) : "Running";
}

void generate_place(struct chance *chance, unsigned int crowd, json_t *pod)
{
	const char *phase = generate_phase(chance);
	bool ended = !strcmp(phase, "Succeeded") || !strcmp(phase, "Failed");
	bool host_network = chance_one_in(chance, 12);
	unsigned int number = chance_below(chance, crowd);
	bool second = number % PODS_OF_NODE_TWO == PODS_OF_NODE_TWO - 1;
	const char *node = second ? "two" : "one";
	json_t *spec = json_object_get(pod, "spec");

	if (ended || host_network)
		node = chance_one_in(chance, 2) ? "two" : "one";
	json_object_set_new(spec, "nodeName", json_string(node));
	json_object_set_new(spec, "hostNetwork", json_boolean(host_network));
	json_object_set_new(pod, "status",
			    json_pack("{s:s, s:o}", "phase", phase, "podIPs",
				      generate_ips(chance, node, host_network,
						   number)));
}

json_t *generate_pod(struct chance *chance, unsigned int crowd)
{
	json_t *metadata, *pod;

	metadata = json_pack("{s:s, s:o, s:o, s:o}", "namespace",
			     chance_of(chance, namespace_names), "name",
			     json_sprintf("w%u", chance_below(chance, crowd)),
			     "uid",
			     json_sprintf("uid-%u", chance_below(chance, 2)),
			     "labels", generate_labels(chance));
	if (chance_one_in(chance, 8))
		json_object_set_new(metadata, "deletionTimestamp",
				    json_string("2020-01-01T00:00:00Z"));
	pod = json_pack("{s:s, s:s, s:o, s:{s:[{s:s, s:o}]}}", "apiVersion",
			"v1", "kind", "Pod", "metadata", metadata, "spec",
			"containers", "name", "server", "ports",
			generate_ports(chance));
	generate_place(chance, crowd, pod);
	return pod;
}
