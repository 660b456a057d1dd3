// SPDX-License-Identifier: GPL-2.0-only
#include "attachment.h"

#include <net/if.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "policy/memory.h"
#include "policy/name_syntax.h"
#include "reader.h"

/* As many as the module takes for a pod. */
#define IPS_MAX 16

/* A name of a file has both, and what is put around them. */
#define CONTAINER_ID_MAX 150

#define ALPHANUMERIC                 \
	"abcdefghijklmnopqrstuvwxyz" \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"0123456789"

static const char container_id_form[] =
	"must be letters, digits, \"_\", \".\" and \"-\", with a letter or digit in front";

const char *container_id_wrong(const char *text)
{
	if (!*text || !strchr(ALPHANUMERIC, *text) ||
	    text[strspn(text, ALPHANUMERIC "_.-")])
		return container_id_form;
	if (strlen(text) > CONTAINER_ID_MAX)
		return "is longer than 150 characters";
	return NULL;
}

const char *interface_name_wrong(const char *text)
{
	const unsigned char *at;

	if (!*text || !strcmp(text, ".") || !strcmp(text, ".."))
		return "does not name an interface";
	if (strlen(text) >= IF_NAMESIZE)
		return "is longer than 15 characters";
	for (at = (const unsigned char *)text; *at; at++)
		if (*at <= ' ' || *at >= 0x7f || *at == '/' || *at == ':')
			return "must be ASCII without space, \"/\" and \":\"";
	return NULL;
}

static json_t *json_ips(const struct attachment *attachment)
{
	char buffer[NETWORK_TEXT_MAX];
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < attachment->ip_count; i++)
		json_array_append_new(list,
				      json_text(ip_text(&attachment->ips[i],
							buffer)));
	return list;
}

static json_t *json_networks(const struct attachment *attachment)
{
	char buffer[NETWORK_TEXT_MAX];
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < attachment->guarded_count; i++)
		json_array_append_new(list,
				      json_text(network_text(&attachment->guarded
								      [i],
							     buffer)));
	return list;
}

json_t *attachment_json(const struct attachment *attachment)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
			 "pod", json_text(attachment->key), "uid",
			 json_text(attachment->uid), "container",
			 json_text(attachment->container), "interface",
			 json_text(attachment->interface), "netns",
			 json_text(attachment->netns), "host_interface",
			 json_text(attachment->host_interface), "network",
			 json_text(attachment->network), "ips",
			 json_ips(attachment), "guarded",
			 json_networks(attachment), "time",
			 json_number(attachment->time));
}

static char *take_key(struct reader *reader, const json_t *tree)
{
	const char *key = reader_text(reader, tree, "pod", 1, PODWALL_NAME_MAX);
	const char *slash = strchr(key, '/');
	char *space;
	bool fine;

	if (reader->problem)
		return NULL;
	space = slash ? strndup(key, slash - key) : NULL;
	fine = space && !dns_label_wrong(space) &&
	       !dns_subdomain_wrong(slash + 1);
	free(space);
	if (!fine)
		reader_refuse(reader, "pod",
			      "is not namespace and name of a pod");
	return xstrdup(key);
}

static char *take_checked(struct reader *reader, const json_t *tree,
			  const char *field, const char *(*wrong)(const char *))
{
	const char *text = reader_text(reader, tree, field, 1, NAME_MAX);

	if (!reader->problem && wrong(text))
		reader_refuse(reader, field, "%s", wrong(text));
	return xstrdup(text);
}

static void take_ips(struct reader *reader, const json_t *tree,
		     struct attachment *attachment)
{
	const json_t *list = reader_list(reader, tree, "ips");
	json_t *value = NULL;
	size_t i;

	if (!reader->problem &&
	    (!json_array_size(list) || json_array_size(list) > IPS_MAX))
		reader_refuse(reader, "ips", "has not 1 to %d addresses",
			      IPS_MAX);
	json_array_foreach(list, i, value) {
		struct ip ip = reader_ip(reader, value, "ips");

		*array_add(attachment->ips, attachment->ip_count) = ip;
	}
}

struct attachment *attachment_parse(const json_t *tree, char **problem)
{
	struct attachment *attachment = xcalloc(1, sizeof(*attachment));
	struct reader reader = {};

	if (!json_is_object(tree))
		reader_refuse(&reader, NULL, "is not an object");
	attachment->key = take_key(&reader, tree);
	attachment->uid =
		xstrdup(reader_text(&reader, tree, "uid", 0, PODWALL_UID_MAX));
	attachment->container =
		take_checked(&reader, tree, "container", container_id_wrong);
	attachment->interface =
		take_checked(&reader, tree, "interface", interface_name_wrong);
	attachment->netns =
		xstrdup(reader_text(&reader, tree, "netns", 1, PATH_MAX));
	if (!json_is_null(reader_value(&reader, tree, "host_interface")))
		attachment->host_interface = take_checked(&reader, tree,
							  "host_interface",
							  interface_name_wrong);
	attachment->network =
		xstrdup(reader_text(&reader, tree, "network", 1, NAME_MAX));
	take_ips(&reader, tree, attachment);
	attachment->guarded = reader_networks(&reader, tree, "guarded",
					      &attachment->guarded_count);
	attachment->time = reader_number(&reader, tree, "time", 0, INT64_MAX);
	if (!reader.problem)
		return attachment;
	*problem = reader.problem;
	attachment_free(attachment);
	return NULL;
}

bool attachment_has(const struct attachment *attachment, const struct ip *ip)
{
	size_t i;

	for (i = 0; i < attachment->ip_count; i++)
		if (ip_equal(&attachment->ips[i], ip))
			return true;
	return false;
}

bool attachment_newer(const struct attachment *a, const struct attachment *b)
{
	int order = strcmp(a->container, b->container);

	if (a->time != b->time)
		return a->time > b->time;
	if (!order)
		order = strcmp(a->interface, b->interface);
	return order > 0;
}

void attachment_free(struct attachment *attachment)
{
	if (!attachment)
		return;
	free(attachment->key);
	free(attachment->uid);
	free(attachment->container);
	free(attachment->interface);
	free(attachment->netns);
	free(attachment->host_interface);
	free(attachment->network);
	free(attachment->ips);
	free(attachment->guarded);
	free(attachment);
}
