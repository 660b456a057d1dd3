// SPDX-License-Identifier: GPL-2.0-only
#include "policy/pod_fields.h"

#include <stdlib.h>
#include <string.h>
#include "policy/fields.h"
#include "policy/memory.h"
#include "policy/name_syntax.h"

#define POD_IPS_MAX 16

static void decode_container_port(struct decoder *decoder,
				  const struct value *value,
				  struct cluster_pod *pod)
{
	struct value name, protocol, number;
	struct container_port port = {};
	const char *text;

	if (!decode_object(decoder, value))
		return;
	name = value_member(value, "name");
	protocol = value_member(value, "protocol");
	number = value_member(value, "containerPort");
	text = decode_string(decoder, &name);
	if (text && *text)
		text = decode_form(decoder, &name, port_name_wrong);
	port.protocol = decode_protocol(decoder, &protocol);
	port.port = decode_port(decoder, &number);
	if (!text || !*text)
		return;
	port.name = xstrdup(text);
	*array_add(pod->ports, pod->port_count) = port;
}

/* Of init containers only those that go on running beside the others serve
 * anything.
 */
static void decode_containers(struct decoder *decoder, const struct value *list,
			      bool sidecars_only, struct cluster_pod *pod)
{
	size_t count = decode_length(decoder, list), port_count, i, j;

	for (i = 0; i < count; i++) {
		struct value container = value_element(list, i);
		struct value restart =
			value_member(&container, "restartPolicy");
		struct value ports = value_member(&container, "ports");
		const char *text;

		if (!decode_object(decoder, &container))
			continue;
		text = decode_string(decoder, &restart);
		if (sidecars_only && (!text || strcmp(text, "Always")))
			continue;
		port_count = decode_length(decoder, &ports);
		for (j = 0; j < port_count; j++) {
			struct value port = value_element(&ports, j);

			decode_container_port(decoder, &port, pod);
		}
	}
}

static int compare_container_ports(const void *a, const void *b)
{
	const struct container_port *left = a, *right = b;
	int order = strcmp(left->name, right->name);

	if (order)
		return order;
	if (left->protocol != right->protocol)
		return left->protocol - right->protocol;
	return left->port - right->port;
}

static void sort_container_ports(struct cluster_pod *pod)
{
	size_t kept = 0, i;

	if (pod->port_count > 1)
		qsort(pod->ports, pod->port_count, sizeof(*pod->ports),
		      compare_container_ports);
	for (i = 0; i < pod->port_count; i++) {
		if (kept && !compare_container_ports(&pod->ports[kept - 1],
						     &pod->ports[i]))
			free(pod->ports[i].name);
		else
			pod->ports[kept++] = pod->ports[i];
	}
	pod->port_count = kept;
}

static void decode_phase(struct decoder *decoder, const struct value *value,
			 struct cluster_pod *pod)
{
	static const char *const names[] = {
		[POD_PENDING] = "Pending",     [POD_RUNNING] = "Running",
		[POD_SUCCEEDED] = "Succeeded", [POD_FAILED] = "Failed",
		[POD_UNKNOWN] = "Unknown",
	};
	const char *text = decode_string(decoder, value);
	size_t i;

	pod->phase = POD_PENDING;
	if (!text || !*text)
		return;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!strcmp(text, names[i])) {
			pod->phase = i;
			return;
		}
	}
	decode_error(decoder, value,
		     "\"%s\" is not Pending, Running, Succeeded, Failed or Unknown",
		     text);
}

static void decode_status(struct decoder *decoder, const struct value *root,
			  struct cluster_pod *pod)
{
	struct value status, phase, ip, ips;
	size_t count, i;

	status = value_member(root, "status");
	decode_object(decoder, &status);
	phase = value_member(&status, "phase");
	decode_phase(decoder, &phase, pod);
	ip = value_member(&status, "podIP");
	decode_ip(decoder, &ip, &pod->ips, &pod->ip_count);
	ips = value_member(&status, "podIPs");
	count = decode_length(decoder, &ips);
	for (i = 0; i < count; i++) {
		struct value element = value_element(&ips, i);

		decode_object(decoder, &element);
		ip = value_member(&element, "ip");
		decode_ip(decoder, &ip, &pod->ips, &pod->ip_count);
	}
	if (pod->ip_count > POD_IPS_MAX)
		decode_error(decoder, &ips, "has more than %d addresses",
			     POD_IPS_MAX);
}

static void decode_spec(struct decoder *decoder, const struct value *root,
			struct cluster_pod *pod)
{
	struct value spec, node, host, containers;
	const char *text;

	spec = value_member(root, "spec");
	decode_object(decoder, &spec);
	node = value_member(&spec, "nodeName");
	text = decode_string(decoder, &node);
	pod->node = xstrdup(text ? text : "");
	host = value_member(&spec, "hostNetwork");
	pod->host_network = decode_boolean(decoder, &host);
	containers = value_member(&spec, "containers");
	decode_containers(decoder, &containers, false, pod);
	containers = value_member(&spec, "initContainers");
	decode_containers(decoder, &containers, true, pod);
	sort_container_ports(pod);
}

void decode_pod_fields(struct decoder *decoder, const struct value *root,
		       struct cluster_pod *pod)
{
	struct value metadata, uid, labels, deletion;
	const char *text;

	metadata = value_member(root, "metadata");
	uid = value_member(&metadata, "uid");
	text = decode_string(decoder, &uid);
	pod->uid = xstrdup(text ? text : "");
	if (strlen(pod->uid) > PODWALL_UID_MAX)
		decode_error(decoder, &uid, "is longer than %d characters",
			     PODWALL_UID_MAX);
	labels = value_member(&metadata, "labels");
	decode_labels(decoder, &labels, &pod->labels);
	deletion = value_member(&metadata, "deletionTimestamp");
	pod->deleting = deletion.json;
	decode_spec(decoder, root, pod);
	decode_status(decoder, root, pod);
}
