// SPDX-License-Identifier: GPL-2.0-only
#include "state_reader.h"

#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "policy/memory.h"
#include "reader.h"
#include "state.h"

static void read_address(struct reader *reader, const json_t *object,
			 struct objects *objects)
{
	struct address *address =
		array_add(objects->addresses, objects->address_count);

	READER_CHECK_KEYS(reader, object, "address", "identity");
	address->ip = reader_ip(reader, reader_value(reader, object, "address"),
				"address");
	address->identity =
		reader_number(reader, object, "identity", 1, UINT32_MAX);
}

static void read_peer_set(struct reader *reader, const json_t *object,
			  struct objects *objects)
{
	struct peer_set *set =
		array_add(objects->peer_sets, objects->peer_set_count);
	const json_t *list;
	json_t *value;
	size_t i;

	READER_CHECK_KEYS(reader, object, "id", "name", "identities", "blocks");
	set->id = reader_number(reader, object, "id", 1, UINT32_MAX);
	set->name = xstrdup(reader_text(reader, object, "name", 1,
					PODWALL_NAME_MAX));
	set->identities =
		reader_ids(reader, object, "identities", &set->identity_count);
	list = reader_list(reader, object, "blocks");
	json_array_foreach(list, i, value) {
		struct block *block = array_add(set->blocks, set->block_count);
		size_t length = reader_enter(reader, "blocks", i);

		READER_CHECK_KEYS(reader, value, "network", "except");
		block->network =
			reader_network(reader,
				       reader_value(reader, value, "network"),
				       "network");
		block->except = reader_networks(reader, value, "except",
						&block->except_count);
		reader_leave(reader, length);
	}
}

static void read_port_range(struct reader *reader, const json_t *object,
			    struct port_range *range)
{
	const char *protocol;

	READER_CHECK_KEYS(reader, object, "protocol", "first", "last");
	protocol = reader_text(reader, object, "protocol", 1, 8);
	if (!protocol_parse(protocol, &range->protocol) ||
	    !protocol_has_ports(range->protocol))
		reader_refuse(reader, "protocol", "is not tcp, udp or sctp");
	range->first = reader_number(reader, object, "first", 0, UINT16_MAX);
	range->last =
		reader_number(reader, object, "last", range->first, UINT16_MAX);
}

static uint64_t get_cookie(struct reader *reader, const json_t *object)
{
	const char *text = reader_text(reader, object, "cookie", 1, 64);

	if (reader->problem)
		return 0;
	if (strncmp(text, "0x", 2) ||
	    strspn(text + 2, "0123456789abcdef") != 16 || text[18]) {
		reader_refuse(reader, "cookie",
			      "is not 0x and 16 hexadecimal digits");
		return 0;
	}
	return strtoull(text, NULL, 16);
}

static void read_rule(struct reader *reader, const json_t *object,
		      struct rule *rule)
{
	const json_t *list;
	json_t *value;
	size_t i;

	READER_CHECK_KEYS(reader, object, "tier", "priority", "action",
			  "any_peer", "peer_sets", "any_port", "port_ranges",
			  "cookie", "origin");
	rule->tier = reader_name(reader, object, "tier", ENUMERATION_TIER);
	rule->priority = reader_number(reader, object, "priority", 0,
				       PODWALL_PRIORITY_MAX);
	rule->action =
		reader_name(reader, object, "action", ENUMERATION_ACTION);
	rule->any_peer = reader_flag(reader, object, "any_peer");
	rule->peer_sets =
		reader_ids(reader, object, "peer_sets", &rule->peer_set_count);
	rule->any_port = reader_flag(reader, object, "any_port");
	rule->cookie = get_cookie(reader, object);
	rule->origin = xstrdup(reader_text(reader, object, "origin", 1,
					   PODWALL_ORIGIN_MAX));
	list = reader_list(reader, object, "port_ranges");
	json_array_foreach(list, i, value) {
		size_t length = reader_enter(reader, "port_ranges", i);

		read_port_range(reader, value,
				array_add(rule->port_ranges,
					  rule->port_range_count));
		reader_leave(reader, length);
	}
	if (rule->any_peer == !!rule->peer_set_count)
		reader_refuse(
			reader, "peer_sets",
			"has to be empty when any_peer is true, and only then");
	if (rule->any_port == !!rule->port_range_count)
		reader_refuse(
			reader, "port_ranges",
			"has to be empty when any_port is true, and only then");
}

static void read_rule_set(struct reader *reader, const json_t *object,
			  struct objects *objects)
{
	struct rule_set *set =
		array_add(objects->rule_sets, objects->rule_set_count);
	const json_t *list;
	json_t *value;
	size_t i;

	READER_CHECK_KEYS(reader, object, "id", "direction", "isolated",
			  "isolation_origin", "isolation_audited", "rules");
	set->id = reader_number(reader, object, "id", 1, UINT32_MAX);
	set->direction =
		reader_name(reader, object, "direction", ENUMERATION_DIRECTION);
	set->isolated = reader_flag(reader, object, "isolated");
	if (set->isolated)
		set->isolation_origin =
			xstrdup(reader_text(reader, object, "isolation_origin",
					    1, PODWALL_ORIGIN_MAX));
	else if (!json_is_null(reader_value(reader, object,
					    "isolation_origin")))
		reader_refuse(reader, "isolation_origin",
			      "has to be null unless isolated is true");
	/* Files from before policies could be audited lack this one. */
	if (json_object_get(object, "isolation_audited"))
		set->isolation_audited =
			reader_flag(reader, object, "isolation_audited");
	if (set->isolated && set->isolation_audited)
		reader_refuse(reader, "isolation_audited",
			      "has to be false when isolated is true");
	list = reader_list(reader, object, "rules");
	json_array_foreach(list, i, value) {
		size_t length = reader_enter(reader, "rules", i);

		read_rule(reader, value,
			  array_add(set->rules, set->rule_count));
		reader_leave(reader, length);
	}
}

/* Files from before policies could be audited lack them. */
static uint32_t read_enforced(struct reader *reader, const json_t *object,
			      const char *key)
{
	return json_object_get(object, key) ?
		       reader_id_or_null(reader, object, key) :
		       0;
}

static void read_pod(struct reader *reader, const json_t *object,
		     struct objects *objects)
{
	struct pod *pod = array_add(objects->pods, objects->pod_count);
	const json_t *list;
	json_t *value;
	size_t i;

	READER_CHECK_KEYS(reader, object, "key", "uid", "addresses",
			  "interface", "ingress_rule_set", "egress_rule_set",
			  "ingress_enforced_rule_set",
			  "egress_enforced_rule_set", "mode",
			  "report_accepted");
	pod->key = xstrdup(reader_text(reader, object, "key", 1,
				       PODWALL_NAME_MAX));
	pod->uid =
		xstrdup(reader_text(reader, object, "uid", 0, PODWALL_UID_MAX));
	if (!json_is_null(reader_value(reader, object, "interface")))
		pod->interface = xstrdup(reader_text(reader, object,
						     "interface", 1, 15));
	pod->ingress_rule_set =
		reader_id_or_null(reader, object, "ingress_rule_set");
	pod->egress_rule_set =
		reader_id_or_null(reader, object, "egress_rule_set");
	pod->ingress_enforced_rule_set =
		read_enforced(reader, object, "ingress_enforced_rule_set");
	pod->egress_enforced_rule_set =
		read_enforced(reader, object, "egress_enforced_rule_set");
	pod->mode = reader_name(reader, object, "mode", ENUMERATION_MODE);
	/* Files from before accepted connections were reported lack this. */
	if (json_object_get(object, "report_accepted"))
		pod->report_accepted =
			reader_flag(reader, object, "report_accepted");
	list = reader_list(reader, object, "addresses");
	json_array_foreach(list, i, value) {
		size_t length = reader_enter(reader, "addresses", i);

		*array_add(pod->ips, pod->ip_count) =
			reader_ip(reader, value, NULL);
		reader_leave(reader, length);
	}
}

static void read_settings(struct reader *reader, const json_t *state,
			  struct settings *settings)
{
	const json_t *object = reader_value(reader, state, "settings");
	const char *names[AMOUNT_LAST - AMOUNT_FIRST + 2] = {};
	const json_t *limits;
	unsigned int field;
	size_t length = strlen(reader->path);

	strcpy(reader->path, "settings");
	READER_CHECK_KEYS(reader, object, "guarded", "node_access",
			  "deny_action", "event_rate", "limits");
	settings->guarded = reader_networks(reader, object, "guarded",
					    &settings->guarded_count);
	settings->node_access = reader_name(reader, object, "node_access",
					    ENUMERATION_NODE_ACCESS);
	settings->deny_action = reader_name(reader, object, "deny_action",
					    ENUMERATION_DENY_ACTION);
	settings->event_rate =
		reader_number(reader, object, "event_rate", 0, 1000000);
	limits = reader_value(reader, object, "limits");
	strcpy(reader->path, "settings.limits");
	for (field = AMOUNT_FIRST; field <= AMOUNT_LAST; field++)
		names[field - AMOUNT_FIRST] = amount_name(field);
	reader_check_keys(reader, limits, names);
	for (field = AMOUNT_FIRST; field <= AMOUNT_LAST; field++)
		amount_set(&settings->limits, field,
			   reader_number(reader, limits, amount_name(field), 0,
					 amount_max(field)));
	reader_leave(reader, length);
}

/* Two objects of one id would silently replace each other. */
static void check_duplicates(struct reader *reader,
			     const struct objects *objects)
{
	char text[NETWORK_TEXT_MAX];
	size_t i;

	for (i = 1; i < objects->address_count; i++)
		if (ip_equal(&objects->addresses[i - 1].ip,
			     &objects->addresses[i].ip))
			reader_refuse(reader, "addresses", "has %s twice",
				      ip_text(&objects->addresses[i].ip, text));
	for (i = 1; i < objects->peer_set_count; i++)
		if (objects->peer_sets[i - 1].id == objects->peer_sets[i].id)
			reader_refuse(reader, "peer_sets", "has id %u twice",
				      objects->peer_sets[i].id);
	for (i = 1; i < objects->rule_set_count; i++)
		if (objects->rule_sets[i - 1].id == objects->rule_sets[i].id)
			reader_refuse(reader, "rule_sets", "has id %u twice",
				      objects->rule_sets[i].id);
	for (i = 1; i < objects->pod_count; i++)
		if (!strcmp(objects->pods[i - 1].key, objects->pods[i].key))
			reader_refuse(reader, "pods", "has %s twice",
				      objects->pods[i].key);
}

static void check_header(struct reader *reader, const json_t *state)
{
	const char *format, *checksum;
	char *expected;

	if (!json_is_object(state)) {
		reader_refuse(reader, NULL, "the file is not a saved state");
		return;
	}
	format = reader_text(reader, state, "format", 1, 64);
	if (strcmp(format, STATE_FORMAT))
		reader_refuse(reader, "format",
			      "is \"%s\" where a saved state has \"" STATE_FORMAT
			      "\"",
			      format);
	if (reader_number(reader, state, "version", 0, INT32_MAX) !=
	    STATE_VERSION)
		reader_refuse(reader, "version",
			      "is not %d, the one version that this nlctl knows",
			      STATE_VERSION);
	checksum = reader_text(reader, state, "checksum", 1, 64);
	if (reader->problem)
		return;
	expected = state_checksum(state);
	if (strcmp(checksum, expected))
		reader_refuse(
			reader, "checksum",
			"is %s, but the content gives %s: the file was changed or damaged",
			checksum, expected);
	free(expected);
}

static void read_list(struct reader *reader, const json_t *state,
		      const char *key, struct objects *objects,
		      void (*read)(struct reader *reader, const json_t *object,
				   struct objects *objects))
{
	const json_t *list = reader_list(reader, state, key);
	json_t *value;
	size_t i;

	json_array_foreach(list, i, value) {
		size_t length = reader_enter(reader, key, i);

		read(reader, value, objects);
		reader_leave(reader, length);
		if (reader->problem)
			return;
	}
}

char *state_read(const json_t *state, struct objects *objects,
		 struct settings *settings)
{
	struct reader reader = {};

	*objects = (struct objects){};
	*settings = (struct settings){};
	check_header(&reader, state);
	if (reader.problem)
		return reader.problem;

	READER_CHECK_KEYS(&reader, state, "format", "version", "checksum",
			  "generation", "settings", "addresses", "peer_sets",
			  "rule_sets", "pods");
	objects->generation =
		reader_number(&reader, state, "generation", 0, INT64_MAX);
	read_settings(&reader, state, settings);
	read_list(&reader, state, "addresses", objects, read_address);
	read_list(&reader, state, "peer_sets", objects, read_peer_set);
	read_list(&reader, state, "rule_sets", objects, read_rule_set);
	read_list(&reader, state, "pods", objects, read_pod);
	if (!reader.problem) {
		objects_sort(objects);
		check_duplicates(&reader, objects);
	}
	if (reader.problem) {
		objects_clear(objects);
		settings_clear(settings);
	}
	return reader.problem;
}
