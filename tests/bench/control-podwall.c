// SPDX-License-Identifier: GPL-2.0-only
/*
 * By nlctl's own functions, which take objects in memory; each change is one
 * transaction.
 */
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "policy/memory.h"
#include "query.h"
#include "transaction.h"

/**
 * struct plan - changes; the lists are owned
 * @there: the change
 * @back: the one that takes it back
 * @generation: of the live policy
 * @addresses: what there are after the change
 * @addresses_before: and before
 * @rules: rules that there are after the change
 * @rules_before: and before
 * @present: what the client may reach at @port after the change
 * @port: of UDP
 * @shorter: a rule set without its last rule
 * @used: memory before the change
 */
struct plan {
	struct difference there;
	struct difference back;
	uint64_t generation;
	size_t addresses;
	size_t addresses_before;
	size_t rules;
	size_t rules_before;
	const char *present;
	uint16_t port;
	struct rule_set shorter;
	int64_t used;
};

static struct netlink *connection_of(const struct input *input)
{
	return input->load.netlink;
}

static char *problem_of(const struct input *input, int error)
{
	return error ? xasprintf("podwall: %s",
				 netlink_text(connection_of(input))) :
		       NULL;
}

static char *apply(struct contender *contender, const struct input *input,
		   const struct difference *difference)
{
	struct plan *plan = contender->data;

	return problem_of(input,
			  transaction_change(connection_of(input), 0,
					     difference, plan->generation,
					     &plan->generation));
}

static char *change(struct contender *contender, const struct input *input)
{
	const struct plan *plan = contender->data;

	return apply(contender, input, &plan->there);
}

static char *back(struct contender *contender, const struct input *input)
{
	const struct plan *plan = contender->data;

	return apply(contender, input, &plan->back);
}

static char *replace_by(struct contender *contender, const struct input *input,
			const struct objects *objects)
{
	struct plan *plan = contender->data;

	return problem_of(input,
			  transaction_replace(connection_of(input), 0, objects,
					      &input->load.settings, NULL,
					      &plan->generation));
}

static char *replace(struct contender *contender, const struct input *input)
{
	return replace_by(contender, input, &input->load.objects);
}

static char *flush(struct contender *contender, const struct input *input)
{
	struct plan *plan = contender->data;

	return problem_of(input, transaction_flush(connection_of(input), 0,
						   plan->generation,
						   &plan->generation));
}

/* --- what the module says */

static char *check_verdict(const struct input *input, const char *server,
			   uint16_t port, enum podwall_verdict wanted)
{
	struct connection connection = {
		.protocol = IPPROTO_UDP,
		.client_port = 12345,
		.server_port = port,
	};
	struct explanation explanation;
	enum podwall_verdict verdict;
	char *problem;

	ip_parse(CLIENT_ADDRESS, &connection.client);
	ip_parse(server, &connection.server);
	problem =
		problem_of(input, read_explanation(connection_of(input),
						   &connection, &explanation));
	if (problem)
		return problem;
	verdict = explanation.verdict;
	explanation_clear(&explanation);
	if (verdict == wanted)
		return NULL;
	return xasprintf("podwall: udp to %s port %u is %s", server, port,
			 verdict == PODWALL_VERDICT_ACCEPT ? "accepted" :
							     "denied");
}

static char *check(const struct input *input, size_t addresses, size_t rules)
{
	struct status status;
	char *problem =
		problem_of(input, read_status(connection_of(input), &status));

	if (problem)
		return problem;
	if (status.used.addresses != addresses || status.used.rules != rules)
		problem = xasprintf(
			"podwall: %u addresses and %u rules, %zu and %zu wanted",
			status.used.addresses, status.used.rules, addresses,
			rules);
	status_clear(&status);
	return problem;
}

static char *check_there(struct contender *contender, const struct input *input)
{
	const struct plan *plan = contender->data;
	/* An edit removes the rule that accepts. */
	enum podwall_verdict verdict = plan->rules < plan->rules_before ?
					       PODWALL_VERDICT_DENY :
					       PODWALL_VERDICT_ACCEPT;
	char *problem = check(input, plan->addresses, plan->rules);

	if (!problem)
		problem = check_verdict(input, plan->present, plan->port,
					verdict);
	if (!problem)
		problem = check_verdict(input, ABSENT_ADDRESS, plan->port,
					PODWALL_VERDICT_DENY);
	return problem;
}

static char *check_before(struct contender *contender,
			  const struct input *input)
{
	const struct plan *plan = contender->data;
	char *problem =
		check(input, plan->addresses_before, plan->rules_before);

	/* Without rules all is accepted. */
	if (problem || !plan->rules_before)
		return problem;
	return check_verdict(input, plan->present, plan->port,
			     plan->rules < plan->rules_before ?
				     PODWALL_VERDICT_ACCEPT :
				     PODWALL_VERDICT_DENY);
}

static int64_t used_bytes(const struct input *input)
{
	struct status status;
	int64_t bytes;

	load_require((struct load *)&input->load,
		     read_status(connection_of(input), &status));
	bytes = status.used.memory;
	status_clear(&status);
	return bytes;
}

static int64_t own_bytes(struct contender *contender, const struct input *input)
{
	const struct plan *plan = contender->data;

	return used_bytes(input) - plan->used;
}

/* --- what changes */

static struct plan *new_plan(struct contender *contender,
			     const struct input *input)
{
	struct plan *plan = xcalloc(1, sizeof(*plan));

	plan->addresses = input->load.objects.address_count;
	plan->addresses_before = plan->addresses;
	plan->rules = 2 * input->rule_count;
	plan->rules_before = plan->rules;
	plan->present = input->present;
	plan->port = FIRST_PORT + input->rule_count - 1;
	contender->data = plan;
	return plan;
}

static void set_addresses(struct plan *plan, const struct address *addresses,
			  size_t count)
{
	size_t i;

	plan->there.addresses = xcalloc(count, sizeof(*plan->there.addresses));
	plan->back.addresses = xcalloc(count, sizeof(*plan->back.addresses));
	plan->there.address_count = count;
	plan->back.address_count = count;
	for (i = 0; i < count; i++) {
		plan->there.addresses[i] = (struct address_change){
			.kind = CHANGE_ADD,
			.after = &addresses[i],
		};
		plan->back.addresses[i] = (struct address_change){
			.kind = CHANGE_REMOVE,
			.before = &addresses[i],
		};
	}
}

/* The rules are there already, and name the identities. */
static char *open_addresses(struct contender *contender,
			    const struct input *input)
{
	struct plan *plan = new_plan(contender, input);
	struct objects rest = input->load.objects;
	char *problem;

	set_addresses(plan, rest.addresses, rest.address_count);
	plan->addresses_before = 0;
	rest.address_count = 0;
	problem = replace_by(contender, input, &rest);
	if (!problem)
		plan->used = used_bytes(input);
	return problem;
}

static char *open_rules(struct contender *contender, const struct input *input)
{
	struct plan *plan = new_plan(contender, input);
	const struct objects nothing = {};
	char *problem;

	plan->addresses_before = 0;
	plan->rules_before = 0;
	problem = replace_by(contender, input, &nothing);
	if (!problem)
		plan->used = used_bytes(input);
	return problem;
}

static char *open_resync(struct contender *contender, const struct input *input)
{
	new_plan(contender, input);
	return replace(contender, input);
}

static uint32_t greatest_identity(const struct objects *objects)
{
	uint32_t greatest = 0;
	size_t i;

	for (i = 0; i < objects->address_count; i++)
		if (objects->addresses[i].identity > greatest)
			greatest = objects->addresses[i].identity;
	return greatest;
}

/* An identity that another address has, in so many peer sets, joins. */
static char *open_join(struct contender *contender, const struct input *input)
{
	static struct address joining;
	struct plan *plan = new_plan(contender, input);
	struct objects objects = input->load.objects;
	size_t policies = input->policy_count, i;
	uint32_t identity = greatest_identity(&objects) + 1;
	struct address *addresses;
	struct peer_set *sets;
	char *problem;

	joining.identity = identity;
	ip_parse(JOINING_ADDRESS, &joining.ip);
	addresses = xcalloc(objects.address_count + 1, sizeof(*addresses));
	memcpy(addresses, objects.addresses,
	       objects.address_count * sizeof(*addresses));
	addresses[objects.address_count++] = (struct address){
		.identity = identity,
		.ip = joining.ip,
	};
	/* The address after it: still in order. */
	addresses[objects.address_count - 1].ip.v4.s_addr += htonl(1);
	objects.addresses = addresses;
	sets = xmemdup(objects.peer_sets,
		       objects.peer_set_count * sizeof(*sets));
	for (i = 0; i < policies; i++) {
		size_t count = sets[i].identity_count;

		sets[i].identities = xcalloc(count + 1, sizeof(identity));
		memcpy(sets[i].identities, objects.peer_sets[i].identities,
		       count * sizeof(identity));
		sets[i].identities[count] = identity;
		sets[i].identity_count++;
	}
	objects.peer_sets = sets;
	problem = replace_by(contender, input, &objects);
	for (i = 0; i < policies; i++)
		free(sets[i].identities);
	free(sets);
	free(addresses);

	set_addresses(plan, &joining, 1);
	plan->addresses_before = objects.address_count;
	plan->addresses = objects.address_count + 1;
	plan->present = JOINING_ADDRESS;
	plan->port = FIRST_PORT + policies - 1;
	return problem;
}

static char *open_edit(struct contender *contender, const struct input *input)
{
	const struct objects *objects = &input->load.objects;
	struct plan *plan = new_plan(contender, input);
	const struct rule_set *whole = objects->rule_sets;

	while (whole->direction != PODWALL_DIRECTION_EGRESS)
		whole++;
	plan->shorter = *whole;
	plan->shorter.rule_count--;
	plan->rules--;
	plan->there.rule_sets = xcalloc(1, sizeof(*plan->there.rule_sets));
	plan->back.rule_sets = xcalloc(1, sizeof(*plan->back.rule_sets));
	*plan->there.rule_sets = (struct rule_set_change){
		.kind = CHANGE_REPLACE,
		.before = whole,
		.after = &plan->shorter,
	};
	*plan->back.rule_sets = (struct rule_set_change){
		.kind = CHANGE_REPLACE,
		.before = &plan->shorter,
		.after = whole,
	};
	plan->there.rule_set_count = 1;
	plan->back.rule_set_count = 1;
	return replace(contender, input);
}

static char *podwall_close(struct contender *contender,
			   const struct input *input)
{
	struct plan *plan = contender->data;
	char *problem = flush(contender, input);

	difference_clear(&plan->there);
	difference_clear(&plan->back);
	free(plan);
	contender->data = NULL;
	return problem;
}

#define THERE_AND_BACK                                        \
	.change = change, .check = check_there, .back = back, \
	.check_back = check_before, .close = podwall_close

struct contender podwall_addresses = {
	.name = "podwall",
	.open = open_addresses,
	THERE_AND_BACK,
	.own_bytes = own_bytes,
};

struct contender podwall_rules = {
	.name = "podwall",
	.open = open_rules,
	.change = replace,
	.check = check_there,
	.back = flush,
	.check_back = check_before,
	.close = podwall_close,
	.own_bytes = own_bytes,
};

struct contender podwall_join = {
	.name = "podwall",
	.open = open_join,
	THERE_AND_BACK,
};

struct contender podwall_edit = {
	.name = "podwall",
	.open = open_edit,
	THERE_AND_BACK,
};

struct contender podwall_resync = {
	.name = "podwall, replaced",
	.open = open_resync,
	.change = replace,
	.check = check_there,
	.close = podwall_close,
};
