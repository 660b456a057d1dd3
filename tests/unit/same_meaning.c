// SPDX-License-Identifier: GPL-2.0-only
#include "same_meaning.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "policy/equality.h"
#include "policy/memory.h"
#include "policy/object_copy.h"
#include "support.h"

static const struct ip *first_ip(const struct objects *objects,
				 uint32_t identity)
{
	size_t i;

	for (i = 0; i < objects->address_count; i++)
		if (objects->addresses[i].identity == identity)
			return &objects->addresses[i].ip;
	fail_msg("identity %u has no address", identity);
	return NULL;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Write texts in order, and free them. */
static void write_sorted(FILE *stream, char **texts, size_t count)
{
	size_t i;

	if (count > 1)
		qsort(texts, count, sizeof(*texts), compare_texts);
	for (i = 0; i < count; i++) {
		fprintf(stream, " %s", texts[i]);
		free(texts[i]);
	}
	free(texts);
}

static char *peer_set_meaning(const struct objects *objects,
			      const struct peer_set *peer_set)
{
	char ip[INET6_ADDRSTRLEN], network[NETWORK_TEXT_MAX], **texts = NULL;
	size_t length, count = 0, i, j;
	char *text;
	FILE *stream = xopen_memstream(&text, &length);

	fprintf(stream, "%s:", peer_set->name);
	for (i = 0; i < peer_set->identity_count; i++)
		*array_add(texts, count) =
			xstrdup(ip_text(first_ip(objects,
						 peer_set->identities[i]),
					ip));
	write_sorted(stream, texts, count);
	for (i = 0; i < peer_set->block_count; i++) {
		const struct block *block = &peer_set->blocks[i];

		fprintf(stream, " %s", network_text(&block->network, network));
		for (j = 0; j < block->except_count; j++)
			fprintf(stream, "-%s",
				network_text(&block->except[j], network));
	}
	fputc('\n', stream);
	fclose(stream);
	return text;
}

static const char *peer_name(const struct objects *objects, uint32_t id)
{
	size_t i;

	for (i = 0; i < objects->peer_set_count; i++)
		if (objects->peer_sets[i].id == id)
			return objects->peer_sets[i].name;
	fail_msg("there is no peer set %u", id);
	return NULL;
}

static void write_rule(FILE *stream, const struct objects *objects,
		       const struct rule *rule)
{
	char **texts = NULL;
	size_t count = 0, i;

	fprintf(stream, "    %d/%u %d %s %" PRIx64 " %d %d", rule->tier,
		rule->priority, rule->action, rule->origin, rule->cookie,
		rule->any_peer, rule->any_port);
	for (i = 0; i < rule->peer_set_count; i++)
		*array_add(texts, count) =
			xstrdup(peer_name(objects, rule->peer_sets[i]));
	write_sorted(stream, texts, count);
	for (i = 0; i < rule->port_range_count; i++)
		fprintf(stream, " %u:%u-%u", rule->port_ranges[i].protocol,
			rule->port_ranges[i].first, rule->port_ranges[i].last);
	fputc('\n', stream);
}

static void write_rule_set(FILE *stream, const struct objects *objects,
			   const char *what, uint32_t id)
{
	const struct rule_set *rule_set = NULL;
	size_t i;

	for (i = 0; i < objects->rule_set_count; i++)
		if (objects->rule_sets[i].id == id)
			rule_set = &objects->rule_sets[i];
	if (!id)
		return;
	assert_non_null(rule_set);
	fprintf(stream, "  %s %d %d %d %s\n", what, rule_set->direction,
		rule_set->isolated, rule_set->isolation_audited,
		rule_set->isolation_origin ? rule_set->isolation_origin : "");
	for (i = 0; i < rule_set->rule_count; i++)
		write_rule(stream, objects, &rule_set->rules[i]);
}

static void write_pod(FILE *stream, const struct objects *objects,
		      const struct pod *pod)
{
	char ip[INET6_ADDRSTRLEN];
	size_t i;

	fprintf(stream, "%s %s %s %d %d", pod->key, pod->uid,
		pod->interface ? pod->interface : "", pod->mode,
		pod->report_accepted);
	for (i = 0; i < pod->ip_count; i++)
		fprintf(stream, " %s", ip_text(&pod->ips[i], ip));
	fputc('\n', stream);
	write_rule_set(stream, objects, "ingress", pod->ingress_rule_set);
	write_rule_set(stream, objects, "egress", pod->egress_rule_set);
	write_rule_set(stream, objects, "ingress enforced",
		       pod->ingress_enforced_rule_set);
	write_rule_set(stream, objects, "egress enforced",
		       pod->egress_enforced_rule_set);
}

char *meaning(const struct objects *objects)
{
	char ip[INET6_ADDRSTRLEN], **texts = NULL;
	size_t length, count = 0, i;
	char *text;
	FILE *stream = xopen_memstream(&text, &length);

	for (i = 0; i < objects->address_count; i++) {
		const struct address *address = &objects->addresses[i];

		fprintf(stream, "%s is like ", ip_text(&address->ip, ip));
		fprintf(stream, "%s\n",
			ip_text(first_ip(objects, address->identity), ip));
	}
	for (i = 0; i < objects->peer_set_count; i++)
		*array_add(texts, count) =
			peer_set_meaning(objects, &objects->peer_sets[i]);
	write_sorted(stream, texts, count);
	for (i = 0; i < objects->pod_count; i++)
		write_pod(stream, objects, &objects->pods[i]);
	fprintf(stream, "%zu rule sets\n", objects->rule_set_count);
	fclose(stream);
	return text;
}

/* Each kind of object in an array; find the one that a change is about. */
#define FIND(array, count, matches)                    \
	({                                             \
		size_t i_;                             \
		for (i_ = 0; i_ < (count); i_++) {     \
			__auto_type it = &(array)[i_]; \
			if (matches)                   \
				break;                 \
		}                                      \
		i_ < (count) ? &(array)[i_] : NULL;    \
	})

/* Fails unless the change fits what is there. */
static void check_change(enum change_kind kind, const void *found,
			 const void *before, const void *after)
{
	assert_int_equal(kind == CHANGE_ADD, !found);
	assert_int_equal(kind == CHANGE_ADD, !before);
	assert_int_equal(kind == CHANGE_REMOVE, !after);
}

static void apply_address(struct objects *objects,
			  const struct address_change *change)
{
	const struct ip *ip = change->before ? &change->before->ip :
					       &change->after->ip;
	struct address *found = FIND(objects->addresses, objects->address_count,
				     ip_equal(&it->ip, ip));

	check_change(change->kind, found, change->before, change->after);
	if (found)
		assert_int_equal(found->identity, change->before->identity);
	if (found && change->after)
		assert_int_not_equal(found->identity, change->after->identity);
	if (!found)
		found = array_add(objects->addresses, objects->address_count);
	if (change->after)
		*found = *change->after;
	else
		*found = objects->addresses[--objects->address_count];
}

static void apply_peer_set(struct objects *objects,
			   const struct peer_set_change *change)
{
	uint32_t id = change->before ? change->before->id : change->after->id;
	struct peer_set *found =
		FIND(objects->peer_sets, objects->peer_set_count, it->id == id);

	check_change(change->kind, found, change->before, change->after);
	if (found) {
		assert_true(same_peer_set(found, change->before));
		assert_true(!change->after ||
			    !same_peer_set(found, change->after));
		peer_set_clear(found);
	} else {
		found = array_add(objects->peer_sets, objects->peer_set_count);
	}
	if (change->after)
		*found = peer_set_copy(change->after);
	else
		*found = objects->peer_sets[--objects->peer_set_count];
}

static void apply_rule_set(struct objects *objects,
			   const struct rule_set_change *change)
{
	uint32_t id = change->before ? change->before->id : change->after->id;
	struct rule_set *found =
		FIND(objects->rule_sets, objects->rule_set_count, it->id == id);

	check_change(change->kind, found, change->before, change->after);
	if (found) {
		assert_true(same_rule_set(found, change->before));
		assert_true(!change->after ||
			    !same_rule_set(found, change->after));
		rule_set_clear(found);
	} else {
		found = array_add(objects->rule_sets, objects->rule_set_count);
	}
	if (change->after)
		*found = rule_set_copy(change->after);
	else
		*found = objects->rule_sets[--objects->rule_set_count];
}

static void apply_pod(struct objects *objects, const struct pod_change *change)
{
	const char *key = change->before ? change->before->key :
					   change->after->key;
	struct pod *found =
		FIND(objects->pods, objects->pod_count, !strcmp(it->key, key));

	check_change(change->kind, found, change->before, change->after);
	if (found) {
		assert_true(same_pod(found, change->before));
		assert_true(!change->after || !same_pod(found, change->after));
		pod_clear(found);
	} else {
		found = array_add(objects->pods, objects->pod_count);
	}
	if (change->after)
		*found = pod_copy(change->after);
	else
		*found = objects->pods[--objects->pod_count];
}

void apply_difference(struct objects *objects,
		      const struct difference *difference)
{
	size_t i;

	for (i = 0; i < difference->address_count; i++) {
		assert_true(!i ||
			    ip_compare(difference->addresses[i - 1].before ?
					       &difference->addresses[i - 1]
							.before->ip :
					       &difference->addresses[i - 1]
							.after->ip,
				       difference->addresses[i].before ?
					       &difference->addresses[i]
							.before->ip :
					       &difference->addresses[i]
							.after->ip) < 0);
		apply_address(objects, &difference->addresses[i]);
	}
	for (i = 0; i < difference->peer_set_count; i++)
		apply_peer_set(objects, &difference->peer_sets[i]);
	for (i = 0; i < difference->rule_set_count; i++)
		apply_rule_set(objects, &difference->rule_sets[i]);
	for (i = 0; i < difference->pod_count; i++)
		apply_pod(objects, &difference->pods[i]);
	objects_sort(objects);
}

void assert_same_objects(const struct objects *a, const struct objects *b)
{
	struct difference difference;

	difference_find(a, b, &difference);
	if (!difference_empty(&difference))
		difference_print(&difference, stderr);
	assert_true(difference_empty(&difference));
	difference_clear(&difference);
}
