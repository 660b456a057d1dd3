// SPDX-License-Identifier: GPL-2.0-only
#include "cni/result.h"

#include <stdlib.h>
#include <string.h>

#include "cni/link.h"
#include "cni/member.h"
#include "cni/version.h"
#include "policy/memory.h"

static struct failure *refuse(const char *wrong)
{
	return failure_new(FAILURE_CONFIGURATION, NULL, "prevResult: %s",
			   wrong);
}

static bool has_sandbox(const json_t *interface)
{
	const char *sandbox =
		json_string_value(json_object_get(interface, "sandbox"));

	return sandbox && *sandbox;
}

/* What is not said to be the node's is the container's. */
static struct failure *is_inside(const json_t *previous, const json_t *address,
				 bool *inside)
{
	const json_t *interfaces = json_object_get(previous, "interfaces");
	const json_t *value = json_object_get(address, "interface");
	double index = json_number_value(value);

	*inside = true;
	if (!value || json_is_null(value))
		return NULL;
	if (!json_is_number(value) || index < 0 ||
	    index >= json_array_size(interfaces))
		return refuse("ips: interface is not the number of an interface");
	*inside = has_sandbox(json_array_get(interfaces, index));
	return NULL;
}

static struct failure *take_address(const json_t *previous,
				    const json_t *address,
				    struct attachment *attachment)
{
	const json_t *value = json_object_get(address, "address");
	const char *text = json_string_value(value);
	struct network network;
	struct failure *failure;
	bool inside;

	if (!text || !network_parse(text, &network))
		return refuse(
			"ips: address is not an address with a prefix length");
	failure = is_inside(previous, address, &inside);
	if (!failure && inside && !attachment_has(attachment, &network.base))
		*array_add(attachment->ips, attachment->ip_count) =
			network.base;
	return failure;
}

/* A bridge is no pod's link; of what remains there has to be one. */
static struct failure *take_interfaces(const json_t *interfaces,
				       struct attachment *attachment)
{
	const char *found = NULL;
	size_t count = 0, i;
	json_t *value;

	json_array_foreach(interfaces, i, value) {
		const char *name =
			json_string_value(json_object_get(value, "name"));

		if (!name)
			return refuse("interfaces: one has no name");
		if (has_sandbox(value) || interface_name_wrong(name) ||
		    link_is_bridge(name))
			continue;
		found = name;
		count++;
	}
	free(attachment->host_interface);
	attachment->host_interface = count == 1 ? xstrdup(found) : NULL;
	return NULL;
}

struct failure *result_read(const json_t *previous,
			    struct attachment *attachment)
{
	const json_t *interfaces = json_object_get(previous, "interfaces");
	const json_t *ips = json_object_get(previous, "ips");
	struct failure *failure;
	json_t *value;
	size_t i;

	if (interfaces && !json_is_null(interfaces) &&
	    !json_is_array(interfaces))
		return refuse("interfaces is not a list");
	if (ips && !json_is_null(ips) && !json_is_array(ips))
		return refuse("ips is not a list");
	failure = take_interfaces(interfaces, attachment);
	json_array_foreach(ips, i, value) {
		if (failure)
			break;
		failure = take_address(previous, value, attachment);
	}
	return failure;
}

/* Only the family of an address was told apart from the address before 1.0.0. */
static void change_version(json_t *result, const char *version)
{
	bool told = !version_least(version, "1.0.0");
	json_t *ips = json_object_get(result, "ips"), *value;
	const char *text;
	size_t i;

	json_object_set_new(result, "cniVersion", json_string(version));
	json_array_foreach(ips, i, value) {
		text = json_string_value(json_object_get(value, "address"));
		if (!told)
			json_object_del(value, "version");
		else if (text)
			json_object_set_new(value, "version",
					    json_string(strchr(text, ':') ?
								"6" :
								"4"));
	}
}

/* Whole numbers have to be read as such to be written as such. */
static struct failure *convert(const char *from, size_t size,
			       const char *version, char **text)
{
	json_error_t error;
	json_t *result = json_loadb(from, size, 0, &error);

	if (!result)
		return failure_new(FAILURE_DECODE, NULL, "prevResult: %s",
				   error.text);
	change_version(result, version);
	*text = json_dumps(result, JSON_INDENT(2));
	json_decref(result);
	return NULL;
}

struct failure *result_text(const struct configuration *configuration,
			    char **text)
{
	const json_t *value =
		json_object_get(configuration->previous, "cniVersion");
	const char *version = json_string_value(value), *from;
	size_t size = 0;

	from = member_find(configuration->text, configuration->length,
			   "prevResult", &size);
	if (!from)
		return refuse("it cannot be found");
	if (value && (!version || !version_known(version)))
		return refuse("cniVersion is not known");
	if (!version || strcmp(version, configuration->version) != 0)
		return convert(from, size, configuration->version, text);
	*text = strndup(from, size);
	return NULL;
}
