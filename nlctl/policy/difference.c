// SPDX-License-Identifier: GPL-2.0-only
#include "policy/difference.h"

#include <stdlib.h>
#include <string.h>
#include "policy/equality.h"
#include "policy/memory.h"

static bool same_text(const char *a, const char *b)
{
	return !strcmp(a ? a : "", b ? b : "");
}

static int number_order(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

/* Each type of object has its own way to be ordered, compared and noted. */
struct type {
	size_t size;
	int (*order)(const void *a, const void *b);
	bool (*same)(const void *a, const void *b);
	void (*note)(struct difference *difference, enum change_kind kind,
		     const void *before, const void *after);
};

static int address_order(const void *a, const void *b)
{
	const struct address *left = a, *right = b;

	return ip_compare(&left->ip, &right->ip);
}

static bool address_same(const void *a, const void *b)
{
	const struct address *left = a, *right = b;

	return left->identity == right->identity;
}

static void note_address(struct difference *difference, enum change_kind kind,
			 const void *before, const void *after)
{
	*array_add(difference->addresses, difference->address_count) =
		(struct address_change){ kind, before, after };
}

static int peer_set_order(const void *a, const void *b)
{
	const struct peer_set *left = a, *right = b;

	return number_order(left->id, right->id);
}

static bool peer_set_same(const void *a, const void *b)
{
	return same_peer_set(a, b);
}

static void note_peer_set(struct difference *difference, enum change_kind kind,
			  const void *before, const void *after)
{
	*array_add(difference->peer_sets, difference->peer_set_count) =
		(struct peer_set_change){ kind, before, after };
}

static int rule_set_order(const void *a, const void *b)
{
	const struct rule_set *left = a, *right = b;

	return number_order(left->id, right->id);
}

static bool rule_set_same(const void *a, const void *b)
{
	return same_rule_set(a, b);
}

static void note_rule_set(struct difference *difference, enum change_kind kind,
			  const void *before, const void *after)
{
	*array_add(difference->rule_sets, difference->rule_set_count) =
		(struct rule_set_change){ kind, before, after };
}

static int pod_order(const void *a, const void *b)
{
	const struct pod *left = a, *right = b;

	return strcmp(left->key, right->key);
}

static bool pod_same(const void *a, const void *b)
{
	return same_pod(a, b);
}

static void note_pod(struct difference *difference, enum change_kind kind,
		     const void *before, const void *after)
{
	*array_add(difference->pods, difference->pod_count) =
		(struct pod_change){ kind, before, after };
}

enum change_kind change_kind(const void *before, const void *after)
{
	if (!before)
		return CHANGE_ADD;
	return after ? CHANGE_REPLACE : CHANGE_REMOVE;
}

/* Walk two ordered lists side by side: what is in one only, or differs? */
static void compare_lists(const struct type *type, const void *live,
			  size_t live_count, const void *desired,
			  size_t desired_count, struct difference *difference)
{
	const char *before = live, *after = desired;
	size_t i = 0, j = 0;
	int order;

	while (i < live_count || j < desired_count) {
		if (i == live_count)
			order = 1;
		else if (j == desired_count)
			order = -1;
		else
			order = type->order(before, after);

		if (order < 0)
			type->note(difference, CHANGE_REMOVE, before, NULL);
		else if (order > 0)
			type->note(difference, CHANGE_ADD, NULL, after);
		else if (!type->same(before, after))
			type->note(difference, CHANGE_REPLACE, before, after);
		if (order <= 0) {
			before += type->size;
			i++;
		}
		if (order >= 0) {
			after += type->size;
			j++;
		}
	}
}

void difference_find(const struct objects *live, const struct objects *desired,
		     struct difference *difference)
{
	static const struct type address = {
		sizeof(struct address),
		address_order,
		address_same,
		note_address,
	};
	static const struct type peer_set = {
		sizeof(struct peer_set),
		peer_set_order,
		peer_set_same,
		note_peer_set,
	};
	static const struct type rule_set = {
		sizeof(struct rule_set),
		rule_set_order,
		rule_set_same,
		note_rule_set,
	};
	static const struct type pod = {
		sizeof(struct pod),
		pod_order,
		pod_same,
		note_pod,
	};
	static const struct objects nothing;

	*difference = (struct difference){};
	if (!live)
		live = &nothing;
	compare_lists(&address, live->addresses, live->address_count,
		      desired->addresses, desired->address_count, difference);
	compare_lists(&peer_set, live->peer_sets, live->peer_set_count,
		      desired->peer_sets, desired->peer_set_count, difference);
	compare_lists(&rule_set, live->rule_sets, live->rule_set_count,
		      desired->rule_sets, desired->rule_set_count, difference);
	compare_lists(&pod, live->pods, live->pod_count, desired->pods,
		      desired->pod_count, difference);
}

size_t difference_count(const struct difference *difference,
			enum change_kind kind)
{
	size_t count = 0, i;

	for (i = 0; i < difference->address_count; i++)
		count += difference->addresses[i].kind == kind;
	for (i = 0; i < difference->peer_set_count; i++)
		count += difference->peer_sets[i].kind == kind;
	for (i = 0; i < difference->rule_set_count; i++)
		count += difference->rule_sets[i].kind == kind;
	for (i = 0; i < difference->pod_count; i++)
		count += difference->pods[i].kind == kind;
	return count;
}

bool difference_empty(const struct difference *difference)
{
	return !difference->address_count && !difference->peer_set_count &&
	       !difference->rule_set_count && !difference->pod_count;
}

static char sign(enum change_kind kind)
{
	switch (kind) {
	case CHANGE_ADD:
		return '+';
	case CHANGE_REMOVE:
		return '-';
	case CHANGE_REPLACE:
		break;
	}
	return '~';
}

static void print_address(const struct address_change *change, FILE *stream)
{
	const struct address *address = change->after ? change->after :
							change->before;
	char text[INET6_ADDRSTRLEN];

	fprintf(stream, "%c address %s: identity %u", sign(change->kind),
		ip_text(&address->ip, text), address->identity);
	if (change->kind == CHANGE_REPLACE)
		fprintf(stream, ", was %u", change->before->identity);
	fputc('\n', stream);
}

/* "2 rules", "2 rules, was 1" */
static void print_count(FILE *stream, size_t count, const char *one,
			const char *many, bool replaces, size_t was)
{
	fprintf(stream, "%zu %s", count, count == 1 ? one : many);
	if (replaces && was != count)
		fprintf(stream, ", was %zu", was);
}

static void print_peer_set(const struct peer_set_change *change, FILE *stream)
{
	const struct peer_set *before = change->before, *after = change->after;
	const struct peer_set *peer_set = after ? after : before;
	bool replaces = change->kind == CHANGE_REPLACE;

	fprintf(stream, "%c peer-set %u (%s): ", sign(change->kind),
		peer_set->id, peer_set->name);
	if (peer_set->block_count || (replaces && before->block_count))
		print_count(stream, peer_set->block_count, "block", "blocks",
			    replaces, replaces ? before->block_count : 0);
	else
		print_count(stream, peer_set->identity_count, "identity",
			    "identities", replaces,
			    replaces ? before->identity_count : 0);
	if (replaces && !same_text(before->name, after->name))
		fprintf(stream, "; was (%s)", before->name);
	fputc('\n', stream);
}

static const char *direction_name(enum podwall_direction direction)
{
	return direction == PODWALL_DIRECTION_INGRESS ? "ingress" : "egress";
}

static void print_rule_set(const struct rule_set_change *change, FILE *stream)
{
	const struct rule_set *before = change->before, *after = change->after;
	const struct rule_set *rule_set = after ? after : before;
	bool replaces = change->kind == CHANGE_REPLACE;
	const char *origin = rule_set->isolation_audited ?
				     "isolation audited" :
				     rule_set->isolation_origin;

	fprintf(stream, "%c rule-set %u (%s%s%s): ", sign(change->kind),
		rule_set->id, direction_name(rule_set->direction),
		origin ? ": " : "", origin ? origin : "");
	print_count(stream, rule_set->rule_count, "rule", "rules", replaces,
		    replaces ? before->rule_count : 0);
	fputc('\n', stream);
}

static void print_pod_rule_set(const struct pod_change *change,
			       const char *name, uint32_t before, uint32_t now,
			       FILE *stream)
{
	if (now)
		fprintf(stream, ", %s rule-set %u", name, now);
	else
		fprintf(stream, ", no %s rule-set", name);
	if (change->kind != CHANGE_REPLACE || before == now)
		return;
	if (before)
		fprintf(stream, " (was %u)", before);
	else
		fputs(" (had none)", stream);
}

/* Most pods have none, which is not worth a word. */
static void print_pod_enforced(const struct pod_change *change,
			       const char *direction, uint32_t before,
			       uint32_t now, FILE *stream)
{
	char name[sizeof("enforced ingress")];

	if (!before && !now)
		return;
	snprintf(name, sizeof(name), "enforced %s", direction);
	print_pod_rule_set(change, name, before, now, stream);
}

static const char *mode_name(enum podwall_mode mode)
{
	return mode == PODWALL_MODE_AUDIT ? "audit" : "enforce";
}

static const char *report_name(bool accepted)
{
	return accepted ? "accepted" : "denied";
}

static void print_pod(const struct pod_change *change, FILE *stream)
{
	const struct pod *pod = change->after ? change->after : change->before;
	const struct pod *before = change->before ? change->before : pod;
	char text[INET6_ADDRSTRLEN];
	size_t i;

	fprintf(stream, "%c pod %s:", sign(change->kind), pod->key);
	for (i = 0; i < pod->ip_count; i++)
		fprintf(stream, " %s", ip_text(&pod->ips[i], text));
	print_pod_rule_set(change, "ingress", before->ingress_rule_set,
			   pod->ingress_rule_set, stream);
	print_pod_rule_set(change, "egress", before->egress_rule_set,
			   pod->egress_rule_set, stream);
	print_pod_enforced(change, "ingress", before->ingress_enforced_rule_set,
			   pod->ingress_enforced_rule_set, stream);
	print_pod_enforced(change, "egress", before->egress_enforced_rule_set,
			   pod->egress_enforced_rule_set, stream);
	if (!same_text(before->uid, pod->uid))
		fprintf(stream, ", uid %s", pod->uid);
	if (before->mode != pod->mode)
		fprintf(stream, ", mode %s (was %s)", mode_name(pod->mode),
			mode_name(before->mode));
	else if (pod->mode == PODWALL_MODE_AUDIT)
		fputs(", mode audit", stream);
	if (before->report_accepted != pod->report_accepted)
		fprintf(stream, ", reports %s (was %s)",
			report_name(pod->report_accepted),
			report_name(before->report_accepted));
	else if (pod->report_accepted)
		fputs(", reports accepted", stream);
	if (!same_text(before->interface, pod->interface))
		fprintf(stream, ", interface %s (was %s)",
			pod->interface ? pod->interface : "unknown",
			before->interface ? before->interface : "unknown");
	fputc('\n', stream);
}

void difference_print(const struct difference *difference, FILE *stream)
{
	size_t i;

	for (i = 0; i < difference->address_count; i++)
		print_address(&difference->addresses[i], stream);
	for (i = 0; i < difference->peer_set_count; i++)
		print_peer_set(&difference->peer_sets[i], stream);
	for (i = 0; i < difference->rule_set_count; i++)
		print_rule_set(&difference->rule_sets[i], stream);
	for (i = 0; i < difference->pod_count; i++)
		print_pod(&difference->pods[i], stream);
}

void difference_clear(struct difference *difference)
{
	free(difference->addresses);
	free(difference->peer_sets);
	free(difference->rule_sets);
	free(difference->pods);
	*difference = (struct difference){};
}
