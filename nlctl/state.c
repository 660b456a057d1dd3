// SPDX-License-Identifier: GPL-2.0-only
#include "state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "names.h"
#include "output.h"
#include "policy/memory.h"

/* The polynomial of CRC-64/XZ, reflected. */
#define CRC64_POLYNOMIAL 0xc96c5795d7870f42ULL

static json_t *ip_json(const struct ip *ip)
{
	char text[NETWORK_TEXT_MAX];

	return json_string(ip_text(ip, text));
}

static json_t *network_json(const struct network *network)
{
	char text[NETWORK_TEXT_MAX];

	return json_string(network_text(network, text));
}

static json_t *networks_json(const struct network *networks, size_t count)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < count; i++)
		json_array_append_new(array, network_json(&networks[i]));
	return array;
}

static json_t *name_json(enum enumeration enumeration, unsigned int value)
{
	return json_string(name_of(enumeration, value));
}

json_t *address_json(const struct address *address)
{
	return json_pack("{s:o, s:I}", "address", ip_json(&address->ip),
			 "identity", (json_int_t)address->identity);
}

json_t *peer_set_json(const struct peer_set *peer_set)
{
	json_t *identities = json_array();
	json_t *blocks = json_array();
	size_t i;

	for (i = 0; i < peer_set->identity_count; i++)
		json_array_append_new(identities,
				      json_integer(peer_set->identities[i]));
	for (i = 0; i < peer_set->block_count; i++) {
		const struct block *block = &peer_set->blocks[i];

		json_array_append_new(
			blocks,
			json_pack("{s:o, s:o}", "network",
				  network_json(&block->network), "except",
				  networks_json(block->except,
						block->except_count)));
	}
	return json_pack("{s:I, s:o, s:o, s:o}", "id", (json_int_t)peer_set->id,
			 "name", json_text(peer_set->name), "identities",
			 identities, "blocks", blocks);
}

static json_t *port_range_json(const struct port_range *range)
{
	char protocol[PROTOCOL_TEXT_MAX];

	return json_pack("{s:s, s:i, s:i}", "protocol",
			 protocol_text(range->protocol, protocol), "first",
			 range->first, "last", range->last);
}

json_t *count_json(const struct count *count)
{
	return json_pack("{s:o, s:o, s:o}", "connections",
			 json_number(count->connections), "packets",
			 json_number(count->packets), "bytes",
			 json_number(count->bytes));
}

static json_t *rule_json(const struct rule *rule, bool counters)
{
	json_t *peer_sets = json_array();
	json_t *port_ranges = json_array();
	char cookie[24];
	json_t *object;
	size_t i;

	for (i = 0; i < rule->peer_set_count; i++)
		json_array_append_new(peer_sets,
				      json_integer(rule->peer_sets[i]));
	for (i = 0; i < rule->port_range_count; i++)
		json_array_append_new(port_ranges,
				      port_range_json(&rule->port_ranges[i]));
	/* Programs that read numbers as floating point would round it. */
	snprintf(cookie, sizeof(cookie), "0x%016" PRIx64, rule->cookie);

	object = json_pack("{s:o, s:I, s:o, s:b, s:o, s:b, s:o, s:s, s:o}",
			   "tier", name_json(ENUMERATION_TIER, rule->tier),
			   "priority", (json_int_t)rule->priority, "action",
			   name_json(ENUMERATION_ACTION, rule->action),
			   "any_peer", rule->any_peer, "peer_sets", peer_sets,
			   "any_port", rule->any_port, "port_ranges",
			   port_ranges, "cookie", cookie, "origin",
			   json_text(rule->origin));
	if (counters)
		json_object_update_new(object, count_json(&rule->count));
	return object;
}

/* The counts of what is decided without a rule, each with its prefix. */
static void set_counts(json_t *object, const char *prefix,
		       const struct count *count)
{
	json_t *counts = count_json(count);
	const char *name;
	json_t *value;

	json_object_foreach(counts, name, value) {
		char *key = xasprintf("%s_%s", prefix, name);

		json_object_set(object, key, value);
		free(key);
	}
	json_decref(counts);
}

json_t *rule_set_json(const struct rule_set *rule_set, bool counters)
{
	json_t *rules = json_array();
	json_t *object;
	size_t i;

	for (i = 0; i < rule_set->rule_count; i++)
		json_array_append_new(rules,
				      rule_json(&rule_set->rules[i], counters));
	object =
		json_pack("{s:I, s:o, s:b, s:o, s:b, s:o}", "id",
			  (json_int_t)rule_set->id, "direction",
			  name_json(ENUMERATION_DIRECTION, rule_set->direction),
			  "isolated", rule_set->isolated, "isolation_origin",
			  json_text(rule_set->isolation_origin),
			  "isolation_audited", rule_set->isolation_audited,
			  "rules", rules);
	if (counters) {
		set_counts(object, "isolation", &rule_set->isolation_count);
		set_counts(object, "default", &rule_set->default_count);
	}
	return object;
}

static json_t *id_json(uint32_t id)
{
	return id ? json_integer(id) : json_null();
}

json_t *pod_json(const struct pod *pod)
{
	json_t *ips = json_array();
	size_t i;

	for (i = 0; i < pod->ip_count; i++)
		json_array_append_new(ips, ip_json(&pod->ips[i]));
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b}",
			 "key", json_text(pod->key), "uid", json_text(pod->uid),
			 "addresses", ips, "interface",
			 json_text(pod->interface), "ingress_rule_set",
			 id_json(pod->ingress_rule_set), "egress_rule_set",
			 id_json(pod->egress_rule_set),
			 "ingress_enforced_rule_set",
			 id_json(pod->ingress_enforced_rule_set),
			 "egress_enforced_rule_set",
			 id_json(pod->egress_enforced_rule_set), "mode",
			 name_json(ENUMERATION_MODE, pod->mode),
			 "report_accepted", pod->report_accepted);
}

json_t *amounts_json(const struct amounts *amounts)
{
	json_t *object = json_object();
	unsigned int field;

	for (field = AMOUNT_FIRST; field <= AMOUNT_LAST; field++)
		json_object_set_new(object, amount_name(field),
				    json_number(amount_get(amounts, field)));
	return object;
}

json_t *settings_json(const struct settings *settings)
{
	return json_pack("{s:o, s:o, s:o, s:I, s:o}", "guarded",
			 networks_json(settings->guarded,
				       settings->guarded_count),
			 "node_access",
			 name_json(ENUMERATION_NODE_ACCESS,
				   settings->node_access),
			 "deny_action",
			 name_json(ENUMERATION_DENY_ACTION,
				   settings->deny_action),
			 "event_rate", (json_int_t)settings->event_rate,
			 "limits", amounts_json(&settings->limits));
}

json_t *addresses_json(const struct objects *objects)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < objects->address_count; i++)
		json_array_append_new(array,
				      address_json(&objects->addresses[i]));
	return array;
}

json_t *peer_sets_json(const struct objects *objects)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < objects->peer_set_count; i++)
		json_array_append_new(array,
				      peer_set_json(&objects->peer_sets[i]));
	return array;
}

json_t *rule_sets_json(const struct objects *objects, bool counters)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < objects->rule_set_count; i++)
		json_array_append_new(array,
				      rule_set_json(&objects->rule_sets[i],
						    counters));
	return array;
}

/* What was decided for a pod, as its listing has it. */
static void set_traffic(json_t *object, const struct pod *pod)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < pod->traffic_count; i++) {
		const struct traffic *traffic = &pod->traffic[i];
		json_t *entry = count_json(&traffic->count);

		json_object_set_new(entry, "direction",
				    name_json(ENUMERATION_DIRECTION,
					      traffic->direction));
		json_object_set_new(entry, "verdict",
				    name_json(ENUMERATION_VERDICT,
					      traffic->verdict));
		json_object_set_new(entry, "mode",
				    name_json(ENUMERATION_MODE, traffic->mode));
		json_object_set_new(entry, "reason",
				    name_json(ENUMERATION_REASON,
					      traffic->reason));
		json_array_append_new(list, entry);
	}
	json_object_set_new(object, "traffic", list);
	json_object_set_new(object, "events_lost",
			    json_number(pod->events_lost));
}

json_t *pods_json(const struct objects *objects, bool counters)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < objects->pod_count; i++) {
		json_t *object = pod_json(&objects->pods[i]);

		if (counters)
			set_traffic(object, &objects->pods[i]);
		json_array_append_new(array, object);
	}
	return array;
}

static int add_bytes(const char *buffer, size_t size, void *data)
{
	uint64_t *crc = data;
	unsigned int bit;
	size_t i;

	for (i = 0; i < size; i++) {
		*crc ^= (uint8_t)buffer[i];
		for (bit = 0; bit < 8; bit++)
			*crc = *crc >> 1 ^ (*crc & 1 ? CRC64_POLYNOMIAL : 0);
	}
	return 0;
}

char *state_checksum(const json_t *state)
{
	json_t *content = json_copy((json_t *)state);
	uint64_t crc = UINT64_MAX;

	json_object_del(content, "checksum");
	json_dump_callback(content, add_bytes, &crc,
			   JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(content);
	return xasprintf("crc64-xz:%016" PRIx64, ~crc);
}

json_t *state_json(const struct objects *objects,
		   const struct settings *settings)
{
	json_t *state = json_pack("{s:s, s:i, s:o, s:o, s:o, s:o, s:o, s:o}",
				  "format", STATE_FORMAT, "version",
				  STATE_VERSION, "generation",
				  json_number(objects->generation), "settings",
				  settings_json(settings), "addresses",
				  addresses_json(objects), "peer_sets",
				  peer_sets_json(objects), "rule_sets",
				  rule_sets_json(objects, false), "pods",
				  pods_json(objects, false));
	char *checksum = state_checksum(state);

	json_object_set_new(state, "checksum", json_string(checksum));
	free(checksum);
	return state;
}
